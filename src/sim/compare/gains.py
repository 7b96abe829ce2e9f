"""Who gains: by industry, size of firm and municipality; what leaks out; members, their like, and the displaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.compare.differences import half_width
from sim.experiment.twins import Twin
from sim.region import Region

#: Size classes by employees at the start or at entry.
SIZES = ((0.0, 5.0, "1-4"), (5.0, 20.0, "5-19"), (20.0, 100.0, "20-99"), (100.0, np.inf, "100+"))
#: A firm that is this many jobs smaller than in the baseline is displaced.
DISPLACED = 0.5
COLUMNS = ("group", "name", "measure", "unit", "mean", "low", "high", "runs")


def gains(twins: Sequence[Twin], region: Region, interval: float = 0.90) -> pd.DataFrame:
    """Return paired differences policy - baseline with intervals over runs.

    Groups: ``industry``, ``size``, ``municipality``, ``residents`` (jobs held by residents), ``leakage`` (jobs in the
    region held by people outside, and work outside held by residents) and ``firms`` (see ``firm_groups``).
    """
    rows = [row for pair in twins for row in _rows(pair, region)]
    table = pd.DataFrame(rows, columns=["group", "name", "measure", "unit", "x"])
    order = table[["group", "name", "measure"]].drop_duplicates()
    grouped = table.groupby(["group", "name", "measure", "unit"], sort=False)["x"]
    out = grouped.agg(["mean", "std", "count"]).reset_index()
    width = half_width(out["std"].fillna(0.0), out["count"], interval)
    out["low"], out["high"], out["runs"] = out["mean"] - width, out["mean"] + width, len(twins)
    return order.merge(out, on=["group", "name", "measure"])[list(COLUMNS)]


def _rows(pair: Twin, region: Region) -> Iterator[tuple[Any, ...]]:
    base, policy = pair.base, pair.policy
    moved = policy.jobs - base.jobs
    for s, code in enumerate(region.industries.codes):
        yield "industry", code, "jobs", "persons", moved[:, s].sum()
    for low, high, name in SIZES:
        for measure, unit in (("jobs", "persons"), ("value_added", "MNOK/yr")):
            yield "size", name, measure, unit, _within(policy.firms, low, high, measure) - _within(
                base.firms, low, high, measure
            )
    zones, flow = len(region.zones), policy.flow - base.flow
    for z, code in enumerate(region.zones):
        yield "municipality", code, "jobs", "persons", moved[z].sum()
        yield "residents", code, "jobs held by residents", "persons", flow[z].sum()
    for x, name in enumerate(region.externals):
        yield "leakage", name, "jobs here held by people from there", "persons", flow[zones + x, :zones].sum()
        yield "leakage", name, "residents who work there", "persons", flow[:zones, zones + x].sum()
    yield from firm_groups(pair, region)


def _within(firms: pd.DataFrame, low: float, high: float, measure: str) -> float:
    inside = (firms["first_jobs"] >= low) & (firms["first_jobs"] < high)
    return float(firms.loc[inside, measure].sum())


def firm_groups(pair: Twin, region: Region) -> Iterator[tuple[Any, ...]]:
    """Yield what happened to firms, each against itself in the baseline.

    ``treated``: used a programme. ``matched``: for each treated firm its nearest untreated firm before the policy
    (same family, then R&D, log jobs and productivity). ``displaced``: untreated and at least half a job smaller, or
    gone. ``lifted``: untreated and at least half a job larger. ``new``: exist with the policy only.
    """
    both = pd.DataFrame({"base": pair.base.firms["jobs"], "policy": pair.policy.firms["jobs"]}).fillna(0.0)
    change = both["policy"] - both["base"]
    used = pair.policy.firms["used"].reindex(both.index).fillna(0)
    known = both.index.isin(pair.before.firms.index)
    treated = both.index[(used > 0) & known]
    matched = match(pair.before.firms, treated, region)
    matched = matched.intersection(both.index)
    rest = change.index.difference(treated)
    new = both.index[(both["base"] == 0.0) & (both["policy"] > 0.0)].difference(treated)
    others = change.loc[rest.difference(new)]
    groups = {
        "treated": change.loc[treated],
        "matched": change.loc[matched],
        "displaced": others[others <= -DISPLACED],
        "lifted": others[others >= DISPLACED],
        "new": change.loc[new],
    }
    for name, values in groups.items():
        yield "firms", name, "firms", "firms", float(len(values))
        yield "firms", name, "jobs", "persons", float(values.sum())
        if name in ("treated", "matched"):
            start = pair.before.firms["jobs"].reindex(values.index).sum()
            yield "firms", name, "jobs per job before", "%", 100.0 * float(values.sum() / start) if start > 0 else 0.0


def match(before: pd.DataFrame, treated: pd.Index, region: Region) -> pd.Index:
    """Return for each treated firm its nearest untreated firm before the policy; a firm may be used twice.

    Distance: family must be the same; R&D counts as one step, log jobs and productivity by their spread.
    """
    families = np.array([list(region.families).index(f) for f in region.industries.family])
    family = pd.Series(families[before["industry"]], index=before.index)
    traits = np.column_stack([
        before["rd"].to_numpy(float), _scaled(np.log(before["jobs"].to_numpy())),
        _scaled(before["productivity"].to_numpy()),
    ])  # fmt: skip
    is_treated = before.index.isin(treated)
    found: list[Any] = []
    for f in np.unique(families):
        own, like = (family == f) & is_treated, (family == f) & ~is_treated
        if not own.any() or not like.any():
            continue
        distance = ((traits[own.to_numpy()][:, None] - traits[like.to_numpy()][None]) ** 2).sum(axis=2)
        found += list(before.index[like.to_numpy()][distance.argmin(axis=1)])
    return pd.Index(sorted(set(found)))


def _scaled(values: np.ndarray) -> np.ndarray:
    spread = float(values.std())
    return values / spread if spread > 0 else values * 0.0
