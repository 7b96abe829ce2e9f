"""The State changes the rate of the R&D tax credit, which is part of the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.events.event import Event, EventOptions

if TYPE_CHECKING:
    from sim.model import RegionModel


class CreditOptions(EventOptions):
    """Keys of a changed tax credit."""

    rate: float = Field(0.0, ge=0, le=0.5, description="Rate of the credit on approved R&D; 0 = there is none")


class TaxCredit(Event):
    """The R&D tax credit gets another rate, or ends; public money follows."""

    name = "tax_credit"
    title: ClassVar = {"nb": "Skattefradraget for FoU endres", "en": "The R&D tax credit changes"}
    summary: ClassVar = {
        "nb": "Staten endrer satsen i skattefradraget for FoU, eller tar det bort.",
        "en": "The State changes the rate of the R&D tax credit, or ends it.",
    }
    Options = CreditOptions

    def strike(self, model: RegionModel) -> None:
        """Set the rate; firms compare it with the one they are used to."""
        model.policy.tax_credit = getattr(self.happening.options, "rate", 0.0)
