"""Residential attractiveness: homes and surroundings. ODD section 6, I10."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import Municipality, Organisation

if TYPE_CHECKING:
    from sim.model import RegionModel


class ResidentialAttractiveness(Instrument):
    """Homes, plots and surroundings that draw people, from neighbours as well as from outside."""

    name = "residential_attractiveness"
    title: ClassVar = {"nb": "Bostedsattraktivitet", "en": "Residential attractiveness"}
    summary: ClassVar = {
        "nb": "Boliger, tomter og gode nærmiljøer trekker folk, også fra nabokommunene.",
        "en": "Homes, plots and good surroundings draw people, from the neighbours too.",
    }
    targets = "zones"
    card: ClassVar = {
        "home_cost": CardValue(0.3, 0.5, 1.0, "MNOK per home", "instrument card", "judgement"),
        "home_share": CardValue(0.4, 0.7, 0.9, "share of the money", "no direct evidence", "judgement"),
        "deadweight": CardValue(0.4, 0.6, 0.8, "share", "instrument card", "judgement"),
        "administration": CardValue(0.05, 0.10, 0.15, "share", "instrument card", "judgement"),
        "delay": CardValue(4, 6, 10, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the municipality's programme for homes and surroundings."""
        return [
            Municipality(
                model, "residential", self.purse(),
                home_cost=self.value("home_cost"), home_share=self.value("home_share"),
                deadweight=self.value("deadweight"), delay=int(self.value("delay")), aim=self.aim(), rule=rule,
            )
        ]  # fmt: skip
