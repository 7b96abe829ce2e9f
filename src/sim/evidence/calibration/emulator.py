"""Emulators: each statistic as a function of the parameters, with what they cannot tell measured by leaving out.

A statistic is a line in all parameters plus a smooth surface in the few free ones it moves with (Gaussian process).
Parameters that are only drawn enter the line too: what they do is then known noise rather than error.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

#: Free parameters in the surface of a statistic, and steps of the search for its shape.
ACTIVE, STEPS = 5, 20
#: The shape of a surface is fitted on at most so many points; its values on all.
SHAPED = 130


class CalibrationError(ValueError):
    """The calibration cannot go on: too few points, a missing library, or another plan's folder."""


@dataclass(frozen=True)
class Surface:
    """The emulator of one statistic in standard units.

    Attributes:
        active: columns in the surface. lengths: its length scales. size: its variance.
        weights: f8[N] of the training points. slope: f8[learned] of the line. other: f8[others] of the line.
        constant: level. left_out: f8[N] truth less prediction when the point is left out.
    """

    active: NDArray[np.int64]
    lengths: Floats
    size: float
    weights: Floats
    slope: Floats
    other: Floats
    constant: float
    left_out: Floats


@dataclass(frozen=True)
class Emulator:
    """Emulators of several statistics over the learned parameters.

    Attributes:
        names: statistics. scores: f8[N, learned] of the training points. middle, scale: of each statistic.
    """

    names: tuple[str, ...]
    scores: Floats
    middle: Floats
    scale: Floats
    surfaces: tuple[Surface, ...]

    def predict(self, scores: Floats) -> Floats:
        """Return the expected statistics f8[K, statistics] in their own units."""
        out = np.empty((len(scores), len(self.names)))
        for k, s in enumerate(self.surfaces):
            out[:, k] = s.constant + scores @ s.slope
            if s.size > 0.0:
                out[:, k] += _kernel(scores[:, s.active], self.scores[:, s.active], s) @ s.weights
        return out * self.scale + self.middle

    def noise(self) -> Floats:
        """Return the covariance f8[T, T] around a prediction: luck, emulator error and what is only drawn."""
        other = np.array([s.other for s in self.surfaces])
        rest = np.array([s.left_out for s in self.surfaces])
        return np.asarray((other @ other.T + np.cov(rest)) * np.outer(self.scale, self.scale))

    def explained(self) -> Floats:
        """Return the share of each statistic's variance that is predicted for points left out."""
        return np.array([1.0 - float(np.mean(s.left_out**2)) for s in self.surfaces])

    def surprise(self) -> Floats:
        """Return left-out errors in their own spread: near 1.0 inside 1.96 about 95 % of the time, by statistic."""
        return np.array([float(np.mean(np.abs(s.left_out) < 1.96 * s.left_out.std())) for s in self.surfaces])


def fit(learned: Floats, others: Floats, statistics: Floats, names: Sequence[str], seed: int = 1) -> Emulator:
    """Return emulators taught by design points.

    Args:
        learned: scores f8[N, learned]. others: scores f8[N, others]. statistics: f8[N, T].

    Raises:
        CalibrationError: the extra ``calibration`` is not installed, or there are too few points.
    """
    if len(learned) < 30:
        raise CalibrationError(f"an emulator needs at least 30 design points; there are {len(learned)}")
    middle, scale = statistics.mean(axis=0), statistics.std(axis=0, ddof=1)
    scale = np.where(scale > 0.0, scale, 1.0)
    standard = (statistics - middle) / scale
    surfaces = tuple(_surface(learned, others, standard[:, k], seed) for k in range(standard.shape[1]))
    return Emulator(tuple(names), learned, middle, scale, surfaces)


def _surface(learned: Floats, others: Floats, y: Floats, seed: int) -> Surface:
    """Fit the line, choose what the surface is in, fit it, and put both into one Gaussian process."""
    bayes, process, kernels, warning = _library()
    count = learned.shape[1]
    inputs = np.hstack([learned, others])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", warning)
        line = bayes().fit(inputs, y)
        rest = y - line.predict(inputs)
        active = np.sort(np.argsort(-_strength(learned, y, rest, line.coef_[:count]), kind="stable")[:ACTIVE])
        kernel = kernels.ConstantKernel(0.2, (1e-4, 10.0)) * kernels.RBF(
            np.full(len(active), 3.0), (0.8, 50.0)
        ) + kernels.WhiteKernel(0.5, (1e-4, 2.0))
        surface = process(kernel, optimizer=_search, random_state=seed)
        fitted = surface.fit(learned[:SHAPED, active], rest[:SHAPED]).kernel_
    size, lengths = float(fitted.k1.k1.constant_value), np.atleast_1d(fitted.k1.k2.length_scale)
    noise = float(fitted.k2.noise_level)
    draft = Surface(active, lengths, size, np.zeros(0), np.zeros(0), np.zeros(0), 0.0, np.zeros(0))
    steep = 1.0 / float(line.lambda_)
    covariance = steep * inputs @ inputs.T + 1.0 + noise * np.eye(len(y))
    covariance += _kernel(learned[:, active], learned[:, active], draft)
    inverse = np.linalg.inv(covariance)
    weights = inverse @ y
    slope = steep * inputs.T @ weights
    return Surface(active, lengths, size, weights, slope[:count], slope[count:], float(weights.sum()),
                   weights / np.diag(inverse))  # fmt: skip


def _search(target: Callable[[Floats], Any], begin: Floats, bounds: Floats) -> tuple[Floats, float]:
    """Return the best shape found in a few steps: enough for surfaces this smooth."""
    found = minimize(target, begin, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": STEPS})
    return found.x, float(found.fun)


def _strength(learned: Floats, y: Floats, rest: Floats, slope: Floats) -> Floats:
    """Return how much each learned parameter moves a statistic: by its slope and by its curve."""
    squares = learned**2 - 1.0
    curve = (squares * rest[:, None]).mean(axis=0) / squares.std(axis=0)
    return np.asarray(slope**2 + curve**2)


def _kernel(a: Floats, b: Floats, surface: Surface) -> Floats:
    x, y = a / surface.lengths, b / surface.lengths
    square = (x**2).sum(axis=1)[:, None] + (y**2).sum(axis=1)[None, :] - 2.0 * x @ y.T
    return np.asarray(surface.size * np.exp(-0.5 * np.maximum(square, 0.0)))


def _library():  # type: ignore[no-untyped-def]
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor, kernels
        from sklearn.linear_model import BayesianRidge
    except ImportError as error:
        raise CalibrationError("calibration needs scikit-learn: pip install 'klyngelab[calibration]'") from error
    return BayesianRidge, GaussianProcessRegressor, kernels, ConvergenceWarning
