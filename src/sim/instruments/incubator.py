"""Incubator for new firms. ODD section 6, I5."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.instrument import CardValue, Instrument
from sim.organisations import Incubator as Incubation
from sim.organisations import Organisation, Tenancy

if TYPE_CHECKING:
    from sim.model import RegionModel


class Incubator(Instrument):
    """Rooms, advice and company for young firms."""

    name = "incubator"
    title: ClassVar = {"nb": "Inkubator", "en": "Incubator"}
    summary: ClassVar = {
        "nb": "Lovende, unge foretak får plass, råd og fellesskap de første årene.",
        "en": "Promising young firms get rooms, advice and company in their first years.",
    }
    targets = "industries"
    card: ClassVar = {
        "unit_cost": CardValue(0.15, 0.25, 0.4, "MNOK per tenant and year", "instrument card; B15", "judgement"),
        "rooms": CardValue(10, 25, 60, "tenants at a time", "I23: 2,234 firms in about 35 incubators", "judgement"),
        "largest": CardValue(5, 10, 20, "employees of a tenant", "size of a room", "judgement"),
        "quarters": CardValue(8, 12, 16, "quarters, longest stay", "programme rules, recalled", "judgement"),
        "shelter": CardValue(0, 0.25, 0.4, "share of the exit hazard", "instrument card", "judgement"),
        "capacity_gain": CardValue(0, 0.1, 0.2, "absorptive capacity", "instrument card", "judgement"),
        "founders": CardValue(0, 0.1, 0.3, "firms a year per room in use", "no direct evidence", "judgement"),
        "deadweight": CardValue(0.25, 0.4, 0.6, "share", "I22: 25 % of tenants report no difference", "judgement"),
        "administration": CardValue(0.15, 0.25, 0.3, "share", "instrument card", "judgement"),
        "delay": CardValue(2, 3, 6, "quarters", "instrument card", "judgement"),
    }

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return the incubator."""
        tenancy = Tenancy(
            cost=self.value("unit_cost"), rooms=int(self.value("rooms")), largest=self.value("largest"),
            quarters=int(self.value("quarters")), deadweight=self.value("deadweight"), delay=int(self.value("delay")),
            shelter=self.value("shelter"), capacity_gain=self.value("capacity_gain"), founders=self.value("founders"),
        )  # fmt: skip
        return [Incubation(model, "incubator", self.purse(), tenancy, self.aim(), rule)]
