"""Who gains: the groups add up, and without a policy nobody does."""

import pandas as pd
import pytest

from sim.compare.gains import gains, match
from sim.experiment import baseline, vocabulary
from sim.experiment.twins import twin
from sim.region import load_region
from sim.scenario import read_scenarios


@pytest.fixture(scope="module")
def region():
    return load_region("thin-town")


@pytest.fixture(scope="module")
def pair():
    [policy] = read_scenarios(["broad-innovation"], vocabulary())
    return twin("thin-town", policy, baseline(policy.years), 1, 4)


def total(table, group, measure, name=None):
    rows = table[(table["group"] == group) & (table["measure"] == measure)]
    return rows[rows["name"] == name if name else rows["name"] == rows["name"]]["mean"].sum()


def test_the_same_world_gives_nothing(region):
    table = gains([twin("thin-town", baseline(2), baseline(2), 1, 2)], region)
    assert (table["mean"] == 0.0).all()


def test_the_groups_add_up(region, pair):
    table = gains([pair, pair], region)
    jobs = total(table, "industry", "jobs")
    assert jobs > 1.0
    assert total(table, "municipality", "jobs") == pytest.approx(jobs, abs=1e-9)
    at_home = total(table, "residents", "jobs held by residents") - total(table, "leakage", "residents who work there")
    assert at_home + total(table, "leakage", "jobs here held by people from there") == pytest.approx(jobs, abs=1e-6)
    private = (pair.policy.firms["jobs"].sum() - pair.base.firms["jobs"].sum())
    assert total(table, "size", "jobs") == pytest.approx(private, abs=1e-9)


def test_receivers_gain_more_than_their_like(region, pair):
    table = gains([pair], region)
    assert total(table, "firms", "firms", "treated") > 3
    assert total(table, "firms", "jobs per job before", "treated") > total(
        table, "firms", "jobs per job before", "matched"
    )


def test_the_nearest_in_the_same_family_is_chosen(region):
    families = list(region.industries.family)
    other = next(s for s, f in enumerate(families) if f != families[0])
    before = pd.DataFrame(
        {"industry": [0, 0, 0, other], "jobs": [10.0, 11.0, 200.0, 10.0], "rd": [True] * 4, "productivity": [0.0] * 4},
        index=pd.Index([1, 2, 3, 4]),
    )
    assert list(match(before, pd.Index([1]), region)) == [2]
