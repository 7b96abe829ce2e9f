"""The map finds known leaders, finds none where there are none, and its sentences follow from its numbers."""

import numpy as np
import pytest

from sim.compare.where_chart import letters, map_chart, map_table
from sim.compare.where_words import where_sentences
from sim.evidence import where_map
from sim.evidence.conditions import axes, design
from sim.evidence.where import POLICIES, Effects
from sim.evidence.where_map import LEADS, NOTHING, as_mapping, largest, make_map, permuted

NAMES = [axis.name for axis in axes()]
TITLES = {name: name.title() for name in (*POLICIES, NOTHING)}


def made(effect, noise=0.1, count=90, seed=3):
    """Return effects of a known function of the axes (shares by name) with noise."""
    rng = np.random.default_rng(seed)
    shares = design(count, seed)
    at = {name: shares[:, k] for k, name in enumerate(NAMES)}
    true = np.column_stack([np.broadcast_to(column, count) for column in effect(at)])
    return Effects(POLICIES, shares, true + noise * rng.standard_normal(true.shape), np.full(true.shape, noise))


@pytest.fixture(scope="module", autouse=True)
def fewer_points():
    """The same map with fewer points behind each cell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where_map, "BEHIND", 32)
        yield


@pytest.fixture(scope="module")
def known(fewer_points):
    """The first leads where mass is high, the third where it is low, and the fifth harms where land is scarce."""
    return make_map(made(lambda x: (4.0 * x["core_jobs"], 0.3, 2.0, 1.0, x["land"] - 0.5)))


def test_the_map_finds_who_leads_where(known):
    for cell in known.cells:
        share = axes()[0].share(cell["place"]["core_jobs"])
        if abs(share - 0.5) > 0.11:
            assert cell["leader"] == (POLICIES[0] if share > 0.5 else POLICIES[2])
    assert known.chosen[0] == "core_jobs"
    assert known.swing["core_jobs"] > 0.9
    assert max(known.swing[name] for name in NAMES[1:]) < 0.2
    low, high = known.leads[POLICIES[0]].bounds["core_jobs"]
    assert high is None
    assert 0.4 <= axes()[0].share(low) <= 0.7
    assert known.leads[POLICIES[1]] is None
    assert known.overall[POLICIES[0]]["map_led"] == pytest.approx(0.5, abs=0.12)


def test_the_map_finds_who_works_where(known):
    assert known.works[POLICIES[1]].share == 1.0
    works = [row for row in known.along if row["axis"] == "land" and row["policy"] == POLICIES[4]]
    assert works[0]["works"] < 0.2
    assert works[-1]["works"] > 0.8
    assert known.errors[POLICIES[0]]["r2"] > 0.9
    assert known.check["led"] == pytest.approx(known.check["said"], abs=0.15)


def test_a_difference_within_the_noise_has_no_leader():
    found = make_map(made(lambda x: (1.0, 1.02, 1.0, 0.98, 1.0), noise=0.5), leave_out=False)
    assert found.no_leader == 1.0
    assert all(box is None for box in found.leads.values())


def test_doing_nothing_leads_where_every_policy_harms():
    found = make_map(made(lambda x: [-1.0] * 5), leave_out=False)
    assert found.overall[NOTHING]["map_led"] == 1.0
    assert all(box is None for box in found.works.values())


def test_with_labels_permuted_nobody_leads():
    true = made(lambda x: (4.0 * x["core_jobs"], 0.3, 2.0, 1.0, 0.5))
    assert largest(make_map(true, leave_out=False))["led"] > 0.5
    for seed in (1, 2, 3):
        shuffled = permuted(true, seed)
        assert sorted(shuffled.effect[0]) == sorted(true.effect[0])
        found = largest(make_map(shuffled, leave_out=False))
        assert found["led"] == 0.0
        assert found["chance"] < 0.6


def test_what_nobody_knows_takes_the_lead_away():
    """A policy that leads only if an unknown is high does not lead anywhere, however sure the surface is."""
    found = make_map(made(lambda x: (4.0 * x["mass_floor"], 2.0, 0.0, 0.0, 0.0)), leave_out=False)
    assert found.no_leader > 0.95
    assert found.swing["mass_floor"] > 0.8
    assert "mass_floor" not in found.chosen
    assert 0.35 < found.overall[POLICIES[0]]["leads"] < 0.65


def test_no_policy_is_told_apart_by_its_place():
    first = make_map(made(lambda x: (4.0 * x["core_jobs"], 2.0, 0.0, 0.0, 0.0)), leave_out=False)
    turned = make_map(made(lambda x: (0.0, 0.0, 2.0, 0.0, 4.0 * x["core_jobs"])), leave_out=False)
    assert first.overall[POLICIES[0]]["leads"] == pytest.approx(turned.overall[POLICIES[4]]["leads"], abs=0.05)
    assert first.overall[POLICIES[1]]["leads"] == pytest.approx(turned.overall[POLICIES[2]]["leads"], abs=0.05)


def test_a_missing_effect_is_left_out_of_its_surface():
    true = made(lambda x: (4.0 * x["core_jobs"], 0.3, 2.0, 1.0, 0.5))
    true.effect[:30, 1] = np.nan
    found = make_map(true)
    assert found.overall[POLICIES[1]]["conditions"] == 60
    assert np.isfinite(found.overall[POLICIES[1]]["effect"])


def test_the_largest_box_is_found():
    holds = np.zeros((10, 10, 3), bool)
    holds[6:, :4, :] = True
    holds[0, 9, 0] = True
    box = where_map._box(holds, ("core_jobs", "related", "land"))
    assert box.share == pytest.approx(4 * 4 * 3 / 300)
    assert box.bounds["core_jobs"] == (pytest.approx(100.0 * 25.0**0.6), None)
    assert box.bounds["related"] == (None, 0.4)
    assert box.bounds["land"] == (None, None)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_sentences_follow_the_numbers(known, language):
    told = as_mapping(known)
    lines = where_sentences(told, TITLES, language)
    share = {"nb": "sannsynlighet minst 80 %", "en": "chance at least 80 %"}[language]
    leads = [line for line in lines if share in line and line.startswith(TITLES[POLICIES[0]])]
    assert any({"nb": " over ", "en": " above "}[language] in line for line in leads)
    nowhere = {"nb": "leder ingen steder", "en": "leads nowhere"}[language]
    assert [name for name in (*POLICIES, NOTHING) if any(nowhere in x and x.startswith(TITLES[name]) for x in lines)] \
        == [name for name in (*POLICIES, NOTHING) if known.leads[name] is None]  # fmt: skip
    assert any("–" in line or "0" in line for line in lines)


def test_chart_and_table_tell_the_same_and_not_by_colour_alone(known, tmp_path):
    told = as_mapping(known)
    table = map_table(told, TITLES, "nb")
    assert len(table) == len(told["cells"]) == 300
    assert (table["Leder"] == "ingen").sum() == sum(cell["leader"] is None for cell in told["cells"])
    chart = map_chart(told, TITLES, "en").to_dict()
    rows = next(iter(chart["datasets"].values()))
    sign = letters(told)
    assert len(set(sign.values())) == len(sign)
    for row, cell in zip(rows, told["cells"], strict=True):
        letter = sign[cell["favourite"]]
        assert row["sign"] == (letter if max(cell["leads"].values()) >= LEADS else letter.lower())
