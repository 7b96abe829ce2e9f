"""Robust advice: how much each policy would be regretted over futures, and how often it reaches a goal.

A future is one draw of the parameters (the mean of its seeds); with fewer than two draws, one seed. The regret of a
policy in a future is how far it is from the best policy of that future; doing nothing is a policy too, worth 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.compare.differences import baselines
from sim.experiment import BASELINE, Results
from sim.model import INDICATORS

COLUMNS = ("region", "policy", "indicator", "unit", "year", "mean", "worst", "mean_regret", "largest_regret",
           "share_best", "share_goal", "futures", "kind")  # fmt: skip


def regret(
    results: Results, indicator: str = "jobs", year: int = 11, goal: float | None = None
) -> pd.DataFrame:
    """Return one row per region and policy, doing nothing included, least largest regret first.

    Args:
        year: 1 is the first year; the last year when it is later.
        goal: the difference that counts as reached; None leaves ``share_goal`` empty.

    Returns:
        Columns ``COLUMNS``: worst = the difference in the worst tenth of futures; shares from 0 to 1; ``kind`` says
        whether futures are draws or seeds.

    Raises:
        KeyError: no such indicator. ValueError: the indicator is neither good nor bad, or nothing is finished.
    """
    shown = INDICATORS[indicator]
    if shown.direction == 0:
        raise ValueError(f"{indicator} is neither good nor bad by itself; choose another indicator")
    values = results.values
    if values.empty:
        raise ValueError("no finished runs")
    here = (values["indicator"] == indicator) & (values["zone"] == "all") & (values["family"] == "all")
    table = values[here & (values["year"] == min(year, int(values["year"].max())))]
    wide = table.pivot(index=["region", "draw", "seed"], columns="scenario", values="value")
    gains = pd.DataFrame({name: wide[name] - wide[own] for name, own in _policies(results).items() if name in wide})
    by_draw = table["draw"].nunique() > 1
    futures = gains.groupby(level=["region", "draw"]).mean() if by_draw else gains
    rows = []
    for region, part in futures.groupby(level="region"):
        worth = shown.direction * part.assign(**{BASELINE: 0.0})
        lost = worth.rsub(worth.max(axis=1), axis=0)
        for name in worth:
            own = shown.direction * worth[name].to_numpy(float)
            reached = np.nan if goal is None else float((worth[name] >= shown.direction * goal).mean())
            rows.append((region, name, indicator, shown.unit, int(table["year"].iloc[0]), float(own.mean()),
                         float(shown.direction * np.quantile(worth[name], 0.1)), float(lost[name].mean()),
                         float(lost[name].max()), float((lost[name] == 0.0).mean()), reached, len(own),
                         "draws" if by_draw else "seeds"))  # fmt: skip
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    return out.sort_values(["region", "largest_regret"], kind="stable").reset_index(drop=True)


def _policies(results: Results) -> dict[str, str]:
    """Return each policy with its baseline; worlds without instruments are no policies."""
    told = results.manifest.get("scenarios", {})
    own = baselines(results)
    return {name: base for name, base in own.items() if told.get(name, {}).get("file", {}).get("instruments", True)}
