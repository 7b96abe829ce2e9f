"""Events that strike anchors: one leaves, or they do not want to take part."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sim.events.event import Event, EventOptions

if TYPE_CHECKING:
    from sim.model import RegionModel


class LeaveOptions(EventOptions):
    """Keys of an anchor that leaves."""

    firms: int = Field(1, ge=1, le=20, description="How many of the largest firms close")


class AnchorLeaves(Event):
    """The largest firms of some industries close."""

    name = "anchor_leaves"
    title: ClassVar = {"nb": "Hjørnesteinsbedrift legges ned", "en": "An anchor leaves"}
    summary: ClassVar = {
        "nb": "De største bedriftene i næringen legges ned.",
        "en": "The largest firms of the industry close.",
    }
    targets = "industries, zones"
    Options = LeaveOptions

    def strike(self, model: RegionModel) -> None:
        """Close the largest firms within the aim."""
        firms = model.firms
        rows = np.flatnonzero(self.struck_firms(model))
        order = rows[np.argsort(-firms.jobs[rows], kind="stable")]
        closing = firms.id[order[: getattr(self.happening.options, "firms", 1)]]
        model.closing = np.concatenate([model.closing, closing])


class WillOptions(EventOptions):
    """Keys of unwilling anchors."""

    will: float = Field(0.1, ge=0, le=1, description="Willingness to cooperate (vilje) of anchors from then on, 0-1")


class UnwillingAnchors(Event):
    """Large firms do not want to take part, whatever they could do."""

    name = "unwilling_anchors"
    title: ClassVar = {"nb": "Uvillige hjørnesteinsbedrifter", "en": "Unwilling anchors"}
    summary: ClassVar = {
        "nb": "De store bedriftene har evne, men ikke vilje til å være med.",
        "en": "The large firms have the ability but not the will to take part.",
    }
    targets = "industries, zones"
    Options = WillOptions

    def strike(self, model: RegionModel) -> None:
        """Set the will of large firms."""
        firms = model.firms
        large = self.struck_firms(model) & (firms.jobs > model.parameters["anchor_size"])
        will = getattr(self.happening.options, "will", 0.1)
        firms.will_own[large] = will
        firms.will[large] = will
