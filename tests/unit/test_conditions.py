"""Made-up regions: each condition moves what it says, and every region is whole."""

import numpy as np
import pytest

from sim.evidence.conditions import (
    ANCHOR_JOBS,
    ANCHORS,
    CORE,
    LargeFirms,
    axes,
    design,
    make_region,
    neighbours,
    parameters_of,
    values_at,
)
from sim.evidence.where import POLICIES, WhereStudy, middle, policies, world
from sim.experiment import build_model
from sim.experiment.build import region_firms
from sim.model import Reference, parameter_table
from sim.region import load_region
from sim.scenario.targets import family_ranking


def region(**changes):
    return make_region(middle() | changes)


@pytest.mark.parametrize("row", range(6))
def test_a_region_is_whole_at_every_condition(row):
    made = make_region(values_at(design(6)[row]))
    np.testing.assert_allclose(made.commuting[:, :2].sum(axis=0), made.jobs.sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(made.commuting[:2].sum(axis=1), made.employed_residents, rtol=1e-9)
    firms = region_firms(made)
    assert firms.jobs.sum() == pytest.approx((made.jobs - made.public).sum(), rel=1e-3)
    assert 300 <= firms.id.size <= 900
    assert (firms.jobs[firms.anchor] == ANCHOR_JOBS).all()
    assert firms.anchor.sum() == ANCHORS


def test_core_jobs_and_firms_follow_the_condition():
    codes = region().industries.codes
    core = [codes.index(code) for code in CORE]
    for jobs in (100.0, 900.0, 2500.0):
        made = region(core_jobs=jobs)
        assert made.jobs[:, core].sum() == pytest.approx(jobs + ANCHORS * ANCHOR_JOBS)
    few, many = (np.isin(region_firms(region(core_jobs=j)).industry, core).sum() for j in (100.0, 2500.0))
    assert many > 10 * few


def test_relatedness_moves_jobs_between_near_and_far_industries_and_nothing_else():
    near, far = neighbours(load_region("thin-town"))
    related, unrelated = region(related=1.0), region(related=0.0)
    assert related.jobs[:, near].sum() == pytest.approx(unrelated.jobs[:, far].sum())
    assert related.jobs[:, far].sum() == unrelated.jobs[:, near].sum() == 0.0
    assert related.jobs.sum() == pytest.approx(unrelated.jobs.sum())
    np.testing.assert_allclose(region(distance=1.2).industries.position,
                               1.2 * load_region("thin-town").industries.position)  # fmt: skip


def test_the_other_conditions_move_what_they_say():
    assert region(unemployment=0.07).unemployment[0] == 0.07
    assert region(minutes_between=50.0).minutes[0, 1] == 50.0
    near, far = (region(minutes_outside=m) for m in (30.0, 150.0))
    assert near.commuting[:2, 2].sum() > 5 * far.commuting[:2, 2].sum()
    close, apart = (region(minutes_between=m) for m in (8.0, 60.0))
    assert close.commuting[0, 1] > 2 * apart.commuting[0, 1]
    made = region(land=20.0)
    np.testing.assert_allclose(made.land, 0.02 * made.population.sum(axis=1))
    plain, parameters, large = world(middle() | {"price_outside": 0.3, "half_pool": 50.0}, 11)
    assert plain.events[0].options == {"rise": 0.3}
    assert parameters["half_pool"] == 50.0
    assert parameters.switches["M4b"]
    assert (large.will, large.ability) == (middle()["anchor_will"], middle()["anchor_ability"])


def test_large_firms_get_the_will_and_ability_of_the_condition():
    made = region()
    path = Reference(np.zeros(20), np.full(20, 0.025))
    plain, parameters, _ = world(middle(), 11)
    model = build_model(made, plain, 1, reference=path, parameters=parameters)
    model.events = (LargeFirms(0.9, 0.3),)
    firms = model.firms
    large = firms.jobs > 100.0
    before = firms.will[~large].copy()
    model.policy_clock()
    assert (firms.will[large] == 0.9).all()
    assert (firms.capacity[large] == 0.3).all()
    assert (firms.will[~large] == before).all()


def test_what_nobody_knows_is_drawn_with_every_condition():
    names = {axis.name for axis in axes() if axis.kind == "parameter"}
    assert names == {"threshold", "mass_floor", "half_pool", "market_access"}
    drawn = [parameters_of(values_at(row)) for row in design(200)]
    for name in names:
        values = np.array([row[name] for row in drawn])
        table = parameter_table()[name]
        assert len(set(values)) == 200
        assert values.min() >= table.low
        assert values.max() <= table.high
        assert np.ptp(values) > 0.95 * (table.high - table.low)


def test_the_design_fills_space():
    shares = design(200)
    assert shares.shape == (200, len(axes()))
    for column in shares.T:
        assert (np.histogram(column, 10, (0, 1))[0] == 20).all()
    corr = np.corrcoef(shares.T) - np.eye(shares.shape[1])
    assert np.abs(corr).max() < 0.2
    assert (design(200) == shares).all()


def test_an_axis_goes_there_and_back():
    for axis in axes():
        assert axis.share(float(axis.value(0.3))) == pytest.approx(0.3)


def test_every_policy_has_the_same_money_and_no_world_of_its_own():
    made = policies(POLICIES, 5.0, 11)
    assert all(sum(s.budget_by_year()) == pytest.approx(50.0) for s in made)
    with pytest.raises(ValueError, match="cluster-unwilling-anchors"):
        policies(("cluster-unwilling-anchors",), 5.0, 11)
    with pytest.raises(ValueError, match="baseline"):
        policies(("baseline",), 5.0, 11)


def test_a_cluster_is_aimed_at_the_core_whatever_is_strongest():
    cluster = policies(("cluster-programme",), 5.0, 11)[0]
    weak = region(core_jobs=100.0, related=0.0)
    assert family_ranking(weak)[0][0] != "engineering"
    assert cluster.instruments[0].target == "engineering"


def test_no_luck_is_common_to_two_conditions():
    points = WhereStudy(conditions=12, seeds=8).points()
    seeds = [seed for point in points for seed in point.arguments[3]]
    assert len(set(seeds)) == 12 * 8
    assert len({point.key for point in points}) == 12
    assert {p.key for p in points} != {p.key for p in WhereStudy(conditions=12, seeds=7).points()}
