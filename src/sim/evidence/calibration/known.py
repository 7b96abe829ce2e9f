"""The test on known parameters: simulated statistics of parameters we chose, calibrated to as if they were published.

Each truth is drawn from the prior, all parameters, and is not among the points that taught the emulators. Its
pseudo-published figures are its simulated statistics with an error of the targets' own size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence.calibration.emulator import Emulator
from sim.evidence.calibration.inference import sample
from sim.evidence.calibration.prior import DUMMIES, natural

Floats = NDArray[np.float64]

#: The share that intervals are to cover, and the share of the dummies' contractions that is called chance.
INTERVAL, CHANCE = 0.90, 0.99


@dataclass(frozen=True)
class Known:
    """What came of the truths.

    Attributes:
        names: learned parameters and dummies. covered: bool[truths, names].
        contraction: f8[truths, names], 1 - posterior spread / prior spread, in each parameter's unit.
        recovered: f8[names], correlation of posterior mean and truth.
    """

    names: tuple[str, ...]
    covered: NDArray[np.bool_]
    contraction: Floats
    recovered: Floats

    @property
    def chance(self) -> float:
        """Return the contraction that chance alone gives: the dummies' high quantile."""
        columns = [k for k, name in enumerate(self.names) if name in DUMMIES]
        return float(np.quantile(self.contraction[:, columns], CHANCE))

    def coverage(self, names: Sequence[str]) -> float:
        """Return the share of the truths of some parameters that their intervals cover."""
        columns = [self.names.index(name) for name in names]
        return float(self.covered[:, columns].mean())


def try_known(
    emulator: Emulator,
    names: Sequence[str],
    truths: Floats,
    statistics: Floats,
    tolerance: Floats,
    starts: Floats,
    *,
    seed: int,
    steps: int,
    report: Callable[[int, int], None],
) -> Known:
    """Calibrate to each truth in turn.

    Args:
        truths: scores f8[K, names]. statistics: what the model gave for them f8[K, T].
    """
    expected, luck = emulator.predict(starts), np.random.default_rng(seed)
    errors = luck.standard_normal(statistics.shape) * tolerance
    low, high = (1.0 - INTERVAL) / 2.0, (1.0 + INTERVAL) / 2.0
    wide = natural(names, starts).std(axis=0)
    covered, contraction, means = [], [], []
    for k, truth in enumerate(truths):
        report(k, len(truths))
        found = sample(emulator, statistics[k] + errors[k], tolerance, starts, expected, steps=steps,
                       burn=steps // 3, seed=seed + k)  # fmt: skip
        edges = np.quantile(found, [low, high], axis=0)
        covered.append((edges[0] <= truth) & (truth <= edges[1]))
        contraction.append(1.0 - natural(names, found).std(axis=0) / wide)
        means.append(found.mean(axis=0))
    report(len(truths), len(truths))
    recovered = [np.corrcoef(m, t)[0, 1] for m, t in zip(np.array(means).T, truths.T, strict=True)]
    return Known(tuple(names), np.array(covered), np.array(contraction), np.array(recovered))

