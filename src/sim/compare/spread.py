"""How far runs spread, and why: luck between runs, told apart from what is not known about assumptions.

A run of a study has a parameter draw ``d`` and a seed ``s``. What it gives is taken apart as
``x[d, s] = mean + a[d] + luck[d, s]``: ``a`` is what the assumptions of the draw change, luck is the rest. The
variance of ``a`` is found by analysis of variance with random effects; formulas in docs/ensembles.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
#: With fewer draws than this nothing is said about what assumptions do.
LEAST_DRAWS = 10
#: Standard deviation of a normal distribution over its median absolute deviation.
_NORMAL = 1.4826


@dataclass(frozen=True)
class Spread:
    """Mean and spread of each place, each f8[places]; NaN where there are too few runs or draws to tell.

    Attributes:
        mean: over all runs. low, high: interval of the mean, luck alone. luck_sd: luck of one run.
        draw_low, draw_high: between which values the middle share of the draws lies, luck taken out.
        draw_sd: between draws, luck taken out.
    """

    mean: Array
    low: Array
    high: Array
    luck_sd: Array
    draw_low: Array
    draw_high: Array
    draw_sd: Array


def cube(table: pd.DataFrame, place: Sequence[str], column: str) -> tuple[pd.Index, Array, bool]:
    """Return the places, the values f8[places, draws, seeds] (NaN where a run is missing), and if draws share seeds.

    Args:
        table: one row per place and run with columns draw, seed and ``column``. place: columns that name a place.
    """
    groups = table.groupby(list(place), sort=True, observed=True)
    draws, d = np.unique(table["draw"].to_numpy(), return_inverse=True)
    seeds, s = np.unique(table["seed"].to_numpy(), return_inverse=True)
    there = np.zeros((len(draws), len(seeds)), bool)
    there[d, s] = True
    shared = bool((there.sum(axis=0) > 1).any())
    if not shared:  # seeds of their own: the first of each draw, the second, ...
        s = (there.cumsum(axis=1) - 1)[d, s]
    x = np.full((groups.ngroups, len(draws), int(s.max()) + 1), np.nan)
    x[groups.ngroup().to_numpy(), d, s] = table[column].to_numpy(float)
    return groups.size().index, x, shared


def spread(x: Array, shared: bool, interval: float) -> Spread:
    """Return mean, luck and what is not known, place by place.

    Args:
        x: f8[places, draws, seeds], NaN where a run is missing. shared: draws have the same seeds, hence some of
            their luck in common. interval: probability of both intervals.
    """
    if not np.isnan(x).any():
        return Spread(**_spread(x, shared, interval))
    places = len(x)
    out = {name: np.full(places, np.nan) for name in Spread.__dataclass_fields__}
    missing = np.isnan(x).reshape(places, -1)
    patterns, which = np.unique(missing, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        here = np.flatnonzero(which.reshape(-1) == number)
        own = x[here]
        part = _whole(own, ~pattern.reshape(x.shape[1:]))
        found = _spread(part, shared, interval)
        out |= {name: _put(out[name], here, value) for name, value in found.items()}
        if pattern.any() and not pattern.all():
            mean = np.nanmean(own, axis=(1, 2))  # runs outside the whole part count in the mean
            for name in ("low", "high", "draw_low", "draw_high"):
                out[name][here] += mean - part.mean(axis=(1, 2))
            out["mean"][here] = mean
    return Spread(**out)


def luck_covariance(x: Array, shared: bool) -> tuple[Array, float]:
    """Return the covariance that luck gives the means of several quantities of the same runs, and its freedom.

    Draws with seeds of their own: pooled within draws, over the number of runs. Shared seeds: between the seeds'
    means over draws, since luck that a seed brings to every draw does not even out over draws.

    Args:
        x: f8[quantities, draws, seeds] without gaps.

    Returns:
        f8[quantities, quantities] and the degrees of freedom; NaN and 0 with a single seed.
    """
    count, draws, seeds = x.shape
    if seeds < 2:
        return np.full((count, count), np.nan), 0.0
    if shared or draws == 1:
        return np.atleast_2d(np.cov(x.mean(axis=1))) / seeds, seeds - 1.0
    off = (x - x.mean(axis=2, keepdims=True)).reshape(count, -1)
    freedom = draws * (seeds - 1.0)
    return off @ off.T / freedom / (draws * seeds), freedom


def whole_part(x: Array) -> Array:
    """Return the largest block of draws and seeds that all quantities f8[quantities, draws, seeds] have."""
    return _whole(x, np.asarray(~np.isnan(x).any(axis=0)))


def _put(target: Array, here: NDArray[np.intp], value: Array) -> Array:
    target[here] = value
    return target


def _whole(x: Array, there: NDArray[np.bool_]) -> Array:
    """Return the draws and seeds that are all there, as large a block as there is; ``there`` is draws x seeds."""
    if there.all():
        return x
    order = np.argsort(-there.sum(axis=0), kind="stable")  # the seeds that most draws have come first
    best: tuple[int, NDArray[np.intp], NDArray[np.bool_]] = (0, order[:1], np.zeros(len(there), bool))
    for count in range(1, len(order) + 1):
        full = np.asarray(there[:, order[:count]].all(axis=1))
        if (size := int(full.sum()) * count) >= best[0]:  # at a tie more seeds: luck can then be told
            best = (size, order[:count], full)
    return x[:, best[2]][:, :, np.sort(best[1])]


def _spread(x: Array, shared: bool, interval: float) -> dict[str, Array]:
    """Return the fields of ``Spread`` for places without gaps."""
    places, draws, seeds = x.shape
    nothing = np.full(places, np.nan)
    if draws == 0:
        return dict.fromkeys(Spread.__dataclass_fields__, nothing)
    mean, of_seed = x.mean(axis=(1, 2)), x.mean(axis=1)
    luck_sd, half = nothing, nothing
    if seeds > 1:
        within, freedom = _within(x), float(draws * (seeds - 1))
        luck_sd, error = np.sqrt(within), within / (draws * seeds)
        if shared or draws == 1:  # luck of a seed is common to the draws: it moves the mean, not one draw from another
            error, freedom = of_seed.var(axis=1, ddof=1) / seeds, seeds - 1.0
        if shared and draws > 1:
            luck_sd = np.sqrt(_interaction(x) + _common(x))
        half = stats.t.ppf(0.5 + interval / 2.0, freedom) * np.sqrt(error)
    tight, draw_sd = _assumptions(x, shared) if draws > 1 else (x.mean(axis=2), nothing)
    low, high = nothing, nothing
    if draws >= LEAST_DRAWS:
        share = [0.5 - interval / 2.0, 0.5 + interval / 2.0]
        low, high = np.quantile(tight, share, axis=1, method="median_unbiased")
    if seeds < 2:
        draw_sd = nothing
    return {"mean": mean, "low": mean - half, "high": mean + half, "luck_sd": luck_sd, "draw_low": low,
            "draw_high": high, "draw_sd": draw_sd}  # fmt: skip


def _assumptions(x: Array, shared: bool) -> tuple[Array, Array]:
    """Return what each draw gives without luck f8[places, draws] and the standard deviation of it f8[places].

    The means of the draws, runs with extreme luck pulled in, are drawn together around the mean until their spread is
    that of the assumptions alone. With one seed luck stays in.
    """
    calm = _calm(x)
    mean, of_draw = calm.mean(axis=(1, 2)), calm.mean(axis=2)
    between, kept = of_draw.var(axis=1, ddof=1), np.ones(len(x))
    if x.shape[2] > 1:
        noise = (_interaction(calm) if shared else _within(calm)) / x.shape[2]
        unknown = np.maximum(between - noise, 0.0)
        kept = np.sqrt(np.divide(unknown, between, out=np.zeros(len(x)), where=between > 0))
    tight = x.mean(axis=(1, 2))[:, None] + kept[:, None] * (of_draw - mean[:, None])
    return tight, kept * np.sqrt(between)


def _calm(x: Array) -> Array:
    """Return the values with runs far from the median of their draw pulled in to three robust standard deviations.

    One run in a hundred may move the mean of its draw more than any assumption does; in the variances it would hide
    what the assumptions do. With two seeds nobody can tell which of them is extreme, and nothing is pulled in.
    """
    seeds = x.shape[2]
    if seeds < 3:
        return x
    middle = np.median(x, axis=2, keepdims=True)
    far = np.abs(x - middle)
    if seeds % 2:  # the middle run lies no distance from itself
        far = np.sort(far, axis=2)[:, :, 1:]
    scale = np.median(far, axis=(1, 2), keepdims=True) * _NORMAL * np.sqrt(seeds / (seeds - 1.0))
    reach = np.where(scale > 0, 3.0 * scale, np.inf)
    return np.asarray(middle + np.clip(x - middle, -reach, reach))


def _within(x: Array) -> Array:
    """Return the variance within draws."""
    return np.asarray(x.var(axis=2, ddof=1).mean(axis=1))


def _interaction(x: Array) -> Array:
    """Return the variance that neither draws nor seeds account for."""
    mean, of_draw, of_seed = x.mean(axis=(1, 2)), x.mean(axis=2), x.mean(axis=1)
    rest = x - of_draw[:, :, None] - of_seed[:, None, :] + mean[:, None, None]
    return np.asarray((rest**2).sum(axis=(1, 2)) / ((x.shape[1] - 1) * (x.shape[2] - 1)))


def _common(x: Array) -> Array:
    """Return the variance of the luck that a seed brings to every draw."""
    return np.asarray(np.maximum(x.mean(axis=1).var(axis=1, ddof=1) - _interaction(x) / x.shape[1], 0.0))
