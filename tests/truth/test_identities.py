"""Identities that hold every quarter, whatever the policy."""

import numpy as np
import pytest

from sim.model import SWITCHES
from tests.economy import digest, model, same, series, use

EVERYTHING = [
    use("cluster_programme", 10, ((0, 1),), level="gce"),
    use("networks", 3),
    use("broad_innovation", 5),
    use("broad_innovation", 2, lottery=True),
    use("business_attraction", 10),
    use("residential_attractiveness", 5),
    use("skills_programme", 5),
    use("incubator", 3),
    use("seed_fund", 6),
    use("business_park", 5),
    use("procurement", 5),
    use("commuter_transport", 20, to="everywhere"),
    use("green_transition", 5),
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
        "funds": sum(o.fund + o.returned for o in m.organisations), "idle": sum(o.idle for o in m.organisations),
        "force": m.population.labour_force.copy(), "unemployment": m.population.unemployment.copy(),
        "dwellings": m.population.dwellings.copy(), "books": m.books, "spent_now": m.policy.spent_now,
        "pensioners": m.population.persons[:, 13:].sum(),
        "entries": m.entries.sum(), "exits": m.exits.sum(), "ids": m.firms.id.copy(),
    }  # fmt: skip


def test_jobs_of_a_zone_are_filled_by_somebody(quarters):
    for _, _, _, now in quarters:
        filled = now["flow"][:, : now["zones"]].sum(axis=0)
        np.testing.assert_allclose(filled, now["jobs"], rtol=0, atol=1e-9)


def test_the_labour_force_is_employed_or_unemployed(quarters):
    for _, _, _, now in quarters:
        employed = now["flow"][: now["zones"]].sum(axis=1)
        unemployed = now["unemployment"] * now["force"]
        np.testing.assert_allclose(employed + unemployed, now["force"], rtol=0, atol=1e-9)


def test_in_and_out_commuting_balance_jobs_and_employed(quarters):
    m = quarters[-1][0]
    data = {name: np.array(rows) for name, rows in m.recorder.quarters.items()}
    for quarter, (_, _, _, now) in enumerate(quarters):
        employed = (1.0 - now["unemployment"]) * now["force"]
        net = data["net_commuting"][quarter]
        np.testing.assert_allclose(employed + net, now["jobs"], rtol=0, atol=1e-9)


def test_jobs_by_skill_and_by_owner_add_up_to_jobs(quarters):
    data = {name: np.array(rows) for name, rows in quarters[-1][0].recorder.quarters.items()}
    skills = data["jobs_basic"] + data["jobs_vocational"] + data["jobs_higher"]
    np.testing.assert_allclose(skills, data["jobs"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(data["private_jobs"] + data["public_jobs"], data["jobs"], rtol=0, atol=1e-9)


def test_the_municipal_account_adds_up(quarters):
    m = quarters[-1][0]
    data = {name: np.array(rows) for name, rows in m.recorder.quarters.items()}
    net = data["revenue"].sum(axis=1) - data["service_cost"].sum(axis=1)
    spent = np.diff(data["spent_municipal"][:, 0], prepend=0.0)
    np.testing.assert_allclose(data["municipal_net"][:, 0], net - spent, rtol=0, atol=1e-9)


def test_movers_are_the_change_of_people_less_births_and_deaths(quarters):
    m = quarters[-1][0]
    moved = np.array(m.recorder.quarters["migration"])
    for quarter, (_, before, _, now) in enumerate(quarters):
        natural = now["flows"]["births"].sum(axis=1) + now["flows"]["deaths"].sum(axis=1)
        change = now["persons"].sum(axis=1) - before.sum(axis=1)
        np.testing.assert_allclose(natural + moved[quarter], change, rtol=0, atol=1e-9)


def test_unemployment_is_a_share_and_does_not_jump(quarters):
    path = np.array([now["unemployment"] for _, _, _, now in quarters])
    assert path.min() > 0.0
    assert path.max() < 0.2
    assert np.abs(np.diff(path, axis=0)).max() < 0.02, "two neighbours must not take each other's jobs in turn"


def test_people_change_only_by_births_deaths_ageing_and_moving(quarters):
    for _, before, _, now in quarters:
        np.testing.assert_allclose(before + sum(now["flows"].values()), now["persons"], rtol=0, atol=1e-9)
        assert abs(now["flows"]["ageing"].sum()) < 1e-9


def test_money_granted_is_spent_or_unspent(quarters):
    for _, _, _, now in quarters:
        assert now["spent"] <= now["granted"] + 1e-9
        assert now["granted"] - now["spent"] == pytest.approx(now["funds"] + now["idle"], abs=1e-9)


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
            assert zones == pytest.approx(total, abs=1e-9)
            assert families == pytest.approx(total, abs=1e-9)


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
