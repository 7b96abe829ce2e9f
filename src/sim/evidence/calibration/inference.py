"""The posterior: simulation-based inference by synthetic likelihood over the emulators, sampled by emcee.

A target is believed to be the model's statistic plus luck, the emulator's error, the effect of the parameters that are
only drawn (all three measured, with their covariance) and the target's own tolerance. Scores have a standard normal
prior. Walkers begin at draws from the prior, weighted by their likelihood, and move by differences of other walkers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evidence.calibration.emulator import CalibrationError, Emulator

Floats = NDArray[np.float64]


def log_likelihood(emulator: Emulator, precision: Floats, wanted: Floats, scores: Floats) -> Floats:
    """Return the log likelihood f8[K] of targets, up to a constant."""
    gap = wanted - emulator.predict(scores)
    return np.asarray(-0.5 * np.einsum("ki,ij,kj->k", gap, precision, gap))


def precision_of(emulator: Emulator, tolerance: Floats) -> Floats:
    """Return the inverse covariance f8[T, T] of targets around the emulator's prediction."""
    return np.asarray(np.linalg.inv(emulator.noise() + np.diag(tolerance**2)))


def bank(columns: int, size: int, seed: int) -> Floats:
    """Return draws from the prior f8[size, columns], where walkers may begin."""
    return np.random.default_rng(seed).standard_normal((size, columns))


def sample(
    emulator: Emulator,
    wanted: Floats,
    tolerance: Floats,
    starts: Floats,
    expected: Floats,
    *,
    steps: int,
    burn: int,
    seed: int,
    walkers: int = 64,
) -> Floats:
    """Return scores of the posterior f8[(steps - burn) * walkers, learned].

    Args:
        wanted, tolerance: targets and their standard deviations f8[T]. starts: draws from the prior.
        expected: what the emulator predicts for them. steps, burn: of each walker.

    Raises:
        CalibrationError: the extra ``calibration`` is not installed.
    """
    try:
        import emcee
    except ImportError as error:
        raise CalibrationError("calibration needs emcee: pip install 'klyngelab[calibration]'") from error
    precision = precision_of(emulator, tolerance)
    luck = np.random.RandomState(seed)
    gap = wanted - expected
    distance = np.einsum("ki,ij,kj->k", gap, precision, gap)
    first = starts[luck.choice(len(starts), walkers, p=_weights(distance, walkers))]
    first = first + 0.05 * luck.standard_normal(first.shape)

    def log_posterior(scores: Floats) -> Floats:
        found = log_likelihood(emulator, precision, wanted, scores) - 0.5 * (scores**2).sum(axis=1)
        return np.asarray(np.where(np.abs(scores).max(axis=1) < 5.0, found, -np.inf))

    moves = [(emcee.moves.DEMove(), 0.7), (emcee.moves.DEMove(gamma0=1.0), 0.1), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, first.shape[1], log_posterior, moves=moves, vectorize=True)
    sampler.random_state = luck.get_state()
    sampler.run_mcmc(first, steps, skip_initial_state_check=True)
    return np.asarray(sampler.get_chain(discard=burn, flat=True))


def _weights(distance: Floats, walkers: int) -> Floats:
    """Return the likelihood of the starts, flattened until it rests on as many of them as there are walkers."""
    power = 1.0
    while True:
        weight = np.exp(-0.5 * power * (distance - distance.min()))
        weight = weight / weight.sum()
        if 1.0 / (weight**2).sum() >= min(walkers, len(weight) / 2) or power < 1e-3:
            return np.asarray(weight)
        power /= 1.5
