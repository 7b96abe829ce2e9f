"""What support organisations share: a purse, a rule that can be taken away, and a log. ODD section 2.2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import mesa
import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.random_numbers import decision_key, uniform

if TYPE_CHECKING:
    from sim.model import RegionModel


@dataclass(frozen=True)
class Aim:
    """Which industries and municipalities an organisation works for; empty = all."""

    industries: tuple[int, ...] = ()
    zones: tuple[int, ...] = ()

    def covers(self, model: RegionModel, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the firms in ``rows`` i8[K] are within the aim, bool[K]."""
        inside = np.ones(rows.size, bool)
        for column, chosen, count in (
            (model.firms.industry, self.industries, model.industries),
            (model.firms.zone, self.zones, model.zones),
        ):
            if chosen:
                wanted = np.zeros(count, bool)
                wanted[list(chosen)] = True
                inside &= wanted[column[rows]]
        return inside

    def zone_list(self, model: RegionModel) -> list[int]:
        """Return the municipalities within the aim."""
        return list(self.zones) or list(range(model.zones))


@dataclass(frozen=True)
class Purse:
    """The money an organisation is given and when."""

    budget: float  # MNOK a year, gross
    start: int  # first quarter with money
    stop: int  # first quarter without
    administration: float  # share of the money that runs the programme, 0-1
    limit: float = float("inf")  # most that can be put to use, MNOK a year; the rest stays unspent

    @property
    def usable(self) -> float:
        """Return the money that can be put to use, MNOK a year."""
        return min(self.budget, self.limit)

    def now(self, quarter: int) -> float:
        """Return the gross money of a quarter, MNOK."""
        return self.budget / 4.0 if self.start <= quarter < self.stop else 0.0


class Organisation(mesa.Agent):
    """A support organisation of a region.

    Args:
        rule: ``own`` or ``accept_all``; the latter takes the organisation's own judgement away.
    """

    kind: ClassVar[str] = "organisation"

    def __init__(self, model: RegionModel, name: str, purse: Purse, rule: str = "own") -> None:
        if rule not in ("own", "accept_all"):
            raise ValueError(f"rule must be 'own' or 'accept_all', not {rule!r}")
        super().__init__(model)
        self.name, self.purse, self.rule = name, purse, rule
        self.fund = 0.0  # net money at hand, MNOK
        self.idle = 0.0  # money granted that could not be put to use, MNOK
        self.returned = 0.0  # money paid back to the municipality after the end, MNOK

    @property
    def region_model(self) -> RegionModel:
        """Return the model with its full type."""
        return self.model  # type: ignore[return-value]

    @property
    def accepts_all(self) -> bool:
        """Tell whether the own rule has been taken away."""
        return self.rule == "accept_all"

    def believed(self, deadweight: float) -> float:
        """Return the share of an effect that counts, 0-1: what is additional, shrunk as every effect is.

        The one rule for every instrument: each effect in the economy meets this product exactly once.
        """
        return (1.0 - deadweight) * self.region_model.parameters["shrinkage"]

    def step(self) -> None:
        """Receive the quarter's money and act."""
        model = self.region_model
        gross = self.purse.now(model.quarter)
        model.policy.grant(gross)
        if model.quarter == self.purse.start and self.purse.budget > self.purse.limit:
            self.note("refuse", "money", "more than this organisation can use", self.purse.budget - self.purse.limit)
        usable = min(gross, self.purse.limit / 4.0)
        self.idle += gross - usable
        self.act(usable)
        if model.quarter == self.purse.stop and self.purse.budget > 0.0:
            self.close()

    def close(self) -> None:
        """Say that the money has ended and what is left of it."""
        self.note("close", "programme", "the money has ended", self.fund)

    def act(self, gross: float) -> None:
        """Decide and pay; ``gross`` is the money granted this quarter, MNOK."""
        raise TypeError(f"{type(self).__name__} has no rule of its own")

    def administer(self, gross: float) -> float:
        """Pay the administration and put the rest in the fund; return the administration, MNOK."""
        cost = gross * self.purse.administration
        self.region_model.policy.pay(cost)
        self.fund += gross - cost
        return cost

    def pay(self, amount: float) -> None:
        """Pay from the fund, MNOK."""
        self.fund -= amount
        self.region_model.policy.pay(amount)

    def lucky(self, decision: str, most: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return rows i8[K] and luck f8[K] of the firms whose luck in a decision is below ``most``.

        A firm decides for it when its luck is below its chance. With ``most`` above every chance the others
        need not be looked at.
        """
        model = self.region_model
        found: tuple[NDArray[np.int64], NDArray[np.float64]] = _lucky(
            decision_key(model.seed, decision, model.quarter), model.firms.id, most
        )
        return found

    def note(self, decision: str, subject: object, reason: str, amount: float = 0.0) -> None:
        """Write one line in the model's log."""
        self.region_model.log.append(
            {
                "quarter": self.region_model.quarter,
                "organisation": f"{self.kind}: {self.name}",
                "decision": decision,
                "subject": str(subject),
                "reason": reason,
                "amount": round(float(amount), 6),
            }
        )


@njit(cache=True, error_model="numpy")
def _lucky(key, ids, most):
    rows, luck, found = np.empty(ids.size, np.int64), np.empty(ids.size), 0
    for i in range(ids.size):
        rows[found] = i
        luck[found] = uniform(key, ids[i])
        found += luck[found] < most
    return rows[:found].copy(), luck[:found].copy()
