"""Parameter draws: what is not known, drawn the same way for every policy. ODD section 7, Parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import truncnorm

from sim.model import parameter_table
from sim.random_numbers import decision_key, permanent_id, uniforms

#: What "all" and "free" mean in a study file.
GROUPS = {"all": ("free", "prior"), "free": ("free",)}


def drawable(group: str) -> tuple[str, ...]:
    """Return the names of the parameters of a group, ``all`` (free and prior) or ``free``; never shape constants."""
    return tuple(name for name, row in parameter_table().items() if row.use in GROUPS[group] and row.high > row.low)


def drawn_values(names: Sequence[str], draw: int, seed: int = 1) -> dict[str, float]:
    """Return the values of one draw; draw 0 has none, which leaves the defaults.

    Each is an independent normal around the default with a spread of a quarter of the range, cut off at
    the range. The value of a parameter does not depend on which others are drawn.

    Args:
        names: parameters. draw: number of the draw, from 0. seed: seed of the draws.
    """
    if draw == 0:
        return {}
    table, out = parameter_table(), {}
    key = decision_key(seed, "parameter.draw", draw)
    for name in names:
        row = table[name]
        luck = float(uniforms(key, np.array([permanent_id("parameter", name)], np.int64))[0])
        out[name] = from_prior(row.value, row.low, row.high, luck)
    return out


def from_prior(mode: float, low: float, high: float, luck: float) -> float:
    """Return the value at a probability of the truncated normal around ``mode``."""
    spread = (high - low) / 4.0
    value = float(truncnorm.ppf(luck, (low - mode) / spread, (high - mode) / spread, loc=mode, scale=spread))
    return float(min(max(value, low), high)) if math.isfinite(value) else mode
