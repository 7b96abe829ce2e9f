"""Business attraction: establishments from outside. ODD section 6, I8."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import BusinessPark, Organisation

if TYPE_CHECKING:
    from sim.model import RegionModel


class BusinessAttraction(Instrument):
    """Land and offers that tip some establishments to settle here."""

    name = "business_attraction"
    title: ClassVar = {"nb": "Bedriftsetablering utenfra", "en": "Business attraction"}
    summary: ClassVar = {
        "nb": "Tomt og tilrettelegging får noen bedrifter utenfra til å etablere seg; de fleste ville kommet likevel.",
        "en": "Land and preparation tip some establishments to settle here; most would have come anyway.",
    }
    targets = "industries"
    card: ClassVar = {
        "landing_cost": CardValue(10, 20, 40, "MNOK per landing, land included", "instrument card", "judgement"),
        "deadweight": CardValue(0.75, 0.8, 0.9, "share", "C49: 2-25 % were tipped", "published"),
        "administration": CardValue(0.1, 0.15, 0.2, "share", "instrument card", "judgement"),
        "delay": CardValue(2, 4, 8, "quarters", "instrument card", "judgement"),
        "prospects": CardValue(1, 3, 6, "prospects a year", "no direct evidence", "judgement"),
        "size": CardValue(10, 20, 40, "jobs, median of a prospect", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the business park that meets the prospects."""
        return [
            BusinessPark(
                model, "attraction", self.purse(), landing_cost=self.value("landing_cost"),
                deadweight=self.value("deadweight"),
                delay=int(self.value("delay")), prospects=self.value("prospects"), size=self.value("size"),
                aim=self.aim(), rule=rule,
            )
        ]  # fmt: skip
