"""The business park and attraction office: saves up, meets prospects, refuses poor ones, lands others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.policy import Arrival
from sim.organisations.organisation import Aim, Organisation, Purse
from sim.random_numbers import decision_key, normals, permanent_id, uniforms

if TYPE_CHECKING:
    from sim.model import RegionModel

#: Prospects that may turn up in a quarter; each has a permanent id.
SLOTS = 4


class BusinessPark(Organisation):
    """Lands establishments from outside; most would have come anyway."""

    kind = "business park"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, *, landing_cost: float, deadweight: float, delay: int,
        prospects: float, size: float, aim: Aim, rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.landing_cost, self.deadweight, self.delay = landing_cost, deadweight, delay
        self.prospects, self.size = prospects, size
        table = model.region.industries
        chosen = aim.industries or tuple(np.flatnonzero(table.export_share > 0.35))
        self.weights = np.zeros(model.industries)
        self.weights[list(chosen)] = model.region.jobs.sum(axis=0)[list(chosen)] + 1.0
        self.zone_list = aim.zone_list(model)
        self.due: list[tuple[int, Arrival]] = []
        self.queue: list[tuple[int, int, Arrival]] = []  # quarter met, slot id, arrival

    def act(self, gross: float) -> None:
        """Let agreed establishments arrive, meet prospects and land those the money reaches."""
        model = self.region_model
        model.policy.arrivals += [arrival for quarter, arrival in self.due if quarter <= model.quarter]
        self.due = [row for row in self.due if row[0] > model.quarter]
        if gross <= 0.0:
            return
        self.administer(gross)
        self._meet()
        self._land()

    def _meet(self) -> None:
        """Meet this quarter's prospects; refuse those that bring too little."""
        model = self.region_model
        quarter = model.quarter
        slots = np.array(
            [permanent_id("prospect", quarter, slot) for slot in range(SLOTS)], np.int64
        )
        turn_up = uniforms(decision_key(model.seed, "attraction.prospect", 0), slots) < self.prospects / (4 * SLOTS)
        size = self.size * np.exp(0.7 * normals(decision_key(model.seed, "attraction.size", 0), slots))
        which = uniforms(decision_key(model.seed, "attraction.industry", 0), slots)
        where = uniforms(decision_key(model.seed, "attraction.industry", 0), slots, 1)
        ladder = np.cumsum(self.weights) / self.weights.sum()
        for k in np.flatnonzero(turn_up):
            zone = self.zone_list[int(where[k] * len(self.zone_list))]
            industry = int(np.searchsorted(ladder, which[k], side="right"))
            jobs = float(min(max(size[k], 3.0), 250.0))
            if jobs < 12.0 and not self.accepts_all:
                self.note("refuse", slots[k], f"{jobs:.0f} jobs are too few for the money", self.landing_cost)
                continue
            self.queue.append((quarter, int(slots[k]), Arrival(int(slots[k]), zone, industry, jobs)))

    def _land(self) -> None:
        """Land prospects in the queue; those that waited more than a year go elsewhere."""
        model = self.region_model
        waiting = []
        for met, slot, arrival in self.queue:
            if model.quarter - met > 4:
                self.note("lapse", slot, "waited more than a year")
            elif self.fund < self.landing_cost:
                self.note("queue", slot, "the fund is too small", self.landing_cost)
                waiting.append((met, slot, arrival))
            else:
                self.pay(self.landing_cost)
                key = decision_key(model.seed, "attraction.additional", 0)
                additional = float(uniforms(key, np.array([slot], np.int64))[0]) < self.believed(self.deadweight)
                self.note("land", slot, "tipped by the offer" if additional else "would have come anyway",
                          self.landing_cost)  # fmt: skip
                if additional:
                    self.due.append((model.quarter + self.delay, arrival))
        self.queue = waiting
