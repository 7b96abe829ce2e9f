"""The estimators programme evaluators use, on a firm panel: matched differences, lottery, rejected applicants, cutoff.

A panel is a table with one row per firm and quarter: columns ``firm``, ``quarter`` and outcomes. Outcomes may be a
column, or ``log_`` and a column (firms without a positive value are left out). Firms that have closed at the horizon
are left out, as evaluators do, unless ``exits_as_zero`` is set. Standard errors are of independent firms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Firm -> first treated quarter; or some firms, treated at ``start``.
Treated = Mapping[int, int] | pd.Series | Iterable[int]
#: Fewest firms on each side that an estimate is made from.
FEWEST = 5


@dataclass(frozen=True)
class Estimate:
    """What an evaluator would report.

    Attributes:
        effect: in the unit of the outcome; log outcomes give log points. se: standard error.
        n_treated, n_control: firms used. reason: why there is no estimate; None when there is one.
    """

    effect: float
    se: float
    n_treated: int
    n_control: int
    reason: str | None = None


def did_matched(
    panel: pd.DataFrame,
    treated: Treated,
    outcome: str,
    start: int | None = None,
    horizon: int = 12,
    match_on: Sequence[str] = ("log_jobs",),
    *,
    exits_as_zero: bool = False,
) -> Estimate:
    """Return the matched difference in differences: treated against their nearest never-treated firm.

    The change of a firm runs from the quarter before treatment to ``horizon`` quarters after it. Controls are the
    nearest firm (with replacement) on ``match_on`` in the quarter before; columns of words, whole numbers named
    ``industry`` or ``zone`` and truth values must be equal, others count by their spread. The standard error is that
    of the mean of pair differences, grouped by control firm so that one used often counts as one.

    Args:
        treated: firm -> first treated quarter, or firms that are all treated at ``start``.
        outcome: column or ``log_`` column. match_on: columns or ``log_`` columns.

    Raises:
        ValueError: a column is missing, a firm stands twice in a quarter, or the horizon is not positive.
    """
    data = _checked(panel, [outcome, *match_on], horizon)
    begin = _begin(treated, start)
    if not begin:
        return _none("no treated firms")
    wide = _wide(data, outcome)
    ever = set(begin)
    gaps, controls, used = [], [], 0
    for first in sorted(set(begin.values())):
        before, after = first - 1, first + horizon
        if before not in wide.columns or after not in wide.columns:
            continue
        change = _change(wide, before, after, exits_as_zero)
        traits = data[data["quarter"] == before].set_index("firm")
        mine = [f for f, quarter in begin.items() if quarter == first and f in change.index and f in traits.index]
        pool = [f for f in change.index if f not in ever and f in traits.index]
        for firm, control in _nearest(traits, mine, pool, match_on).items():
            gaps.append(float(change[firm] - change[control]))
            controls.append(control)
            used += 1
    if used < FEWEST:
        return _none("too few treated firms with a match inside the panel", used, len(set(controls)))
    effect, se = _clustered(np.array(gaps), np.array(controls))
    return Estimate(effect, se, used, len(set(controls)))


def lottery(
    panel: pd.DataFrame,
    winners: Iterable[int],
    losers: Iterable[int],
    outcome: str,
    start: int,
    horizon: int = 12,
    *,
    exits_as_zero: bool = False,
) -> Estimate:
    """Return winners less losers of a lottery, in the change from before the draw to the horizon.

    Luck made the groups alike, so the difference of means is unbiased; changes are used since they vary less.

    Raises:
        ValueError: as for ``did_matched``; or a firm is both winner and loser.
    """
    return _two_groups(panel, winners, losers, outcome, start, horizon, exits_as_zero, ("winner", "loser"))


def rejected(
    panel: pd.DataFrame,
    treated: Iterable[int],
    rejected: Iterable[int],
    outcome: str,
    start: int,
    horizon: int = 12,
    *,
    exits_as_zero: bool = False,
) -> Estimate:
    """Return the change of those accepted less that of rejected applicants.

    It removes what makes firms apply, not what made the programme choose among them.

    Raises:
        ValueError: as for ``lottery``.
    """
    return _two_groups(panel, treated, rejected, outcome, start, horizon, exits_as_zero, ("treated", "rejected"))


def rdd(
    panel: pd.DataFrame,
    running: Mapping[int, float] | pd.Series,
    cutoff: float,
    outcome: str,
    start: int,
    horizon: int = 12,
    bandwidth: float | None = None,
    *,
    exits_as_zero: bool = False,
) -> Estimate:
    """Return the jump at a cutoff: firms at or above it are treated.

    A line is fitted on each side within the bandwidth, weighted by a triangle; robust (HC1) standard error.

    Args:
        running: firm -> score. bandwidth: the spread of the scores when None.

    Raises:
        ValueError: as for ``did_matched``; or the bandwidth is not positive.
    """
    data = _checked(panel, [outcome], horizon)
    scores = pd.Series(running, dtype=float)
    width = float(scores.std()) if bandwidth is None else float(bandwidth)
    if not width > 0.0:
        raise ValueError(f"the bandwidth must be above 0, not {width}")
    change = _change(_wide(data, outcome), start - 1, start + horizon, exits_as_zero)
    scores = scores[scores.index.isin(change.index)]
    x = scores.to_numpy() - cutoff
    near = np.abs(x) < width
    x, y = x[near], change.loc[scores.index[near]].to_numpy(float)
    above = x >= 0.0
    treated, control = int(above.sum()), int((~above).sum())
    if min(treated, control) < FEWEST:
        return _none("too few firms near the cutoff", treated, control)
    design = np.column_stack([np.ones_like(x), above, x, x * above])
    weight = 1.0 - np.abs(x) / width
    effect, se = _weighted_least_squares(design, y, weight)
    return Estimate(effect, se, treated, control)


def _two_groups(
    panel: pd.DataFrame, one: Iterable[int], other: Iterable[int], outcome: str, start: int, horizon: int,
    exits_as_zero: bool, names: tuple[str, str],
) -> Estimate:  # fmt: skip
    data = _checked(panel, [outcome], horizon)
    first, second = set(_ids(one)), set(_ids(other))
    if both := first & second:
        raise ValueError(f"firm {next(iter(both))} is both {names[0]} and {names[1]}")
    change = _change(_wide(data, outcome), start - 1, start + horizon, exits_as_zero)
    a, b = (change[change.index.isin(list(group))].to_numpy(float) for group in (first, second))
    if min(a.size, b.size) < FEWEST:
        return _none("too few firms inside the panel", a.size, b.size)
    se = float(np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size))
    return Estimate(float(a.mean() - b.mean()), se, a.size, b.size)


def _checked(panel: pd.DataFrame, wanted: Sequence[str], horizon: int) -> pd.DataFrame:
    """Return the panel with every wanted column, logs computed."""
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1 quarter, not {horizon}")
    data = panel
    for name in ("firm", "quarter", *wanted):
        if name in data.columns:
            continue
        plain = name.removeprefix("log_")
        if name.startswith("log_") and plain in data.columns:
            values = data[plain].to_numpy(float)
            logs = np.log(values, out=np.full(values.size, np.nan), where=values > 0)
            data = data.assign(**{name: logs})
            continue
        raise ValueError(f"the panel has no column {name!r}; it has {', '.join(map(str, panel.columns))}")
    if data.duplicated(["firm", "quarter"]).any():
        row = data[data.duplicated(["firm", "quarter"])].iloc[0]
        raise ValueError(f"firm {row['firm']} stands twice in quarter {row['quarter']}")
    return data


def _ids(firms: Iterable[int] | Mapping[int, int] | pd.Series) -> list[int]:
    return list(firms.index) if isinstance(firms, pd.Series) and firms.dtype == bool else list(firms)


def _begin(treated: Treated, start: int | None) -> dict[int, int]:
    """Return firm -> first treated quarter."""
    if isinstance(treated, Mapping):
        return {firm: int(quarter) for firm, quarter in treated.items()}
    if isinstance(treated, pd.Series) and treated.index.name == "firm":
        return {firm: int(quarter) for firm, quarter in treated.items()}  # type: ignore[misc]
    if start is None and isinstance(treated, pd.Series):
        return {firm: int(quarter) for firm, quarter in treated.items()}  # type: ignore[misc]
    if start is None:
        raise ValueError("start is needed when treated firms come without a quarter")
    return dict.fromkeys(list(treated), int(start))


def _wide(data: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return data.pivot(index="firm", columns="quarter", values=outcome).astype(float)


def _change(wide: pd.DataFrame, before: int, after: int, exits_as_zero: bool) -> pd.Series:
    """Return the change of each firm that was there before; those gone later are left out, or end at 0."""
    if before not in wide.columns or after not in wide.columns:
        return pd.Series(dtype=float)
    later = wide[after].fillna(0.0) if exits_as_zero else wide[after]
    return (later - wide[before]).dropna()


def _nearest(
    traits: pd.DataFrame, mine: Sequence[int], pool: Sequence[int], match_on: Sequence[str]
) -> dict[int, int]:
    """Return the nearest control of each treated firm; a firm without one is left out."""
    if not len(mine) or not len(pool):
        return {}
    exact = [c for c in match_on if c in ("industry", "zone", "family") or not _number(traits[c])]
    near = [c for c in match_on if c not in exact]
    place = traits[near].to_numpy(float) if near else np.zeros((len(traits), 1))
    spread = np.nanstd(place, axis=0)
    place = place / np.where(spread > 0.0, spread, 1.0)
    row = {firm: k for k, firm in enumerate(traits.index)}
    kind = traits[exact].astype(str).agg("|".join, axis=1) if exact else pd.Series("", index=traits.index)
    groups: dict[str, list[int]] = {}
    for firm in pool:
        groups.setdefault(kind[firm], []).append(firm)
    found = {}
    for firm in mine:
        like = groups.get(kind[firm], [])
        if not like:
            continue
        distance = ((place[[row[c] for c in like]] - place[row[firm]]) ** 2).sum(axis=1)
        if np.isfinite(distance).any():
            found[firm] = like[int(np.nanargmin(distance))]
    return found


def _number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def _clustered(gaps: Floats, clusters: NDArray[np.int64]) -> tuple[float, float]:
    """Return mean and standard error with gaps of one cluster counted together."""
    effect = float(gaps.mean())
    _, index = np.unique(clusters, return_inverse=True)
    sums = np.bincount(index, gaps - effect)
    count = sums.size
    factor = count / (count - 1) if count > 1 else 1.0
    return effect, float(np.sqrt(factor * (sums**2).sum()) / gaps.size)


def _weighted_least_squares(design: Floats, y: Floats, weight: Floats) -> tuple[float, float]:
    """Return the second coefficient and its HC1 standard error."""
    root = np.sqrt(weight)[:, None]
    inverse = np.linalg.pinv((design * root).T @ (design * root))
    beta = inverse @ ((design * weight[:, None]).T @ y)
    residual = y - design @ beta
    meat = (design * (weight * residual)[:, None]).T @ (design * (weight * residual)[:, None])
    freedom = max(y.size - design.shape[1], 1)
    variance = inverse @ meat @ inverse * y.size / freedom
    return float(beta[1]), float(np.sqrt(variance[1, 1]))


def _none(reason: str, treated: int = 0, control: int = 0) -> Estimate:
    return Estimate(float("nan"), float("nan"), treated, control, reason)
