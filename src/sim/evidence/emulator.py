"""A smooth stand-in for the model with its own error: a Gaussian process over the unit cube (scikit-learn).

Noise of the runs (their standard errors) is given, not guessed; what is left beside the smooth surface is a nugget
that counts as uncertainty. The error of the emulator is told on points left out of the fit.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sim.experiment import StoreError

Floats = NDArray[np.float64]

#: Parts the points are split into for the leave-out error.
FOLDS = 5
#: Shortest and longest reach of a surface along one axis of the unit cube.
REACH = (0.25, 30.0)
#: Reach that is usual before anything is seen, and the spread of its log (judgement).
USUAL_REACH, REACH_SPREAD = 4.0, 0.8
#: Points predicted at a time, so that memory stays small.
_BATCH = 4096
#: Most steps of the search for reaches, and of the shorter search when points are left out.
_STEPS, _STEPS_LEFT_OUT = 60, 12


def need_sklearn() -> Any:
    """Return scikit-learn's Gaussian processes. Raises ``StoreError`` when the extra is not installed."""
    try:
        from sklearn import gaussian_process
    except ImportError as error:
        raise StoreError("an emulator needs scikit-learn: pip install 'klyngelab[analysis]'") from error
    return gaussian_process


@dataclass(frozen=True)
class Emulator:
    """A fitted surface.

    Attributes:
        variances: f8[points] of the noise of each point, as the fit takes it.
        r2, rmse: on points left out of the fit, against the noisy values of the runs (unit of the values); points
            count by the weight the fit gives them.
        noise: what rmse would be if the surface were perfect: the spread of the runs' own noise.
        covered: share of left-out values inside their 90 % interval, noise included.
        nugget: spread beside the smooth surface that the runs' noise does not explain.
        reach: f8[axes] how far the surface is alike along each axis, 1 = the whole range.
        left_out: mean and standard deviation f8[2, points] of each point by a fit that has not seen it.
    """

    process: Any
    shares: Floats
    values: Floats
    variances: Floats
    centre: float
    scale: float
    r2: float
    rmse: float
    noise: float
    covered: float
    nugget: float
    reach: Floats
    left_out: Floats

    def mean(self, shares: Floats) -> Floats:
        """Return the surface f8[points] at shares f8[points, axes]."""
        parts = np.array_split(shares, max(1, len(shares) // _BATCH))
        return self.centre + self.scale * np.concatenate([self.process.predict(part) for part in parts])

    def mean_and_spread(self, shares: Floats) -> tuple[Floats, Floats]:
        """Return the surface and its standard deviation, nugget included, each f8[points]."""
        parts = np.array_split(shares, max(1, len(shares) // _BATCH))
        found = [self.process.predict(part, return_std=True) for part in parts]
        mean, spread = (np.concatenate(both) for both in zip(*found, strict=True))
        return self.centre + self.scale * mean, self.scale * spread

    def resampled(self, rng: np.random.Generator) -> Emulator:
        """Return the surface fitted to points drawn with replacement, with the same reach: one view of its error."""
        rows = rng.integers(0, len(self.values), len(self.values))
        weight = 1.0 / self.variances[rows] if self.variances.min() > 0.0 else np.ones(rows.size)
        centre = float(np.average(self.values[rows], weights=weight))
        process = _process(self.process.kernel_, self.variances[rows] / self.scale**2, 0)
        _fit(process, self.shares[rows], (self.values[rows] - centre) / self.scale)
        return replace(self, process=process, shares=self.shares[rows], values=self.values[rows],
                       variances=self.variances[rows], centre=centre)  # fmt: skip


def fit(
    shares: Floats, values: Floats, se: Floats, seed: int = 1, leave_out: bool = True, runs: int | None = None
) -> Emulator:
    """Return an emulator of values f8[points] at shares f8[points, axes] of the unit cube.

    Args:
        se: f8[points] standard errors of the values. Their mean square is the noise of every point: a standard
            error from a few runs is itself too uncertain to weigh points by.
        leave_out: measure the error on points left out; NaN when not.
        runs: paired runs behind each value. When given, points weigh by their own standard errors, drawn towards
            the usual one (``moderated``): a few runs in which one large plant closes in one world only then count
            little. Not for effects whose mean hangs on rare events, such as landings.

    Raises:
        ValueError: fewer than ten points. StoreError: scikit-learn is missing.
    """
    if len(values) < 10:
        raise ValueError(f"an emulator needs at least ten points, there are {len(values)}")
    gp = need_sklearn()
    variance = float(np.nanmean(se**2)) if np.isfinite(se).any() else 0.0
    variances = np.full(len(values), variance) if runs is None else moderated(se, runs)
    weight = np.ones(len(values)) if runs is None or variances.min() <= 0.0 else 1.0 / variances
    centre = float(np.average(values, weights=weight))
    scale = float(np.sqrt(np.average((values - centre) ** 2, weights=weight))) or 1.0
    target, noise = (values - centre) / scale, variances / scale**2
    axes = shares.shape[1]
    kernel = gp.kernels.ConstantKernel(0.5, (1e-3, 30.0)) * gp.kernels.Matern(np.ones(axes), REACH, nu=2.5)
    process = _process(kernel + gp.kernels.WhiteKernel(0.1, (1e-6, 3.0)), noise, _STEPS)
    _fit(process, shares, target)
    r2 = rmse = covered = float("nan")
    left = np.full((2, len(target)), np.nan)
    if leave_out:
        left = _left_out(process, shares, target, noise, seed)
        error = target - left[0]
        rmse = float(np.sqrt(np.average(error**2, weights=weight))) * scale
        away = target - np.average(target, weights=weight)
        r2 = float(1.0 - (weight * error**2).sum() / (weight * away**2).sum())
        covered = float((np.abs(error) <= 1.645 * np.sqrt(left[1] ** 2 + noise)).mean())
    smooth, white = process.kernel_.k1, process.kernel_.k2
    usual = float(np.sqrt(1.0 / np.mean(1.0 / variances))) if variances.min() > 0.0 else 0.0
    return Emulator(process, shares, values, variances, centre, scale, r2, rmse, usual, covered,
                    float(np.sqrt(white.noise_level)) * scale,
                    np.atleast_1d(np.asarray(smooth.k2.length_scale, float)),
                    np.array([centre + scale * left[0], scale * left[1]]))  # fmt: skip


def moderated(se: Floats, runs: int) -> Floats:
    """Return variances f8[points] of values from a few runs: each one's own, drawn halfway towards the usual one."""
    usual = float(np.median(se**2))
    own = max(runs - 1, 1)
    return np.asarray((own * se**2 + own * usual) / (2 * own), float)


def _process(kernel: Any, noise: Floats, steps: int) -> Any:
    """Return a process that searches its reaches in at most so many steps; none when 0."""
    search = partial(_search, steps=steps) if steps else None
    process = need_sklearn().GaussianProcessRegressor(kernel=kernel, alpha=np.maximum(noise, 1e-8), optimizer=search)
    return process


def _search(objective: Any, start: Floats, bounds: Floats, steps: int) -> tuple[Floats, float]:
    """Return the best log size, reaches and nugget found.

    Reaches have a prior (log-normal around ``USUAL_REACH``): with many axes and few points the likelihood alone
    finds bends in noise. Ending at a bound is no fault, a long reach only means no effect.
    """

    def penalised(theta: Floats) -> tuple[float, Floats]:
        value, slope = objective(theta)
        away = np.zeros_like(theta)
        away[1:-1] = (theta[1:-1] - np.log(USUAL_REACH)) / REACH_SPREAD
        return value + 0.5 * float(away @ away), slope + away / REACH_SPREAD

    found = minimize(penalised, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": steps})
    return found.x, float(found.fun)


def _fit(process: Any, shares: Floats, target: Floats) -> None:
    """Fit on one thread: the matrices are small, and other processes use the processors."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        process.fit(shares, target)


def _left_out(process: Any, shares: Floats, target: Floats, noise: Floats, seed: int) -> Floats:
    """Return mean and spread f8[2, points] of every point from fits, reach included, that have not seen it."""
    order = np.random.default_rng(seed).permutation(len(target))
    mean, spread = np.empty(len(target)), np.empty(len(target))
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        inside = np.setdiff1d(order, out)
        part = _process(process.kernel_, noise[inside], _STEPS_LEFT_OUT)
        _fit(part, shares[inside], target[inside])
        mean[out], spread[out] = part.predict(shares[out], return_std=True)
    return np.array([mean, spread])
