"""Which conclusions flip, and at which value: the sign of a contrast along one parameter at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.sensitivity import HIGH, LOW, Surface, at_shares, default_shares

Floats = NDArray[np.float64]

#: Steps along a range, points over the whole space, and the share of views that settles a matter.
STEPS, SPACE, SURE = 41, 2048, 0.9


def flip_rows(found: Sequence[Surface]) -> list[dict[str, Any]]:
    """Return one row per contrast and parameter: does the sign change inside the range, and at which value.

    The other parameters stand at their defaults. ``verdict``: ``flips`` and ``does_not_flip`` when at least ``SURE``
    of the views of the emulator's error agree, else ``unsure``. A sign that is nearer to 0 anywhere in the range than
    what the emulator leaves unexplained is unsure too. ``value`` is the change of sign nearest the default,
    with an interval over the views that have one; None where the surface has none.
    """
    return [_row(surface, k) for surface in found for k in range(len(surface.names))]


def contrast_rows(found: Sequence[Surface], seed: int = 1) -> list[dict[str, Any]]:
    """Return one row per contrast: its value at the defaults and the share of the whole space where it is above 0."""
    from scipy.stats import qmc

    rows = []
    for surface in found:
        start = default_shares(surface.names)[None, :]
        space = np.asarray(qmc.Sobol(len(surface.names), seed=seed).random(SPACE), float)
        at = np.array([float(view.mean(start)[0]) for view in surface.views])
        above = np.array([float((view.mean(space) > 0.0).mean()) for view in surface.views])
        rows.append({
            "contrast": list(surface.contrast), "default": float(surface.emulator.mean(start)[0]),
            "default_low": float(np.quantile(at, LOW)), "default_high": float(np.quantile(at, HIGH)),
            "sure": float(max((at > 0).mean(), (at < 0).mean())),
            "share_above": float((surface.emulator.mean(space) > 0.0).mean()),
            "share_above_low": float(np.quantile(above, LOW)), "share_above_high": float(np.quantile(above, HIGH)),
        })  # fmt: skip
    return rows


def _row(surface: Surface, k: int) -> dict[str, Any]:
    start = default_shares(surface.names)
    steps = np.linspace(0.0, 1.0, STEPS)
    places = np.tile(start, (STEPS, 1))
    places[:, k] = steps
    line = surface.emulator.mean(places)
    lines = np.array([view.mean(places) for view in surface.views])
    crossings = [crossing(steps, each, start[k]) for each in lines]
    crossed = np.array([c for c in crossings if c is not None])
    chance, middle = crossed.size / len(lines), crossing(steps, line, start[k])
    name = surface.names[k]

    def value(share: float | None) -> float | None:
        return None if share is None else at_shares([name], [share])[0]

    low, high = (np.quantile(crossed, [LOW, HIGH]) if crossed.size else (None, None))
    ends = np.quantile(lines[:, [0, -1]], [LOW, HIGH], axis=0)
    return {
        "contrast": list(surface.contrast), "parameter": name,
        "verdict": verdict(chance, middle, float(np.abs(line).min()), unexplained(surface)),
        "value": value(middle), "value_low": value(low), "value_high": value(high), "chance": chance,
        "default": value(float(start[k])), "low": value(0.0), "high": value(1.0),
        "at_low": float(line[0]), "at_low_low": float(ends[0, 0]), "at_low_high": float(ends[1, 0]),
        "at_high": float(line[-1]), "at_high_low": float(ends[0, 1]), "at_high_high": float(ends[1, 1]),
    }  # fmt: skip


def verdict(chance: float, middle: float | None, least: float = np.inf, left: float = 0.0) -> str:
    """Return what the share of views with a change of sign comes to.

    Args:
        least: how near to 0 the surface comes inside the range. left: spread it leaves unexplained.
    """
    if chance >= SURE and middle is not None:
        return "flips"
    return "does_not_flip" if chance <= 1.0 - SURE and middle is None and least > left else "unsure"


def unexplained(surface: Surface) -> float:
    """Return the spread on points left out that neither the surface nor the noise of the runs explains."""
    return float(np.sqrt(max(surface.emulator.rmse**2 - surface.emulator.noise**2, 0.0)))


def crossing(steps: Floats, line: Floats, start: float) -> float | None:
    """Return where a line changes sign, nearest to ``start``; None where it does not."""
    at = np.flatnonzero(np.sign(line[:-1]) * np.sign(line[1:]) < 0)
    zeros = list(steps[line == 0.0])
    roots = [float(steps[i] + (steps[i + 1] - steps[i]) * line[i] / (line[i] - line[i + 1])) for i in at] + zeros
    return min(roots, key=lambda root: abs(root - start)) if roots else None

