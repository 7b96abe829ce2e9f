"""Outcomes by hand from the state of the economy, and the life cycle of a cluster."""

import numpy as np
import pytest

from tests.economy import model, series, use

CLUSTER = use("cluster_programme", 6, ((0, 1),), level="arena")


@pytest.fixture(scope="module")
def year():
    """Return the model after four quarters with what each quarter looked like."""
    m, seen = model(scale=4.0), []
    for _ in range(4):
        m.step()
        jobs = (m.sums[:, 0] + m.public).reshape(m.zones, m.industries)
        seen.append((jobs, m.sums[:, 1].sum(), m.sums[:, 3].sum(), m.flow.copy()))
    return m, seen


def test_concentration_is_the_herfindahl_index_of_jobs(year):
    m, seen = year
    squares = np.mean([(jobs.sum(axis=0) ** 2).sum() for jobs, *_ in seen])
    whole = np.mean([jobs.sum() ** 2 for jobs, *_ in seen])
    assert series(m, "concentration")[0] == pytest.approx(10_000 * squares / whole, rel=1e-9)


def test_emissions_and_intensity_are_of_what_firms_make(year):
    m, seen = year
    emitted = sum(tonnes for _, _, tonnes, _ in seen)
    made = series(m, "value_added")[0]
    assert series(m, "emissions")[0] == pytest.approx(emitted / 1000.0, rel=1e-9)
    assert series(m, "intensity")[0] == pytest.approx(emitted / made, rel=1e-9)


def test_commuting_minutes_are_those_of_employed_residents(year):
    m, seen = year
    minutes = m.region.minutes[: m.zones]
    travelled = np.mean([(flow[: m.zones] * minutes).sum() for *_, flow in seen])
    people = np.mean([flow[: m.zones].sum() for *_, flow in seen])
    assert series(m, "commute_minutes")[0] == pytest.approx(travelled / people, rel=1e-9)


def test_jobs_by_skill_follow_the_industries(year):
    m, seen = year
    skill = m.region.industries.skill
    for k, name in enumerate(("basic", "vocational", "higher")):
        by_hand = np.mean([(jobs * skill[:, k]).sum() for jobs, *_ in seen])
        assert series(m, f"jobs_{name}")[0] == pytest.approx(by_hand, rel=1e-9)


def test_joint_work_narrows_what_members_know_when_convergence_is_on():
    """The life cycle: without M8a the knowledge of members stays as wide as their firms make it."""
    found = {}
    for on in (True, False):
        runs = [model(CLUSTER, scale=4.0, seed=s, switches={"M8a": on}, values={"convergence": 0.3}).run(44)
                for s in (1, 2, 3)]  # fmt: skip
        found[on] = np.mean([series(m, "member_variety")[-1] for m in runs])
    assert found[True] < 0.95 * found[False]
