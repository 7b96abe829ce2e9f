"""Business networks of three to ten firms. ODD section 6, I2."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import IndustryAssociation, Organisation

if TYPE_CHECKING:
    from sim.model import RegionModel


class Networks(Instrument):
    """Small groups of firms from any industry that work together for three years."""

    name = "networks"
    title: ClassVar = {"nb": "Bedriftsnettverk", "en": "Business networks"}
    summary: ClassVar = {
        "nb": "Små grupper av foretak fra ulike næringer samarbeider i tre år om gangen.",
        "en": "Small groups of firms from different industries work together for three years at a time.",
    }
    targets = "industries"
    card: ClassVar = {
        "unit_cost": CardValue(0.2, 0.35, 0.6, "MNOK/yr per network", "instrument card", "judgement"),
        "intensity": CardValue(0.2, 0.4, 0.6, "share of a full broker", "instrument card", "judgement"),
        "deadweight": CardValue(0.1, 0.3, 0.5, "share", "instrument card", "judgement"),
        "administration": CardValue(0.1, 0.15, 0.25, "share", "instrument card", "judgement"),
        "delay": CardValue(0, 1, 2, "quarters", "instrument card", "judgement"),
        "quarters": CardValue(8, 12, 16, "quarters", "programme rules, recalled", "judgement"),
        "capacity": CardValue(10, 30, 60, "networks at a time", "96 networks in the country in 2022", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the industry association that runs the networks."""
        return [
            IndustryAssociation(
                model, "networks", self.purse(),
                cost=self.value("unit_cost"), intensity=self.value("intensity") * (1.0 - self.value("deadweight")),
                quarters=int(self.value("quarters")), capacity=int(self.value("capacity")),
                delay=int(self.value("delay")), aim=self.aim(), rule=rule,
            )
        ]  # fmt: skip
