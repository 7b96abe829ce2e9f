"""The firm panel: every firm in every quarter, kept on request.

Programme evaluation needs all firms, not treated ones only. ODD section 4, observation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from sim.model.region_model import RegionModel

#: Turnover per krone of value added; one figure for all industries, national accounts as recalled, a judgement.
TURNOVER = 2.5
#: Columns: name -> meaning. Flows are of the quarter.
COLUMNS = {
    "firm": "permanent id",
    "quarter": "quarter, 0 is the first",
    "jobs": "employees",
    "turnover": "MNOK, value added times 2.5",
    "value_added": "MNOK",
    "rd": "own R&D, MNOK, less what joint projects replace",
    "innovated": "innovated in this quarter",
    "liquidity": "buffer, quarters of labour cost",
    "zone": "municipality, index",
    "industry": "industry, index",
    "age": "quarters",
    "programmes": "bit mask of the programmes used so far",
    "projects": "ongoing joint projects",
    "cluster": "cluster or network, 0 = none",
}


class Panel:
    """Collects the panel of one run in parts, a part per quarter."""

    def __init__(self) -> None:
        self.parts: list[dict[str, NDArray[Any]]] = []

    def record(self, model: RegionModel) -> None:
        """Copy every living firm of this quarter; newcomers have their first quarter when they enter."""
        f, q, p = model.firms, model.quarter, model.parameters
        replaced = p["project_replaces"] * p["project_cost"] / 4.0 * (1.0 - p["project_public"]) * f.projects
        self.parts.append(
            {
                "firm": f.id.copy(), "quarter": np.full(len(f), q, np.int16), "jobs": f.jobs.copy(),
                "turnover": TURNOVER * f.output, "value_added": f.output.copy(), 
                "rd": np.maximum(f.research * f.output - replaced, 0.0),
                "innovated": f.innovated == q, "liquidity": f.liquidity.copy(), "zone": f.zone.copy(),
                "industry": f.industry.copy(), "age": f.age.copy(), "programmes": f.used.copy(),
                "projects": f.projects.copy(), "cluster": f.cluster.copy(),
            }
        )  # fmt: skip

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the panel as columns, by quarter and then by firm."""
        return {name: np.concatenate([part[name] for part in self.parts]) for name in COLUMNS}

    def frame(self) -> pd.DataFrame:
        """Return the panel as a table."""
        import pandas as pd

        return pd.DataFrame(self.columns())
