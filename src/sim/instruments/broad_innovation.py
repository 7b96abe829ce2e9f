"""Broad innovation support: grants to firms of any industry. ODD section 6, I3."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.instruments.instrument import CardValue, Instrument, InstrumentOptions
from sim.organisations import GrantSize, InnovationAgency, Organisation, ResearchInstitute, Terms

if TYPE_CHECKING:
    from sim.model import RegionModel


class BroadOptions(InstrumentOptions):
    """Keys of broad innovation support."""

    lottery: bool = Field(False, description="true: small vouchers for assignments at R&D institutes, drawn by lot "
                          "among those who apply. false: grants to the best applications.")  # fmt: skip


class BroadInnovation(Instrument):
    """Innovation grants to any firm that applies and ranks high enough."""

    name = "broad_innovation"
    title: ClassVar = {"nb": "Bred innovasjonsstøtte", "en": "Broad innovation support"}
    summary: ClassVar = {
        "nb": "Foretak i alle næringer kan søke om støtte til innovasjon; de beste søknadene får penger.",
        "en": "Firms in every industry may apply for innovation money; the best applications are funded.",
    }
    targets = "industries"
    Options = BroadOptions
    card: ClassVar = {
        "smallest": CardValue(0.1, 0.3, 0.5, "MNOK per grant", "below .5 no measurable effect", "judgement"),
        "largest": CardValue(0.6, 1.5, 1.5, "MNOK per grant", "instrument card", "judgement"),
        "share": CardValue(0.05, 0.15, 0.3, "share of a firm's yearly value added", "agency practice", "judgement"),
        "rate": CardValue(0.01, 0.03, 0.06, "applications a quarter per unit of weight", "no evidence", "judgement"),
        "cases": CardValue(4, 12, 30, "grants of the largest size a quarter", "no direct evidence", "judgement"),
        "deadweight": CardValue(0.2, 0.4, 0.7, "share", "instrument card", "judgement"),
        "administration": CardValue(0.1, 0.15, 0.2, "share", "instrument card", "judgement"),
        "delay": CardValue(1, 2, 4, "quarters", "instrument card", "judgement"),
        "voucher": CardValue(0.05, 0.1, 0.2, "MNOK per voucher", "instrument card; B14 is smaller", "judgement"),
        "voucher_deadweight": CardValue(0.1, 0.2, 0.35, "share", "I17: 80 % of vouchers gave a new assignment",
                                        "published"),
        "voucher_rate": CardValue(0.01, 0.03, 0.06, "applications a quarter per unit of interest", "no evidence",
                                  "judgement"),
        "institute_capacity": CardValue(10, 25, 50, "assignments a quarter", "no evidence", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the agency that ranks applications, or the R&D institute that serves winners of the lottery."""
        if getattr(self.use.options, "lottery", False):
            return [ResearchInstitute(model, "vouchers", self.purse(), self._vouchers(), self.aim(), rule)]
        terms = Terms(self.value("rate"), self.value("deadweight"), int(self.value("delay")), self.value("largest"),
                      self.value("cases"))  # fmt: skip
        size = GrantSize(self.value("smallest"), self.value("largest"), self.value("share"))
        return [InnovationAgency(model, "innovation grants", self.purse(), terms, self.aim(), size, rule)]

    def _vouchers(self) -> Terms:
        return Terms(
            self.value("voucher_rate"), self.value("voucher_deadweight"), int(self.value("delay")),
            self.value("voucher"), self.value("institute_capacity"),
        )  # fmt: skip
