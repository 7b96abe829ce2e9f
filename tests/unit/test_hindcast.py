"""The hindcast: its start equals the sources, its growth is the nation's, its benchmarks are what they say."""

import numpy as np
import pytest

from sim.evidence.hindcast import PERIODS, Growth, Hindcast, hindcast, region_in


def test_the_start_equals_the_figures_of_the_year():
    region = region_in("nedre-glomma", 2017)
    assert region.jobs.sum(axis=1) == pytest.approx([32175, 27322], rel=1e-3)
    assert region.working_age == pytest.approx([61015, 41485])
    assert region.employed_residents == pytest.approx([37204, 24554], rel=1e-6)
    assert region.commuting[:, :2].sum(axis=0) == pytest.approx(region.jobs.sum(axis=1))
    grenland = region_in("grenland", 2016)
    codes = list(grenland.industries.codes)
    assert grenland.jobs[:, codes.index("Q")].sum() == pytest.approx(10399)
    assert grenland.jobs[:, [codes.index(c) for c in codes if c.startswith("C")]].sum() == pytest.approx(4713)


def test_national_growth_is_that_of_the_sources():
    growth = Growth.of("grenland", 2016, 2022)
    codes = list(region_in("grenland", 2016).industries.codes)
    assert np.exp(24 * growth.private[codes.index("F")]) == pytest.approx(224984 / 191975)
    assert np.exp(24 * growth.force) == pytest.approx(2792260 / 2585315)


def test_errors_and_the_closest_by_hand():
    row = Hindcast("r", "jobs", "p", 100.0, 110.0, 108.0, 100.0, 115.0, 100.0, 112.2, "s")
    assert row.errors == pytest.approx({"model": 200 / 110, "no_change": 1000 / 110, "national": 2.0})
    assert row.best == "model"


def test_every_row_has_what_happened_and_no_change_is_the_start():
    rows = hindcast("nedre-glomma", 2)
    assert {row.place for row in rows} == {"3107", "3105"}
    assert {row.quantity for row in rows} == {"jobs", "employed_residents", "working_age"}
    for row in rows:
        assert row.actual > 20_000
        assert row.no_change == row.before
        assert row.errors["model"] < 15.0, row
    assert set(PERIODS) == {"nedre-glomma", "grenland"}
