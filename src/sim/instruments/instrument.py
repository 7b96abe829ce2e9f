"""The contract of an instrument: measure x delivery x eligibility x capacity x cost.

An instrument is one file in this folder with one subclass of ``Instrument``. It is found by walking
the folder, so adding one touches one file. It changes the economy only through the named values
of ``model.policy``; the model does not know that it exists. ODD section 6.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from sim.model import RegionModel
    from sim.organisations import Aim, Organisation, Purse


@dataclass(frozen=True)
class CardValue:
    """One number on an instrument card with its range, unit, source and evidence grade."""

    low: float
    mode: float
    high: float
    unit: str
    source: str
    grade: str  # published, official, calibrated or judgement


class InstrumentOptions(BaseModel):
    """Keys an instrument takes in a scenario file beyond budget, years and targets."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Use:
    """One instrument in one scenario, with every choice resolved."""

    instrument: str
    budget: float  # MNOK a year, gross
    start_quarter: int  # first quarter with money (0 = first quarter of year 1)
    stop_quarter: int  # first quarter without money
    groups: tuple[tuple[int, ...], ...]  # target industries, one group per cluster; empty = all
    zones: tuple[int, ...]  # target zones; empty = all
    options: InstrumentOptions

    @property
    def industries(self) -> tuple[int, ...]:
        """Return every target industry, in order of priority; empty = all."""
        return tuple(s for group in self.groups for s in group)


class Instrument(ABC):
    """An instrument: a card, the keys it takes, and the organisations that deliver it."""

    name: ClassVar[str]
    title: ClassVar[dict[str, str]]  # nb, en
    summary: ClassVar[dict[str, str]]  # nb, en: one sentence
    targets: ClassVar[str]  # "industries" or "zones": what it can be aimed at
    card: ClassVar[dict[str, CardValue]]
    Options: ClassVar[type[InstrumentOptions]] = InstrumentOptions

    def __init__(self, use: Use) -> None:
        self.use = use

    @classmethod
    def groups_wanted(cls, budget: float, options: InstrumentOptions) -> int:
        """Return how many groups of industries this money is spread over when aimed at the strongest."""
        return 1

    def value(self, name: str) -> float:
        """Return the card's value for this run (the mode)."""
        return self.card[name].mode

    def purse(self) -> Purse:
        """Return the purse of an organisation that delivers the whole instrument."""
        from sim.organisations import Purse

        use = self.use
        return Purse(use.budget, use.start_quarter, use.stop_quarter, self.value("administration"))

    def aim(self) -> Aim:
        """Return what the instrument is aimed at."""
        from sim.organisations import Aim

        return Aim(self.use.industries, self.use.zones)

    @abstractmethod
    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the support organisations that deliver this instrument in ``model``.

        Args:
            rule: ``own`` for the organisation's own rule of decision, ``accept_all`` to take it away.
        """


def catalogue() -> dict[str, type[Instrument]]:
    """Return every instrument in this folder by name, in alphabetical order."""
    package = importlib.import_module("sim.instruments")
    found: dict[str, type[Instrument]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name == "instrument":
            continue
        loaded = importlib.import_module(f"sim.instruments.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Instrument) and value.__module__ == loaded.__name__:
                found[value.name] = value
    return dict(sorted(found.items()))
