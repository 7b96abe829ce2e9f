"""What programmes that firms apply to share: apply, refuse, rank, pay what the money reaches, queue the rest.

ODD section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.organisations.organisation import Aim, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: No programme interests a firm more than this.
MOST_INTEREST = 1.5


@dataclass(frozen=True)
class Terms:
    """The terms of a programme; money in MNOK."""

    rate: float  # applications a quarter per unit of interest
    deadweight: float  # share that would have happened anyway
    delay: int  # quarters from payment to effect
    unit: float  # cost of one unit of what the programme gives
    capacity: float = float("inf")  # units the organisation can handle a quarter


class FirmProgramme(Organisation):
    """A programme firms apply to. Subclasses say who is interested, what is wanted, the merit and the effect."""

    decision: ClassVar[str]  # declared decision of the applications
    ranked_by: ClassVar[str]  # the merit, in words for the log
    programme: ClassVar[int] = 0  # the bit of ``used`` that it sets
    least_firm: ClassVar[float] = 3.0  # employees
    pause: ClassVar[int] = 8  # quarters before a firm may be paid again

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, terms: Terms, aim: Aim, rule: str = "own"
    ) -> None:
        super().__init__(model, name, purse, rule)
        self.terms, self.aim = terms, aim
        self.due: list[tuple[int, NDArray[np.int64], Floats]] = []  # quarter, firm ids, payments
        self.paid: dict[int, int] = {}  # firm id -> quarter of the last payment

    def act(self, gross: float) -> None:
        """Let earlier payments work, then decide this quarter's applications."""
        self._work()
        if gross > 0.0:
            self.administer(gross)
        if gross > 0.0 or (self.fund >= self.least() and self.region_model.quarter < self.purse.stop):
            self._decide()

    # -- what a programme says of itself -------------------------------------------------------------------

    def interest(self, rows: Rows) -> Floats:
        """Return how interested each firm is f8[K], from 0 = not at all to at most ``MOST_INTEREST``."""
        return np.ones(rows.size)

    def wanted(self, rows: Rows) -> Floats:
        """Return what each applicant asks for f8[K], MNOK."""
        return np.full(rows.size, self.terms.unit)

    def least(self) -> float:
        """Return the least payment that makes sense, MNOK."""
        return self.terms.unit

    def merit(self, rows: Rows) -> Floats:
        """Return by what applicants are ranked f8[K], highest first."""
        raise TypeError(f"{type(self).__name__} does not say by what it ranks applicants")

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Return which applicants are refused out of hand bool[K], and why."""
        return np.zeros(rows.size, bool), ""

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Let payments work on firms that still exist."""
        raise TypeError(f"{type(self).__name__} does not say what a payment does")

    # -- what all have in common ---------------------------------------------------------------------------

    def rested(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which firms were not paid within the pause, bool[K]."""
        model = self.region_model
        since = model.quarter - self.pause
        return np.array([self.paid.get(firm, since - 1) < since for firm in model.firms.id[rows].tolist()], bool)

    def _work(self) -> None:
        model = self.region_model
        while self.due and self.due[0][0] <= model.quarter:
            _, ids, payment = self.due.pop(0)
            rows = model.firms.rows(ids)
            here = rows >= 0
            for lost in ids[~here]:
                self.note("lapse", lost, "the firm has closed")
            self.effect(rows[here], payment[here])

    def _decide(self) -> None:
        model, firms = self.region_model, self.region_model.firms
        rate = self.terms.rate
        rows, luck = self.aim.lucky(model, self.decision, rate * MOST_INTEREST, self.least_firm)
        interest = self.interest(rows)
        if interest.max(initial=0.0) > MOST_INTEREST:
            raise ValueError(f"{type(self).__name__}: interest is at most {MOST_INTEREST}, not {interest.max():.3g}")
        rows = rows[luck < rate * interest]
        rows = rows[self.rested(rows)]
        wanted, out, merit = self.wanted(rows), rows[:0], np.zeros(rows.size)
        if not self.accepts_all:
            refused, why = self.refuses(rows, wanted)
            if refused.any():
                self.note("refuse", f"{int(refused.sum())} firms", why)
            out, rows, wanted = rows[refused], rows[~refused], wanted[~refused]
            merit = self.merit(rows)
            order = (-merit).argsort(kind="stable")
            rows, wanted, merit = rows[order], wanted[order], merit[order]
        served = self._pay_out(rows, wanted)
        if model.panel is not None:
            asked = np.concatenate([rows, out])
            model.panel.note_answers(self.programme, firms.id[asked], np.arange(asked.size) >= rows.size, merit, served)

    def _pay_out(self, rows: Rows, wanted: Floats) -> int:
        """Pay from the top while money and capacity last; the others wait. Return how many were paid."""
        model = self.region_model
        total = wanted.cumsum()
        reach = self.fund
        room = self.terms.capacity * self.terms.unit
        full = not self.accepts_all and room < reach and rows.size > 0 and total[-1] > room
        served = int(total.searchsorted(room if full else reach, side="right"))
        if served:
            self.pay(float(total[served - 1]))
            ids = model.firms.id[rows[:served]].copy()
            self.paid.update(dict.fromkeys(ids.tolist(), model.quarter))
            self.due.append((model.quarter + self.terms.delay, ids, wanted[:served].copy()))
            self.on_paid(rows[:served], wanted[:served])
            self.note("grant", f"{served} firms", self.ranked_by, float(total[served - 1]))
        if rows.size > served:
            why = "no capacity left this quarter" if full else "no money left this quarter"
            self.note("queue", f"{rows.size - served} firms", why, float(wanted[served:].sum()))
        return served

    def on_paid(self, rows: Rows, payment: Floats) -> None:
        """Note on the firms that they were paid."""
