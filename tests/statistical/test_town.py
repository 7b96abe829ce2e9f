"""The baseline behaves like a Norwegian town in both real regions: twenty seeds, no policy."""

import pytest

from sim.evidence import facts
from sim.evidence.facts import rows_for
from sim.region import load_region, region_table

#: Rows that must hold; the others are printed with pass or fail and explained in docs/facts.md.
MUST = ("drift_jobs", "drift_firms", "drift_people", "exit_rate", "entry_rate")


@pytest.mark.parametrize("name", ["nedre-glomma", "grenland"])
def test_the_flat_reference_is_flat_and_firms_come_and_go(name, record_property):
    region = load_region(name)
    rows = {fact.id: fact for fact in facts(region, 20)}
    assert set(rows) == set(rows_for(region))
    for fact in rows.values():
        record_property(fact.id, f"{fact.simulated:.3f} ± {fact.se:.3f} {'pass' if fact.passed else 'FAIL'}")
    for must in MUST:
        assert rows[must].passed, f"{must}: {rows[must].simulated:.3f} not in {rows[must].low}-{rows[must].high}"


@pytest.mark.parametrize("name", ["nedre-glomma", "grenland"])
def test_start_totals_agree_with_the_official_tables(name):
    official = {"3107": 34_877, "3105": 29_080, "4001": 17_964, "4003": 26_539}
    start = region_table(load_region(name)).groupby("zone")["jobs"].sum()
    for zone, jobs in start.items():
        assert jobs == pytest.approx(official[zone], rel=0.005)
