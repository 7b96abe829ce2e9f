"""The calibration on known parameters: a stand-in whose answers are known, and the posterior that ships."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.main import cli
from sim.evidence.calibration import matching
from sim.evidence.calibration.emulator import CalibrationError, fit
from sim.evidence.calibration.inference import bank
from sim.evidence.calibration.points import Point, compute, on_file
from sim.evidence.calibration.prior import DUMMIES, natural, space
from sim.evidence.calibration.report import contraction, drawn, identified, passes, summary, write
from sim.evidence.calibration.targets import Target, targets
from sim.evidence.calibration.work import Plan, Table, conclude
from sim.experiment.draws import drawn_values
from sim.experiment.reference import code_identity
from sim.model import make_parameters, parameter_table

pytest.importorskip("sklearn")
pytest.importorskip("emcee")
WHERE = space()
COUNT = len(WHERE.learned)
#: Statistic -> the free parameters that move it in the stand-in.
MOVES = {"a": ("growth_sd",), "b": ("exit_rate", "youth_growth"), "c": ("youth_growth",), "d": ("innovation_rate",),
         "e": ("spillover", "half_pool"), "f": ("attempt_rate",)}  # fmt: skip
KNOWN = ("growth_sd", "exit_rate", "youth_growth", "innovation_rate", "attempt_rate")


def stand_in(scores, seed):
    """Return six statistics: curved in their parameters, moved by what is only drawn, with luck."""
    luck = np.random.default_rng(seed)
    column = {name: k for k, name in enumerate(WHERE.names)}
    weights = np.random.default_rng(5).normal(0.0, 0.05, (len(MOVES), len(WHERE.other)))
    out = []
    for k, names in enumerate(MOVES.values()):
        inside = sum(scores[:, column[name]] for name in names)
        out.append(inside + 0.15 * inside**2 + scores[:, COUNT:] @ weights[k] + luck.normal(0.0, 0.2, len(scores)))
    return np.array(out).T


def table(points, seed):
    scores = WHERE.design(points, seed)
    return Table(scores, stand_in(scores, seed), 0, 0.0)


@pytest.fixture(autouse=True)
def _results(monkeypatch):
    """The identity of results takes runs of its own; it has tests of its own."""
    made = {"code": code_identity(), "results": "here"}
    monkeypatch.setattr("sim.evidence.calibration.report.made_with", lambda: made)


@pytest.fixture(scope="module")
def found():
    wanted = tuple(Target(name, name, "-", 0.7, 0.25, "made up") for name in MOVES)
    plan = Plan(waves=(150,), truths=50, steps=(450, 120), bank=3000, draws=200)
    design, truths = table(150, 1), table(50, 2)
    emulator = fit(design.scores[:, :COUNT], design.scores[:, COUNT:], design.statistics, list(MOVES))
    return conclude(plan, WHERE, wanted, design, truths, emulator, (1.0,))


def test_intervals_cover_known_parameters_as_often_as_they_say(found):
    assert found.known.covered.shape == (50, COUNT)
    assert 0.80 <= found.known.coverage(WHERE.free) <= 0.97
    assert 0.80 <= found.known.coverage(KNOWN) <= 0.97


def test_intervals_that_are_too_narrow_are_found_out(found):
    wanted = found.targets
    boast = tuple(replace(t, sd=0.02) for t in wanted)
    sure = replace(found.emulator, surfaces=tuple(
        replace(s, left_out=s.left_out * 0.1, other=s.other * 0.0) for s in found.emulator.surfaces))  # fmt: skip
    plan = replace(found.plan, truths=12, steps=(90, 120))
    few = Table(found.truths.scores[:12], found.truths.statistics[:12], 0, 0.0)
    narrow = conclude(plan, WHERE, boast, found.design, few, sure, (1.0,))
    assert narrow.known.coverage(KNOWN) < 0.80
    assert not passes(summary(narrow))


def test_what_moves_the_targets_is_identified_and_what_does_not_is_left_alone(found):
    sure, gained = identified(found), contraction(found)
    assert set(KNOWN) <= set(sure)
    assert not {"market_access", "grant_productivity", "migration_jobs"} & set(sure)
    assert gained["growth_sd"] > 0.4 > abs(gained["market_access"]) + 0.2
    assert found.known.chance < 0.3
    recovered = dict(zip(WHERE.learned, found.known.recovered, strict=True))
    assert recovered["growth_sd"] > 0.7
    assert abs(recovered[DUMMIES[0]]) < 0.5


def test_what_ships_holds_only_what_is_identified_and_is_used_as_it_is(found, tmp_path, monkeypatch):
    told = write(found, tmp_path)
    monkeypatch.setenv("KLYNGELAB_POSTERIOR", str(tmp_path))
    names, rows = drawn(found)
    assert rows.shape == (200, len(identified(found)))
    values = [drawn_values(("growth_sd", "market_access"), k, source="posterior") for k in range(1, 201)]
    column = sorted(v["growth_sd"] for v in values)
    assert column == pytest.approx(sorted(rows[:, names.index("growth_sd")]), rel=1e-4)
    assert values[3]["market_access"] == drawn_values(("market_access",), 4)["market_access"]
    assert told["parameters"]["growth_sd"]["identified"]
    assert not told["parameters"]["market_access"]["identified"]
    assert json.loads((tmp_path / "summary.json").read_text())["coverage"]["truths"] == 50
    again = write(found, tmp_path / "again")
    assert again["draws_sha256"] == told["draws_sha256"]


def test_history_matching_rules_out_what_is_far_and_keeps_what_is_near(found):
    wanted, tolerance = np.full(len(MOVES), 0.7), np.full(len(MOVES), 0.25)
    near = np.zeros((1, COUNT))
    far = near.copy()
    far[0, WHERE.learned.index("growth_sd")] = 3.0
    distance = matching.implausibility(found.emulator, np.vstack([near, far]), wanted, tolerance)
    assert distance[0] < matching.CUTOFF < distance[1]
    points, share = matching.next_points(found.emulator, wanted, tolerance, bank(COUNT, 2000, 1), 10)
    assert 0.0 < share < 1.0
    assert (matching.implausibility(found.emulator, points, wanted, tolerance) < matching.CUTOFF).all()
    gaps = ((points[:, None] - points[None]) ** 2).sum(axis=2)[np.triu_indices(10, 1)]
    assert gaps.min() > 1.0


def test_emulators_predict_points_they_were_not_taught(found):
    fresh = table(200, 9)
    error = fresh.statistics - found.emulator.predict(fresh.scores[:, :COUNT])
    share = 1.0 - error.var(axis=0) / fresh.statistics.var(axis=0)
    assert (share > 0.6).all(), share
    assert np.abs(share - found.emulator.explained()).max() < 0.25, "leaving out says what new points say"
    ratio = error.std(axis=0) / np.sqrt(np.diag(found.emulator.noise()))
    assert ((ratio > 0.7) & (ratio < 1.4)).all(), ratio
    with pytest.raises(CalibrationError, match="at least 30"):
        fit(fresh.scores[:10, :COUNT], fresh.scores[:10, COUNT:], fresh.statistics[:10], list(MOVES))


def test_scores_are_the_prior_of_the_draws():
    names = ("growth_sd", "broker")
    rows = natural(names, np.random.default_rng(1).standard_normal((4000, 2)))
    drawn_ones = np.array([[drawn_values(names, k)[n] for n in names] for k in range(1, 400)])
    assert rows.mean(axis=0) == pytest.approx(drawn_ones.mean(axis=0), rel=0.05)
    assert rows.std(axis=0) == pytest.approx(drawn_ones.std(axis=0), rel=0.12)
    middle = WHERE.values(np.zeros(len(WHERE.names)))
    make_parameters(middle)
    assert not set(DUMMIES) & set(middle)
    assert set(middle) == {n for n, p in parameter_table().items() if p.use != "fixed"}


def test_targets_are_marked_rows_that_may_be_tuned_to():
    names = {t.name for t in targets("grenland")}
    assert {"exit_rate", "innovators", "member_jobs"} <= names
    for target in targets("grenland"):
        words = target.source.replace(",", " ").split()
        assert not {w for w in words if w[0] == "V" and w[1:].isdigit()} | ({"I10", "C19"} & set(words))
        allowed = [w for w in words if w[:3].rstrip("0123456789") in ("F", "A", "L", "B", "I", "C")]
        assert allowed or "Innovation Norway" in target.source, target.source


def test_points_are_kept_one_by_one_and_a_failure_is_on_file(tmp_path, monkeypatch):
    from sim.evidence.calibration import statistics

    monkeypatch.setattr(statistics, "point_statistics", lambda region, values, seed: {"a": 1.0 / (seed - 2)})
    points = [Point("thin-town", (("spillover", 0.4),), seed) for seed in (1, 2, 3)]
    seen = []
    assert compute(points, tmp_path, 1, float("inf"), "wave", lambda *step: seen.append(step))
    assert on_file(tmp_path, points[0])["statistics"] == {"a": -1.0}
    assert "ZeroDivisionError" in on_file(tmp_path, points[1])["error"]
    assert seen[-1] == ("wave", 3, 3)
    monkeypatch.setattr(statistics, "point_statistics", lambda *_: pytest.fail("computed twice"))
    assert compute(points, tmp_path, 1, 0.0, "wave", lambda *step: None)
    assert not compute([*points, Point("thin-town", (), 9)], tmp_path, 1, 0.0, "wave", lambda *step: None)


def sim(*words):
    return CliRunner().invoke(cli, ["calibrate", *map(str, words)])


def test_the_command_shows_plans_refuses_and_stops_in_time(tmp_path):
    shown = sim("--show", "--json")
    assert shown.exit_code == 0, shown.output
    assert len(json.loads(shown.stdout)["parameters"]) == 18
    words = sim("--show", "--language", "en").output
    assert "not identified" in words
    assert json.loads(sim("--waves", "40,10", "--truths", 50, "--dry-run", "--json").stdout)["points"] == 100
    wrong = sim("--waves", "many")
    assert wrong.exit_code == 2
    assert "whole numbers" in wrong.output
    late = sim("--region", "thin-town", "--waves", 3, "--truths", 2, "--minutes", 0, "--jobs", 1, "--work", tmp_path,
               "--language", "en")  # fmt: skip
    assert late.exit_code == 3
    assert "to go on" in late.output


def test_a_point_of_the_model_gives_every_target_and_the_same_again():
    from sim.evidence.calibration.points import run_point

    values = tuple(WHERE.values(WHERE.design(1, 3)[0]).items())
    first, again = (run_point(Point("thin-town", values, 5)) for _ in range(2))
    assert "error" not in first, first.get("error")
    assert first["statistics"] == pytest.approx(again["statistics"], nan_ok=True)
    assert {t.name for t in targets("grenland")} <= set(first["statistics"])
