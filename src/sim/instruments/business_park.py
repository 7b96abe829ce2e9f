"""Business land and infrastructure. ODD section 6, I7."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import LandOffice, Organisation

if TYPE_CHECKING:
    from sim.model import RegionModel


class BusinessPark(Instrument):
    """Prepared business land that eases crowding and rent."""

    name = "business_park"
    title: ClassVar = {"nb": "Næringspark og tomter", "en": "Business park and land"}
    summary: ClassVar = {
        "nb": "Kommunen opparbeider næringsarealer, slik at det blir mindre trangt og billigere å holde til der.",
        "en": "The municipality prepares business land, so that it is less crowded and cheaper to stay.",
    }
    targets = "zones"
    card: ClassVar = {
        "unit_cost": CardValue(1.5, 3, 6, "MNOK per 1000 m2", "instrument card", "judgement"),
        "reserve": CardValue(0.02, 0.05, 0.1, "share of the land in use that can be added", "no direct evidence",
                             "judgement"),
        "deadweight": CardValue(0.4, 0.6, 0.8, "share", "instrument card", "judgement"),
        "administration": CardValue(0.05, 0.08, 0.12, "share", "instrument card", "judgement"),
        "delay": CardValue(6, 8, 12, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the land office."""
        return [
            LandOffice(
                model, "business land", self.purse(), self.aim(), unit_cost=self.value("unit_cost"),
                deadweight=self.value("deadweight"), delay=int(self.value("delay")), reserve=self.value("reserve"),
                rule=rule,
            )
        ]  # fmt: skip
