"""Evergreen seed fund. ODD section 6, I6."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import Investment, Organisation, Terms
from sim.organisations import SeedFund as Fund

if TYPE_CHECKING:
    from sim.model import RegionModel


class SeedFund(Instrument):
    """Equity for young firms that do R&D."""

    name = "seed_fund"
    title: ClassVar = {"nb": "Såkornfond", "en": "Seed fund"}
    summary: ClassVar = {
        "nb": "Fondet går inn med egenkapital i unge foretak som driver FoU, og får noe tilbake etter noen år.",
        "en": "The fund puts equity into young firms that do R&D and gets some of it back after some years.",
    }
    targets = "industries"
    card: ClassVar = {
        "unit_cost": CardValue(1, 2, 4, "MNOK per investment", "instrument card", "judgement"),
        "recovered": CardValue(0.2, 0.4, 0.8, "share repaid by firms still alive", "instrument card", "judgement"),
        "buffer": CardValue(0.3, 1, 1.5, "quarters of labour cost", "instrument card", "judgement"),
        "speed": CardValue(0, 0.3, 0.6, "added speed of hiring", "instrument card", "judgement"),
        "quarters": CardValue(12, 20, 32, "quarters until sale", "fund practice, recalled", "judgement"),
        "rate": CardValue(0.02, 0.05, 0.1, "applications a quarter", "no evidence", "judgement"),
        "investments": CardValue(1, 3, 6, "investments a quarter", "no direct evidence", "judgement"),
        "deadweight": CardValue(0.3, 0.5, 0.7, "share", "instrument card", "judgement"),
        "administration": CardValue(0.08, 0.12, 0.2, "share", "instrument card", "judgement"),
        "delay": CardValue(1, 3, 4, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the fund."""
        terms = Terms(
            self.value("rate"), self.value("deadweight"), int(self.value("delay")), self.value("unit_cost"),
            self.value("investments"),
        )  # fmt: skip
        investment = Investment(
            self.value("buffer"), self.value("speed"), int(self.value("quarters")), self.value("recovered")
        )
        return [Fund(model, "seed fund", self.purse(), terms, self.aim(), investment, rule)]
