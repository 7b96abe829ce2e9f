"""Who meets whom: hands firms and clubs to the kernel of partner search (M4), and joint market access (M4b).

ODD section 7.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model import cooperation

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

Floats = NDArray[np.float64]


def cooperate(model: RegionModel) -> Floats:
    """Finish and begin joint projects and let links fade; return how many projects succeeded f8[cells]."""
    f, inputs, policy = model.firms, model.inputs, model.policy
    served = any(club.intensity > 0.0 for club in policy.clubs)
    done, model.projects.table, ties = cooperation.cooperate(  # type: ignore[call-arg]
        model.quarter, model.keys, f.id, f.table, model.ties.arrays, model.projects.table, model.pool,
        model.industries, model.parameters["link_decay"], model.packed(cooperation.FINISH_NAMES), model.partner_ring,
        model.partner_start, model.reach, served, inputs.time_fade, inputs.institute_place, inputs.institute_skill,
        policy.club_terms, policy.supplier_lift, model.packed(cooperation.SEARCH_NAMES),
    )  # fmt: skip
    model.ties.hold(*ties)
    return done


def share_market(model: RegionModel) -> None:
    """Joint market access of members in their first quarters (M4b)."""
    p, f = model.parameters, model.firms
    if not p.switches["M4b"]:
        return
    for club in model.policy.clubs[1:]:
        rows = model.policy.members(club)
        rows = rows[model.quarter - f.joined[rows] < p["market_quarters"]]
        if club.market and rows.size:
            mass = rows.size ** p["threshold"]
            crowd = mass / (mass + p["rivals_half"] ** p["threshold"])
            lift = p["market_access"] * p["shrinkage"] * club.intensity * crowd
            f.appeal[rows] += lift * model.pool[model.cell_of(f, rows), 2] * (0.4 + f.will[rows])
