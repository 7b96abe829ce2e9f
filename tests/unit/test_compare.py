"""Comparisons: known pairs give known intervals; costs say when they cannot be told."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.compare import COLUMNS, compare, cost_interval, headlines, notes
from sim.texts import duration, keys, number, signed, text
from sim.texts.texts import _words


def results(gains, spent=10.0, gain_years=None):
    """Return results of two indicators in one year for a baseline and a policy."""
    rows = []
    for seed, gain in enumerate(gains, start=1):
        years = gain if gain_years is None else gain_years[seed - 1]
        for scenario, jobs, done, paid in (("baseline", 100.0 + seed, 500.0, 0.0),
                                           ("policy", 100.0 + seed + gain, 500.0 + years, spent)):  # fmt: skip
            for name, value in (("jobs", jobs), ("job_years", done), ("spent_municipal", paid),
                                ("spent_public", 2 * paid), ("value_added", jobs), ("population", 5.0),
                                ("firms", 3.0 + (scenario == "policy"))):  # fmt: skip
                rows.append(("r", scenario, seed, 0, name, "all", "all", 1, value))
    names = ["region", "scenario", "seed", "draw", "indicator", "zone", "family", "year", "value"]
    regions = {"r": {"title": {"nb": "R", "en": "R"}, "fictional": False, "placeholder_share": 0.25}}
    return SimpleNamespace(values=pd.DataFrame(rows, columns=names), manifest={"regions": regions},
                           title=lambda name, language="nb": name.title())  # fmt: skip


def row(table, indicator, measure="difference"):
    found = table[(table["indicator"] == indicator) & (table["measure"] == measure)]
    assert len(found) == (2 if measure == "level" else 1)
    return found.iloc[0]


def test_paired_differences_have_the_t_interval_of_their_mean():
    gains = np.array([3.0, 5.0, 4.0, 8.0, -1.0])
    table = compare(results(gains))
    jobs = row(table, "jobs")
    half = stats.t.ppf(0.95, 4) * gains.std(ddof=1) / np.sqrt(5)
    assert jobs["mean"] == pytest.approx(gains.mean())
    assert (jobs["low"], jobs["high"]) == pytest.approx((gains.mean() - half, gains.mean() + half))
    assert jobs["share_better"] == pytest.approx(0.8)
    assert jobs["runs"] == 5
    assert np.isnan(row(table, "firms")["share_better"]), "more firms is neither better nor worse"


def test_columns_and_order_are_fixed():
    table = compare(results([1.0, 2.0, 3.0]))
    assert tuple(table.columns) == COLUMNS
    order = ["region", "scenario", "measure", "indicator", "zone", "family", "year"]
    assert table.equals(table.sort_values(order, kind="stable").reset_index(drop=True))


def test_a_cost_is_money_over_job_years_when_they_can_be_told_from_zero():
    table = compare(results([9.0, 10.0, 11.0, 10.0]))
    cost = row(table, "cost_per_job_year_municipal", "cost")
    assert cost["mean"] == pytest.approx(1.0)
    assert cost["low"] < 1.0 < cost["high"]
    assert row(table, "cost_per_job_year_public", "cost")["mean"] == pytest.approx(2.0)


def test_a_cost_is_not_determinable_when_job_years_may_be_zero():
    found = row(compare(results([-9.0, 10.0, 11.0, -10.0])), "cost_per_job_year_municipal", "not determinable")
    assert np.isnan([found["mean"], found["low"], found["high"]]).all()


def test_harm_is_shown_as_harm():
    found = row(compare(results([-9.0, -10.0, -11.0, -10.0])), "cost_per_job_year_municipal", "harm")
    assert found["mean"] == pytest.approx(1.0)
    rows = headlines(results([-9.0, -10.0, -11.0]), compare(results([-9.0, -10.0, -11.0])), "en")
    assert rows[0].cells["cost_municipal"].startswith("harm:")
    assert "fewer" in rows[0].sentence


def test_fieller_covers_the_true_ratio():
    draw = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        years = 50 + 20 * draw.standard_normal(20)
        spent = 100 + 0.5 * (years - 50) + 5 * draw.standard_normal(20)
        _, low, high, measure = cost_interval(spent, years, 0.9)
        assert measure == "cost"
        hits += low <= 2.0 <= high
    assert 0.86 <= hits / 400 <= 0.94


def test_one_run_has_no_interval():
    jobs = row(compare(results([4.0])), "jobs")
    assert np.isnan(jobs["low"])
    assert jobs["mean"] == pytest.approx(4.0)
    assert "én kjøring" in headlines(results([4.0]), compare(results([4.0])))[0].sentence


def test_a_missing_baseline_or_a_wrong_interval_is_refused():
    with pytest.raises(ValueError, match="no finished run"):
        compare(results([1.0, 2.0]), baseline="other")
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare(results([1.0, 2.0]), interval=90)


def test_sentences_say_when_it_cannot_be_told():
    unsure = results([-9.0, 10.0, 11.0, -10.0])
    assert "rommer null" in headlines(unsure, compare(unsure))[0].sentence
    sure = results([9.0, 10.0, 11.0, 10.0])
    assert "4 av 4" in headlines(sure, compare(sure))[0].sentence
    said = notes(sure, compare(sure))
    assert any("25 %" in line for line in said)
    assert any("ikke prognoser" in line for line in said)


def with_draws(draws, seeds=4, jobs=40.0, unknown=10.0, luck=5.0, gain=1.0):
    """Return results of a policy in several draws with seeds of their own."""
    chance = np.random.default_rng(5)
    parts = []
    for draw in range(1, draws + 1):
        gains = jobs + unknown * chance.standard_normal() + luck * chance.standard_normal(seeds)
        part = results(list(gains), gain_years=list(gain * gains)).values
        parts.append(part.assign(draw=draw, seed=part["seed"] + 1000 * draw))
    out = results([1.0])
    out.values = pd.concat(parts, ignore_index=True)
    out.manifest["study"] = {"source": "posterior"}
    return out


@pytest.mark.parametrize(
    ("language", "unknown", "luck"),
    [("nb", "Usikkerhet i forutsetningene", "Tilfeldigheter"), ("en", "Uncertainty about assumptions", "Luck")],
)
def test_screens_tell_what_is_not_known_from_luck(language, unknown, luck):
    found = with_draws(25)
    table = compare(found)
    jobs = row(table, "jobs")
    assert jobs["draw_high"] - jobs["draw_low"] > 2 * (jobs["high"] - jobs["low"])
    shown = headlines(found, table, language)[0]
    assert f"{unknown}: {signed(jobs['draw_low'], 0, language)}" in shown.sentence
    assert f"{luck}: ± {number((jobs['high'] - jobs['low']) / 2, 0, language)}" in shown.sentence
    assert text("compare.futures", language, better=100, runs=100) == shown.cells["share_better"]
    assert shown.cells["jobs"].endswith(f"± {number((jobs['high'] - jobs['low']) / 2, 0, language)}")
    assert text("compare.source_posterior", language) in notes(found, table, language)[0]


def test_an_effect_is_unsure_when_either_interval_holds_zero():
    by_assumptions = with_draws(25, jobs=5.0, unknown=20.0, luck=0.5)
    assert "usikkerheten rommer null" in headlines(by_assumptions, compare(by_assumptions))[0].sentence
    by_luck = with_draws(25, seeds=2, jobs=1.0, unknown=0.0, luck=40.0)
    assert "usikkerheten rommer null" in headlines(by_luck, compare(by_luck))[0].sentence


def test_one_draw_and_few_draws_say_so():
    one = results([1.0, 2.0, 3.0])
    assert notes(one, compare(one))[0].startswith("Bare tilfeldigheter")
    few = with_draws(4)
    assert notes(few, compare(few))[0].startswith("Bare 4 trekninger")
    assert "Usikkerhet" not in headlines(few, compare(few))[0].sentence
    single = with_draws(25, seeds=1)
    assert "ett frø" in notes(single, compare(single))[0]
    assert "kan ikke skilles ut" in headlines(single, compare(single))[0].sentence


def test_a_cost_over_draws_has_no_upper_bound_when_some_draws_gain_nothing():
    sure = row(compare(with_draws(40)), "cost_per_job_year_municipal", "cost")
    jobs = row(compare(with_draws(40)), "job_years")
    assert sure["draw_low"] == pytest.approx(10.0 / jobs["draw_high"])
    assert sure["draw_high"] == pytest.approx(10.0 / jobs["draw_low"])
    open_ended = with_draws(40, jobs=20.0, unknown=20.0)
    cost = row(compare(open_ended), "cost_per_job_year_municipal", "cost")
    assert np.isinf(cost["draw_high"])
    assert "no upper bound" in headlines(open_ended, compare(open_ended), "en")[0].cells["cost_municipal"]


def test_both_languages_have_the_same_keys_and_places():
    import re

    assert keys("nb") == keys("en")
    for key in keys("nb"):
        places = [set(re.findall(r"{(\w+)}", _words(language)[key])) for language in ("nb", "en")]
        assert places[0] == places[1], key


def test_numbers_are_written_as_each_language_does():
    assert number(12345.678, 1, "nb") == "12\u202f345,7"
    assert number(12345.678, 1, "en") == "12,345.7"
    assert number(-0.001, 1, "nb") == "0,0"
    assert signed(3, 0, "nb") == "+3"
    assert signed(-3, 0, "en") == "−3"
    assert number(float("nan")) == "–"
    assert duration(30, "nb") == "30 sekunder"
    assert duration(300, "en") == "5 minutes"
    with pytest.raises(ValueError, match="nb or en"):
        text("run.runs", "sv")


def test_draws_that_differ_no_more_than_luck_would_are_told_so():
    still = with_draws(12, seeds=2, jobs=30.0, unknown=0.0, luck=5.0)
    table = compare(still)
    jobs = row(table, "jobs")
    assert jobs["draw_sd"] == 0.0
    shown = headlines(still, table, "en")[0]
    assert "Uncertainty about assumptions: no more than luck." in shown.sentence
    assert shown.cells["jobs"].startswith("+")
    assert "(" not in shown.cells["jobs"]
