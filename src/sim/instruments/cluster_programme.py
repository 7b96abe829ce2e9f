"""Cluster programme at Arena, NCE and GCE level. ODD section 6, I1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.instruments.instrument import CardValue, Instrument, InstrumentOptions
from sim.organisations import Aim, ClusterFacilitator, ClusterService, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel

Level = Literal["arena", "nce", "gce"]


class ClusterOptions(InstrumentOptions):
    """Keys of a cluster programme."""

    level: Level = Field("arena", description="arena: facilitation. nce: also R&D institutes and co-funded "
                         "projects. gce: also international partners.")  # fmt: skip


class ClusterProgramme(Instrument):
    """Facilitators that bring willing firms of related industries together."""

    name = "cluster_programme"
    title: ClassVar = {"nb": "Klyngeprogram", "en": "Cluster programme"}
    summary: ClassVar = {
        "nb": "Et klyngekontor samler villige foretak i beslektede næringer om felles prosjekter.",
        "en": "A cluster office brings willing firms in related industries together in joint projects.",
    }
    targets = "industries"
    Options = ClusterOptions
    card: ClassVar = {
        "arena_largest": CardValue(1.5, 3.0, 3.6, "MNOK/yr per cluster", "B01; NIC 2022, about 3.6", "published"),
        "nce_largest": CardValue(4, 6.0, 6, "MNOK/yr per cluster", "B02", "published"),
        "gce_largest": CardValue(8, 10.0, 10, "MNOK/yr per cluster", "B03", "published"),
        "fixed_cost": CardValue(0.8, 1.2, 2.0, "MNOK/yr", "from about 3.6 per cluster", "judgement"),
        "member_cost": CardValue(0.02, 0.045, 0.1, "MNOK/yr per member", "about 64 firms per cluster", "judgement"),
        "core": CardValue(8, 12, 25, "firms", "no direct evidence", "judgement"),
        "recruitment": CardValue(0.03, 0.10, 0.2, "1/quarter", "no direct evidence", "judgement"),
        "administration_arena": CardValue(0.2, 0.30, 0.35, "share", "instrument card", "judgement"),
        "administration": CardValue(0.2, 0.25, 0.3, "share", "instrument card", "judgement"),
        "co_funding": CardValue(0.1, 0.25, 0.4, "share of budget, NCE and GCE", "instrument card", "judgement"),
        "deadweight": CardValue(0.1, 0.2, 0.5, "share of co-funding", "instrument card", "judgement"),
        "delay": CardValue(1, 2, 4, "quarters, GCE twice as long", "instrument card", "judgement"),
        "fee": CardValue(0, 0.006, 0.02, "quarters of liquidity per quarter", "fixed shape", "judgement"),
        "institute": CardValue(0.1, 0.3, 0.6, "chance, NCE and GCE", "no direct evidence", "judgement"),
        "abroad": CardValue(0.1, 0.2, 0.5, "chance, GCE", "no direct evidence", "judgement"),
        "bonus": CardValue(0, 0.05, 0.1, "added success, NCE and GCE", "instrument card", "judgement"),
    }

    @classmethod
    def groups_wanted(cls, budget: float, options: InstrumentOptions) -> int:
        """Return how many clusters this money can pay for, each up to what a cluster of the level gets."""
        largest = cls.card[f"{getattr(options, 'level', 'arena')}_largest"].mode
        return max(1, math.ceil(budget / largest - 1e-9))

    def organisations(self, model: RegionModel, rule: str) -> list[Organisation]:
        """Return one facilitator per group of industries; money above its capacity stays unspent."""
        use, level = self.use, getattr(self.use.options, "level", "arena")
        groups = use.groups or (tuple(range(model.industries)),)
        share = use.budget / len(groups)
        purse = Purse(
            share, use.start_quarter, use.stop_quarter,
            self.value("administration_arena" if level == "arena" else "administration"),
            limit=self.value(f"{level}_largest"),
        )  # fmt: skip
        names = model.region.industries.family
        return [
            ClusterFacilitator(
                model, f"{level} {names[group[0]]}", purse, self._service(level), Aim(group, use.zones), rule
            )
            for group in groups
        ]

    def _service(self, level: str) -> ClusterService:
        more = level != "arena"
        return ClusterService(
            fixed_cost=self.value("fixed_cost"),
            member_cost=self.value("member_cost"),
            core=int(self.value("core")),
            recruitment=self.value("recruitment"),
            delay=int(self.value("delay")) * (2 if level == "gce" else 1),
            co_funding=self.value("co_funding") if more else 0.0,
            deadweight=self.value("deadweight"),
            fee=self.value("fee"),
            institute=self.value("institute") if more else 0.0,
            abroad=self.value("abroad") if level == "gce" else 0.0,
            bonus=self.value("bonus") if more else 0.0,
        )
