"""Support for green transition. ODD section 6, I12."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import Abatement, ClimateAgency, Organisation, Terms

if TYPE_CHECKING:
    from sim.model import RegionModel


class GreenTransition(Instrument):
    """Support for projects that cut emissions."""

    name = "green_transition"
    title: ClassVar = {"nb": "Grønn omstilling", "en": "Green transition support"}
    summary: ClassVar = {
        "nb": "Foretak med store utslipp får støtte til prosjekter som kutter dem.",
        "en": "Firms with large emissions get support for projects that cut them.",
    }
    targets = "industries"
    card: ClassVar = {
        "unit_cost": CardValue(0.3, 0.5, 2, "MNOK per project", "instrument card", "judgement"),
        "abatement_cost": CardValue(1, 3, 8, "MNOK per ktCO2e a year", "order of support per tonne, recalled",
                                    "judgement"),
        "most": CardValue(0.1, 0.3, 0.5, "share of a firm's emissions per project", "no direct evidence",
                          "judgement"),
        "projects": CardValue(3, 8, 15, "projects a quarter", "no direct evidence", "judgement"),
        "rate": CardValue(0.02, 0.06, 0.12, "applications a quarter per unit of interest", "no evidence",
                          "judgement"),
        "deadweight": CardValue(0.2, 0.4, 0.6, "share", "instrument card", "judgement"),
        "administration": CardValue(0.1, 0.15, 0.2, "share", "instrument card", "judgement"),
        "delay": CardValue(2, 4, 8, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the climate agency."""
        terms = Terms(
            self.value("rate"), self.value("deadweight"), int(self.value("delay")), self.value("unit_cost"),
            self.value("projects"),
        )  # fmt: skip
        abatement = Abatement(self.value("abatement_cost"), self.value("most"))
        return [ClimateAgency(model, "climate", self.purse(), terms, self.aim(), abatement, rule)]
