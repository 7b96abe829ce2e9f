"""Robust advice: how much each policy would be regretted over futures, and how often it reaches a goal.

A future is one run: a draw of the parameters with the luck of its seed, the same for every policy. The regret of a
policy in a future is how far it is from the best policy of that future; doing nothing is a policy too, worth 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.compare.differences import baselines
from sim.experiment import BASELINE, Results
from sim.model import INDICATORS
from sim.texts import number, signed, text

COLUMNS = ("region", "policy", "indicator", "unit", "year", "mean", "worst", "mean_regret", "largest_regret",
           "share_best", "share_safest", "share_goal", "futures", "kind")  # fmt: skip
#: A policy is called safest when it has the least largest regret in at least this share of resampled futures.
CLEAR = 0.9
_RESAMPLES = 1000


def regret(
    results: Results, indicator: str = "jobs", year: int = 11, goal: float | None = None
) -> pd.DataFrame:
    """Return one row per region and policy, doing nothing included, least largest regret first.

    Args:
        year: 1 is the first year; the last year when it is later.
        goal: the difference that counts as reached; None leaves ``share_goal`` empty.

    Returns:
        Columns ``COLUMNS``: worst = the difference in the worst tenth of futures; shares from 0 to 1; share_safest =
        share of resampled sets of futures in which the policy's largest regret is the least; ``kind`` says whether
        futures differ in draws (and luck) or in seeds (luck alone). Futures in which a run failed are left out.

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
    gains = pd.DataFrame({name: wide[name] - wide[own] for name, own in policies(results).items() if name in wide})
    futures = gains.dropna()
    kind = "draws" if table["draw"].nunique() > 1 else "seeds"
    rows = []
    for region, part in futures.groupby(level="region"):
        worth = shown.direction * part.assign(**{BASELINE: 0.0})
        lost = worth.rsub(worth.max(axis=1), axis=0)
        safest = _safest(lost, "draw" if kind == "draws" else "seed")
        for name in map(str, worth):
            own = shown.direction * worth[name].to_numpy(float)
            reached = np.nan if goal is None else float((worth[name] >= shown.direction * goal).mean())
            rows.append((region, name, indicator, shown.unit, int(table["year"].iloc[0]), float(own.mean()),
                         float(shown.direction * np.quantile(worth[name], 0.1)), float(lost[name].mean()),
                         float(lost[name].max()), float((lost[name] == 0.0).mean()), safest[name], reached, len(own),
                         kind))  # fmt: skip
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    return out.sort_values(["region", "largest_regret"], kind="stable").reset_index(drop=True)


def regret_words(results: Results, rows: pd.DataFrame, goal: float | None, language: str = "nb") -> list[str]:
    """Return what the rows of one region say: which policy is safest if any, and which reaches the goal most often."""
    first, shown = rows.iloc[0], INDICATORS[str(rows.iloc[0]["indicator"])]
    unit, futures = shown.units[language], number(int(first["futures"]), 0, language)
    clear = float(first["share_safest"]) >= CLEAR
    largest = number(first["largest_regret"], shown.decimals, language)
    title = results.title(str(first["policy"]), language)
    said = [text("regret.safest" if clear else "regret.none_safer", language, policy=title, unit=unit, largest=largest)]
    if goal is not None:
        best = rows.iloc[int(rows["share_goal"].to_numpy(float).argmax())]
        times = round(float(best["share_goal"]) * int(best["futures"]))
        said.append(text(
            "regret.goal" if times else "regret.goal_never", language, goal=signed(goal, shown.decimals, language),
            unit=unit, indicator=shown.label[language].lower(), policy=results.title(str(best["policy"]), language),
            times=number(times, 0, language), futures=futures, year=int(first["year"]),
        ))  # fmt: skip
    return said


def regret_cells(row: pd.Series, language: str) -> dict[str, str]:
    """Return the cells of one row as people read them, by column."""
    decimals, futures = INDICATORS[str(row["indicator"])].decimals, int(row["futures"])
    cells = {key: signed(row[key], decimals, language) for key in ("mean", "worst")}
    cells |= {key: number(row[key], decimals, language) for key in ("mean_regret", "largest_regret")}
    for key in ("share_best", "share_goal"):
        share = float(row[key])
        said = "regret.of_hundred" if futures == 100 else "regret.of"  # of a hundred: the count is the per cent
        cells[key] = "–" if np.isnan(share) else text(
            said, language, times=number(round(share * futures), 0, language), futures=number(futures, 0, language),
            percent=number(100 * share, 0, language),
        )  # fmt: skip
    return cells


def policies(results: Results) -> dict[str, str]:
    """Return each policy with its baseline; worlds without instruments are no policies."""
    told = results.manifest.get("scenarios", {})
    own = baselines(results)
    return {name: base for name, base in own.items() if told.get(name, {}).get("file", {}).get("instruments", True)}


def _safest(lost: pd.DataFrame, unit: str) -> dict[str, float]:
    """Return how often each policy has the least largest regret when draws (or seeds) are drawn anew, as shares."""
    worst = lost.groupby(level=unit).max().to_numpy(float)
    chance = np.random.default_rng(1)
    count = np.zeros(worst.shape[1])
    for _ in range(_RESAMPLES):
        again = worst[chance.integers(len(worst), size=len(worst))].max(axis=0)
        least = again == again.min()
        count += least / least.sum()
    return dict(zip(map(str, lost.columns), count / _RESAMPLES, strict=True))
