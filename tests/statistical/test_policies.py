"""Statements about policies that need many paired runs. Any answer about who leads is acceptable."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from sim.experiment import baseline, build_model, scenario_reference, vocabulary
from sim.region import load_region
from sim.scenario import read_scenario_text

SEEDS = 100
#: Outcomes already run in this process.
_DONE: dict = {}
TEMPLATE = """
title: {{nb: prøve, en: test}}
description: {{nb: prøve, en: test}}
instruments:
  - {{instrument: cluster_programme, budget: {budget}, level: {level}, {aim}}}
"""


def scenario(budget, level="nce", aim="target: process_industry", **more):
    text = TEMPLATE.format(budget=budget, level=level, aim=aim)
    return read_scenario_text(text, vocabulary()).model_copy(update=more)


def outcome(pair, quarters=44):
    """Return jobs in year 11, MNOK spent and members in year 11 of one run."""
    place, chosen, seed = pair
    region = load_region(place)
    run = build_model(region, chosen, seed, reference=scenario_reference(region, chosen)).run(quarters)
    rows = run.outcomes()
    keep = {
        name: value
        for name, zone, family, year, value in zip(
            rows["indicator"], rows["zone"], rows["family"], rows["year"], rows["value"], strict=True
        )
        if (zone, family, year) == ("all", "all", quarters // 4)
    }
    return keep["jobs"], keep["spent_municipal"], keep["members"], keep["value_added"]


def outcomes(place, chosen, seeds=SEEDS):
    """Return the outcomes of many seeds, f8[seeds, 4]."""
    key = (place, chosen.identity(), seeds)
    if key not in _DONE:
        _DONE[key] = np.array([outcome((place, chosen, seed)) for seed in range(1, seeds + 1)])
    return _DONE[key]


def interval(values, level=0.90):
    """Return mean and bounds of the mean."""
    half = stats.t.ppf(0.5 + level / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean(), values.mean() - half, values.mean() + half


def test_marginal_jobs_per_krone_do_not_rise_with_the_budget():
    """5, 10 and 20 MNOK a year to one and the same environment of firms, above the threshold."""
    plain = outcomes("grenland", baseline())
    target = "industries: [C24-33, C-other, C19-22, C16-17]"
    gains = {}
    for budget in (5, 10, 20):
        run = outcomes("grenland", scenario(budget, "gce", target))
        gains[budget] = (run[:, 0] - plain[:, 0], run[:, 1])
    first = gains[5][0] / gains[5][1]
    second = (gains[10][0] - gains[5][0]) / np.maximum(gains[10][1] - gains[5][1], 1.0)
    rise = second - first
    mean, low, _ = interval(rise)
    assert low <= 0, f"marginal jobs per MNOK rise from 5 to 10 MNOK by {mean:.3f} (from {low:.3f})"
    extra = gains[20][1] - gains[10][1]
    assert (extra < 1.0).all(), "one GCE cluster cannot use more than 10 MNOK a year; the rest stays unspent"


@pytest.mark.parametrize("floor", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("steepness", [1, 2, 4])
def test_thin_town_is_reported_whatever_it_says(floor, steepness, record_property):
    """Jobs per MNOK and per member with interval: reported, not demanded to be small or large."""
    drawn = {"parameters": {"mass_floor": floor, "threshold": float(steepness)}}
    plain = outcomes("thin-town", baseline().model_copy(update=drawn))
    run = outcomes("thin-town", scenario(10, aim="target: strongest_family", **drawn))
    gain = run[:, 0] - plain[:, 0]
    per_krone = interval(gain / run[:, 1])
    per_member = interval(gain / np.maximum(run[:, 2], 1.0))
    record_property("jobs_per_MNOK", "{:.3f} ({:.3f} to {:.3f})".format(*per_krone))
    record_property("jobs_per_member", "{:.3f} ({:.3f} to {:.3f})".format(*per_member))
    for mean, low, high in (per_krone, per_member):
        assert np.isfinite([mean, low, high]).all()
        assert low <= mean <= high
    assert (run[:, 1] > 0).all()


def test_permuted_family_labels_weaken_the_cluster():
    """A cluster of industries that are not related gains less value added than one of related industries."""
    plain = outcomes("grenland", baseline())
    related = outcomes("grenland", scenario(5, aim="industries: [C19-22, C16-17, D-E]"))
    mixed = [
        outcomes("grenland", scenario(5, aim=f"industries: [{codes}]"))
        for codes in ("C19-22, J, A-B", "C16-17, K, C10-11", "D-E, L-M, I")
    ]
    gain = interval(related[:, 3] - plain[:, 3])
    others = interval(np.mean([run[:, 3] - plain[:, 3] for run in mixed], axis=0))
    assert others[0] < gain[0], f"related {gain}, permuted {others}"


def test_regions_are_not_changed_by_being_run():
    before = load_region("thin-town")
    outcome(("thin-town", scenario(5), 1), 8)
    for name, value in vars(before).items():
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable, name
    assert dataclasses.is_dataclass(before)
