"""The firm panel: watching changes nothing, and what it shows adds up to what the recorder says."""

import numpy as np
import pytest

from sim.evidence.estimators import did_matched
from sim.model.panel import COLUMNS, TURNOVER, Panel
from tests.economy import model, same, use


@pytest.fixture(scope="module")
def watched():
    m = model(use("broad_innovation", 10), scale=4.0)
    m.panel = Panel()
    return m.run(24)


def test_watching_changes_nothing(watched):
    assert same(watched, model(use("broad_innovation", 10), scale=4.0).run(24))
    assert model().panel is None


def test_every_firm_in_every_quarter_and_sums_of_those_that_stay(watched):
    table = watched.panel.frame()
    assert list(table.columns) == list(COLUMNS)
    assert not table.duplicated(["firm", "quarter"]).any()
    last = table[table["quarter"] == 23]
    assert sorted(last["firm"]) == sorted(watched.firms.id)
    assert last["jobs"].sum() == pytest.approx(watched.firms.jobs.sum())
    np.testing.assert_allclose(table["turnover"], TURNOVER * table["value_added"])
    assert table.loc[table["quarter"] == 0, "programmes"].max() == 0
    assert last["programmes"].max() > 0


def test_an_evaluator_can_use_it(watched):
    table = watched.panel.frame()
    first = table[table["programmes"] > 0].groupby("firm")["quarter"].min()
    estimate = did_matched(table, first, "log_value_added", horizon=6, match_on=["log_jobs", "industry"])
    assert estimate.reason is None
    assert estimate.n_treated >= 5
    assert np.isfinite([estimate.effect, estimate.se]).all()
