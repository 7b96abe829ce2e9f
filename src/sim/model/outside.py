"""What lies outside the region: labour and housing of the capital, customers, travel times. ODD section 7.7.

It stays as it is at the start unless an external event moves it; nothing inside the region does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

Floats = NDArray[np.float64]


@dataclass
class Outside:
    """The outside of one run, relative to the start."""

    zones: int
    nodes: int
    industries: int
    jobs: Floats = field(init=False)  # [X] jobs in each outside node, 1 at the start
    wage: Floats = field(init=False)  # [X] log wage in each outside node, 0 at the start
    minutes: Floats = field(init=False)  # [Z+X, Z+X] change of travel time, minutes
    demand: Floats = field(init=False)  # [S] outside demand, 1 at the start
    public: Floats = field(init=False)  # [S] public services, 1 at the start
    house_price: float = 0.0  # log house price in the capital region, 0 at the start

    def __post_init__(self) -> None:
        self.jobs = np.ones(self.nodes - self.zones)
        self.wage = np.zeros(self.nodes - self.zones)
        self.minutes = np.zeros((self.nodes, self.nodes))
        self.demand = np.ones(self.industries)
        self.public = np.ones(self.industries)


class Event(Protocol):
    """Something that happens from outside, whatever the policy."""

    def happen(self, model: RegionModel) -> None:
        """Change the outside, or the firms it strikes, when its time has come."""


@dataclass(frozen=True)
class Shock:
    """A fall in the demand for some industries, kept so that resilience can be measured."""

    quarter: int
    industries: tuple[int, ...]
