"""Parameter draws: what is not known, drawn the same way for every policy. ODD section 7, Parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import truncnorm

from sim.experiment.posterior import posterior, posterior_available
from sim.model import parameter_table
from sim.random_numbers import decision_key, permanent_id, uniforms
from sim.scenario.study_file import GROUPS as GROUP_NAMES
from sim.scenario.study_file import SOURCES

__all__ = ["GROUPS", "SOURCES", "drawable", "drawn_values", "from_prior", "posterior_available", "usual_source"]

#: What "all" and "free" mean in a study file.
GROUPS = dict(zip(GROUP_NAMES, (("free", "prior"), ("free",)), strict=True))


def drawable(group: str) -> tuple[str, ...]:
    """Return the names of the parameters of a group, ``all`` (free and prior) or ``free``; never shape constants."""
    return tuple(name for name, row in parameter_table().items() if row.use in GROUPS[group] and row.high > row.low)


def usual_source() -> str:
    """Return where draws come from when nothing is said: the posterior if one fits this code, else the prior."""
    return "posterior" if posterior_available() else "prior"


def drawn_values(names: Sequence[str], draw: int, seed: int = 1, source: str = "prior") -> dict[str, float]:
    """Return the values of one draw; draw 0 has none, which leaves the defaults.

    From the prior each is an independent normal around the default with a spread of a quarter of the range, cut
    off at the range. From the posterior, parameters that the calibration identified come from one joint draw;
    the others come from the prior, as before. The value of a parameter does not depend on which others are drawn.

    Args:
        names: parameters. draw: number of the draw, from 0. seed: seed of the draws. source: prior or posterior.

    Raises:
        PosteriorError: the posterior is asked for and there is none, or it rests on other code.
        ValueError: there is no such source.
    """
    if source not in SOURCES:
        raise ValueError(f"no source of draws {source!r}; allowed: {', '.join(SOURCES)}")
    joint = _joint(draw, seed) if source == "posterior" else {}
    if draw == 0:
        return {}
    table, out = parameter_table(), {}
    key = decision_key(seed, "parameter.draw", draw)
    for name in names:
        row = table[name]
        luck = float(uniforms(key, np.array([permanent_id("parameter", name)], np.int64))[0])
        out[name] = joint[name] if name in joint else from_prior(row.value, row.low, row.high, luck)
    return out


def _joint(draw: int, seed: int) -> dict[str, float]:
    """Return one joint draw of the posterior: its rows in order, begun at a place that the seed decides."""
    found = posterior()
    key = decision_key(seed, "parameter.draw", 0)
    begin = float(uniforms(key, np.array([permanent_id("parameter", "posterior")], np.int64))[0])
    row = (int(begin * len(found.rows)) + draw) % len(found.rows)
    return dict(zip(found.names, map(float, found.rows[row]), strict=True))


def from_prior(mode: float, low: float, high: float, luck: float) -> float:
    """Return the value at a probability of the truncated normal around ``mode``."""
    spread = (high - low) / 4.0
    value = float(truncnorm.ppf(luck, (low - mode) / spread, (high - mode) / spread, loc=mode, scale=spread))
    return float(min(max(value, low), high)) if math.isfinite(value) else mode
