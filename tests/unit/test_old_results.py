"""Results of earlier versions open: a stored folder of each layout."""

from pathlib import Path

import pytest

from sim.compare import compare
from sim.experiment import Results
from sim.experiment.resume import digest, study_of
from sim.experiment.store import SCHEMA

DATA = Path(__file__).parents[1] / "data"
FOLDERS = sorted(DATA.glob("results-*"))


def test_there_is_a_folder_of_each_layout():
    assert [int(folder.name.split("-")[1]) for folder in FOLDERS] == list(range(1, SCHEMA + 1))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_it_opens_compares_and_can_be_taken_up(folder):
    results = Results.open(folder)
    assert results.runs["finished"].all()
    table = compare(results)
    jobs = table[(table["indicator"] == "jobs") & (table["measure"] == "difference") & (table["zone"] == "all")]
    jobs = jobs[(jobs["family"] == "all") & (jobs["year"] == 2)]
    assert jobs["mean"].tolist() == pytest.approx([2.563824178799223])
    assert len(digest(results)) == 64
    assert results.failures == {}
    assert {s.name for s in study_of(folder).scenarios} == {"baseline", "short"}
    assert len(results.decisions) > 0
