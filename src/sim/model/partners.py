"""Who meets whom: hands firms, clubs and rings to the kernel of partner search (M4), and joint market access (M4b).

ODD section 7.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model import cooperation
from sim.random_numbers import decision_key

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

Floats = NDArray[np.float64]


def share_market(model: RegionModel) -> None:
    """Joint market access of members in their first quarters (M4b)."""
    p, f = model.parameters, model.firms
    if not p.switches["M4b"]:
        return
    for club in model.policy.clubs[1:]:
        rows = np.flatnonzero((f.cluster == club.number) & (model.quarter - f.joined < p["market_quarters"]))
        if club.market and rows.size:
            mass = rows.size ** p["threshold"]
            crowd = mass / (mass + p["rivals_half"] ** p["threshold"])
            lift = p["market_access"] * p["shrinkage"] * club.intensity * crowd
            f.appeal[rows] += lift * model.pool[model.cell_of(f)[rows], 2] * (0.4 + f.will[rows])


def search(model: RegionModel) -> tuple[NDArray[Any], ...]:
    """Return the new joint projects of this quarter, as the kernel gives them."""
    f, policy = model.firms, model.policy
    able = f.jobs >= 3.0
    served = np.where(f.broker > 0, f.cluster, 0).astype(np.int64)
    clubs = policy.clubs
    decisions = [f"cooperation.{name}" for name in ("attempt", "source", "partner", "accept", "start")]
    keys = np.array([decision_key(model.seed, name, model.quarter) for name in decisions], np.uint64)
    return cooperation.search(  # type: ignore[call-arg]
        keys, f.id, f.zone, f.jobs, f.capacity, f.will, f.position0, f.position1, f.position2, f.projects,
        f.cluster, f.broker, f.link_id, f.link_strength,
        *model.ring, model.reach,
        *cooperation.rings(model.inputs.ring_key, served, f.id, able & (served > 0), len(clubs)),
        model.inputs.time_fade,
        model.inputs.institute_place, model.inputs.institute_skill, np.array([c.institute for c in clubs]),
        np.array([c.abroad for c in clubs]), np.array([c.bonus for c in clubs]), f.industry, supplier_lifts(model),
        model._p(cooperation.SEARCH_NAMES),
    )  # fmt: skip


def supplier_lifts(model: RegionModel) -> Floats:
    """Return the added score of suppliers in each cluster f8[clubs, S]."""
    out = np.zeros((len(model.policy.clubs), model.industries))
    for club in model.policy.clubs:
        if club.supplier_lift is not None:
            out[club.number] = club.supplier_lift
    return out
