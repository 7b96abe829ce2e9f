"""Nearest-neighbour matching of treated firms with others, and the standard error that reuse of controls gives.

Ties are shared: a treated firm with several equally near controls is compared with their mean. The standard error
is that of Abadie and Imbens (2006) for the effect on the treated: the spread of the differences, and what controls
used more than once add.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Columns that must be equal though they are numbers.
EXACT = ("industry", "zone", "family")
#: Treated firm -> its controls, all equally near.
Matches = dict[Hashable, list[Hashable]]


def nearest(
    traits: pd.DataFrame, mine: Sequence[Hashable], pool: Sequence[Hashable], match_on: Sequence[str]
) -> Matches:
    """Return the nearest controls of each treated firm; a firm without one is left out.

    Args:
        traits: one row per firm. mine, pool: treated and possible controls. match_on: columns; words, truth values
            and ``EXACT`` must be equal, others count by their spread.
    """
    exact = [c for c in match_on if c in EXACT or not _number(traits[c])]
    near = [c for c in match_on if c not in exact]
    place = traits[near].to_numpy(float) if near else np.zeros((len(traits), 1))
    usable: NDArray[np.bool_] = np.asarray(np.isfinite(place).all(axis=1), bool)
    spread = place[usable].std(axis=0) if usable.any() else np.ones(place.shape[1])
    place = place / np.where(spread > 0.0, spread, 1.0)
    kind: NDArray[np.int64] = np.zeros(len(traits), np.int64)
    if exact:
        number = traits.groupby(exact, sort=False, dropna=False, observed=True).ngroup()
        kind = np.asarray(number, np.int64)
    row = {firm: k for k, firm in enumerate(traits.index)}
    rows = np.array([row[f] for f in pool], np.int64)
    rows = rows[usable[rows]]
    groups = {name: rows[kind[rows] == name] for name in np.unique(kind[rows])}
    found: Matches = {}
    for firm in mine:
        like = groups.get(kind[row[firm]])
        if like is None or not usable[row[firm]]:
            continue
        distance = ((place[like] - place[row[firm]]) ** 2).sum(axis=1)
        best = like[distance <= distance.min() + 1e-12]
        found[firm] = [traits.index[k] for k in best]
    return found


def pairs(change: pd.Series, matches: Matches) -> tuple[Floats, dict[Hashable, list[float]]]:
    """Return the difference of each treated firm to its controls, and how much each control counts in each of them."""
    value = dict(zip(change.index, change.to_numpy(float), strict=True))
    gaps: list[float] = []
    weights: dict[Hashable, list[float]] = {}
    for firm, controls in matches.items():
        gaps.append(value[firm] - sum(value[c] for c in controls) / len(controls))
        for control in controls:
            weights.setdefault(control, []).append(1.0 / len(controls))
    return np.array(gaps), weights


def effect_and_error(
    gaps: Floats, weights: Mapping[tuple[Hashable, int], Sequence[float]], noise: Mapping[tuple[Hashable, int], float]
) -> tuple[float, float]:
    """Return the mean of the differences and its standard error.

    Args:
        weights: how much each control, in each cohort, counts in each difference.
        noise: variance of the change of each of them around what its like do.
    """
    effect = float(gaps.mean())
    spread = float(((gaps - effect) ** 2).sum()) * gaps.size / max(gaps.size - 1, 1)
    again = sum((sum(w) ** 2 - sum(x * x for x in w)) * noise[c] for c, w in weights.items())
    return effect, float(np.sqrt(spread + again) / gaps.size)


def noise_of(
    change: pd.Series, traits: pd.DataFrame, used: Sequence[Hashable], pool: Sequence[Hashable], match_on: Sequence[str]
) -> dict[Hashable, float]:
    """Return the variance of the change of each used control, from its nearest like among the other controls."""
    usual = float(change[change.index.isin(list(pool))].var(ddof=1)) if len(pool) > 1 else 0.0
    wanted = set(used)
    twins: Matches = {}
    for part in (0, 1):  # two halves, so that nobody is matched with itself
        mine = [f for f in pool[part::2] if f in wanted]
        twins |= nearest(traits, mine, pool[1 - part :: 2], match_on)
    value = dict(zip(change.index, change.to_numpy(float), strict=True))
    return {f: (value[f] - value[twins[f][0]]) ** 2 / 2.0 if f in twins else usual for f in used}


def _number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))
