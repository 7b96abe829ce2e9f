"""Identities that hold every quarter, whatever the policy."""

import numpy as np
import pytest

from sim.model import SWITCHES
from tests.economy import digest, model, same, series, use

EVERYTHING = [
    use("cluster_programme", 10, ((0, 1),), level="gce"),
    use("networks", 3),
    use("broad_innovation", 5),
    use("business_attraction", 10),
    use("residential_attractiveness", 5),
]


@pytest.fixture(scope="module")
def quarters():
    """Run everything at once and keep what the identities need, quarter by quarter."""
    m = model(*EVERYTHING, scale=4.0)
    rows = []
    for _ in range(60):
        before = m.population.persons.copy()
        firms_before = len(m.firms)
        m.step()
        rows.append((m, before, firms_before, _snapshot(m)))
    return rows


def _snapshot(m):
    return {
        "jobs": m.zone_jobs(), "flow": m.flow.copy(), "persons": m.population.persons.copy(), "flows": m.flows,
        "granted": m.policy.granted, "spent": m.policy.spent, "zones": m.zones, "firms": len(m.firms),
        "funds": sum(o.fund for o in m.organisations), "idle": sum(o.idle for o in m.organisations),
        "entries": m.entries.sum(), "exits": m.exits.sum(), "ids": m.firms.id.copy(),
    }  # fmt: skip


def test_jobs_of_a_zone_are_filled_by_somebody(quarters):
    for _, _, _, now in quarters:
        filled = now["flow"][:, : now["zones"]].sum(axis=0)
        np.testing.assert_allclose(filled, now["jobs"], rtol=0, atol=1e-8)


def test_people_change_only_by_births_deaths_ageing_and_moving(quarters):
    for _, before, _, now in quarters:
        np.testing.assert_allclose(before + sum(now["flows"].values()), now["persons"], rtol=0, atol=1e-8)
        assert abs(now["flows"]["ageing"].sum()) < 1e-8


def test_money_granted_is_spent_or_unspent(quarters):
    for _, _, _, now in quarters:
        assert now["spent"] <= now["granted"] + 1e-8
        assert now["granted"] - now["spent"] == pytest.approx(now["funds"] + now["idle"], abs=1e-8)


def test_firms_change_only_by_entry_and_exit(quarters):
    for _, _, firms_before, now in quarters:
        assert now["firms"] == firms_before + now["entries"] - now["exits"]
        assert (np.diff(now["ids"]) > 0).all(), "rows are sorted by permanent id and ids are unique"


def test_yearly_outcomes_add_up_over_zones_and_families():
    m = model(*EVERYTHING, scale=4.0).run(12)
    rows = m.outcomes()
    table = {}
    for k, value in enumerate(rows["value"]):
        table[(rows["indicator"][k], rows["zone"][k], rows["family"][k], rows["year"][k])] = value
    for name in ("jobs", "value_added", "rd", "firms"):
        for year in (1, 2, 3):
            total = table[(name, "all", "all", year)]
            zones = sum(v for (i, z, f, y), v in table.items() if i == name and z != "all" and y == year)
            families = sum(v for (i, z, f, y), v in table.items() if i == name and f != "all" and y == year)
            assert zones == pytest.approx(total, abs=1e-8 * abs(total))
            assert families == pytest.approx(total, abs=1e-8 * abs(total))


def test_start_is_in_balance():
    m = model()
    f, table = m.firms, m.region.industries
    wanted = f.weight * m.bracket[f.industry] / (table.value_added[f.industry] * np.exp(f.productivity))
    np.testing.assert_allclose(wanted, f.jobs, rtol=1e-9)
    private = (m.region.jobs - m.region.public).sum()
    assert f.jobs.sum() == pytest.approx(private, rel=1e-9)


def test_bounds_hold():
    m = model(*EVERYTHING, scale=4.0).run(60)
    f = m.firms
    assert (f.jobs >= 0.3).all()
    assert (np.abs(f.productivity) <= 2.0).all()
    assert (f.projects <= 2).all()
    assert ((f.will >= 0) & (f.will <= 1)).all()
    for array in m.firms.arrays().values():
        assert np.isfinite(array.astype(float)).all()


@pytest.mark.parametrize("name", ["cluster_programme", "networks", "broad_innovation", "business_attraction",
                                  "residential_attractiveness"])  # fmt: skip
def test_zero_budget_is_the_baseline_bit_for_bit(name):
    groups = ((0, 1),) if name == "cluster_programme" else ()
    assert same(model(use(name, 0.0, groups)).run(60), model().run(60))


def test_same_seed_same_digest_and_other_seeds_other_digests():
    digests = [digest(model(seed=seed).run(12)) for seed in range(1, 21)]
    assert len(set(digests)) == 20
    assert digest(model(seed=7).run(12)) == digests[6]


@pytest.mark.parametrize("switch", list(SWITCHES))
def test_each_switch_changes_the_economy_or_only_works_in_programmes(switch):
    cluster = use("cluster_programme", 10, ((0, 1),), level="gce")
    default_on = switch != "M4b"
    on = model(cluster, scale=4.0, switches={switch: True}).run(32)
    off = model(cluster, scale=4.0, switches={switch: False}).run(32)
    assert not same(on, off)
    plain = model(cluster, scale=4.0).run(32)
    assert same(plain, on if default_on else off)


def test_pools_are_exactly_zero_when_switched_off():
    m = model(switches={"M1": False, "M9": False}).run(8)
    assert (m.pool[:, :3] == 0.0).all()


def test_flat_series_have_no_gaps():
    m = model().run(60)
    assert len(series(m, "jobs")) == 15
