"""The incubator: rooms and advice for young firms that look promising; others wait outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.firms import USED_INCUBATOR
from sim.organisations.organisation import Aim, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel


@dataclass(frozen=True)
class Tenancy:
    """The terms of a place in the incubator."""

    cost: float  # MNOK a year per tenant
    rooms: int  # tenants at a time
    largest: float  # employees of the largest firm that fits a room
    quarters: int  # longest stay
    deadweight: float
    delay: int  # quarters from the first money to the first tenant
    shelter: float  # cut in the exit hazard of tenants, before deadweight and shrinkage
    capacity_gain: float  # absorptive capacity gained on moving in, before deadweight and shrinkage
    founders: float  # firms founded a year per room in use that would not have been, before deadweight and shrinkage


class Incubator(Organisation):
    """Takes in young firms, helps them through the first years and sends them out again."""

    kind = "incubator"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, tenancy: Tenancy, aim: Aim, rule: str = "own"
    ) -> None:
        super().__init__(model, name, purse, rule)
        self.tenancy, self.aim = tenancy, aim
        self.tenants = np.empty(0, np.int64)  # permanent ids
        self.until = np.empty(0, np.int64)  # quarter each has to leave

    def act(self, gross: float) -> None:
        """Send tenants out, take promising firms in, draw founders, and close when the money ends."""
        model, quarter = self.region_model, self.region_model.quarter
        self._send_out(quarter >= self.purse.stop)
        if gross <= 0.0:
            return
        self.administer(gross)
        if quarter < self.purse.start + self.tenancy.delay:
            return
        rooms = min(self.tenancy.rooms, int(gross * (1.0 - self.purse.administration) * 4.0 / self.tenancy.cost))
        self._take_in(rooms)
        self.pay(min(self.tenants.size * self.tenancy.cost / 4.0, self.fund))
        self._draw_founders()
        if quarter == self.purse.start + self.tenancy.delay and rooms == 0:
            self.note("refuse", "tenants", "the money does not pay for a room", self.tenancy.cost)
        rows = model.firms.rows(self.tenants)
        model.firms.shelter[rows] = 1.0 - self.tenancy.shelter * self.believed(self.tenancy.deadweight)

    def _send_out(self, everybody: bool) -> None:
        firms, quarter = self.region_model.firms, self.region_model.quarter
        rows = firms.rows(self.tenants)
        leaving = (self.until <= quarter) | everybody
        out = rows[leaving & (rows >= 0)]
        firms.shelter[out] = 1.0
        if out.size:
            why = "the programme ended" if everybody else "the time is up"
            self.note("close" if everybody else "leave", f"{out.size} tenants", why)
        stay = ~leaving & (rows >= 0)
        self.tenants, self.until = self.tenants[stay], self.until[stay]

    def _take_in(self, rooms: int) -> None:
        model, firms = self.region_model, self.region_model.firms
        rows, _ = self.aim.lucky(model, "incubator.apply", 0.1, 0.0)
        rows = rows[(firms.age[rows] < 12.0) & (firms.jobs[rows] <= self.tenancy.largest)]
        rows = rows[(firms.used[rows] & USED_INCUBATOR) == 0]
        if not self.accepts_all:
            promising = firms.capacity[rows] >= 0.25
            if not promising.all():
                self.note("refuse", f"{int((~promising).sum())} firms", "not promising enough")
            rows = rows[promising]
            merit = firms.capacity[rows] + firms.productivity[rows]
            rows = rows[np.argsort(-merit, kind="stable")]
        free = max(0, rooms - self.tenants.size)
        taken = rows[:free]
        if rows.size > free:
            self.note("queue", f"{rows.size - free} firms", "no room left")
        if not taken.size:
            return
        self._settle(taken)
        self.note("admit", f"{taken.size} firms", "capacity and productivity", taken.size * self.tenancy.cost)

    def _settle(self, rows: NDArray[np.int64]) -> None:
        model, firms = self.region_model, self.region_model.firms
        self.tenants = np.concatenate([self.tenants, firms.id[rows]])
        self.until = np.concatenate([self.until, np.full(rows.size, model.quarter + self.tenancy.quarters)])
        gain = self.tenancy.capacity_gain * self.believed(self.tenancy.deadweight)
        firms.capacity[rows] += gain * (1.0 - firms.capacity[rows])
        firms.used[rows] |= USED_INCUBATOR

    def _draw_founders(self) -> None:
        """Raise entry by what rooms in use draw, spread over the industries and municipalities of the aim."""
        model = self.region_model
        cells = np.zeros((model.zones, model.industries))
        industries = list(self.aim.industries) or list(range(model.industries))
        cells[np.ix_(self.aim.zone_list(model), industries)] = 1.0
        cells *= model.start_cell[:, 0].reshape(cells.shape) * model.reference.entry
        expected = float(cells.sum())
        if expected > 0:
            extra = self.tenants.size * self.tenancy.founders / 4.0 * self.believed(self.tenancy.deadweight)
            model.policy.entry_lift[(cells > 0).ravel()] += extra / expected
