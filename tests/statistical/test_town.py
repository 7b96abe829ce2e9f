"""The baseline behaves like a Norwegian town in both real regions: twenty seeds, no policy."""

import numpy as np
import pytest

from sim.evidence.facts import judge, run_statistics
from sim.experiment import baseline, scenario_reference
from sim.region import load_region, region_table

#: Rows that must hold; the others are printed with pass or fail and explained in docs/facts.md.
MUST = ("drift_jobs", "drift_firms", "drift_people", "exit_rate", "entry_rate")


@pytest.mark.parametrize("name", ["nedre-glomma", "grenland"])
def test_the_flat_reference_is_flat_and_firms_come_and_go(name, record_property):
    region = load_region(name)
    path = scenario_reference(region, baseline())
    runs = [run_statistics(region, baseline(), seed, reference=path) for seed in range(1, 21)]
    for fact_id in runs[0]:
        fact = judge(fact_id, region, np.array([run[fact_id] for run in runs]))
        record_property(fact_id, f"{fact.simulated:.3f} ± {fact.se:.3f} {'pass' if fact.passed else 'FAIL'}")
        if fact_id in MUST:
            assert fact.passed, f"{fact_id}: {fact.simulated:.3f} not in {fact.low}-{fact.high}"


@pytest.mark.parametrize("name", ["nedre-glomma", "grenland"])
def test_start_totals_agree_with_the_official_tables(name):
    official = {"3107": 34_877, "3105": 29_080, "4001": 17_964, "4003": 26_539}
    start = region_table(load_region(name)).groupby("zone")["jobs"].sum()
    for zone, jobs in start.items():
        assert jobs == pytest.approx(official[zone], rel=0.005)
