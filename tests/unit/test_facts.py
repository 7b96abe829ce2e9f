"""Bands, rules and the statistics facts are stated in."""

import math

import numpy as np
import pytest

from sim.evidence import statistics as st
from sim.evidence.facts import bands, judge, rows_for, run_statistics
from sim.evidence.facts.labour import friction
from sim.evidence.facts.table import passes
from sim.experiment import baseline
from sim.model import Reference
from sim.region import load_region


def test_every_band_is_complete_and_holds_what_is_published():
    for name, band in bands().items():
        assert {"label", "unit", "published", "low", "high", "source", "definition"} <= set(band), name
        assert band["low"] <= band["published"] <= band["high"], name
        assert band.get("rule", "band") in ("band", "sign", "zero"), name
        if band.get("rule") == "sign":
            assert band["low"] == 0 or band["high"] == 0, name


def test_rules_of_passing():
    assert passes("band", 1.0, math.nan, 0.5, 2.0)
    assert not passes("band", 2.1, 0.0, 0.5, 2.0)
    assert not passes("band", math.nan, math.nan, 0.5, 2.0)
    assert passes("sign", 0.3, 0.1, 0.0, 10.0)
    assert not passes("sign", 0.3, 0.2, 0.0, 10.0), "not told from zero"
    assert not passes("sign", -0.3, 0.1, 0.0, 10.0)
    assert passes("zero", 0.3, 0.2, 0.0, 0.0)
    assert not passes("zero", 0.3, 0.1, 0.0, 0.0)
    with pytest.raises(ValueError, match="allowed: band, sign, zero"):
        passes("nearly", 0.0, 1.0, 0.0, 1.0)


def test_made_up_regions_are_held_to_rows_that_name_them_only():
    assert rows_for(load_region("thin-town")) == ["thin_members"]
    pilot, other = (set(rows_for(load_region(name))) for name in ("nedre-glomma", "grenland"))
    assert {"innovative_2006", "self_containment"} <= pilot - other
    assert "innovative_2006_norway" in other - pilot
    assert "thin_members" not in pilot | other


def test_values_that_do_not_exist_are_left_out_and_a_row_without_any_fails():
    region = load_region("grenland")
    fact = judge("exit_rate", region, np.array([9.0, math.nan, 11.0]))
    assert fact.simulated == 10.0
    assert fact.se == pytest.approx(1.0)
    assert fact.passed
    assert not judge("exit_rate", region, np.array([math.nan])).passed


def test_run_statistics_give_every_number_of_a_run_and_the_same_twice():
    region = load_region("grenland")
    path = Reference(np.zeros(len(region.industries.codes)), np.full(len(region.industries.codes), 0.025))
    one, two = (run_statistics(region, baseline(7), 3, reference=path) for _ in range(2))
    assert set(one) <= set(bands())
    assert {name for name, value in one.items() if not math.isfinite(value)} == set()
    assert one == two
    assert one != run_statistics(region, baseline(7), 4, reference=path)
    with pytest.raises(ValueError, match="7 years"):
        run_statistics(region, baseline(3), 1, reference=path)


def test_friction_finds_the_fall_that_made_the_flows():
    minutes = np.array([[8.0, 20.0, 31.0], [20.0, 10.0, 15.0], [31.0, 15.0, 6.0]])
    flow = np.array([3.0, 1.0, 2.0])[:, None] * np.exp(-0.07 * minutes) * np.array([5.0, 2.0, 1.0])
    assert friction(flow, minutes) == pytest.approx(0.07)
    assert math.isnan(friction(np.ones((1, 1)), np.ones((1, 1))))


def test_statistics_find_what_was_put_in():
    luck = np.random.default_rng(1)
    assert st.subbotin_shape(luck.laplace(size=20_000)) == pytest.approx(1.0, abs=0.05)
    assert st.subbotin_shape(luck.normal(size=20_000)) == pytest.approx(2.0, abs=0.1)
    assert st.hill_exponent(luck.pareto(1.3, 200_000) + 1.0) == pytest.approx(1.3, abs=0.05)
    group = luck.integers(0, 5, 4_000)
    x = luck.normal(size=(4_000, 2))
    y = 0.4 * x[:, 0] - 0.2 * x[:, 1] + 3.0 * group + 0.1 * luck.normal(size=4_000)
    found = st.least_squares(np.column_stack([st.inside(c, group) for c in x.T]), st.inside(y, group))
    np.testing.assert_allclose(found, [0.4, -0.2], atol=0.01)
