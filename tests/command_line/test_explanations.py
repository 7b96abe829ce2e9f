"""``sim why``, ``sim gains`` and ``sim hindcast`` as a planner meets them."""

import json

import pytest
from typer.testing import CliRunner

from sim.cli.main import cli


@pytest.fixture
def study(sim, policy):
    sim("run", policy, "--seeds", 2, "--jobs", 1, "--out", "out", "--quiet")
    return "out"


def test_why_gives_the_keys_of_the_issue_and_shares_that_add_up(sim, study, monkeypatch):
    """In this process, with three mechanisms only: every set needs a reference path of its own."""
    monkeypatch.chdir(sim.folder)
    monkeypatch.setattr("sim.experiment.attribution.mechanisms", lambda scenarios: ("M1", "M4"))

    def why(*words):
        done = CliRunner().invoke(cli, ["why", study, "--year", "3", "--permutations", "2", "--seeds", "1", *words])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    assert why("--dry-run", "--json") | {"seconds": 0} == {"sets": 4, "done": 0, "runs": 8, "seconds": 0}
    rows = why("--jobs", "1", "--json")
    assert {"scenario", "indicator", "mechanism", "shapley", "se", "switch_off"} <= set(rows[0])
    assert [row["mechanism"] for row in rows] == ["M1", "M4", "direct"]
    assert why("--dry-run", "--json")["runs"] == 0, "finished sets are kept"
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in (sim.folder / study / "why").glob("*.json")]
    wholes = [each["short"]["jobs"][2][0] for each in kept]
    assert min(abs(sum(row["shapley"] for row in rows) - whole) for whole in wholes) < 1e-9


def test_gains_needs_a_year_of_the_study_and_a_probability(sim, study):
    [error] = sim.json("gains", study, "--year", 12, "--json", code=2)["errors"]
    assert (error["key"], error["allowed"]) == ("--year", "1 to 3")
    assert "--year" in sim("why", study, "--year", 4, code=2).stderr
    sim("gains", study, "--year", 3, "--interval", 2, code=2)
    assert sim.json("gains", study, "--year", 3, "--seeds", 2, "--dry-run", "--json") == {"runs": 4}
    shown = sim("gains", study, "--year", 3, "--seeds", 2, "--jobs", 2, "--language", "en").stdout
    assert "Leakage" in shown
    assert "nan" not in shown


def test_why_names_the_nearest_policy_and_indicator(sim, study):
    assert "did you mean 'jobs'" in sim("why", study, "--indicator", "job", code=2).stderr
    assert "short" in sim("why", study, "--policy", "shor", code=2).stderr
    assert "manifest.json" in sim("why", "nothing", code=2).stderr


def test_hindcast_prints_losses_against_both_benchmarks(sim):
    rows = sim.json("hindcast", "--region", "nedre-glomma", "--seeds", 2, "--json")
    assert {row["quantity"] for row in rows} == {"jobs", "employed_residents", "working_age"}
    assert {"model", "no_change", "national"} <= set(rows[0]["errors"])
    assert "grenland" in sim("hindcast", "--region", "grenlan", code=2).stderr
