"""Cluster members against matched firms: a programme run, its firm panel, and the evaluators' own estimator."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.evidence.estimators import did_matched
from sim.experiment import build_model
from sim.model import Reference
from sim.model.firms import USED_CLUSTER
from sim.model.parameters import Parameters
from sim.region import Region
from sim.scenario import InstrumentEntry, Scenario
from sim.scenario.scenario import STRONGEST_FAMILY

#: Money a year, MNOK; joiners of the first three years of money, followed for six years.
BUDGET, LAST_JOIN, QUARTERS = 10.0, 16, 41
#: Quarters after joining at which members are compared.
HORIZONS = (12, 24)
#: What members are matched on, in the quarter before they join: the industry exactly, the rest nearest.
MATCH = ("log_jobs", "growth", "log_age", "does_rd", "level", "industry")


def clusters(region: Region, scenario: Scenario, seed: int, reference: Reference) -> dict[str, float]:
    """Run a cluster programme once and return what an evaluator would find, % points."""
    model = build_model(region, scenario, seed, reference=reference, panel=True).run(QUARTERS)
    assert model.panel is not None
    everyone = model.panel.frame()
    joined = everyone[(everyone["programmes"] & USED_CLUSTER) > 0].groupby("firm")["quarter"].min()
    treated = joined[joined <= LAST_JOIN]
    same = everyone["industry"].isin(everyone.loc[everyone["firm"].isin(treated.index), "industry"].unique())
    panel = prepare(everyone[same], region, model.parameters)
    late = panel["firm"].isin(joined.index[joined > LAST_JOIN])  # later members are no controls
    looked_at = {q + k for q in treated for k in (-1, *HORIZONS)}
    clean = panel[~late & panel["quarter"].isin(looked_at)]

    def effect(outcome: str, horizon: int) -> float:
        return 100.0 * did_matched(clean, treated, outcome, horizon=horizon, match_on=MATCH).effect

    short, long = HORIZONS
    jobs = effect("log_jobs", short)
    return {
        "member_jobs": jobs,
        "thin_members": jobs,
        "member_turnover": effect("log_turnover", short),
        "member_profit": effect("profit", short),
        "member_fading": effect("log_jobs", long) - 2.0 * jobs,
    }


def programme(base: Scenario) -> Scenario:
    """Return the cluster programme for the strongest family, NCE level, from year 2."""
    entry = InstrumentEntry(instrument="cluster_programme", budget=BUDGET, target=STRONGEST_FAMILY,
                            options={"level": "nce"})  # fmt: skip
    return base.model_copy(update={"name": "cluster", "instruments": (entry,)})


def prepare(panel: pd.DataFrame, region: Region, parameters: Parameters) -> pd.DataFrame:
    """Return the panel with profitability and what members are matched on.

    profit: (value added - wages at the industry's start wage - own R&D - own part of joint projects) / value added.
    """
    table, p = region.industries, parameters
    industry = panel["industry"].to_numpy(np.int64)
    made = panel["value_added"].to_numpy(float)
    jobs = panel["jobs"].to_numpy(float)
    projects = panel["projects"].to_numpy(float) * p["project_cost"] / 4.0 * (1.0 - p["project_public"])
    cost = jobs * table.wage[industry] + panel["rd"].to_numpy(float) + projects
    year_ago = panel.groupby("firm", sort=False)["jobs"].shift(4).to_numpy(float)
    return panel.assign(
        profit=(made - cost) / made,
        growth=np.where(np.isnan(year_ago), 0.0, np.log(jobs / np.where(np.isnan(year_ago), jobs, year_ago))),
        does_rd=panel["rd"].to_numpy(float) > 0.0,
        level=np.log(made / jobs / table.value_added[industry]),
    )
