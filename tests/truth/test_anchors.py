"""Anchors: will and ability, head offices, pull on recruitment and suppliers, and what one takes with it."""

import numpy as np
import pytest

from sim.model import anchors
from tests.economy import model, series, use

CLUSTER = use("cluster_programme", 6, ((0, 1),), level="nce")


def large(m, count, will=0.9, capacity=0.9):
    """Make the largest firms of metal able and willing, and say how many are large enough for anchors."""
    f = m.firms
    rows = np.flatnonzero(f.industry == 0)
    rows = rows[np.argsort(-f.jobs[rows], kind="stable")][:count]
    f.jobs[rows] = 150.0
    f.will[rows] = f.will_own[rows] = will
    f.capacity[rows] = capacity
    return rows


@pytest.mark.parametrize(("will", "capacity", "count"), [(0.9, 0.9, 3), (0.1, 0.9, 0), (0.9, 0.1, 0)])
def test_an_anchor_needs_both_will_and_ability(will, capacity, count):
    m = model(scale=4.0)
    m.firms.will = 0.0  # nobody else is an anchor
    large(m, 3, will, capacity)
    m.large = anchors.large_firms(m)
    found = anchors.anchors(m, np.ones(m.industries, bool), np.ones(m.zones, bool))
    assert len(found) == count
    assert anchors.pull(m, found) == count / 4.0


def test_the_pull_is_nothing_without_m7_and_reaches_only_those_who_sell_to_anchors():
    m = model(scale=4.0)
    rows = large(m, 4)
    lift = anchors.supplier_lift(m, rows)
    sells = m.region.industries.inputs[0] > 0
    assert not sells.all()
    np.testing.assert_array_equal(lift, 0.5 * m.parameters["anchor_pull"] * sells)
    off = model(scale=4.0, switches={"M7": False})
    assert anchors.pull(off, rows) == 0.0
    assert not anchors.supplier_lift(off, rows).any()


def joined(willing, quarters=12):
    counts = []
    for seed in (1, 2, 3):
        m = model(CLUSTER, scale=4.0, seed=seed)
        large(m, 4, will=0.9 if willing else 0.0)
        counts.append(int(series(m.run(quarters), "members")[-1]))
    return np.mean(counts)


def test_willing_anchors_draw_members():
    assert joined(True) > joined(False)


def test_head_offices_turn_away_at_the_stated_rate_and_only_foreign_ones():
    turned = 0
    for seed in range(1, 21):
        m = model(scale=4.0, seed=seed)
        rows = large(m, 8)
        m.firms.owner[rows[:4]] = 2
        for quarter in range(40):
            m.quarter = quarter
            m.policy_clock()
        assert (m.firms.will[rows[4:]] == 0.9).all()
        turned += int((m.firms.will[rows[:4]] == anchors.TURNED_AWAY).sum())
    chance = 1.0 - (1.0 - m.parameters["headquarters"]) ** 10
    assert abs(turned - 80 * chance) < 3.0 * np.sqrt(80 * chance * (1 - chance))


def test_head_offices_decide_nothing_without_m7():
    m = model(scale=4.0, switches={"M7": False})
    rows = large(m, 8)
    m.firms.owner[rows] = 2
    for quarter in range(200):
        m.quarter = quarter
        m.policy_clock()
    assert (m.firms.will[rows] == 0.9).all()


def test_what_an_anchor_buys_is_demand_for_its_suppliers():
    def local(output):
        m = model(scale=4.0)
        m.sums[0, 1] += output  # metal grows by this much, MNOK a quarter
        return m.local_demand()

    more = local(10.0) - local(0.0)
    np.testing.assert_allclose(more, 10.0 * model(scale=4.0).region.industries.inputs[0], atol=1e-9)
