"""Paired differences: scenario minus baseline with the same seed, with an interval for the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from sim.compare.present_value import PRICE_YEAR, Discounting, present_values
from sim.experiment import BASELINE, Results
from sim.model import INDICATORS

#: Columns of every comparison, in order.
COLUMNS = ("region", "scenario", "baseline", "measure", "indicator", "unit", "zone", "family", "year", "mean",
           "low", "high", "draw_low", "draw_high", "interval", "runs", "draws", "share_better")  # fmt: skip
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

    Each difference is taken between two runs with the same seed; ``low`` and ``high`` bound the mean
    with the given probability (Student's t over the runs): they say how far luck between runs goes, not
    what is unknown about the model. ``share_better`` is the share of runs that moved in the
    indicator's good direction (NaN when it has none). ``draw_low`` and ``draw_high`` hold the middle share of
    the parameter draws (each the mean of its seeds): what is not known about parameters; NaN below ten draws.

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
    if values.empty or baseline not in set(values["scenario"]):
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
    """Return mean and interval of column x for each place."""
    if table.empty:
        return pd.DataFrame()
    names = table["indicator"].map(direction)
    table = table.assign(better=(table["x"] * names > 0).astype(float))
    groups = table.groupby(_PLACE, sort=True, observed=True)
    out = groups["x"].agg(["mean", "std", "count"])
    width = half_width(out["std"].fillna(0.0), out["count"], interval)
    out["low"], out["high"] = out["mean"] - width, out["mean"] + width
    out["runs"] = groups.size()
    out["draws"] = groups["draw"].nunique()
    out["draw_low"], out["draw_high"] = _over_draws(table, interval)
    out["share_better"] = groups["better"].mean()
    out = out.reset_index()
    out.loc[out["indicator"].map(direction) == 0, "share_better"] = np.nan
    out["unit"] = out["indicator"].map(unit)
    return out


def _over_draws(table: pd.DataFrame, interval: float) -> tuple[pd.Series | float, pd.Series | float]:
    """Return between which values the middle share of the draws' means lies; NaN with fewer than ten draws."""
    if table["draw"].nunique() < 10:
        return np.nan, np.nan
    means = table.groupby([*_PLACE, "draw"], sort=True, observed=True)["x"].mean()
    over = means.groupby(level=_PLACE, sort=True, observed=True)
    return over.quantile(0.5 - interval / 2.0), over.quantile(0.5 + interval / 2.0)


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
    key = ["region", "scenario", "seed", "draw", "year"]
    wide = region.pivot_table(index=key, columns="indicator", values="x", observed=True)
    if wide.empty or not {"job_years", "spent_municipal", "spent_public"} <= set(wide.columns):
        return pd.DataFrame()
    rows = []
    for (name, scenario, year), part in wide.groupby(level=["region", "scenario", "year"]):
        if part["spent_municipal"].mean() <= 0:  # an event, not a policy
            continue
        years = part["job_years"].to_numpy()
        for payer in ("municipal", "public"):
            mean, low, high, measure = cost_interval(part[f"spent_{payer}"].to_numpy(), years, interval)
            if measure:
                rows.append({
                    "region": name, "scenario": scenario, "year": year, "zone": "all", "family": "all",
                    "indicator": f"cost_per_job_year_{payer}", "unit": "MNOK/job-year", "measure": measure,
                    "mean": mean, "low": low, "high": high, "runs": len(part),
                    "draws": part.index.get_level_values("draw").nunique(),
                    "share_better": float((years > 0).mean()),
                })  # fmt: skip
    return pd.DataFrame(rows)


def cost_interval(spent: np.ndarray, years: np.ndarray, interval: float) -> tuple[float, float, float, str]:
    """Return cost per job-year, its bounds (Fieller) and the measure.

    Args:
        spent: f8[runs] money, MNOK. years: f8[runs] job-years gained, paired with ``spent``.
    """
    count, nothing = len(years), (np.nan, np.nan, np.nan)
    total = float(spent.mean())
    if count < 2 or total <= 0:
        return (*nothing, "" if total <= 0 else "not determinable")
    gained = float(years.mean())
    t = float(stats.t.ppf(0.5 + interval / 2.0, count - 1))
    cov = np.cov(spent, years) / count
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
