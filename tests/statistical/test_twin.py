"""The kernels agree with a plain Mesa twin that was written from docs/odd.md by somebody who had not read them."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from bench.twin import Twin
from bench.twin.knowledge import Cells
from bench.twin.people import People
from bench.twins import HEADLINE, agreement, bound, enlarged, model_samples, twin_samples

from sim.experiment import baseline, build_model
from sim.experiment.build import region_firms
from sim.model import Reference, make_parameters

SEEDS, YEARS = 24, 3
#: A made-up path, so that nothing has to be solved and a twin that leaves drift or entry out is noticed.
PATH = Reference(np.linspace(-0.003, 0.009, 20), np.linspace(0.018, 0.03, 20))


@pytest.fixture(scope="module")
def region():
    return enlarged("nedre-glomma", 0.5)


@pytest.fixture(scope="module")
def model(region):
    return model_samples(region, PATH, SEEDS, YEARS)


@pytest.fixture(scope="module")
def twin(region):
    return twin_samples(region, PATH, SEEDS, YEARS)


def test_no_headline_indicator_differs_beyond_luck_in_any_year(model, twin):
    rows = [(year + 1, row) for year in range(YEARS) for row in agreement(model[:, year], twin[:, year])]
    assert len(rows) == YEARS * len(HEADLINE)
    assert [(year, row) for year, row in rows if abs(row.z) > bound(len(rows))] == []


def test_large_quantities_agree_within_one_and_a_half_per_cent(model, twin):
    large = ("jobs", "job_years", "value_added", "productivity", "population", "firms", "house_price", "wage")
    for row in agreement(model[:, -1], twin[:, -1]):
        if row.name in large:
            assert abs(row.relative) < 0.015, row


@pytest.mark.parametrize(
    ("change", "switches", "noticed"),
    [
        ({"exit_rate": 0.035}, {}, "exits"),
        ({"innovation_rate": 0.045}, {}, "innovations"),
        ({"attempt_rate": 0.04}, {}, "projects"),
        ({}, {"M4": False}, "projects"),
    ],
)
def test_one_mechanism_that_differs_is_noticed(region, model, change, switches, noticed):
    other = twin_samples(region, PATH, 10, 2, make_parameters(change, switches))
    found = {row.name: row.z for row in agreement(model[:, 1], other[:, 1])}
    assert abs(found[noticed]) > bound(len(HEADLINE)), found


def test_people_wages_housing_and_the_account_follow_from_the_same_jobs(region):
    parameters = make_parameters()
    people = People(region, SimpleNamespace(**parameters.values))
    model = build_model(region, baseline(5), 3, reference=PATH)

    def zones(name):
        return np.array(model.recorder.quarters[name][-1]).reshape(people.zones, -1).sum(axis=1)

    for _ in range(20):
        model.run(1)
        people.step(zones("private_jobs").tolist())
        assert [sum(row) for row in people.public_now] == pytest.approx(zones("public_jobs"), rel=1e-6)
        assert [sum(row) for row in people.persons] == pytest.approx(zones("population"), rel=1e-6)
        assert people.force == pytest.approx(zones("labour_force"), rel=1e-5)
        unemployed = [f - e for f, e in zip(people.force, people.employed, strict=True)]
        assert unemployed == pytest.approx(zones("unemployed"), rel=1e-3)
        assert people.dwellings == pytest.approx(zones("dwellings"), rel=1e-6)
        assert people.account() == pytest.approx(np.sum(model.recorder.quarters["municipal_net"][-1]), abs=0.02)
        prices = zones("priced_people") / zones("population")
        assert [math.exp(x) for x in people.log_price] == pytest.approx(prices, rel=1e-6)


def test_pools_critical_mass_and_suppliers_of_the_same_firms_are_the_same(region):
    model = build_model(region, baseline(5), 3, reference=PATH)
    twin = Twin(region, region_firms(region), make_parameters(), PATH, 3)
    names = {"productivity": "productivity", "research": "research", "capacity": "capacity", "position0": "x",
             "position1": "y", "position2": "z"}  # fmt: skip
    for column, name in names.items():
        for firm, value in zip(twin.firms, np.asarray(getattr(model.firms, column)).tolist(), strict=True):
            setattr(firm, name, value)
    cells = Cells(twin)
    pools = (cells.own, cells.related, cells.mass, cells.rivals, cells.labour, cells.suppliers, cells.founders)
    for k, values in enumerate(pools):
        assert model.start_pool[:, k] == pytest.approx(np.array(values), abs=1e-6), k
