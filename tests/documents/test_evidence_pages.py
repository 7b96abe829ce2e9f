"""The figures of docs/where.md and docs/sensitivity.md are those that are kept under evidence/, none typed."""

import csv
import json
from pathlib import Path

import pytest
from pages.where_results import REGION, sensitivity_block, where_block

ROOT = Path(__file__).resolve().parents[2]
MAP = ROOT / "evidence" / "where" / "map.json"
STUDY = ROOT / "evidence" / "sensitivity" / f"{REGION}.json"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("page", "name", "kept", "block"), [
    ("where.md", "where", MAP, where_block), ("sensitivity.md", "sensitivity", STUDY, sensitivity_block),
])  # fmt: skip
def test_a_page_says_what_is_kept(page, name, kept, block):
    told, text = read(kept), (ROOT / "docs" / page).read_text(encoding="utf-8")
    start, end = f"<!-- {name}:start results={told['results']} -->\n", f"<!-- {name}:end -->"
    assert text.count(start) == text.count(end) == 1
    assert text.split(start)[1].split(end)[0] == block(told).strip() + "\n"


def test_the_kept_map_is_as_large_as_asked_and_draws_what_nobody_knows():
    told = read(MAP)
    assert told["study"]["conditions"] >= 200
    assert len(told["study"]["policies"]) == 5
    rows = list(csv.DictReader((MAP.parent / "conditions.csv").open(encoding="utf-8")))
    assert len(rows) == 5 * told["study"]["conditions"]
    for name in ("threshold", "mass_floor", "half_pool", "market_access"):
        assert len({row[name] for row in rows}) >= 0.99 * told["study"]["conditions"]
    granted = {round(float(row["granted"]), 6) for row in rows}
    assert len(granted) == 1, "the same money for every policy"
    assert told["control"]["led"] < 0.05


def test_the_kept_sensitivity_study_covers_every_parameter_that_is_not_fixed():
    from sim.experiment.draws import drawable

    told = read(STUDY)
    assert told["study"]["parameters"] == len(drawable("all"))
    assert len(told["study"]["strongest"]) <= 10
    assert {row["parameter"] for row in told["morris"]} == set(drawable("all"))
    assert len(told["flips"]) == len(told["contrasts"]) * len(told["study"]["strongest"])
