"""The named values that instruments modify. The economy reads them; it does not know who sets them.

ODD sections 2.2 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.innovation import size_of_payment
from sim.model.shapes import row_of
from sim.random_numbers import uniform

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

Floats = NDArray[np.float64]


@dataclass
class Club:
    """A cluster or network whose members meet: what its programme gives them."""

    number: int
    market: bool = False  # members share market access (M4b)
    intensity: float = 0.0  # how well members are served, 0-1
    joined: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # permanent ids, rising


@dataclass
class Arrival:
    """One establishment attracted from outside."""

    identity: int
    zone: int
    industry: int
    jobs: float


@dataclass
class Policy:
    """Named values of one run. Flows are per quarter and set back to zero each quarter."""

    model: RegionModel
    tax_credit: float
    clubs: list[Club] = field(default_factory=lambda: [Club(0)])
    club_terms: Floats = field(init=False)  # [clubs, 3] institute, abroad, bonus, as in ``open_club``
    supplier_lift: Floats = field(init=False)  # [clubs, S] added project score of suppliers to its anchors (M7)
    arrivals: list[Arrival] = field(default_factory=list)
    induced_research: Floats = field(init=False)  # [cells] MNOK this quarter
    housing_units: Floats = field(init=False)  # [Z] dwellings this quarter
    amenity_money: Floats = field(init=False)  # [Z] MNOK this quarter
    entry_lift: Floats = field(init=False)  # [cells] entry that incubators add this quarter, share
    purchases: Floats = field(init=False)  # [S] public purchases this quarter, MNOK
    minutes_saved: Floats = field(init=False)  # [Z+X, Z+X] travel time saved this quarter, minutes
    trained: Floats = field(init=False)  # [cells] people trained and still here
    land: Floats = field(init=False)  # [Z] business land added since the start, 1000 m2
    granted: float = 0.0  # MNOK since start
    spent: float = 0.0  # municipal MNOK since start
    spent_other: float = 0.0  # other public MNOK since start
    spent_now: float = 0.0  # municipal MNOK this quarter

    def __post_init__(self) -> None:
        cells, zones, industries, nodes = (
            self.model.cells, self.model.zones, self.model.industries, self.model.inputs.nodes
        )  # fmt: skip
        self.club_terms, self.supplier_lift = np.zeros((1, 3)), np.zeros((1, industries))
        self.induced_research, self.entry_lift, self.trained = np.zeros(cells), np.zeros(cells), np.zeros(cells)
        self.housing_units, self.amenity_money, self.land = np.zeros(zones), np.zeros(zones), np.zeros(zones)
        self.purchases, self.minutes_saved = np.zeros(industries), np.zeros((nodes, nodes))

    def clear(self) -> None:
        """Set the flows back to zero at the start of a quarter."""
        self.arrivals = []
        for flow in (self.induced_research, self.housing_units, self.amenity_money, self.entry_lift, self.purchases,
                     self.minutes_saved):  # fmt: skip
            flow.fill(0.0)
        self.trained *= (1.0 - self.model.parameters["training_decay"]) ** 0.25
        self.spent_now = 0.0

    def grant(self, amount: float) -> None:
        """Book money made available to an instrument, MNOK."""
        self.granted += amount

    def pay(self, amount: float) -> None:
        """Book municipal money that left the till, MNOK."""
        self.spent += amount
        self.spent_now += amount

    def repay(self, amount: float) -> None:
        """Book municipal money that came back, MNOK."""
        self.pay(-amount)

    def pay_other(self, amount: float) -> None:
        """Book public money from others, MNOK."""
        self.spent_other += amount

    def open_club(
        self, institute: float = 0.0, abroad: float = 0.0, bonus: float = 0.0, market: bool = False
    ) -> Club:
        """Return a new club with the next number.

        Args:
            institute, abroad: chance that a fully served member meets an R&D institute, a partner abroad;
            bonus: added success chance of joint projects. market: members share market access (M4b).
        """
        club = Club(len(self.clubs), market)
        self.clubs.append(club)
        self.club_terms = np.vstack([self.club_terms, (institute, abroad, bonus)])
        self.supplier_lift = np.vstack([self.supplier_lift, np.zeros(self.model.industries)])
        return club

    def members(self, club: Club) -> NDArray[np.int64]:
        """Return the rows i8[K] of the members of a club that still exist."""
        rows: NDArray[np.int64] = _living(self.model.firms.id, club.joined)
        return rows

    def join(self, rows: NDArray[np.int64], club: Club, used: int) -> None:
        """Make firms members of a club."""
        if not rows.size:
            return
        firms = self.model.firms
        club.joined = np.sort(np.concatenate([club.joined, firms.id[rows]]))
        _join(firms.table, rows, club.number, self.model.quarter, used)

    def leave(self, rows: NDArray[np.int64], club: Club) -> None:
        """End memberships of a club."""
        if not rows.size:
            return
        club.joined = np.setdiff1d(club.joined, self.model.firms.id[rows], assume_unique=True)
        self.model.firms.cluster[rows] = 0
        self.model.firms.broker[rows] = 0.0

    def serve(self, club: Club, members: NDArray[np.int64], intensity: float) -> None:
        """Serve the members of a club (rows i8[K]) with the given intensity, 0-1; nothing when M4 is off."""
        club.intensity = intensity
        _broker(self.model.firms.table, members, intensity * self.model.parameters.on("M4"))

    def mark_funded(self, rows: NDArray[np.int64], payment: Floats) -> None:
        """Note public R&D money on the firms f8[K] MNOK; small payments move R&D decisions as seldom as they are small.

        The same rule for every instrument: a payment of ``grant_half`` or more counts in full.
        """
        model, firms = self.model, self.model.firms
        key = model.key("grant.additional")
        _mark_funded(firms.table, firms.id, rows, payment, model.parameters["grant_half"], key, model.quarter)

    def fund(self, rows: NDArray[np.int64], money: Floats, payment: Floats, used: int = 0) -> None:
        """Give firms innovation money that is additional, MNOK; gains follow in this quarter.

        Args:
            rows: i8[K] rows of the firm table. money: f8[K] additional money.
            payment: f8[K] size of the whole payment, which decides how much it can do.
        """
        model, p = self.model, self.model.parameters
        firms = model.firms
        extra = 1.0 + p["shrinkage"] * (p["grant_additionality"] - 1.0)
        _fund(firms.table, rows, money, payment, p["grant_half"], extra, used, model.industries, self.induced_research)
        self.mark_funded(rows, payment)
        if model.panel is not None:
            model.panel.note_payments(firms.id[rows], payment, money, money * extra)


@njit(cache=True, error_model="numpy")
def _living(ids: Any, members: Any) -> Any:
    rows, found = np.empty(members.size, np.int64), 0
    for member in members:
        rows[found] = row_of(ids, member)
        found += rows[found] >= 0
    return rows[:found]


@njit(cache=True, error_model="numpy")
def _broker(table: Any, rows: Any, intensity: float) -> None:
    for row in rows:
        table[row].broker = intensity


@njit(cache=True, error_model="numpy")
def _join(table: Any, rows: Any, club: int, quarter: int, used: int) -> None:
    for row in rows:
        f = table[row]
        f.cluster, f.joined = club, quarter
        f.used |= used


@njit(cache=True, error_model="numpy")
def _mark_funded(table: Any, ids: Any, rows: Any, payment: Any, half: float, key: Any, quarter: int) -> None:
    for k in range(rows.size):
        if uniform(key, ids[rows[k]]) < payment[k] / half:
            table[rows[k]].funded = quarter


@njit(cache=True, error_model="numpy")
def _fund(
    table: Any, rows: Any, money: Any, payment: Any, half: float, extra: float, used: int, industries: int, induced: Any
) -> None:
    """Give firms innovation money worth as much as the size of the payment lets it be, and book the R&D it induces.

    In place. Args: as of ``Policy.fund``; extra: R&D induced per krone; induced: f8[cells] MNOK.
    """
    for k in range(rows.size):
        f = table[rows[k]]
        f.funding += money[k] * size_of_payment(payment[k], half)
        f.used |= used
        induced[f.zone * industries + f.industry] += money[k] * extra
