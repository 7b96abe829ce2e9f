"""``sim evaluate``: cost, rows as JSON, errors with their place."""

import json
import sys

import pytest

from sim.cli.main import main
from sim.evidence import evaluation as evaluation_module

KEYS = {"id", "row", "label", "unit", "published", "low", "high", "median", "share_in_sign", "pass", "reason", "n_runs",
        "estimate_mean", "estimate_se_between_runs", "true_effect", "bias", "power", "n_treated", "n_control",
        "source"}  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    """Return ``sim`` in this process with draws that cost nothing: exit code and standard output."""
    found = {"effect": 0.05, "se": 0.02, "true": 0.04, "n_treated": 30, "n_control": 20, "reason": None,
             "per": float("nan"), "per_se": float("nan"), "per_true": float("nan")}  # fmt: skip
    names = ("labour_productivity", "tfp", "other_programmes", "small", "large")
    monkeypatch.setattr(evaluation_module, "run_draw", lambda folder, number: dict.fromkeys(names, found))
    monkeypatch.setattr(evaluation_module, "reference_path", lambda *_: None)
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["sim", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, capsys.readouterr().out

    return call


def test_cost_comes_first_and_shrinks_with_what_is_made(here):
    code, shown = here("evaluate", "V5", "--runs", "3", "--dry-run", "--json")
    assert code == 0
    before = json.loads(shown)
    assert (before["draws"], before["missing"]) == (3, 3)
    assert before["seconds"] > 0
    assert here("evaluate", "V5", "--runs", "2", "--jobs", "1", "--json")[0] == 0
    assert json.loads(here("evaluate", "V5", "--runs", "3", "--dry-run", "--json")[1])["missing"] == 1


def test_rows_as_json_and_as_a_table(here):
    code, shown = here("evaluate", "V5", "--runs", "2", "--jobs", "1", "--json", "--language", "en")
    assert code == 0
    rows = {row["row"]: row for row in json.loads(shown)}
    assert rows["tfp"].keys() >= KEYS
    assert rows["tfp"]["pass"] is True
    assert rows["tfp"]["median"] == pytest.approx(5.127, abs=1e-3)
    assert rows["tfp"]["n_runs"] == 2
    assert rows["small-and-large"]["pass"] is False
    assert "effect" in rows["small-and-large"]["reason"]
    code, shown = here("evaluate", "V5", "--runs", "2", "--jobs", "1", "--quiet", "--language", "en")
    assert code == 0
    assert "3 of 4 rows pass" in shown


def test_errors_are_json_with_their_place(here, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "row.yaml").write_text("evaluation: mine\ntitel: x\n", encoding="utf-8")
    code, shown = here("evaluate", "mine", "--json")
    assert code == 2
    wrong = {error["key"]: error for error in json.loads(shown)["errors"]}
    assert (wrong["titel"]["line"], wrong["titel"]["nearest"]) == (2, "title")
    assert "rows" in wrong
    code, shown = here("evaluate", "V6", "--json")
    assert code == 2
    assert "V5" in json.loads(shown)["errors"][0]["allowed"]
