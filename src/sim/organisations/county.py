"""The county: buys shorter travel times for commuters, where most of them travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.organisations.organisation import Aim, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel


class County(Organisation):
    """Runs faster public transport between the municipalities and to the nodes outside while money lasts."""

    kind = "county"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, aim: Aim, *, minute_cost: float, deadweight: float,
        delay: int, most: float, to: str, rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.aim, self.minute_cost, self.deadweight, self.delay = aim, minute_cost, deadweight, delay
        self.most, self.to = most, to

    def act(self, gross: float) -> None:
        """Run the lines that carry most commuters per krone."""
        model = self.region_model
        if gross <= 0.0:
            return
        self.administer(gross)
        if model.quarter < self.purse.start + self.delay:
            return
        yearly = gross * (1.0 - self.purse.administration) * 4.0
        for a, b, minutes in self._lines(yearly):
            saved = minutes * self.believed(self.deadweight)
            model.policy.minutes_saved[a, b] += saved
            model.policy.minutes_saved[b, a] += saved
            self.pay(min(minutes * self.minute_cost / 4.0, self.fund))

    def _lines(self, yearly: float) -> list[tuple[int, int, float]]:
        """Return lines and the minutes bought on each; most commuters first, up to the cap on each line."""
        model = self.region_model
        zones, nodes = model.zones, model.inputs.nodes
        ends = range(zones, nodes) if self.to == "outside" else range(zones) if self.to == "inside" else range(nodes)
        lines = [(a, b) for a in self.aim.zone_list(model) for b in ends if b != a and (b >= zones or a < b)]
        lines = [line for line in lines if np.isfinite(model.region.minutes[line])]
        if not self.accepts_all:
            lines.sort(key=lambda line: -float(model.flow[line] + model.flow[line[::-1]]))
        out, left = [], yearly / self.minute_cost
        for a, b in lines:
            most = min(self.most, 0.3 * float(model.region.minutes[a, b]))
            minutes = left / len(lines) if self.accepts_all else min(left, most)
            if minutes > 0.0:
                out.append((a, b, minutes))
            left -= 0.0 if self.accepts_all else minutes
        if left > 0.0 and not self.accepts_all and model.quarter == self.purse.start + self.delay:
            self.note("refuse", "more minutes", "no line can be made faster", left * self.minute_cost)
        if out and model.quarter == self.purse.start + self.delay:
            self.note("run", f"{len(out)} lines", "most commuters first", yearly)
        return out
