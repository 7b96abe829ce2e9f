"""Luck and what is not known are told apart: known components are found again."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.compare.spread import cube, luck_covariance, spread

PLACES = 400


def made(shared, draws=25, seeds=4, unknown=6.0, common=4.0, rest=5.0, mean=20.0, places=PLACES):
    """Return f8[places, draws, seeds] with these standard deviations; ``common`` is luck a seed brings to all draws."""
    chance = np.random.default_rng(7)
    of_draw = unknown * chance.standard_normal((places, draws, 1))
    of_seed = common * chance.standard_normal((places, 1 if shared else draws, seeds))
    return mean + of_draw + of_seed + rest * chance.standard_normal((places, draws, seeds))


@pytest.mark.parametrize("shared", [True, False])
def test_known_components_are_found_again(shared):
    found = spread(made(shared), shared, 0.9)
    assert np.mean(found.draw_sd**2) == pytest.approx(36.0, rel=0.05)
    assert np.mean(found.luck_sd**2) == pytest.approx(16.0 + 25.0, rel=0.08)
    assert np.mean(found.mean) == pytest.approx(20.0, abs=0.5)


@pytest.mark.parametrize("shared", [True, False])
def test_the_middle_share_of_what_is_not_known_is_found_again_without_luck(shared):
    found = spread(made(shared, draws=100, common=10.0, rest=10.0), shared, 0.9)
    width = np.mean(found.draw_high - found.draw_low)
    assert width == pytest.approx(2 * 1.645 * 6.0, rel=0.06), "as wide as the assumptions alone"
    again = made(shared, draws=100, common=10.0, rest=10.0).mean(axis=2)
    raw = np.quantile(again, [0.05, 0.95], axis=1)
    assert np.mean(raw[1] - raw[0]) > 1.15 * width, "draw means as they are hold luck too"


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("seeds", [2, 6])
def test_the_luck_interval_covers_the_mean_of_the_same_draws(shared, seeds):
    """The truth is what many seeds would give with the same draws."""
    chance = np.random.default_rng(11)
    x = made(shared, draws=12, seeds=seeds, unknown=0.0, places=2000)
    of_draw = 30.0 * chance.standard_normal((2000, 12, 1))
    found = spread(x + of_draw, shared, 0.9)
    truth = 20.0 + of_draw.mean(axis=(1, 2))
    assert np.mean((found.low <= truth) & (truth <= found.high)) == pytest.approx(0.9, abs=0.02)


def test_luck_that_draws_share_does_not_even_out_over_draws():
    x = made(True, draws=50, seeds=4, unknown=0.0, rest=1.0, places=2000)
    found = spread(x, True, 0.9)
    assert np.mean((found.low <= 20.0) & (found.high >= 20.0)) == pytest.approx(0.9, abs=0.02)
    naive = stats.t.ppf(0.95, 199) * x.std(axis=(1, 2), ddof=1) / np.sqrt(200)
    assert np.mean(np.abs(x.mean(axis=(1, 2)) - 20.0) <= naive) < 0.4


@pytest.mark.parametrize("shared", [True, False])
def test_a_few_runs_with_extreme_luck_do_not_hide_what_assumptions_do(shared):
    x = made(shared, common=0.0)
    extreme = np.random.default_rng(9).random(x.shape) < 0.02
    found = spread(x + 300.0 * extreme, shared, 0.9)
    assert np.median(found.draw_sd) == pytest.approx(6.0, rel=0.15)
    assert np.median(found.draw_high - found.draw_low) == pytest.approx(2 * 1.645 * 6.0, rel=0.15)
    assert np.mean(found.mean) == pytest.approx(26.0, abs=1.0), "they count in the mean"
    assert np.mean(found.luck_sd) > 20.0, "and in luck"
    calm = spread(x, shared, 0.9)
    assert np.mean(found.high - found.low) > 2.5 * np.mean(calm.high - calm.low)


def test_when_there_is_nothing_unknown_the_interval_closes():
    found = spread(made(False, unknown=0.0), False, 0.9)
    assert np.median(found.draw_sd) < 0.6
    assert np.mean(found.draw_sd == 0.0) > 0.3, "draws that differ no more than luck would"


def test_one_draw_says_luck_alone_and_few_draws_say_nothing_of_assumptions():
    one = spread(made(False, draws=1, seeds=20), False, 0.9)
    assert np.isnan([one.draw_low, one.draw_high, one.draw_sd]).all()
    assert not np.isnan([one.low, one.high, one.luck_sd]).any()
    few = spread(made(False, draws=9), False, 0.9)
    assert np.isnan(few.draw_low).all()
    single = spread(made(False, draws=30, seeds=1), False, 0.9)
    assert np.isnan([single.low, single.luck_sd]).all(), "one seed: luck cannot be told"
    assert not np.isnan(single.draw_low).any()


def test_by_hand():
    x = np.array([[[1.0, 3.0], [5.0, 7.0]]])
    own = spread(x, False, 0.9)
    half = stats.t.ppf(0.95, 2) * np.sqrt(2.0 / 4)  # variance within draws 2, four runs
    assert (own.mean[0], own.luck_sd[0]) == pytest.approx((4.0, np.sqrt(2.0)))
    assert (own.low[0], own.high[0]) == pytest.approx((4.0 - half, 4.0 + half))
    assert own.draw_sd[0] == pytest.approx(np.sqrt(8.0 - 2.0 / 2))
    shared = spread(x, True, 0.9)  # all luck is common here: both draws move by 2 with the seed
    half = stats.t.ppf(0.95, 1) * np.sqrt(2.0 / 2)
    assert (shared.low[0], shared.high[0]) == pytest.approx((4.0 - half, 4.0 + half))
    assert shared.draw_sd[0] == pytest.approx(np.sqrt(8.0))
    assert shared.luck_sd[0] == pytest.approx(np.sqrt(2.0))


def test_missing_runs_are_left_out_of_the_split_and_counted_in_the_mean():
    x = made(False, places=3)
    x[1, 4, 1] = np.nan
    x[2] = np.nan
    found = spread(x, False, 0.9)
    assert found.mean[1] == pytest.approx(np.nanmean(x[1]))
    kept = np.delete(x[1], 4, axis=0)[None]
    assert found.draw_sd[1] == pytest.approx(spread(kept, False, 0.9).draw_sd[0])
    assert found.high[1] - found.low[1] == pytest.approx((lambda s: s.high[0] - s.low[0])(spread(kept, False, 0.9)))
    assert np.isnan(found.mean[2])
    assert found.draw_sd[0] == pytest.approx(spread(x[:1], False, 0.9).draw_sd[0])


@pytest.mark.parametrize("seeds", [{1: (1, 2), 2: (1, 2)}, {1: (11, 12), 2: (21, 22)}])
def test_a_table_becomes_a_cube_whether_draws_share_seeds_or_not(seeds):
    rows = [{"place": p, "draw": d, "seed": s, "x": 100.0 * p + 10 * d + i}
            for p in (2, 1) for d, own in seeds.items() for i, s in enumerate(own)]  # fmt: skip
    index, x, shared = cube(pd.DataFrame(rows), ["place"], "x")
    assert list(index) == [1, 2]
    assert x.tolist() == [[[100.0 * p + 10 * d + i for i in (0, 1)] for d in (1, 2)] for p in (1, 2)]
    assert shared == (seeds[1] == seeds[2])


def test_the_covariance_of_one_draw_is_that_of_its_mean():
    x = np.random.default_rng(3).standard_normal((2, 1, 12))
    cov, freedom = luck_covariance(x, False)
    assert np.allclose(cov, np.cov(x[:, 0]) / 12)
    assert freedom == 11
