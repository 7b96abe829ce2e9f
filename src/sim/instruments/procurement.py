"""Procurement of innovation. ODD section 6, I9."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import Contract, Organisation, Purchaser, Terms

if TYPE_CHECKING:
    from sim.model import RegionModel


class Procurement(Instrument):
    """The municipality buys solutions that do not exist yet."""

    name = "procurement"
    title: ClassVar = {"nb": "Innovative anskaffelser", "en": "Procurement of innovation"}
    summary: ClassVar = {
        "nb": "Kommunen kjøper nye løsninger fra foretak i regionen; pengene er både salg og utvikling.",
        "en": "The municipality buys new solutions from firms of the region; the money is both sales and development.",
    }
    targets = "industries"
    card: ClassVar = {
        "unit_cost": CardValue(0.4, 0.8, 2, "MNOK per contract", "instrument card", "judgement"),
        "development": CardValue(0.3, 0.5, 0.7, "share of the money", "instrument card", "judgement"),
        "quarters": CardValue(2, 4, 8, "quarters", "no direct evidence", "judgement"),
        "contracts": CardValue(3, 8, 15, "contracts a quarter", "no direct evidence", "judgement"),
        "rate": CardValue(0.01, 0.03, 0.06, "bids a quarter per unit of interest", "no evidence", "judgement"),
        "deadweight": CardValue(0.3, 0.5, 0.7, "share", "instrument card", "judgement"),
        "administration": CardValue(0.05, 0.10, 0.15, "share", "instrument card", "judgement"),
        "delay": CardValue(1, 3, 4, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the purchasing municipality."""
        terms = Terms(
            self.value("rate"), self.value("deadweight"), int(self.value("delay")), self.value("unit_cost"),
            self.value("contracts"),
        )  # fmt: skip
        contract = Contract(self.value("development"), int(self.value("quarters")))
        return [Purchaser(model, "procurement", self.purse(), terms, self.aim(), contract, rule)]
