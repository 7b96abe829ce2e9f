"""External events: they strike what they say, cost nothing, and are the same in policy and baseline."""

import numpy as np
import pytest

from sim.events import EVENTS, Happening
from sim.model import Reference, RegionModel, make_parameters
from sim.model.recorder import resilience
from tests.economy import DRIFT, ENTRY, same, series, town


def struck(name, quarter=16, industries=(), zones=(), seed=1, quarters=40, **options):
    kind = EVENTS[name]
    event = kind(Happening(name, quarter, industries, zones, kind.Options(**options)))
    region, firms = town(4.0)
    return RegionModel(region, firms, make_parameters(), Reference(DRIFT, ENTRY), seed, events=[event]).run(quarters)


@pytest.fixture(scope="module")
def plain():
    region, firms = town(4.0)
    return RegionModel(region, firms, make_parameters(), Reference(DRIFT, ENTRY), 1).run(40)


@pytest.mark.parametrize("name", list(EVENTS))
def test_nothing_happens_before_its_quarter_and_something_after(name, plain):
    early = struck(name, quarter=39, quarters=39)
    region, firms = town(4.0)
    assert same(early, RegionModel(region, firms, make_parameters(), Reference(DRIFT, ENTRY), 1).run(39))
    assert not same(struck(name), plain)
    if name == "tax_credit":  # it is public money itself
        assert series(struck(name), "spent_public")[-1] < series(plain, "spent_public")[-1]
        return
    assert series(struck(name), "spent_public")[-1] == pytest.approx(series(plain, "spent_public")[-1], rel=0.05)


def test_the_largest_firm_of_the_industry_closes():
    before = struck("anchor_leaves", 16, (1,), quarters=16)
    largest = before.firms.id[np.argmax(np.where(before.firms.industry == 1, before.firms.jobs, 0))]
    assert largest not in struck("anchor_leaves", 16, (1,), quarters=17).firms.id
    assert largest in struck("anchor_leaves", 16, (0,), quarters=17).firms.id


def test_fast_rail_and_dearer_homes_outside_draw_people_and_rail_draws_commuters(plain):
    people = series(plain, "population")[-1]
    assert series(struck("fast_rail"), "population")[-1] > people
    assert series(struck("greater_oslo_housing"), "population")[-1] > people
    assert series(struck("fast_rail"), "out_commuting")[-1] > series(plain, "out_commuting")[-1]
    assert series(struck("jobs_outside", growth=0.2), "out_commuting")[-1] > series(plain, "out_commuting")[-1]


def test_a_shock_is_deepest_at_once_and_is_made_good(plain):
    m = struck("demand_shock", 16, (0,), size=0.3, years=2, quarters=60)
    assert m.outside.demand[0] == pytest.approx(1.0)
    assert series(m, "shock_drop")[-1] > 3.0
    assert 0 < series(m, "shock_recovery")[-1] <= 44
    assert not len(series(plain, "shock_drop"))


def test_resilience_by_hand():
    jobs = np.array([100, 100, 90, 80, 85, 99, 100.0])
    assert resilience(jobs, 2) == (pytest.approx(20.0), 3.0)
    assert resilience(np.array([100, 100, 70, 70.0]), 2) == (pytest.approx(30.0), 2.0)


def test_unwilling_anchors_have_no_pull_on_a_cluster():
    m = struck("unwilling_anchors", 0, quarters=1, will=0.1)
    large = np.isin(m.firms.id, [i for i, n in zip(town(4.0)[1].id, town(4.0)[1].jobs, strict=True) if n > 100])
    assert large.any()
    assert m.firms.will[large].max() < 0.2


def test_without_the_tax_credit_firms_do_less_research_and_the_same_rate_changes_nothing(plain):
    assert series(struck("tax_credit", rate=0.0), "rd")[-1] < series(plain, "rd")[-1]
    assert same(struck("tax_credit", rate=make_parameters()["tax_credit"]), plain)
