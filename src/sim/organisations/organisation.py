"""What support organisations share: a purse, a rule that can be taken away, and a log. ODD section 2.2."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model import block

if TYPE_CHECKING:
    from sim.model import RegionModel


Rows = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Aim:
    """Which industries and municipalities an organisation works for; empty = all."""

    industries: tuple[int, ...] = ()
    zones: tuple[int, ...] = ()

    def marks(self, model: RegionModel) -> tuple[Marks, Marks]:
        """Return which industries bool[S] and which municipalities bool[Z] are within the aim."""
        return _marked(self.industries, model.industries), _marked(self.zones, model.zones)

    def lucky(self, model: RegionModel, decision: str, most: float, least: float) -> tuple[Rows, NDArray[np.float64]]:
        """Return rows i8[K] and luck f8[K] of firms whose luck in a decision is below ``most``.

        Only firms within the aim that have at least so many employees. A firm decides for it when its luck is
        below its chance; with ``most`` above every chance nobody else need be looked at.
        """
        firms, key = model.firms, model.key(decision)
        found: tuple[Rows, NDArray[np.float64]] = lucky(key, firms.id, firms.table, most, least, *self.marks(model))
        return found

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


@lru_cache(maxsize=256)
def _marked(chosen: tuple[int, ...], count: int) -> Marks:
    """Return which of ``count`` are chosen, bool[count]; all when none is."""
    out = np.full(count, not chosen)
    out[list(chosen)] = True
    return out


@njit(cache=True, error_model="numpy")
def lucky(key: Any, ids: Any, table: Any, most: float, least: float, industries: Any, zones: Any) -> Any:
    """Do what ``Aim.lucky`` says; industries: bool[S], zones: bool[Z]."""
    rows, luck = block.lucky(key, ids, most)
    found = 0
    for k in range(rows.size):
        f = table[rows[k]]
        rows[found], luck[found] = rows[k], luck[k]
        found += f.jobs >= least and industries[f.industry] and zones[f.zone]
    return rows[:found].astype(np.int64), luck[:found].copy()
