"""The estimators programme evaluators use, on a firm panel: matched differences, lottery, rejected applicants, cutoff.

A panel is a table with one row per firm and quarter: columns ``firm``, ``quarter`` and outcomes. Outcomes may be a
column, or ``log_`` and a column (firms without a positive value are left out). Firms that have closed at the horizon
are left out, as evaluators do, unless ``exits_as_zero`` is set. Standard errors are of independent firms.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.evidence.matching import effect_and_error, nearest, noise_of, pairs

Floats = NDArray[np.float64]
#: Some firms: ids, or a Series of truth values by firm.
Group = Iterable[Hashable] | pd.Series
#: Firm -> first treated quarter (missing = never); or some firms, treated at ``start``.
Treated = Mapping[Any, Any] | Group
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
    nearest firm (with replacement; equally near ones share) on ``match_on`` in the quarter before; columns of words,
    whole numbers named ``industry``, ``zone`` or ``family`` and truth values must be equal, others count by their
    spread. Without anything to match on, all never-treated firms are controls. Firms treated later are no controls.

    Args:
        treated: firm -> first treated quarter (a mapping, or a Series by firm), or firms treated at ``start``.
        outcome: column or ``log_`` column. match_on: columns or ``log_`` columns.

    Raises:
        ValueError: a column is missing, a firm stands twice in a quarter, or the horizon is not positive.
    """
    data = _checked(panel, [outcome, *match_on], horizon)
    begin = _begin(treated, start, data["firm"])
    if not begin:
        return _none("no treated firms")
    wide = _wide(data, outcome)
    gaps: list[float] = []
    weights: dict[tuple[Hashable, int], list[float]] = {}
    noise: dict[tuple[Hashable, int], float] = {}
    for first in sorted(set(begin.values())):
        change = _change(wide, first - 1, first + horizon, exits_as_zero)
        traits = data[data["quarter"] == first - 1].set_index("firm")
        there = change.index.intersection(traits.index)
        mine = [f for f in there if begin.get(f) == first]
        pool = [f for f in there if f not in begin]
        found = nearest(traits, mine, pool, match_on) if mine and pool else {}
        each, used = pairs(change, found)
        variance = noise_of(change, traits, list(used), pool, match_on)
        gaps += each.tolist()
        for control, shares in used.items():  # a control counts as one firm in each cohort
            weights[control, first], noise[control, first] = shares, variance[control]
    controls = len({control for control, _ in weights})
    if min(len(gaps), controls) < FEWEST:
        return _none(_why_few(wide, begin.values(), horizon, len(gaps)), len(gaps), controls)
    effect, se = effect_and_error(np.array(gaps), weights, noise)
    return Estimate(effect, se, len(gaps), controls)


def lottery(
    panel: pd.DataFrame,
    winners: Group,
    losers: Group,
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
    treated: Group,
    rejected: Group,
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
    running: Mapping[Any, float] | pd.Series,
    cutoff: float,
    outcome: str,
    start: int,
    horizon: int = 12,
    bandwidth: float | None = None,
    *,
    exits_as_zero: bool = False,
) -> Estimate:
    """Return the jump at a cutoff: firms at or above it are treated.

    A line is fitted on each side within the bandwidth, weighted by a triangle; robust (HC1) standard error. A
    relation that bends within the bandwidth biases the jump: narrow it, or look at several.

    Args:
        running: firm -> score. bandwidth: in units of the score; 1.84 x spread x n^(-1/5) when None.

    Raises:
        ValueError: as for ``did_matched``; a firm has two scores, or the bandwidth is not positive.
    """
    data = _checked(panel, [outcome], horizon)
    scores = pd.Series(running, dtype=float).dropna()
    if scores.index.has_duplicates:
        raise ValueError(f"firm {scores.index[scores.index.duplicated()][0]} has two scores")
    wide = _wide(data, outcome)
    change = _change(wide, start - 1, start + horizon, exits_as_zero)
    scores = scores[scores.index.isin(change.index)]
    if scores.size < 2 * FEWEST:
        reason = _outside(wide, start, horizon) or "too few firms with a score in both quarters"
        return _none(reason, int((scores >= cutoff).sum()), int((scores < cutoff).sum()))
    width = 1.84 * float(scores.std()) * scores.size**-0.2 if bandwidth is None else float(bandwidth)
    if not width > 0.0:
        raise ValueError(f"the bandwidth must be above 0, not {width}")
    x = scores.to_numpy() - cutoff
    near = np.abs(x) < width
    x, y = x[near], change.loc[scores.index[near]].to_numpy(float)
    above = x >= 0.0
    treated, control = int(above.sum()), int((~above).sum())
    if min(treated, control) < FEWEST:
        return _none("too few firms near the cutoff", treated, control)
    if min(np.unique(x[above]).size, np.unique(x[~above]).size) < 2:
        return _none("all scores on one side of the cutoff are the same: no line can be fitted", treated, control)
    design = np.column_stack([np.ones_like(x), above, x, x * above])
    weight = 1.0 - np.abs(x) / width
    effect, se = _weighted_least_squares(design, y, weight)
    return Estimate(effect, se, treated, control)


def _two_groups(
    panel: pd.DataFrame, one: Group, other: Group, outcome: str, start: int, horizon: int,
    exits_as_zero: bool, names: tuple[str, str],
) -> Estimate:  # fmt: skip
    data = _checked(panel, [outcome], horizon)
    first, second = (set(_ids(group, data["firm"])) for group in (one, other))
    if both := first & second:
        raise ValueError(f"firm {next(iter(both))} is both {names[0]} and {names[1]}")
    wide = _wide(data, outcome)
    change = _change(wide, start - 1, start + horizon, exits_as_zero)
    a, b = (change[change.index.isin(list(group))].to_numpy(float) for group in (first, second))
    if min(a.size, b.size) < FEWEST:
        few = names[0] if a.size < FEWEST else names[1]
        return _none(_outside(wide, start, horizon) or f"too few {few} firms in both quarters", a.size, b.size)
    se = float(np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size))
    return Estimate(float(a.mean() - b.mean()), se, a.size, b.size)


def _checked(panel: pd.DataFrame, wanted: Sequence[str], horizon: int) -> pd.DataFrame:
    """Return the panel with every wanted column, logs computed."""
    if not horizon >= 1:
        raise ValueError(f"horizon must be at least 1 quarter, not {horizon}")
    data = panel.reset_index() if {"firm", "quarter"} & set(panel.index.names) else panel
    for name in ("firm", "quarter", *wanted):
        if name in data.columns:
            continue
        plain = name.removeprefix("log_")
        if name.startswith("log_") and plain in data.columns:
            values = _numbers(data, plain).to_numpy(float)
            logs = np.log(values, out=np.full(values.size, np.nan), where=values > 0)
            data = data.assign(**{name: logs})
            continue
        raise ValueError(f"the panel has no column {name!r}; it has {', '.join(map(str, panel.columns))}")
    if data.duplicated(["firm", "quarter"]).any():
        row = data[data.duplicated(["firm", "quarter"])].iloc[0]
        raise ValueError(f"firm {row['firm']} stands twice in quarter {row['quarter']}")
    return data


def _ids(firms: Group, known: pd.Series) -> list[Hashable]:
    """Return the firms of a group, however it is given."""
    if isinstance(firms, pd.Series):
        if firms.dtype == bool:
            return list(firms.index[firms])
        return list(firms.index) if _by_firm(firms, known) else list(firms)
    return list(firms)


def _by_firm(series: pd.Series, known: pd.Series) -> bool:
    """Tell whether a Series says something of each firm (else its values are the firms)."""
    if series.index.name == "firm":
        return True
    plain = isinstance(series.index, pd.RangeIndex)
    named, listed = bool(series.index.isin(known).all()), bool(series.isin(known).all())
    return named and not (listed and plain)


def _begin(treated: Treated, start: int | None, known: pd.Series) -> dict[Hashable, int]:
    """Return firm -> first treated quarter; firms without a quarter were never treated."""
    pairs: Mapping[Any, Any] | None = None
    if isinstance(treated, Mapping):
        pairs = treated
    elif isinstance(treated, pd.Series) and treated.dtype != bool and (start is None or _by_firm(treated, known)):
        pairs = dict(treated.items())
    if pairs is not None and not (pairs and all(isinstance(value, bool | np.bool_) for value in pairs.values())):
        return {firm: int(quarter) for firm, quarter in pairs.items() if pd.notna(quarter) and np.isfinite(quarter)}
    if start is None:
        raise ValueError("start is needed when treated firms come without a quarter")
    firms = [f for f, value in pairs.items() if value] if pairs is not None else _ids(treated, known)
    return dict.fromkeys(firms, int(start))


def _outside(wide: pd.DataFrame, start: int, horizon: int) -> str | None:
    """Return in words which quarter the panel lacks, None when it has both."""
    for quarter in (start - 1, start + horizon):
        if quarter not in wide.columns:
            return f"the panel has no quarter {quarter}"
    return None


def _why_few(wide: pd.DataFrame, starts: Iterable[int], horizon: int, used: int) -> str:
    """Return in words why matching came to so little."""
    found = [_outside(wide, first, horizon) for first in set(starts)]
    if all(found):
        return str(found[0])
    few = "treated firms with a match" if used < FEWEST else "different controls"
    return f"too few {few} inside the panel"


def _wide(data: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return data.assign(**{outcome: _numbers(data, outcome)}).pivot(index="firm", columns="quarter", values=outcome)


def _numbers(data: pd.DataFrame, name: str) -> pd.Series:
    try:
        return data[name].astype(float)
    except (TypeError, ValueError):
        raise ValueError(f"column {name!r} holds {data[name].dtype}, not numbers") from None


def _change(wide: pd.DataFrame, before: int, after: int, exits_as_zero: bool) -> pd.Series:
    """Return the change of each firm that was there before; those gone later are left out, or end at 0."""
    if before not in wide.columns or after not in wide.columns:
        return pd.Series(dtype=float)
    later = wide[after].fillna(0.0) if exits_as_zero else wide[after]
    return (later - wide[before]).dropna()


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
