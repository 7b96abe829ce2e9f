"""Paired differences: scenario minus baseline with the same seed, with an interval for the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from sim.compare.present_value import PRICE_YEAR, Discounting, present_values
from sim.compare.spread import cube, luck_covariance, spread, whole_part
from sim.experiment import BASELINE, Results
from sim.model import INDICATORS

#: Columns of every comparison, in order.
COLUMNS = ("region", "scenario", "baseline", "measure", "indicator", "unit", "zone", "family", "year", "mean",
           "low", "high", "draw_low", "draw_high", "luck_sd", "draw_sd", "interval", "runs", "draws",
           "share_better")  # fmt: skip
_PLACE = ["region", "scenario", "indicator", "zone", "family", "year"]
_PAIR = ["region", "seed", "draw", "indicator", "zone", "family", "year"]


def compare(
    results: Results,
    *,
    baseline: str = BASELINE,
    interval: float = 0.90,
    discounting: Discounting = Discounting(),  # noqa: B008 (it cannot change)
) -> pd.DataFrame:
    """Return levels, paired differences and costs per additional job-year.

    Each difference is taken between two runs with the same seed and draw; ``mean`` is over all of them. Two
    intervals, each with the given probability, are told apart (``sim.compare.spread``, docs/ensembles.md):

    - ``draw_low`` and ``draw_high``: what the effect may be given what is not known about parameters, luck taken
      out; the middle share of the draws. NaN below ten draws. ``draw_sd`` is its standard deviation.
    - ``low`` and ``high``: how far luck between runs moves the mean (Student's t). ``luck_sd`` is the luck of one run.

    With a single seed per draw luck cannot be told apart: ``low`` and ``high`` are NaN and the draws hold it.
    ``share_better`` is the share of runs that moved in the indicator's good direction (NaN when it has none).

    With the baseline of the study each policy is compared with the scenario without instruments in its own
    world (the same events, parameters and switches).

    Args:
        baseline: the scenario others are compared with. interval: probability, between 0 and 1.
        discounting: how later money counts in the present values.

    Raises:
        ValueError: the baseline has no finished run, or the interval is no probability.
    """
    if not 0.0 < interval < 1.0:
        raise ValueError(f"interval must lie between 0 and 1, not {interval}")
    values = results.values
    if values.empty or not (values["scenario"] == baseline).any():
        raise ValueError(f"no finished run of the baseline {baseline!r} to compare with")
    words = [name for name in _PAIR if values[name].dtype.kind not in "iuf"]
    kinds = {name: pd.CategoricalDtype(sorted(values[name].unique())) for name in [*words, "scenario"]}
    plain = {name: values[name].dtype for name in kinds}
    values = values.astype(kinds)  # grouping and pairing go by number instead of by word
    levels = _summary(values.rename(columns={"value": "x"}), interval)
    levels["measure"], levels["share_better"] = "level", np.nan
    own = baselines(results, baseline)
    paired = values[values["scenario"].isin(list(own))]
    paired = paired.assign(baseline=paired["scenario"].map(own).astype(kinds["scenario"]))
    base = values[values["scenario"].isin(set(own.values()))]
    base = base.rename(columns={"value": "base", "scenario": "baseline"})
    pair = [*_PAIR, "baseline"]
    paired = paired.merge(base[[*pair, "base"]], on=pair, validate="m:1")
    paired["x"] = paired["value"] - paired["base"]
    differences = _summary(paired, interval)
    differences["measure"] = "difference"
    costs = _costs(paired, interval)
    worth = _summary(present_values(paired, discounting), interval)
    worth["measure"] = "present value"
    frames = [frame for frame in (levels, differences, costs, worth) if not frame.empty]
    table = pd.concat([frame.astype(plain) for frame in frames], ignore_index=True)
    table["baseline"] = table["scenario"].map(own).fillna(baseline)
    table["interval"] = interval
    order = ["region", "scenario", "measure", "indicator", "zone", "family", "year"]
    return table[list(COLUMNS)].sort_values(order, kind="stable").reset_index(drop=True)


def baselines(results: Results, baseline: str = BASELINE) -> dict[str, str]:
    """Return the scenario each other is compared with; all with ``baseline`` when it is not the study's own."""
    if baseline == BASELINE and "baselines" in results.manifest:
        return dict(results.manifest["baselines"])
    return {name: baseline for name in results.values["scenario"].unique() if name != baseline}


def half_width(deviation: pd.Series, count: pd.Series, interval: float) -> pd.Series:
    """Return half the width of the t interval of a mean; NaN with fewer than two runs."""
    runs = count.to_numpy(float)
    quantile = stats.t.ppf(0.5 + interval / 2.0, np.maximum(runs - 1.0, 1.0))
    width = quantile * deviation.to_numpy(float) / np.sqrt(runs)
    return pd.Series(np.where(runs > 1, width, np.nan), index=deviation.index)


def _summary(table: pd.DataFrame, interval: float) -> pd.DataFrame:
    """Return mean and intervals of column x for each place."""
    if table.empty:
        return pd.DataFrame()
    index, x, shared = cube(table, _PLACE, "x")
    there = ~np.isnan(x)
    out = pd.DataFrame(vars(spread(x, shared, interval)), index=index).reset_index()
    good = out["indicator"].map(direction).to_numpy(float)
    out["runs"] = there.sum(axis=(1, 2))
    out["draws"] = there.any(axis=2).sum(axis=1)
    better = (np.where(there, x, 0.0) * good[:, None, None] > 0).sum(axis=(1, 2))
    out["share_better"] = np.where(good == 0, np.nan, better / out["runs"])
    out["unit"] = out["indicator"].map(unit)
    return out


def direction(name: str) -> int:
    """Return whether more of an indicator is good (1), bad (-1) or neither (0); present values are good."""
    return INDICATORS[name].direction if name in INDICATORS else 1


def unit(name: str) -> str:
    """Return the unit of an indicator or present value."""
    return INDICATORS[name].unit if name in INDICATORS else f"MNOK, {PRICE_YEAR} prices"


def _costs(paired: pd.DataFrame, interval: float) -> pd.DataFrame:
    """Return municipal and total public cost per additional job-year since the start, by year.

    The measure is ``cost`` when the interval of job-years lies above zero, ``harm`` when it lies below
    (cost per job-year lost), and ``not determinable`` with empty numbers when it includes zero.
    """
    region = paired[(paired["zone"] == "all") & (paired["family"] == "all")]
    needed = ("job_years", "spent_municipal", "spent_public")
    if not set(needed) <= set(region["indicator"]):
        return pd.DataFrame()
    place = ["region", "scenario", "year"]
    cubes = [cube(region[region["indicator"] == name], place, "x") for name in needed]
    rows = []
    for number, (name, scenario, year) in enumerate(cubes[0][0]):
        years, *spent = (values[number] for _, values, _ in cubes)
        if np.nanmean(spent[0]) <= 0:  # an event, not a policy
            continue
        for payer, money in zip(("municipal", "public"), spent, strict=True):
            if (found := cost_of(money, years, cubes[0][2], interval))["measure"]:
                rows.append({
                    "region": name, "scenario": scenario, "year": year, "zone": "all", "family": "all",
                    "indicator": f"cost_per_job_year_{payer}", "unit": "MNOK/job-year", **found,
                    "runs": int((~np.isnan(years)).sum()), "draws": int((~np.isnan(years)).any(axis=1).sum()),
                    "share_better": float((years > 0).sum() / (~np.isnan(years)).sum()),
                })  # fmt: skip
    return pd.DataFrame(rows)


def cost_of(spent: np.ndarray, years: np.ndarray, shared: bool, interval: float) -> dict[str, float | str]:
    """Return cost per job-year with both intervals and the measure.

    Over draws the interval is that of job-years per krone, turned over; it has no upper bound (infinite) when some of
    the draws gain no job-years.

    Args:
        spent: f8[draws, seeds] money, MNOK. years: f8[draws, seeds] job-years gained. shared: draws share seeds.
    """
    money, gained = whole_part(np.stack([spent, years]))
    mean, low, high, measure = _fieller(money, gained, *luck_covariance(np.stack([money, gained]), shared), interval)
    total = float(money.mean()) if money.size else 0.0
    if not measure or total <= 0:
        return {"mean": mean, "low": low, "high": high, "measure": measure}
    ratio = float(gained.mean()) / total
    over = spread((ratio + (gained - ratio * money) / total)[None], shared, interval)  # job-years per MNOK, linearised
    sign = -1.0 if measure == "harm" else 1.0
    bounds = sorted(sign * float(value[0]) for value in (over.draw_low, over.draw_high))
    turned = [1.0 / value if value > 0 else np.inf for value in reversed(bounds)]
    known = measure in ("cost", "harm") and not np.isnan(bounds).any()
    return {"mean": mean, "low": low, "high": high, "measure": measure,
            "draw_low": turned[0] if known else np.nan, "draw_high": turned[1] if known else np.nan}  # fmt: skip


def cost_interval(spent: np.ndarray, years: np.ndarray, interval: float) -> tuple[float, float, float, str]:
    """Return cost per job-year, its bounds (Fieller) and the measure, for runs with the same parameters.

    Args:
        spent: f8[runs] money, MNOK. years: f8[runs] job-years gained, paired with ``spent``.
    """
    found = cost_of(np.asarray(spent, float)[None], np.asarray(years, float)[None], False, interval)
    return found["mean"], found["low"], found["high"], found["measure"]  # type: ignore[return-value]


def _fieller(
    spent: np.ndarray, years: np.ndarray, cov: np.ndarray, freedom: float, interval: float
) -> tuple[float, float, float, str]:
    """Return cost per job-year, its bounds and the measure, with the covariance that luck gives the two means."""
    nothing = (np.nan, np.nan, np.nan)
    total = float(spent.mean()) if spent.size else 0.0
    if freedom < 1 or total <= 0:
        return (*nothing, "" if total <= 0 else "not determinable")
    gained = float(years.mean())
    t = float(stats.t.ppf(0.5 + interval / 2.0, freedom))
    if gained**2 <= t**2 * cov[1, 1]:
        return (*nothing, "not determinable")
    # Fieller: all ratios r for which mean(spent - r * years) is within t standard errors of zero
    a = gained**2 - t**2 * cov[1, 1]
    b = total * gained - t**2 * cov[0, 1]
    c = total**2 - t**2 * cov[0, 0]
    root = float(np.sqrt(max(b * b - a * c, 0.0)))
    low, high = sorted(((b - root) / a, (b + root) / a))
    if gained > 0:
        return total / gained, low, high, "cost"
    return -total / gained, -high, -low, "harm"
