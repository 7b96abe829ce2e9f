"""The posterior: joint draws of what is identified, the prior for the rest, refused when it rests on other code."""

import hashlib
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.main import cli
from sim.experiment import StoreError, baseline, make_study
from sim.experiment.draws import drawn_values, usual_source
from sim.experiment.posterior import PosteriorError, posterior, posterior_available
from sim.experiment.reference import code_identity
from sim.experiment.resume import study_of

ROWS = np.array([[0.30, 0.021], [0.31, 0.022], [0.32, 0.023], [0.33, 0.024], [0.34, 0.025]])


def write(folder, rows=ROWS, **changes):
    """Write a made-up posterior of two parameters."""
    folder.mkdir(exist_ok=True)
    text = "growth_sd,exit_rate\n" + "".join(f"{a!r},{b!r}\n" for a, b in rows.tolist())
    (folder / "draws.csv").write_text(text)
    summary = {"code": code_identity(), "draws_sha256": hashlib.sha256(text.encode()).hexdigest()} | changes
    (folder / "summary.json").write_text(json.dumps(summary))


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    folder = tmp_path / "posterior"
    monkeypatch.setenv("KLYNGELAB_POSTERIOR", str(folder))
    write(folder)
    return folder


def test_a_joint_draw_stays_together_and_the_rest_comes_from_the_prior(shipped):
    pairs = []
    for draw in range(1, 6):
        found = drawn_values(("growth_sd", "exit_rate", "broker"), draw, source="posterior")
        pairs.append([found["growth_sd"], found["exit_rate"]])
        assert found["broker"] == drawn_values(("broker",), draw)["broker"]
    assert sorted(pairs) == ROWS.tolist(), "five draws are the five rows, each once and whole"
    assert drawn_values(("growth_sd",), 0, source="posterior") == {}
    assert drawn_values(("growth_sd",), 1, source="posterior") != drawn_values(("growth_sd",), 1)
    assert drawn_values(("growth_sd",), 6, source="posterior") == drawn_values(("growth_sd",), 1, source="posterior")


def test_other_code_is_refused_and_says_how_to_go_on(shipped):
    assert posterior_available()
    assert usual_source() == "posterior"
    write(shipped, code="0" * 64)
    assert not posterior_available()
    assert usual_source() == "prior"
    with pytest.raises(PosteriorError, match="sim calibrate"):
        drawn_values(("growth_sd",), 1, source="posterior")
    with pytest.raises(PosteriorError, match="refused"):
        make_study([baseline(1)], ["thin-town"], 1, draws=1, drawn=("growth_sd",), source="posterior")
    assert make_study([baseline(1)], ["thin-town"], 1, draws=1, drawn=("growth_sd",)).source == "prior"


def test_a_changed_missing_or_broken_posterior_is_refused(shipped):
    (shipped / "draws.csv").write_text("growth_sd,exit_rate\n0.3,0.02\n")
    with pytest.raises(PosteriorError, match="is not the file"):
        posterior()
    (shipped / "draws.csv").write_text("growth_sd,exit_rate\n0.3,nothing\n")
    with pytest.raises(PosteriorError, match="cannot be read"):
        posterior()
    (shipped / "draws.csv").unlink()
    with pytest.raises(PosteriorError, match="there is no posterior"):
        posterior()


def test_a_folder_with_draws_of_another_posterior_is_not_taken_up(shipped, tmp_path):
    study = make_study([baseline(1)], ["thin-town"], 1, draws=2, drawn=("headquarters",), source="posterior")
    study.run(out=tmp_path / "out", jobs=1)
    assert study_of(tmp_path / "out") == study
    write(shipped, rows=ROWS + 0.001)
    with pytest.raises(StoreError, match="another posterior"):
        study_of(tmp_path / "out")


def test_the_command_line_refuses_and_offers_what_there_is(shipped):
    write(shipped, code="0" * 64)
    ask = ["run", "baseline", "-r", "thin-town", "--draws", "2", "--dry-run", "--source"]
    refused = CliRunner().invoke(cli, [*ask, "posterior"])
    assert refused.exit_code == 2
    assert "sim calibrate" in refused.output
    near = CliRunner().invoke(cli, [*ask, "posterier"])
    assert near.exit_code == 2
    assert "did you mean 'posterior'" in near.output
    assert CliRunner().invoke(cli, [*ask, "prior", "--json"]).exit_code == 0


def test_a_study_file_names_its_source(shipped, tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text("study: s\nscenarios: [baseline]\nregions: [thin-town]\nseeds: 1\ndraws: 2\nsource: posterior\n")
    assert CliRunner().invoke(cli, ["run", str(file), "--dry-run"]).exit_code == 0
    write(shipped, code="0" * 64)
    assert CliRunner().invoke(cli, ["run", str(file), "--dry-run"]).exit_code == 2
    file.write_text(file.read_text().replace("source: posterior", "source: guess"))
    wrong = CliRunner().invoke(cli, ["run", str(file), "--dry-run"])
    assert wrong.exit_code == 2
    assert "source" in wrong.output


def test_new_text_with_old_results_is_noted_and_new_results_are_not(shipped, tmp_path, monkeypatch):
    from sim.evidence.calibration import references

    monkeypatch.setattr("sim.experiment.identity.results_identity", lambda: "these results")
    monkeypatch.setattr(references, "results_identity", lambda: "these results")
    monkeypatch.setattr(references, "evidence_folder", lambda name: tmp_path / name)
    monkeypatch.setattr(references, "region_names", lambda: ())
    write(shipped, code="0" * 64, results="these results")
    assert posterior_available(), "the text of the code changed, its results did not"
    references.recheck()
    assert json.loads((shipped / "summary.json").read_text())["code"] == code_identity()
    write(shipped, code="0" * 64, results="other results")
    with pytest.raises(PosteriorError, match="refused"):
        references.recheck()
