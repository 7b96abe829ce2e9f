"""The kernels agree with a plain Mesa twin, firm by firm in Python, on every headline indicator."""

import numpy as np
import pytest
from bench.twins import INDICATORS, agreement, enlarged, samples


@pytest.fixture(scope="module")
def found():
    ours, theirs = samples(enlarged("thin-town", 3.2), 30, 2)
    return agreement(ours, theirs)


def test_no_headline_indicator_differs_beyond_luck(found):
    assert len(found) == len(INDICATORS)
    worst = max(found, key=lambda row: abs(row[3]))
    assert abs(worst[3]) < 3.5, worst  # twelve indicators: one in 180 tests by luck alone


def test_large_quantities_agree_within_two_per_cent(found):
    for name, ours, theirs, _ in found:
        if name in ("jobs", "value_added", "population", "firms", "emissions"):
            assert ours == pytest.approx(theirs, rel=0.02), name


def test_a_wrong_twin_would_be_noticed():
    chance = np.random.default_rng(1)
    ours, theirs = chance.normal(100, 2, (30, 12)), chance.normal(104, 2, (30, 12))
    assert all(abs(row[3]) > 3.5 for row in agreement(ours, theirs))
