"""Anchors: large firms with will and ability (vilje og evne), and what their head offices decide.

Switch M7. ODD section 7.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.random_numbers import decision_key, uniforms

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

#: Willingness of an anchor whose head office has turned away.
TURNED_AWAY = 0.2
#: Anchors at which the pull on recruitment and suppliers is full.
FULL_PULL = 4.0


def ability(capacity: NDArray[np.float64], jobs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ability (evne) f8[N]: capacity raised a little by size, at most 1."""
    return np.minimum(capacity * (1.0 + 0.1 * np.log(np.maximum(jobs, 1.0))), 1.0)


def anchors(model: RegionModel, eligible: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows of eligible firms that are large, willing and able enough to be anchors."""
    f, p = model.firms, model.parameters
    rows = np.flatnonzero(eligible & (f.jobs > p["anchor_size"]))
    strong = f.will[rows] * ability(f.capacity[rows], f.jobs[rows]) > p["anchor_threshold"]
    return rows[strong]


def pull(model: RegionModel, rows: NDArray[np.int64]) -> float:
    """Return how strongly some anchors pull, 0-1; exactly 0 when M7 is off."""
    return float(model.parameters.on("M7") * min(1.0, rows.size / FULL_PULL))


def supplier_lift(model: RegionModel, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the added project score f8[S] of industries that sell to the anchors in ``rows``."""
    inputs = model.region.industries.inputs
    supplies = (inputs[np.unique(model.firms.industry[rows])] > 0.0).any(axis=0)
    return 0.5 * model.parameters["anchor_pull"] * pull(model, rows) * supplies


def headquarters(model: RegionModel) -> None:
    """Let foreign head offices decide: some turn away from the region and the will of their anchor falls."""
    f, p = model.firms, model.parameters
    if not p.switches["M7"]:
        return
    rows = np.flatnonzero((f.owner == 2) & (f.jobs > p["anchor_size"]))
    luck = uniforms(decision_key(model.seed, "anchor.headquarters", model.quarter), f.id[rows])
    turned = rows[luck < 1.0 - (1.0 - p["headquarters"]) ** 0.25]
    f.will_own[turned] = np.minimum(f.will_own[turned], TURNED_AWAY)
    f.will[turned] = np.minimum(f.will[turned], TURNED_AWAY)
