"""The prior in standard form: every drawn parameter a standard normal score, and design points that fill it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc, truncnorm

from sim.experiment.draws import drawable
from sim.model import parameter_table

Floats = NDArray[np.float64]

#: Parameters that do not exist: they go through everything as free ones, and show what chance alone would "learn".
DUMMIES = ("dummy_1", "dummy_2", "dummy_3", "dummy_4")
#: Points of one Latin hypercube.
BLOCK = 200
#: Scores are kept inside this, so that no value is infinite.
_WIDEST = 3.5


@dataclass(frozen=True)
class Space:
    """The columns of a design: free parameters, dummies, then parameters that are only drawn.

    Attributes:
        free: parameters with ``use: free``. other: those with ``use: prior``, which count as not known.
    """

    free: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def learned(self) -> tuple[str, ...]:
        """Return the columns that the posterior is over: free parameters and dummies."""
        return (*self.free, *DUMMIES)

    @property
    def names(self) -> tuple[str, ...]:
        """Return every column."""
        return (*self.learned, *self.other)

    def values(self, scores: Floats) -> dict[str, float]:
        """Return the parameters of one design point; dummies are left out."""
        rows = natural(self.names, scores[None, :])[0]
        return {name: float(x) for name, x in zip(self.names, rows, strict=True) if name not in DUMMIES}

    def design(self, points: int, seed: int) -> Floats:
        """Return scores f8[points, columns]: the beginning of Latin hypercubes, so that a larger plan keeps them."""
        rng = np.random.default_rng(seed)
        cubes = [qmc.LatinHypercube(len(self.names), rng=rng).random(BLOCK) for _ in range(-(-points // BLOCK))]
        return np.clip(norm.ppf(np.vstack(cubes)[:points]), -_WIDEST, _WIDEST)


def space() -> Space:
    """Return the parameters as they are marked in ``parameters.yaml``."""
    free = drawable("free")
    return Space(free, tuple(name for name in drawable("all") if name not in free))


def natural(names: Sequence[str], scores: Floats) -> Floats:
    """Return scores f8[K, P] in each parameter's own unit: the prior of ``draws.from_prior``; dummies unchanged."""
    out, table = np.array(scores, float), parameter_table()
    for k, name in enumerate(names):
        if name in DUMMIES:
            continue
        row = table[name]
        spread = (row.high - row.low) / 4.0
        low, high = (row.low - row.value) / spread, (row.high - row.value) / spread
        found = truncnorm.ppf(norm.cdf(out[:, k]), low, high, loc=row.value, scale=spread)
        out[:, k] = np.clip(found, row.low, row.high)
    return out
