"""The industry association: puts small groups of firms together for three years at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.firms import USED_NETWORK
from sim.organisations.organisation import Aim, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel
    from sim.model.policy import Club


class IndustryAssociation(Organisation):
    """Runs business networks of three to ten firms from any industry."""

    kind = "industry association"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, *, cost: float, intensity: float, quarters: int,
        capacity: int, delay: int, aim: Aim, rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.cost, self.intensity, self.quarters = cost, intensity, quarters
        self.capacity, self.delay, self.aim = capacity, delay, aim
        self.running: list[tuple[Club, int]] = []

    def act(self, gross: float) -> None:
        """End finished networks, start new ones while money lasts, and serve the running ones."""
        quarter = self.region_model.quarter
        for club, end in [pair for pair in self.running if quarter >= pair[1] or quarter >= self.purse.stop]:
            self._end(club)
            self.running.remove((club, end))
        if gross <= 0.0:
            return
        self.administer(gross)
        if quarter < self.purse.start + self.delay:
            return
        affordable = int(gross * (1.0 - self.purse.administration) * 4.0 / self.cost)
        while len(self.running) < min(affordable, self.capacity) and self._form():
            pass
        if affordable > self.capacity:
            self.note("refuse", "more networks", f"capacity is {self.capacity} networks")
        for club, _ in self.running:
            self.region_model.policy.serve(club, self.region_model.policy.members(club), self.intensity)
            self.pay(min(self.cost / 4.0, self.fund))

    def _form(self) -> bool:
        """Form one network of firms that ask for it; return whether there were enough."""
        model, firms = self.region_model, self.region_model.firms
        rows, luck = self.aim.lucky(model, "network.join", 0.25, 3.0)
        asks = (luck < 0.25 * firms.will[rows]) & ((firms.will[rows] > 0.4) | self.accepts_all)
        rows, luck = rows[asks], luck[asks]
        free = (firms.cluster[rows] == 0) & ((firms.used[rows] & USED_NETWORK) == 0)
        rows, luck = rows[free], luck[free]
        if rows.size < 3:
            self.note("refuse", "network", f"{rows.size} firms ask, 3 needed")
            return False
        rows = rows[np.argsort(luck, kind="stable")]
        group = rows[:6] if self.accepts_all else self._match(rows)
        club = model.policy.open_club()
        model.policy.join(group, club, USED_NETWORK)
        self.running.append((club, model.quarter + self.quarters))
        self.note("open", f"network {club.number}", f"{group.size} firms that fit together", self.cost)
        return True

    def _match(self, rows: np.ndarray) -> np.ndarray:
        """Return up to six firms: the first that asked and those whose knowledge fits it best."""
        firms = self.region_model.firms
        place = np.column_stack([firms.position0[rows], firms.position1[rows], firms.position2[rows]])
        distance = np.sqrt(((place - place[0]) ** 2).sum(axis=1))
        near = self.region_model.inputs.time_fade[firms.zone[rows[0]], firms.zone[rows]]
        fit = distance * np.exp(1.0 - distance) * near
        fit[0] = np.inf
        return rows[np.argsort(-fit, kind="stable")][:6]

    def _end(self, club: Club) -> None:
        members = self.region_model.policy.members(club)
        self.region_model.policy.leave(members, club)
        self.note("close", f"network {club.number}", f"ended with {members.size} firms")
