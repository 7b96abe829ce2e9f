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

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]

#: Turnover per krone of value added; one figure for all industries, national accounts as recalled, a judgement.
TURNOVER = 2.5
#: Columns: name -> meaning. Flows are of the quarter.
COLUMNS = {
    "firm": "permanent id",
    "quarter": "quarter, 0 is the first",
    "jobs": "employees",
    "turnover": "MNOK, value added times 2.5",
    "value_added": "MNOK",
    "tfp": "total factor productivity: the model's productivity, 1 = national trend of the industry",
    "rd": "own R&D, MNOK, less what joint projects replace",
    "rd_spent": "R&D the firm pays itself, MNOK: own and its own part of joint projects",
    "rd_total": "R&D the firm takes part in, MNOK: own, joint projects with their public part, induced by payments",
    "payments": "programme payments put to work, MNOK",
    "payments_extra": "of which additional by the instrument's card, MNOK",
    "aid": "public money, MNOK: payments, public part of joint projects, tax credit",
    "innovated": "innovated in this quarter",
    "liquidity": "buffer, quarters of labour cost",
    "zone": "municipality, index",
    "industry": "industry, index",
    "age": "quarters",
    "programmes": "bit mask of the programmes used so far",
    "projects": "ongoing joint projects",
    "cluster": "cluster or network, 0 = none",
    "applied": "bit mask of the programmes applied to this quarter",
    "refused": "bit mask of the programmes that refused out of hand this quarter",
    "paid": "bit mask of the programmes that said yes this quarter",
    "margin": "merit above (or below) the midpoint of the last accepted and the first left out; none = nan",
    "partner_minutes": "travel minutes to the firm with which a joint project was begun this quarter; none = nan",
}


class Panel:
    """Collects the panel of one run in parts, a part per quarter."""

    def __init__(self) -> None:
        self.parts: list[dict[str, NDArray[Any]]] = []
        self.payments: list[tuple[NDArray[np.int64], Floats, Floats, Floats]] = []  # ids, then MNOK as below
        self.answers: list[tuple[int, NDArray[np.int64], Rows, Rows, Floats]] = []  # bit, ids, refused, paid, margin

    def note_payments(self, ids: NDArray[np.int64], payment: Floats, additional: Floats, induced: Floats) -> None:
        """Note payments that begin to work this quarter, what of them is additional, and the R&D they induce, MNOK."""
        self.payments.append((ids.copy(), payment, additional, induced))

    def note_answers(self, bit: int, ids: NDArray[np.int64], refused: Rows, merit: Floats, served: int) -> None:
        """Note what a programme answered those who applied this quarter.

        Args:
            bit: the programme's bit of ``used``. ids: applicants, i8[K]. refused: bool[K] out of hand.
            merit: f8 of the others, best first as they stand in ``ids``. served: how many of them were paid.
        """
        paid, margin = np.zeros(ids.size, bool), np.full(ids.size, np.nan)
        rest = np.flatnonzero(~refused)
        paid[rest[:served]] = True
        if 0 < served < rest.size and merit[served - 1] > merit[served]:
            margin[rest] = merit - (merit[served - 1] + merit[served]) / 2.0
        self.answers.append((bit, ids.copy(), refused, paid, margin))

    def record(self, model: RegionModel) -> None:
        """Copy every living firm of this quarter; newcomers have their first quarter when they enter."""
        f, q, p = model.firms, model.quarter, model.parameters
        joint = p["project_cost"] / 4.0 * f.projects
        borne = joint * (1.0 - p["project_public"])
        own = np.maximum(f.research * f.output - p["project_replaces"] * borne, 0.0)
        credit = model.policy.tax_credit * p["tax_credit_takeup"] * own
        payments, extra, induced = self._payments(model)
        self.parts.append(
            {
                "firm": f.id.copy(), "quarter": np.full(len(f), q, np.int16), "jobs": f.jobs.copy(),
                "turnover": TURNOVER * f.output, "value_added": f.output.copy(), "tfp": np.exp(f.productivity),
                "rd": own, "rd_spent": own + borne, "rd_total": own + joint + induced,
                "payments": payments, "payments_extra": extra, "aid": payments + joint - borne + credit,
                "innovated": f.innovated == q, "liquidity": f.liquidity.copy(), "zone": f.zone.copy(),
                "industry": f.industry.copy(), "age": f.age.copy(), "programmes": f.used.copy(),
                "projects": f.projects.copy(), "cluster": f.cluster.copy(), **self._answers(model),
                "partner_minutes": _partner_minutes(model),
            }
        )  # fmt: skip

    def _payments(self, model: RegionModel) -> Floats:
        """Return payments, their additional part and induced R&D of each firm f8[3, N], MNOK, and forget them."""
        out = np.zeros((3, len(model.firms)))
        for ids, *amounts in self.payments:
            rows = model.firms.rows(ids)
            here = rows >= 0
            for k, amount in enumerate(amounts):
                np.add.at(out[k], rows[here], np.broadcast_to(amount, ids.shape)[here])
        self.payments.clear()
        return out

    def _answers(self, model: RegionModel) -> dict[str, NDArray[Any]]:
        """Return the answers of programmes to each firm, and forget them."""
        count = len(model.firms)
        out: dict[str, NDArray[Any]] = {name: np.zeros(count, np.uint16) for name in ("applied", "refused", "paid")}
        out["margin"] = np.full(count, np.nan)
        for bit, ids, refused, paid, margin in self.answers:
            rows = model.firms.rows(ids)
            for name, said in (("applied", np.ones(ids.size, bool)), ("refused", refused), ("paid", paid)):
                out[name][rows[(rows >= 0) & said]] |= bit
            here = (rows >= 0) & np.isfinite(margin)
            out["margin"][rows[here]] = margin[here]
        self.answers.clear()
        return out

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the panel as columns, by quarter and then by firm."""
        return {name: np.concatenate([part[name] for part in self.parts]) for name in COLUMNS}

    def frame(self) -> pd.DataFrame:
        """Return the panel as a table."""
        import pandas as pd

        return pd.DataFrame(self.columns())


def _partner_minutes(model: RegionModel) -> Floats:
    """Return minutes to the partner of the joint project each firm began this quarter f8[N]; nan without one."""
    firms, work = model.firms, model.projects
    out = np.full(len(firms), np.nan)
    new = (work.end == model.quarter + int(model.parameters["project_quarters"])) & (work.second >= 0)
    one, other = firms.rows(work.first[new]), firms.rows(work.second[new])
    both = (one >= 0) & (other >= 0)
    out[one[both]] = model.region.minutes[firms.zone[one[both]], firms.zone[other[both]]]
    return out
