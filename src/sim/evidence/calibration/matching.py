"""History matching: which parameters cannot be ruled out, and where the next design points go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evidence.calibration.emulator import Emulator

Floats = NDArray[np.float64]

#: A parameter set is ruled out when a target is further away than this many standard deviations.
CUTOFF = 3.0


def implausibility(emulator: Emulator, scores: Floats, wanted: Floats, tolerance: Floats) -> Floats:
    """Return the largest distance to a target f8[K], in standard deviations of all that may part them.

    Args:
        wanted: targets f8[T]. tolerance: their standard deviations; luck, the emulator's error and the parameters
            that are only drawn come on top.
    """
    spread = np.sqrt(np.diag(emulator.noise()) + tolerance**2)
    return np.asarray(np.abs((wanted - emulator.predict(scores)) / spread).max(axis=1))


def next_points(
    emulator: Emulator, wanted: Floats, tolerance: Floats, bank: Floats, points: int
) -> tuple[Floats, float]:
    """Return scores not ruled out, far from each other, and the share of the bank that is not ruled out.

    Args:
        bank: candidate scores f8[K, learned], drawn from the prior. points: how many are wanted.
    """
    distance = implausibility(emulator, bank, wanted, tolerance)
    inside = np.flatnonzero(distance < CUTOFF)
    share = inside.size / len(bank)
    if inside.size < points:
        inside = np.argsort(distance, kind="stable")[: max(points, 1)]
    kept = bank[inside[: 20 * points]]
    return kept[_apart(kept, points)], share


def _apart(points: Floats, count: int) -> NDArray[np.int64]:
    """Return rows far from each other: each next one is the farthest from those chosen."""
    chosen = [0]
    nearest = ((points - points[0]) ** 2).sum(axis=1)
    while len(chosen) < min(count, len(points)):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return np.array(chosen)
