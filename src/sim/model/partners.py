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


def finish(model: RegionModel) -> Floats:
    """Finish the joint projects that end this quarter and return how many succeeded f8[cells]."""
    f = model.firms
    done, model.projects.table, ties = cooperation.finish(  # type: ignore[call-arg]
        model.quarter, model.keys, f.id, f.table, model.ties.arrays, model.projects.table, model.pool,
        model.industries, model.packed(cooperation.FINISH_NAMES),
    )  # fmt: skip
    model.ties.hold(*ties)
    return done


def search(model: RegionModel) -> None:
    """Begin the new joint projects of this quarter."""
    f, inputs, policy, work = model.firms, model.inputs, model.policy, model.projects
    served = any(club.intensity > 0.0 for club in policy.clubs)
    found = cooperation.search(  # type: ignore[call-arg]
        model.quarter + int(model.parameters["project_quarters"]), model.keys, f.id, f.table, model.ties.arrays,
        model.partner_ring, model.partner_start, model.reach,
        *cooperation.club_rings(f.id, f.table, served, len(policy.clubs)), inputs.time_fade, inputs.institute_place,
        inputs.institute_skill, policy.club_terms, policy.supplier_lift,
        model.packed(cooperation.SEARCH_NAMES),
    )  # fmt: skip
    work.table = cooperation.joined(work.table, found)


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
