"""Broad innovation support: grants to firms of any industry. ODD section 6, I3."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import InnovationAgency, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel


class BroadInnovation(Instrument):
    """Innovation grants to any firm that applies and ranks high enough."""

    name = "broad_innovation"
    title: ClassVar = {"nb": "Bred innovasjonsstøtte", "en": "Broad innovation support"}
    summary: ClassVar = {
        "nb": "Foretak i alle næringer kan søke om støtte til innovasjon; de beste søknadene får penger.",
        "en": "Firms in every industry may apply for innovation money; the best applications are funded.",
    }
    targets = "industries"
    card: ClassVar = {
        "smallest": CardValue(0.1, 0.3, 0.5, "MNOK per grant", "below .5 no measurable effect", "judgement"),
        "largest": CardValue(0.6, 1.5, 1.5, "MNOK per grant", "instrument card", "judgement"),
        "share": CardValue(0.05, 0.15, 0.3, "share of a firm's yearly value added", "agency practice", "judgement"),
        "rate": CardValue(0.01, 0.03, 0.06, "applications a quarter per unit of weight", "no evidence", "judgement"),
        "deadweight": CardValue(0.2, 0.4, 0.7, "share", "instrument card", "judgement"),
        "administration": CardValue(0.1, 0.15, 0.2, "share", "instrument card", "judgement"),
        "delay": CardValue(1, 2, 4, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the agency that ranks the applications."""
        use = self.use
        return [
            InnovationAgency(
                model, "innovation grants",
                Purse(use.budget, use.start_quarter, use.stop_quarter, self.value("administration")),
                smallest=self.value("smallest"), largest=self.value("largest"), share=self.value("share"),
                deadweight=self.value("deadweight"), delay=int(self.value("delay")), rate=self.value("rate"),
                industries=use.industries, zones=use.zones, rule=rule,
            )
        ]  # fmt: skip
