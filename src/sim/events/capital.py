"""Events in the capital region: faster rail, dearer homes, more or fewer jobs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.events.event import Event, EventOptions

if TYPE_CHECKING:
    from sim.model import RegionModel


class RailOptions(EventOptions):
    """Keys of fast rail."""

    minutes: float = Field(15, gt=0, le=60, description="Minutes saved to the capital, at most a third of the trip")


class FastRail(Event):
    """Fast rail brings the capital nearer (the scenario «Link til verden»)."""

    name = "fast_rail"
    title: ClassVar = {"nb": "Hurtigtog til Oslo", "en": "Fast rail to Oslo"}
    summary: ClassVar = {
        "nb": "Toget gjør reisen til hovedstaden kortere begge veier.",
        "en": "The train makes the trip to the capital shorter both ways.",
    }
    targets = "zones"
    Options = RailOptions

    def strike(self, model: RegionModel) -> None:
        """Shorten the trips between the municipalities and the first node outside."""
        zones, capital = model.zones, model.zones
        if model.inputs.nodes == zones:
            return
        for z in self.happening.zones or range(zones):
            saved = min(getattr(self.happening.options, "minutes", 15.0), model.region.minutes[z, capital] / 3.0)
            model.outside.minutes[z, capital] -= saved
            model.outside.minutes[capital, z] -= saved


class HousingOptions(EventOptions):
    """Keys of dearer homes in the capital."""

    rise: float = Field(0.2, ge=-0.5, le=1, description="Rise of house prices in the capital region, e.g. 0.2")


class GreaterOsloHousing(Event):
    """Homes in the capital region become dearer and people look for homes here (the scenario «Hjem kjære hjem»)."""

    name = "greater_oslo_housing"
    title: ClassVar = {"nb": "Dyrere boliger i Stor-Oslo", "en": "Dearer homes in Greater Oslo"}
    summary: ClassVar = {
        "nb": "Boligprisene i hovedstadsregionen stiger, og flere ser etter bolig her.",
        "en": "House prices in the capital region rise and more people look for homes here.",
    }
    Options = HousingOptions

    def strike(self, model: RegionModel) -> None:
        """Raise the house price outside."""
        model.outside.house_price += math.log1p(getattr(self.happening.options, "rise", 0.2))


class JobsOptions(EventOptions):
    """Keys of jobs outside."""

    growth: float = Field(0.1, ge=-0.5, le=1, description="Growth of jobs in the capital region, e.g. 0.1")
    wage: float = Field(0.0, ge=-0.3, le=0.5, description="Growth of wages in the capital region, e.g. 0.05")


class JobsOutside(Event):
    """The labour market of the capital region grows or shrinks."""

    name = "jobs_outside"
    title: ClassVar = {"nb": "Arbeidsmarkedet i Oslo endres", "en": "The labour market of Oslo changes"}
    summary: ClassVar = {
        "nb": "Arbeidsplasser og lønn i hovedstadsregionen vokser eller faller.",
        "en": "Jobs and wages in the capital region grow or fall.",
    }
    Options = JobsOptions

    def strike(self, model: RegionModel) -> None:
        """Change jobs and wages in the first node outside."""
        if model.outside.jobs.size:
            model.outside.jobs[0] *= 1.0 + getattr(self.happening.options, "growth", 0.1)
            model.outside.wage[0] += math.log1p(getattr(self.happening.options, "wage", 0.0))
