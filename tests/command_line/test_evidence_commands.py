"""``sim where`` and ``sim sensitivity`` on tiny settings: whole answers, taken up again, plain errors."""

import csv
import json

import pytest
from typer.testing import CliRunner

from sim.cli.main import cli
from sim.evidence import kept
from sim.experiment import reference


@pytest.fixture(scope="module", autouse=True)
def quick(tmp_path_factory):
    """Reference paths in one round, in a cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KLYNGELAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        for name, value in (("ROUNDS", 1), ("SEEDS", 1), ("NEAR_ROUNDS", 1), ("NEAR_SEEDS", 1), ("QUARTERS", 8)):
            patch.setattr(reference, name, value)
        yield


def sim(*words, code=0):
    """Run a command and return what it printed."""
    done = CliRunner().invoke(cli, list(map(str, words)), standalone_mode=True)
    assert done.exit_code == code, done.output
    return done.stdout


WHERE = ("where", "--conditions", 12, "--seeds", 2, "--year", 3, "-j", 1, "--scenario", "broad-innovation",
         "--scenario", "cluster-programme", "--quiet")  # fmt: skip


@pytest.fixture(scope="module")
def mapped(quick, tmp_path_factory):
    """A tiny map and its folder."""
    out = tmp_path_factory.mktemp("where")
    told = json.loads(sim(*WHERE, "--out", out, "--json"))
    return out, told


def test_where_gives_maps_with_uncertainty_and_a_control(mapped):
    out, told = mapped
    assert [(m["outcome"], m["basis"]) for m in told["maps"]] == [("jobs", "granted"), ("jobs", "spent")]
    for each in told["maps"]:
        assert len(each["cells"]) == 300
        assert len(each["chosen"]) == 3
        assert set(each["drawn"]) == {"threshold", "mass_floor", "half_pool", "market_access"}
        for cell in each["cells"]:
            assert sum(cell["leads"].values()) == pytest.approx(1.0)
            assert (cell["leader"] is None) == (max(cell["leads"].values()) < 0.8)
    assert 0.0 <= told["control"]["led"] <= 1.0
    assert told["study"]["conditions"] == 12
    assert json.loads((out / "map.json").read_text())["code"] == told["code"]
    rows = list(csv.DictReader((out / "conditions.csv").open()))
    assert len(rows) == 24
    for row in rows:
        assert float(row["granted"]) == pytest.approx(10.0)  # MNOK in years 2 and 3
        assert float(row["spent_municipal"]) <= 10.0 + 1e-9
    assert len({row["half_pool"] for row in rows}) == 12


def test_where_takes_up_what_is_on_file(mapped):
    out, told = mapped
    before = {path: path.stat().st_mtime_ns for path in (out / "points").iterdir()}
    assert len(before) == 12
    victim = sorted(before)[3]
    content = victim.read_text()
    victim.unlink()
    again = json.loads(sim(*WHERE, "--out", out, "--json"))
    assert again["maps"] == told["maps"]
    after = {path: path.stat().st_mtime_ns for path in (out / "points").iterdir()}
    assert {path for path in before if after[path] != before[path]} == {victim}
    new, old = json.loads(victim.read_text()), json.loads(content)
    assert new["effects"] == old["effects"]
    plan = json.loads(sim(*WHERE, "--out", out, "--dry-run", "--json"))
    assert plan["done"] == 12
    assert plan["quarters"] == 0


@pytest.mark.parametrize("language", ["nb", "en"])
def test_where_shows_a_table_sentences_chart_and_its_twin(mapped, tmp_path, language):
    out, _ = mapped
    shown = sim(*WHERE, "--out", out, "--language", language, "--chart", tmp_path / "map.svg",
                "--table", tmp_path / "map.csv")  # fmt: skip
    assert {"nb": "leder", "en": "leads"}[language] in shown
    assert (tmp_path / "map.svg").read_text().startswith("<svg")
    assert len((tmp_path / "map.csv").read_text().splitlines()) == 301


def test_where_can_show_the_map_that_is_kept(mapped, monkeypatch):
    out, told = mapped
    monkeypatch.setattr(kept, "evidence_folder", out.joinpath)
    monkeypatch.setattr("sim.cli.where_command.KEPT", ("map.json",))
    assert json.loads(sim("where", "--kept", "--json"))["fresh"] is True
    old = out / "old.json"
    old.write_text(json.dumps(told | {"code": "0" * 64, "results": "0" * 16}))
    monkeypatch.setattr("sim.cli.where_command.KEPT", ("old.json",))
    assert "sim where" in sim("where", "--kept")
    assert json.loads(sim("where", "--kept", "--json"))["fresh"] is False
    monkeypatch.setattr("sim.cli.where_command.KEPT", ("none.json",))
    sim("where", "--kept", code=2)


def test_where_refuses_what_makes_no_sense(tmp_path):
    assert "job_years" in CliRunner().invoke(cli, ["where", "--outcome", "job_year"]).stderr
    sim("where", "--outcome", "nonsense", code=2)
    sim("where", "--chart", tmp_path / "map.gif", "--dry-run", code=2)
    sim("where", "--scenario", "baseline", "--out", tmp_path / "w", code=2)


SENSITIVITY = ("sensitivity", "-r", "thin-town", "--year", 3, "--seeds", 2, "--trajectories", 2, "--design", 20,
               "--most", 2, "-j", 1, "--parameter", "grant_productivity", "--parameter", "shrinkage", "--parameter",
               "tax_kept", "--scenario", "broad-innovation", "--scenario", "residential-attractiveness",
               "--quiet")  # fmt: skip


def test_sensitivity_ranks_and_tells_flips_and_is_taken_up(tmp_path):
    told = json.loads(sim(*SENSITIVITY, "--out", tmp_path, "--json"))
    assert len(told["morris"]) == 3 * 3
    assert {row["parameter"] for row in told["sobol"]} == set(told["study"]["strongest"])
    assert "tax_kept" not in told["study"]["strongest"]  # it moves the municipal account only
    dead = [row for row in told["morris"] if row["parameter"] == "tax_kept"]
    assert all(row["mu_star"] == 0.0 for row in dead)
    assert {row["verdict"] for row in told["flips"]} <= {"flips", "does_not_flip", "unsure"}
    assert all(row["total_low"] <= row["total_high"] for row in told["sobol"])
    assert [row["contrast"] for row in told["emulators"]] == [row["contrast"] for row in told["contrasts"]]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "points").iterdir()}
    assert len(before) == 2 * 4 + 20
    again = sim(*SENSITIVITY, "--out", tmp_path, "--language", "en")
    assert "does not flip" in again or "flips" in again
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "points").iterdir()} == before
    part = json.loads(sim(*SENSITIVITY, "--design", 24, "--out", tmp_path / "more", "--json"))
    assert (part["study"]["design"], part["study"]["planned"]) == (24, 24)
    sobol = sorted((tmp_path / "more" / "points").iterdir(), key=lambda path: path.stat().st_mtime_ns)[8:]
    sobol[0].unlink()
    part = json.loads(sim(*SENSITIVITY, "--design", 24, "--out", tmp_path / "more", "--json", "--finished"))
    assert (part["study"]["design"], part["study"]["planned"]) == (23, 24)
    for path in sobol[1:6]:
        path.unlink()
    sim(*SENSITIVITY, "--design", 24, "--out", tmp_path / "more", "--finished", code=2)


def test_sensitivity_tells_its_cost_and_refuses_unknown_names(tmp_path):
    plan = json.loads(sim(*SENSITIVITY, "--out", tmp_path, "--dry-run", "--json"))
    assert plan["morris"] == 8
    assert plan["points"] == 28
    assert plan["seconds"] > 0
    done = CliRunner().invoke(cli, ["sensitivity", "--parameter", "spilover"])
    assert done.exit_code == 2
    assert "spillover" in done.stderr
    sim("sensitivity", "-r", "no-such-place", "--dry-run", code=2)
