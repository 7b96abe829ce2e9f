"""Exponential and logarithm of the kernels: as near the truth as a float can be, and the same bits everywhere."""

import hashlib
import math

import numpy as np
import pytest
from numba import njit

from sim.elementary import exp, log


@njit
def _all(function, numbers):
    out = np.empty(numbers.size)
    for k in range(numbers.size):
        out[k] = function(numbers[k])
    return out


def _numbers(spread: float) -> np.ndarray:
    return np.random.default_rng(1).uniform(-spread, spread, 100_000)


@pytest.mark.parametrize("spread", [0.5, 5.0, 690.0])
def test_exp_is_within_one_unit_in_the_last_place(spread):
    numbers = _numbers(spread)
    true = np.array([math.exp(x) for x in numbers])
    assert np.max(np.abs(_all(exp, numbers) - true) / np.spacing(true)) <= 1.0


@pytest.mark.parametrize("spread", [0.01, 5.0, 690.0])
def test_log_is_within_one_unit_in_the_last_place(spread):
    numbers = np.exp(_numbers(spread))
    true = np.array([math.log(x) for x in numbers])
    assert np.max(np.abs(_all(log, numbers) - true) / np.spacing(np.abs(true))) <= 1.0


def test_exact_values_stay_exact():
    assert exp(0.0) == 1.0
    assert log(1.0) == 0.0
    assert log(2.0**40) == 40 * math.log(2.0)


def test_exp_is_held_where_floats_end():
    assert exp(-1e9) == exp(-700.0) > 0.0
    assert exp(1e9) == exp(700.0) < math.inf


def test_the_bits_are_those_of_every_machine():
    """Plain arithmetic has one answer; another digest means that a compiler joined multiplication and addition."""
    numbers = _numbers(30.0)
    digest = hashlib.sha256(_all(exp, numbers).tobytes() + _all(log, np.abs(numbers)).tobytes()).hexdigest()
    assert digest[:16] == "33ad157a7b939bfc"
