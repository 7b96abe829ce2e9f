"""The contract of an external event: when, aimed at what, how strong. ODD section 6."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from sim.model import RegionModel


class EventOptions(BaseModel):
    """Keys an event takes in a scenario file beyond year and targets."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Happening:
    """One event in one scenario, with every choice resolved."""

    event: str
    quarter: int  # first quarter in which it is felt
    industries: tuple[int, ...]  # empty = all
    zones: tuple[int, ...]  # empty = all
    options: EventOptions


class Event(ABC):
    """Something that happens from outside."""

    name: ClassVar[str]
    title: ClassVar[dict[str, str]]  # nb, en
    summary: ClassVar[dict[str, str]]  # nb, en: one sentence
    targets: ClassVar[str] = ""  # "industries" and "zones": what it can be aimed at
    Options: ClassVar[type[EventOptions]] = EventOptions

    def __init__(self, happening: Happening) -> None:
        self.happening = happening

    def happen(self, model: RegionModel) -> None:
        """Do what the event does when its quarter has come."""
        if model.quarter == self.happening.quarter:
            self.strike(model)

    @abstractmethod
    def strike(self, model: RegionModel) -> None:
        """Change the outside or the firms."""

    def struck_industries(self, model: RegionModel) -> tuple[int, ...]:
        """Return the industries within the aim."""
        return self.happening.industries or tuple(range(model.industries))

    def struck_firms(self, model: RegionModel) -> NDArray[np.bool_]:
        """Return which firms are within the aim, bool[N]."""
        firms, aim = model.firms, self.happening
        inside = np.isin(firms.industry, self.struck_industries(model))
        return inside & np.isin(firms.zone, aim.zones) if aim.zones else inside
