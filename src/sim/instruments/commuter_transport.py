"""Faster transport for commuters. ODD section 6, I11."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.instruments.instrument import CardValue, Instrument, InstrumentOptions
from sim.organisations import County, Organisation

if TYPE_CHECKING:
    from sim.model import RegionModel


class TransportOptions(InstrumentOptions):
    """Keys of commuter transport."""

    to: Literal["outside", "inside", "everywhere"] = Field(
        "outside", description="outside: to the capital and the other nodes outside. inside: between municipalities."
    )


class CommuterTransport(Instrument):
    """Shorter travel times for commuters while the money lasts."""

    name = "commuter_transport"
    title: ClassVar = {"nb": "Pendlertransport", "en": "Commuter transport"}
    summary: ClassVar = {
        "nb": "Raskere kollektivtransport der flest pendler; flere kan bo her og arbeide ute, og omvendt.",
        "en": "Faster public transport where most commute; more can live here and work elsewhere, or the reverse.",
    }
    targets = "zones"
    Options = TransportOptions
    card: ClassVar = {
        "minute_cost": CardValue(2, 5, 10, "MNOK/yr per minute on a line", "instrument card", "judgement"),
        "most": CardValue(2, 5, 10, "minutes on a line", "no direct evidence", "judgement"),
        "deadweight": CardValue(0.1, 0.2, 0.4, "share", "instrument card", "judgement"),
        "administration": CardValue(0.03, 0.05, 0.1, "share", "instrument card", "judgement"),
        "delay": CardValue(4, 8, 16, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the county."""
        return [
            County(
                model, "transport", self.purse(), self.aim(), minute_cost=self.value("minute_cost"),
                deadweight=self.value("deadweight"), delay=int(self.value("delay")), most=self.value("most"),
                to=getattr(self.use.options, "to", "outside"), rule=rule,
            )
        ]  # fmt: skip
