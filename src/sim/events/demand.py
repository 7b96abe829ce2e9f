"""A fall in demand from outside that strikes some industries for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sim.events.event import Event, EventOptions
from sim.model.outside import Shock

if TYPE_CHECKING:
    from sim.model import RegionModel


class ShockOptions(EventOptions):
    """Keys of a demand shock."""

    size: float = Field(0.15, gt=0, le=0.9, description="Share of outside demand that is lost, e.g. 0.15")
    years: int = Field(3, ge=1, le=20, description="Years until outside demand is back, in equal steps")


class DemandShock(Event):
    """Outside demand falls at once and comes back in equal quarterly steps."""

    name = "demand_shock"
    title: ClassVar = {"nb": "Etterspørselssjokk", "en": "Demand shock"}
    summary: ClassVar = {
        "nb": "Etterspørselen utenfra faller brått og kommer gradvis tilbake.",
        "en": "Demand from outside falls at once and comes back step by step.",
    }
    targets = "industries"
    Options = ShockOptions

    def happen(self, model: RegionModel) -> None:
        """Set outside demand every quarter of the shock."""
        options = self.happening.options
        passed, length = model.quarter - self.happening.quarter, 4 * getattr(options, "years", 3)
        if 0 <= passed <= length:
            industries = np.array(self.struck_industries(model))
            model.outside.demand[industries] = 1.0 - getattr(options, "size", 0.15) * (1.0 - passed / length)
        super().happen(model)

    def strike(self, model: RegionModel) -> None:
        """Keep when and what was struck, so that resilience can be measured."""
        model.shocks.append(Shock(model.quarter, self.struck_industries(model)))
