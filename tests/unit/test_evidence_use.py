"""No row of the published evidence is forgotten, and what is said to be used is used."""

import csv
import re
from pathlib import Path

from sim.evidence.facts import bands
from sim.evidence.facts.evidence_use import evidence_use
from sim.instruments import catalogue
from sim.model import parameter_table

ROOT = Path(__file__).resolve().parents[2]


def evidence():
    with (ROOT / "docs" / "evidence.csv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_every_row_of_evidence_is_used_or_says_why_not():
    assert set(evidence_use()) == set(evidence())
    assert all(len(use.why) > 3 for use in evidence_use().values())


def test_inputs_are_sources_of_parameters_or_cards():
    sources = [row.source for row in parameter_table().values()]
    sources += [value.source for kind in catalogue().values() for value in kind.card.values()]
    named = set(re.findall(r"\b[ABCFIL]\d\d\b", " ".join(sources)))
    assert {row for row, use in evidence_use().items() if use.use == "input"} <= named


def test_figures_from_memory_are_marked():
    flags = {row: "recalled" in entry["flag"] for row, entry in evidence().items()}
    for name, band in bands().items():
        rows = [row for row in re.findall(r"\b[ABCFIL]\d\d\b", band["source"]) if row in flags]
        if rows and all(flags[row] for row in rows):
            assert band.get("recalled"), name
