"""Reference paths that ship: found for the inputs they were solved for, never for others."""

import numpy as np
import pytest

from sim.experiment import reference, shipped
from sim.experiment.build import region_firms
from sim.experiment.reference import code_identity, path_key, reference_path, stored_reference
from sim.model import make_parameters
from sim.region import load_region

PLACE = load_region("thin-town")
COUNT = len(PLACE.industries.codes)


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that ships one made-up path of the thin town, in an empty cache."""
    monkeypatch.setenv("KLYNGELAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(shipped, "evidence_folder", tmp_path.joinpath)
    monkeypatch.setattr("sim.experiment.identity.results_identity", lambda: "these results")

    def write_one(code=None, results="none"):
        key = path_key(PLACE, make_parameters({"threshold": 3.0}))
        rows = {key: {"drift": [0.125] * COUNT, "entry": [0.02] * COUNT}}
        here = code_identity("region", "model")
        shipped.write_paths(tmp_path / "references", PLACE.name, code or here, results, rows)

    return write_one


def test_a_shipped_path_is_used_without_solving(write, monkeypatch):
    write()
    monkeypatch.setattr(reference, "solve", lambda *_, **__: pytest.fail("solved what ships"))
    parameters = make_parameters({"threshold": 3.0})
    assert stored_reference(PLACE, parameters)
    found = reference_path(PLACE, region_firms(PLACE), parameters)
    assert (found.drift == 0.125).all()
    assert found.identity == reference.reference_identity(PLACE, parameters)


def test_other_parameters_or_other_code_do_not_find_it(write):
    write()
    assert not stored_reference(PLACE, make_parameters({"threshold": 3.1}))
    assert not stored_reference(PLACE, make_parameters({"threshold": 3.0}, {"M1": False}))
    write(code="0" * 64)
    assert not stored_reference(PLACE, make_parameters({"threshold": 3.0}))
    write(code="0" * 64, results="these results")
    assert stored_reference(PLACE, make_parameters({"threshold": 3.0})), "the text changed, the results did not"


def test_numbers_come_back_in_full(write, tmp_path):
    row = {"drift": list(np.random.default_rng(1).normal(size=COUNT)), "entry": [1 / 3] * COUNT}
    shipped.write_paths(tmp_path / "references", "thin-town", "c", "r", {"k": row})
    held = shipped.shipped_paths("thin-town")
    assert held["paths"]["k"] == row
    assert (held["code"], held["results"]) == ("c", "r")
    assert shipped.shipped_paths("nowhere")["paths"] == {}
