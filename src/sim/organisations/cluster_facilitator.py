"""The cluster facilitator: gathers a willing core, recruits within capacity, serves members, closes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.anchors import ability, anchors, pull, supplier_lift
from sim.model.firms import USED_CLUSTER
from sim.organisations.organisation import Aim, Organisation, Purse, lucky

if TYPE_CHECKING:
    from sim.model import RegionModel


Rows = NDArray[np.int64]
#: Employees of the least firm that can be a member.
LEAST_FIRM = 3.0
#: Willingness below which a member leaves.
TIRED = np.float32(0.15)


@dataclass(frozen=True)
class ClusterService:
    """What a cluster programme of one level gives; money in MNOK a year."""

    fixed_cost: float  # the office, before anyone is served
    member_cost: float  # serving one active member
    core: int  # least number of willing firms
    recruitment: float  # 1/quarter
    delay: int  # quarters from start to first service
    co_funding: float  # share of the budget that co-funds members' projects
    deadweight: float  # share of the co-funding that would have come anyway
    fee: float  # quarters of liquidity a member pays each quarter
    institute: float  # chance of meeting an R&D institute
    abroad: float  # chance of meeting an international partner
    bonus: float  # added success chance of joint projects


class ClusterFacilitator(Organisation):
    """Runs one cluster for a group of related industries."""

    kind = "cluster facilitator"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, service: ClusterService,
        aim: Aim, rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.service, self.aim = service, aim
        self.state = "waiting"
        self.project_fund = 0.0
        s, bonus = service, service.bonus * self.believed(0.0)
        self.club = model.policy.open_club(institute=s.institute, abroad=s.abroad, bonus=bonus, market=True)

    def act(self, gross: float) -> None:
        """Gather the core at the start, then recruit and serve until the money ends."""
        quarter = self.region_model.quarter
        if self.state == "open" and quarter >= self.purse.stop:
            self._close("the programme ended")
        if gross <= 0.0 or self.state == "closed":
            self.idle += gross
            return
        if self.state == "waiting":
            self._gather()
        self.administer(gross)
        if self.state != "open":
            if quarter >= self.purse.start + 3:
                self._close("no willing core within a year")
            return
        self.project_fund += gross * self.service.co_funding
        if quarter >= self.purse.start + self.service.delay:
            members = self._recruit()
            self._serve(gross, members)
            self._co_fund(members)

    def close(self) -> None:
        """Nothing more to say: a cluster says when and why it closes."""

    def facilitation(self) -> float:
        """Return the money for facilitation, MNOK a year."""
        return self.purse.usable * (1.0 - self.purse.administration - self.service.co_funding)

    def seats(self) -> int:
        """Return how many members the money can serve well (an intensity of about .63)."""
        return int(max(0.0, self.facilitation() - self.service.fixed_cost) / self.service.member_cost)

    def _gather(self) -> None:
        firms = self.region_model.firms
        industries, zones = self.aim.marks(self.region_model)
        inside = industries[firms.industry] & zones[firms.zone] & (firms.jobs >= LEAST_FIRM)
        willing = int((inside & (firms.will > 0.5)).sum())
        if self.seats() == 0 and not self.accepts_all:
            self.note("refuse", "cluster", "the money does not pay for an office", self.purse.budget)
        elif willing < self.service.core and not self.accepts_all:
            self.note("refuse", "cluster", f"{willing} willing firms, {self.service.core} needed")
        else:
            self.state = "open"
            self.note("open", "cluster", f"{willing} willing firms", self.purse.budget)

    def _recruit(self) -> Rows:
        """Let tired members go, admit the best of those who ask, and return the members' rows."""
        model, firms = self.region_model, self.region_model.firms
        members = model.policy.members(self.club)
        tired = _tired(firms.table, members)
        model.policy.leave(tired, self.club)
        strong = anchors(model, *self.aim.marks(model))
        model.policy.supplier_lift[self.club.number] = supplier_lift(model, strong)
        rate = self.service.recruitment * (1.0 + model.parameters["anchor_pull"] * pull(model, strong))
        key = model.key("cluster.join")
        rows, merit = _ask(key, firms.id, firms.table, rate, *self.aim.marks(model))
        free = max(0, self.seats() - members.size + tired.size)
        taken = rows if self.accepts_all else rows[:free]
        if model.panel is not None:
            none = np.zeros(rows.size, bool)
            model.panel.note_answers(USED_CLUSTER, firms.id[rows], none, merit, len(taken))
        model.policy.join(taken, self.club, USED_CLUSTER)
        for row in rows[len(taken) :]:
            self.note("queue", firms.id[row], "no seat left")
        if len(taken):
            self.note("admit", f"{len(taken)} firms", "will and ability")
        return model.policy.members(self.club)

    def _serve(self, gross: float, members: Rows) -> None:
        model = self.region_model
        cost = gross * self.facilitation() / self.purse.usable
        self.pay(min(cost, self.fund))
        intensity = 0.0
        if members.size:
            money = max(0.0, self.facilitation() - self.service.fixed_cost)
            intensity = 1.0 - math.exp(-money / (self.service.member_cost * members.size))
        model.policy.serve(self.club, members, intensity)
        if model.parameters.on("M4"):
            _charge(model.firms.table, members, self.service.fee)

    def _co_fund(self, members: Rows) -> None:
        """Co-fund members that are in joint projects; the largest merit first, each at most .5 MNOK a time."""
        model = self.region_model
        if self.project_fund < 0.5 or not model.parameters.on("M4"):
            return
        chosen = _in_projects(model.firms.table, members, model.quarter)[: int(self.project_fund / 0.5)]
        if not len(chosen):
            self.note("refuse", "co-funding", "no member is in a joint project")
            return
        self.project_fund -= 0.5 * len(chosen)
        self.pay(0.5 * len(chosen))
        money = np.full(len(chosen), 0.5 * (1.0 - self.service.deadweight))
        model.policy.fund(chosen, money, np.full(len(chosen), 0.5))
        self.note("grant", f"{len(chosen)} members", "joint project under way", 0.5 * len(chosen))

    def _close(self, reason: str) -> None:
        policy = self.region_model.policy
        policy.leave(policy.members(self.club), self.club)
        self.club.intensity = 0.0
        self.state = "closed"
        self.note("close", "cluster", reason, self.fund)


@njit(cache=True, error_model="numpy")
def _tired(table: Any, members: Any) -> Any:
    """Return the members i8[K] that have lost the will to cooperate."""
    rows, found = np.empty(members.size, np.int64), 0
    for row in members:
        rows[found] = row
        found += table[row].will < TIRED
    return rows[:found]


@njit(cache=True, error_model="numpy")
def _charge(table: Any, members: Any, fee: float) -> None:
    """Let members pay a fee, quarters of labour cost, in place."""
    for row in members:
        table[row].liquidity -= np.float32(fee)


@njit(cache=True, error_model="numpy")
def _ask(key: Any, ids: Any, table: Any, rate: float, industries: Any, zones: Any) -> Any:
    """Return rows i8[K] and merit f8[K] of the firms that ask to join, best first: the willing and able ones ask."""
    rows, luck = lucky(key, ids, table, rate, LEAST_FIRM, industries, zones)
    merit, found = np.empty(rows.size), 0
    for k in range(rows.size):
        f = table[rows[k]]
        if f.cluster == 0 and luck[k] < rate * max(f.will - 0.25, 0.0) * (0.3 + f.capacity):
            rows[found], merit[found] = rows[k], f.will * ability(f.capacity, f.jobs)
            found += 1
    order = np.argsort(-merit[:found], kind="mergesort")
    return rows[order], merit[order]


@njit(cache=True, error_model="numpy")
def _in_projects(table: Any, members: Any, quarter: int) -> Any:
    """Return the members in joint projects that had no public R&D money for a year, i8[K], best first."""
    rows, merit, found = np.empty(members.size, np.int64), np.empty(members.size), 0
    for row in members:
        f = table[row]
        if f.projects > 0 and quarter - f.funded >= 4:
            rows[found], merit[found] = row, f.will * ability(f.capacity, f.jobs)
            found += 1
    return rows[np.argsort(-merit[:found], kind="mergesort")]
