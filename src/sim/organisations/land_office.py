"""The municipality's land office: prepares business land where it is scarce and there is some left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.organisations.organisation import Aim, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel


class LandOffice(Organisation):
    """Prepares business land in the municipalities where it is most crowded."""

    kind = "business park"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, aim: Aim, *, unit_cost: float, deadweight: float,
        delay: int, reserve: float, rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.aim, self.unit_cost, self.deadweight, self.delay = aim, unit_cost, deadweight, delay
        start = model.parameters["land_per_job"] * model.inputs.start_jobs
        self.left = reserve * start  # 1000 m2 that can be prepared in each zone
        self.due: list[tuple[int, int, float]] = []  # quarter, zone, 1000 m2

    def act(self, gross: float) -> None:
        """Open land that is ready, then prepare more where it is most crowded."""
        model = self.region_model
        for _, zone, land in [row for row in self.due if row[0] <= model.quarter]:
            model.policy.land[zone] += land
        self.due = [row for row in self.due if row[0] > model.quarter]
        if gross <= 0.0:
            return
        self.administer(gross)
        zones = self.aim.zone_list(model)
        if not self.accepts_all:
            jobs = model.zone_jobs()
            zones = sorted(zones, key=lambda z: -float(jobs[z] / max(model.inputs.start_jobs[z], 1.0)))
        for zone in zones:
            share = self.fund if not self.accepts_all else self.fund / len(zones)
            wanted = share / self.unit_cost
            land = wanted if self.accepts_all else min(wanted, float(self.left[zone]))
            if land <= 0.0:
                continue
            self.left[zone] -= land
            self.pay(land * self.unit_cost)
            self.due.append((model.quarter + self.delay, zone, land * (1.0 - self.deadweight)))
            code = model.region.zones[zone]
            self.note("order", code, f"{1000 * land:.0f} m2 of business land", land * self.unit_cost)
        if self.fund > 1e-9 and not self.accepts_all:
            self.note("refuse", "more land", "no land left to prepare", self.fund)
