"""Errors of usage as JSON, faults of the program's own, files that cannot be written, unequal budgets."""

import json
import sys

import pytest

from sim.cli.main import main
from sim.experiment import executor
from sim.experiment import store as store_module

ERROR = {"file", "line", "column", "key", "found", "allowed", "nearest", "message"}


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    """Return ``sim`` within this process: exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["sim", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return left.value.code or 0, shown.out, shown.err

    return call


@pytest.mark.parametrize(
    ("words", "key", "near"),
    [
        (("runn", "--json"), "", "run"),
        (("run", "networks", "--sedes", "3", "--json"), "--sedes", "--seeds"),
        (("run", "networks", "--seeds", "0", "--json"), "--seeds", None),
        (("run", "networks", "--seeds", "many", "--json"), "--seeds", None),
        (("compare", "--json"), "out", None),
    ],
)
def test_errors_of_usage_are_json_too(here, words, key, near):
    code, out, _ = here(*words)
    assert code == 2
    (error,) = json.loads(out)["errors"]
    assert set(error) == ERROR
    assert error["key"] == key
    assert error["nearest"] == near
    assert error["message"]


@pytest.fixture
def study(here, policy):
    """Return the command line beside a finished study in out/."""
    assert here("run", policy, "--seeds", 2, "--jobs", 1, "--out", "out", "--quiet")[0] == 0
    return here


def test_a_wrong_baseline_or_indicator_names_the_nearest(study):
    for words, near in ((("--baseline", "baselin"), "baseline"), (("--indicator", "jobbs"), "jobs")):
        code, out, _ = study("compare", "out", *words, "--json")
        assert (code, json.loads(out)["errors"][0]["nearest"]) == (2, near)


def test_a_table_that_cannot_be_written_is_told(study):
    code, _, err = study("compare", "out", "--csv", "no/such/folder.csv")
    assert code == 2
    assert "no/such" in err
    assert "Traceback" not in err


def test_a_full_disk_ends_with_1(here, policy, monkeypatch):
    def write(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_module.pq, "write_table", write)
    code, out, _ = here("run", policy, "--seeds", 1, "--jobs", 1, "--out", "out", "--json")
    assert code == 1
    assert "No space left" in json.loads(out)["errors"][0]["message"]


def test_a_fault_of_the_program_is_one_line_and_its_traceback_lies_in_the_folder(here, policy, tmp_path, monkeypatch):
    def fault(*_, **__):
        raise KeyError("a fault")

    with monkeypatch.context() as broken:
        broken.setattr("sim.experiment.runner._manifest", fault)
        code, out, err = here("run", policy, "--seeds", 1, "--out", "out", "--json")
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "KeyError" in err
    assert "Traceback" in (tmp_path / "out" / "error.txt").read_text(encoding="utf-8")
    assert here("run", policy, "--seeds", 1, "--jobs", 1, "--out", "out")[0] == 0, "the folder can be used again"


def test_every_failed_run_ends_with_1_and_words(here, policy, monkeypatch):
    def build(*_, **__):
        raise ArithmeticError("on purpose")

    monkeypatch.setattr(executor, "build_model", build)
    code, out, _ = here("run", policy, "--seeds", 1, "--jobs", 1, "--out", "out", "--json")
    assert code == 1
    assert len(json.loads(out)["failures"]) == 2
    code, _, err = here("compare", "out")
    assert code == 2
    assert "no finished run" in err


def test_unequal_budgets_are_told_where_results_show(here, policy, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(policy.read_text(encoding="utf-8").replace("budget: 6", "budget: 3"), encoding="utf-8")
    words = ("run", policy, other, "--seeds", 2, "--jobs", 1)
    assert "--budget" in here(*words, "--out", "a")[2]
    assert "--budget" in " ".join(here("compare", "a")[1].split())
    assert "--budget" not in here(*words, "--budget", 5, "--out", "b")[2]
    assert "--budget" not in here("compare", "b")[1]


def test_studies_of_other_regions_or_budgets_get_other_folders(here):
    plans = [("--region", "grenland"), ("--region", "thin-town"), ("--region", "thin-town", "--budget", "5")]
    found = {json.loads(here("run", "networks", *words, "--dry-run", "--json")[1])["out"] for words in plans}
    assert found == {"results/grenland-networks", "results/thin-town-networks", "results/thin-town-networks-5-mnok"}
