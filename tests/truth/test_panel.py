"""The firm panel: watching changes nothing, and what it shows adds up to what the recorder says."""

import numpy as np
import pytest

from sim.evidence.estimators import did_matched
from sim.model.firms import USED_GRANT
from sim.model.panel import COLUMNS, TURNOVER, Panel
from tests.economy import model, same, series, use


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


def test_research_and_payments_of_firms_add_up_to_those_of_the_region(watched):
    table = watched.panel.frame()
    yearly = table[table["quarter"] >= 20]["rd_total"].sum()
    assert yearly == pytest.approx(series(watched, "rd")[-1], rel=0.01)  # firms that close take a quarter with them
    assert (table["rd_spent"] >= table["rd"] - 1e-12).all()
    assert (table["aid"] >= table["payments"] - 1e-12).all()
    paid = table["payments"] > 0
    assert (table.loc[paid, "payments_extra"] / table.loc[paid, "payments"]).max() == pytest.approx(0.6)
    assert set(table.loc[paid, "programmes"] & USED_GRANT) == {USED_GRANT}


def test_what_programmes_answered_is_there_with_the_cutoff(watched):
    table = watched.panel.frame()
    asked, said_yes = table[(table["applied"] & USED_GRANT) > 0], table[(table["paid"] & USED_GRANT) > 0]
    assert set(said_yes.index) < set(asked.index)
    assert not ((table["paid"] & table["refused"]) > 0).any()
    judged = asked[np.isfinite(asked["margin"])]
    assert len(judged)
    assert ((judged["margin"] > 0) == ((judged["paid"] & USED_GRANT) > 0)).all()
    granted = sum(int(row["subject"].split()[0]) for row in watched.log if row["decision"] == "grant")
    assert granted - 2 <= len(said_yes) <= granted  # one may close in the quarter it is paid
    minutes = table["partner_minutes"].dropna()
    assert len(minutes)
    assert set(minutes) <= set(watched.region.minutes.ravel())
