"""Skills programme with the university college. ODD section 6, I4."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import Organisation, Terms, Training, UniversityCollege

if TYPE_CHECKING:
    from sim.model import RegionModel


class SkillsProgramme(Instrument):
    """Further training of employees and students in the skills firms lack."""

    name = "skills_programme"
    title: ClassVar = {"nb": "Kompetanseprogram", "en": "Skills programme"}
    summary: ClassVar = {
        "nb": "Høgskolen gir videreutdanning der bedriftene mangler folk; noen av dem som utdannes, flytter ut.",
        "en": "The university college trains people where firms lack skills; some of those trained leave.",
    }
    targets = "industries"
    card: ClassVar = {
        "unit_cost": CardValue(0.05, 0.08, 0.15, "MNOK per person trained", "instrument card", "judgement"),
        "share": CardValue(0.05, 0.1, 0.2, "share of a firm's employees", "no direct evidence", "judgement"),
        "capacity_gain": CardValue(0, 0.02, 0.05, "absorptive capacity per firm and year", "instrument card",
                                   "judgement"),
        "leaving": CardValue(1, 1.5, 2, "ratio to the share who commute out", "sign: Dawid et al. 2014", "judgement"),
        "places": CardValue(20, 60, 120, "people a quarter", "no direct evidence", "judgement"),
        "rate": CardValue(0.02, 0.06, 0.12, "applications a quarter per unit of interest", "no evidence",
                          "judgement"),
        "deadweight": CardValue(0.2, 0.4, 0.6, "share", "instrument card", "judgement"),
        "administration": CardValue(0.1, 0.15, 0.2, "share", "instrument card", "judgement"),
        "delay": CardValue(3, 6, 10, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the university college."""
        terms = Terms(
            self.value("rate"), self.value("deadweight"), int(self.value("delay")), self.value("unit_cost"),
            self.value("places"),
        )  # fmt: skip
        training = Training(self.value("share"), self.value("capacity_gain"), self.value("leaving"))
        return [UniversityCollege(model, "training", self.purse(), terms, self.aim(), training, rule)]
