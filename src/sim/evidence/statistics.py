"""The statistics facts are stated in, each for one run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


def subbotin_shape(x: Floats) -> float:
    """Return the shape b of a Subbotin distribution (1 = Laplace, 2 = normal) by maximum likelihood."""
    centred = x - np.median(x)
    return float(stats.gennorm.fit(centred[np.abs(centred) > 1e-9], floc=0.0)[0])


def hill_exponent(sizes: Floats, share: float = 0.03) -> float:
    """Return the Hill estimate of the tail exponent of the largest firms."""
    top = np.sort(sizes)[::-1][: max(10, int(share * sizes.size))]
    return float(1.0 / np.mean(np.log(top[:-1] / top[-1])))


def slope(x: Floats, y: Floats) -> float:
    """Return the least-squares slope of y on x."""
    return float(np.cov(x, y)[0, 1] / np.var(x, ddof=1))


def spread_on_size(sizes: Floats, growth: Floats, bins: int = 10) -> float:
    """Return the slope of the log standard deviation of growth on log size, over equal bins of firms."""
    order = np.argsort(sizes)
    middle, spread = [], []
    for part in np.array_split(order, bins):
        middle.append(np.log(sizes[part]).mean())
        spread.append(np.log(growth[part].std()))
    return slope(np.array(middle), np.array(spread))


def ratio_inside(values: Floats, group: NDArray[np.int64]) -> float:
    """Return the p90/p10 ratio of exp(values) after taking out group means."""
    low, high = np.quantile(inside(values, group), [0.1, 0.9])
    return float(np.exp(high - low))


def inside(values: Floats, group: NDArray[np.int64], weight: Floats | None = None) -> Floats:
    """Return values less the (weighted) mean of their group."""
    load = np.ones(values.size) if weight is None else weight
    total, count = np.bincount(group, values * load), np.bincount(group, load)
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return np.asarray(values - mean[group], float)


def least_squares(design: Floats, y: Floats, weight: Floats | None = None) -> Floats:
    """Return the (weighted) least-squares coefficients of y on the columns of design, without a constant."""
    root = np.ones(y.size) if weight is None else np.sqrt(weight)
    found, *_ = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)
    return np.asarray(found, float)
