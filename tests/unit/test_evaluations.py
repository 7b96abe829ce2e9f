"""Evaluation folders: what they may say, how a draw is measured, how rows are judged, and that draws are kept."""

import re
import shutil
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from sim.cli.evaluate_command import reason, row_json
from sim.evidence import evaluation as evaluation_module
from sim.evidence import evaluation_run
from sim.evidence.evaluation import Draw, cost, draw_identity, make_draws
from sim.evidence.evaluation_file import (
    FILE,
    Bit,
    Column,
    Estimator,
    Match,
    Measure,
    Row,
    Treated,
    built_in_folder,
    evaluation_names,
    read_evaluations,
)
from sim.evidence.evaluation_rows import rows_of
from sim.evidence.evaluation_run import run_draw
from sim.evidence.evaluation_world import BITS, World
from sim.model import Reference
from sim.scenario import ScenarioErrors

#: Accepted intervals, a second copy beside the row files: they were set before the first run and are never moved.
ACCEPTED = {
    ("V1", "innovators"): (2.5, 8), ("V1", "research"): (-30, 0), ("V1", "research-inside"): (-30, 0),
    ("V3", "research-per-aid"): (0.8, 1.6), ("V3", "turnover"): (-3, 3),
    ("V5", "labour-productivity"): (3, 11), ("V5", "tfp"): (5, 18), ("V5", "other-programmes"): (2, 9),
    ("V5", "small-and-large"): (0, None),
    ("V7", "incumbents"): (None, None), ("V7", "starters"): (0, None), ("V7", "credit-and-grant"): (0, None),
    ("V7", "productivity"): (-2, 2),
    ("V8", "additional"): (65, 90), ("V8", "deadweight"): (5, 20), ("V8", "research"): (0, None),
    ("V8", "jobs"): (0, None), ("V8", "productivity"): (-2, 2),
    ("V11", "ties"): (50, 100), ("V11", "commuters"): (50, 100), ("V11", "elasticity"): (-8, -2),
}  # fmt: skip
ROW = """
evaluation: mine
title: {nb: Min egen, en: My own}
region: grenland
programmes:
  programme: {file: programme.yaml}
estimates:
  jobs:
    estimator: did_matched
    treated: {group: users, of: grant}
    outcome: jobs
    log: true
    horizon: 6
  applicants:
    estimator: rejected
    treated: {group: applicants, of: grant}
    outcome: value_added
    per: payments
    over: 7
    take: sum
    horizon: 6
  same:
    estimator: twin
    treated: {group: users, of: grant}
    outcome: jobs
    log: true
    horizon: 6
rows:
  - row: jobs
    label: {nb: Sysselsatte, en: Employees}
    unit: percent
    published: 4
    low: 0
    high: 8
    pass: median
    value: jobs
    source: [made up]
"""
PROGRAMME = """
title: {nb: Tilskudd, en: Grants}
description: {nb: Tilskudd., en: Grants.}
years: 4
instruments:
  - {instrument: broad_innovation, budget: 25, start_year: 2, stop_year: 3}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an evaluation of the user's own; the reference path is replaced by a quick one."""
    path = Reference(np.zeros(20), np.full(20, 0.025))
    monkeypatch.setattr(evaluation_run, "scenario_reference", lambda *_, **__: path)
    monkeypatch.setattr(evaluation_module, "reference_path", lambda *_: path)
    place = tmp_path / "mine"
    place.mkdir()
    (place / FILE).write_text(ROW, encoding="utf-8")
    (place / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    return place


def drawn_once(folder, number):
    """Return one draw of the evaluation in a folder."""
    return run_draw(read_evaluations([folder])[0], number)


def changed(folder, old, new, file=FILE):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_intervals_are_those_set_before_the_first_run():
    found = {(e.keys.evaluation, row.row): (row.low, row.high)
             for e in read_evaluations(evaluation_names()) for row in e.keys.rows}  # fmt: skip
    assert found == ACCEPTED


def test_every_evaluation_stands_on_its_own_with_sources_of_the_table():
    evidence = (Path(__file__).parents[2] / "docs" / "evidence.csv").read_text(encoding="utf-8")
    known = {line.split(",")[0] for line in evidence.splitlines()}
    assert evaluation_names() == ("V1", "V3", "V5", "V7", "V8", "V11")
    for evaluation in read_evaluations(evaluation_names()):
        assert Path(evaluation.place).is_relative_to(built_in_folder())
        assert evaluation.region.fictional
        for row in evaluation.keys.rows:
            assert set(row.source) <= known


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "nearest"),
    [
        ("estimator: did_matched", "estimator: did_match", 9, "estimates.jobs.estimator", "did_matched"),
        ("outcome: jobs", "outcome: job", 11, "estimates.jobs.outcome", "jobs"),
        ("of: grant", "of: grants", 10, "estimates.jobs.treated.of", "grant"),
        ("horizon: 6", "horison: 6", 13, "estimates.jobs.horison", "horizon"),
        ("horizon: 6", "horizon: 60", 13, "estimates.jobs.horizon", None),
        ("value: jobs", "value: job", 36, "rows[0].value", "jobs"),
        ("    high: 8\n", "", 29, "rows[0].high", None),
        ("low: 0", "low: 9", 33, "rows[0].low", None),
        ("low: 0", "low: .nan", 33, "rows[0].low", None),
        ("unit: percent", "unit: percents", 31, "rows[0].unit", "percent"),
        ("file: programme.yaml", "file: programe.yaml", 6, "programmes.programme.file", "programme.yaml"),
        ("region: grenland", "region: grenlnd", 4, "region", "grenland"),
        ("{group: users, of: grant}", "{group: users}", 10, "estimates.jobs.treated.of", None),
        ("{group: applicants, of: grant}", "{group: users, of: grant}", 16, "estimates.applicants.treated.group", None),
    ],
)
def test_every_error_has_its_place_and_the_nearest_word(folder, old, new, line, key, nearest):
    changed(folder, old, new)
    with pytest.raises(ScenarioErrors) as raised:
        read_evaluations([folder])
    found = {error.key: error for error in raised.value.errors}
    assert key in found, list(found)
    assert (found[key].line, found[key].nearest) == (line, nearest)
    assert found[key].column > 1
    assert found[key].file.endswith(FILE)


def test_errors_of_the_programme_and_of_the_name_are_told(folder):
    changed(folder, "broad_innovation", "broad_inovation", "programme.yaml")
    with pytest.raises(ScenarioErrors, match="broad_innovation"):
        read_evaluations([folder])
    with pytest.raises(ScenarioErrors, match="V11"):
        read_evaluations(["V12"])
    shutil.copytree(folder, folder.parent / "again")
    changed(folder, "broad_inovation", "broad_innovation", "programme.yaml")
    changed(folder.parent / "again", "broad_inovation", "broad_innovation", "programme.yaml")
    with pytest.raises(ValueError, match="same id: mine"):
        read_evaluations([folder, folder.parent / "again"])


def register(rows):
    """Return a world of made-up rows (firm, quarter, jobs, rd, innovated, programmes, applied, paid)."""
    names = ("firm", "quarter", "jobs", "rd", "innovated", "programmes", "applied", "paid")
    columns = {name: np.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    nothing = np.zeros((1, 1))
    return World(columns, nothing, nothing, nothing[0], nothing[0])


def test_outcomes_over_several_quarters_by_hand():
    world = register([(7, q, 10 + q, 0.0, q == 2, 0, 0, 0) for q in range(6)] + [(9, 4, 5, 0, 0, 0, 0, 0)])
    assert world.matrix("jobs", 3, "mean")[0].tolist()[2:] == [11, 12, 13, 14]
    assert world.matrix("jobs", 3, "sum")[0, 5] == 42
    assert world.matrix("innovated", 3, "any")[0].tolist()[2:] == [1, 1, 1, 0]
    assert np.isnan(world.matrix("jobs", 3)[0, :2]).all()
    assert np.isnan(world.matrix("jobs", 2)[1]).all()  # the quarter before is missing
    assert np.isnan(world.at(world.matrix("jobs"), np.array([9, -1]))).all()


def test_who_is_treated_and_when_by_hand():
    grant = BITS["grant"]
    rows = []
    for firm, jobs, rd, since in ((1, 5, 0, 6), (2, 50, 1, 7), (3, 5, 0, 3), (4, 5, 0, 99), (5, 5, 0, 10)):
        rows += [(firm, q, jobs, rd * (q > 2) + (firm == 1) * (q > 6), 0, grant * (q >= since),
                  grant * (q == since - 1), grant * (q == since - 1) * (firm != 2)) for q in range(12)]  # fmt: skip
    world = register(rows)

    def who(**keys):
        return world.began(Treated(of="grant", **keys), 5, ()).tolist()

    assert who(group="users") == [6, 7, -1, -1, 10]  # the third came before the programme
    assert who(group="users", within=4) == [6, 7, -1, -1, -1]
    assert who(group="users", largest=20) == [6, -1, -1, -1, 10]
    assert who(group="users", prior_rd="performers") == [-1, 7, -1, -1, -1]
    assert who(group="users", prior_rd="none") == [6, -1, -1, -1, 10]
    assert who(group="users", prior_rd="starters") == [6, -1, -1, -1, -1]
    assert who(group="applicants") == [5, 6, -1, -1, 9]
    first = world.began(Treated(group="applicants", of="grant"), 5, ())
    assert world.answer("paid", grant, first).tolist() == [True, False, False, False, True]
    assert world.ever(Treated(group="users", of="grant")).tolist() == [True, True, True, False, True]


def test_a_draw_measures_what_the_model_does(folder):
    found = drawn_once(folder, 3)
    assert str(found) == str(drawn_once(folder, 3))
    assert found["jobs"] != drawn_once(folder, 4)["jobs"]
    assert found["jobs"]["reason"] is None
    assert found["jobs"]["n_treated"] >= 5
    assert found["same"]["effect"] == found["same"]["true"]
    assert found["same"]["true"] == pytest.approx(found["jobs"]["true"])
    assert found["same"]["true"] > 0
    assert found["applicants"]["per_true"] > 0
    assert found["applicants"]["per"] == pytest.approx(found["applicants"]["per_true"], rel=0.5)


def test_without_a_programme_the_model_does_nothing_and_the_evaluator_sees_only_noise(folder):
    changed(folder, "{file: programme.yaml}", "{file: programme.yaml, without: programme.yaml}")
    found = drawn_once(folder, 3)["jobs"]
    assert found["true"] == 0.0
    assert found["effect"] != 0.0


def test_a_stopped_evaluation_goes_on_and_nothing_is_made_twice(folder, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(evaluation_module, "run_draw", lambda place, n: made.append(n) or {"jobs": {"effect": n}})
    evaluations, out = read_evaluations([folder]), tmp_path / "out"
    first = make_draws(evaluations, 4, out, jobs=1)
    assert [next(first).number, next(first).number] == [1, 2]
    first.close()
    assert cost(evaluations, 4, out)["missing"] == 2
    whole = list(make_draws(evaluations, 4, out, jobs=1))
    assert [draw.number for draw in whole] == [1, 2, 3, 4]
    assert made == [1, 2, 3, 4]
    changed(folder, "high: 8", "high: 9")  # what is accepted has nothing to do with what was run
    list(make_draws(read_evaluations([folder]), 4, out, jobs=1))
    assert made == [1, 2, 3, 4]
    next((out / "mine").glob("*.json")).write_text("{half", encoding="utf-8")
    list(make_draws(read_evaluations([folder]), 4, out, jobs=1))
    assert len(made) == 5
    before = draw_identity(read_evaluations([folder])[0], 1)
    changed(folder, "horizon: 6", "horizon: 7")
    assert draw_identity(read_evaluations([folder])[0], 1) != before


def test_a_draw_that_fails_is_told_and_tried_again(folder, tmp_path, monkeypatch):
    def spoil(place, number):
        if number == 2:
            raise ZeroDivisionError("inside")
        return {}

    monkeypatch.setattr(evaluation_module, "run_draw", spoil)
    draws = list(make_draws(read_evaluations([folder]), 3, tmp_path / "out", jobs=1))
    assert [draw.found is None for draw in draws] == [False, True, False]
    assert "ZeroDivisionError: inside" in draws[1].error
    assert cost(read_evaluations([folder]), 3, tmp_path / "out")["missing"] == 1


def judged(folder, effects, true=0.05, se=0.01, **row):
    """Return the row of made-up draws."""
    keys = read_evaluations([folder])[0].keys
    chosen = keys.rows[0].model_copy(update=row)
    evaluation = read_evaluations([folder])[0]
    object.__setattr__(evaluation, "keys", keys.model_copy(update={"rows": [chosen]}))
    one = {"n_treated": 40, "n_control": 30, "reason": None, "per": np.nan, "per_true": np.nan, "per_se": np.nan}
    draws = [Draw("mine", k, {"jobs": {**one, "effect": e, "true": true, "se": se,
                                       "reason": None if np.isfinite(e) else "too few"},
                              "applicants": {**one, "effect": 0.2, "true": 0.2, "se": 0.1, "per": 0.1,
                                             "per_true": 0.1, "per_se": 0.0}})
             for k, e in enumerate(effects)]  # fmt: skip
    return rows_of(evaluation, draws)[0]


def test_a_median_inside_passes_and_one_outside_says_why(folder):
    fine = judged(folder, np.log1p([0.02, 0.04, 0.30]))
    assert fine.passed
    assert fine.why is None
    assert fine.median == pytest.approx(4.0)
    assert fine.share_in_sign == pytest.approx(2 / 3)
    assert row_json(fine, "en")["pass"] is True
    biased = judged(folder, [0.2] * 5)
    assert not biased.passed
    assert biased.bias == pytest.approx(100 * (np.exp(0.2) - np.exp(0.05)))
    assert "the estimator is off" in reason(biased, "en")
    assert "outside" in reason(judged(folder, [0.2] * 5, true=0.3), "en")
    edge = judged(folder, np.log1p([0.08 + 1e-15] * 3))
    assert edge.passed


def test_sign_rows_need_four_in_five_and_no_effect_needs_no_finding(folder):
    sign = {"rule": "sign", "low": 0.0, "high": None}
    assert judged(folder, [0.1] * 8 + [-0.1] * 2, **sign).passed
    noisy = judged(folder, [0.1] * 7 + [-0.1] * 3, **sign)
    assert not noisy.passed
    assert "70 %" in reason(noisy, "en")
    assert not judged(folder, [0.0] * 10, **sign).passed  # nothing is no sign
    quiet = {"rule": "not_significant", "low": None, "high": None}
    assert judged(folder, [0.01] * 10, **quiet).passed
    loud = judged(folder, [0.01] * 7 + [0.05] * 3, **quiet)
    assert not loud.passed
    assert loud.power == pytest.approx(0.3)


def test_too_few_estimates_fail_with_the_usual_reason(folder):
    few = judged(folder, [0.04, 0.04, np.nan, np.nan])
    assert not few.passed
    assert reason(few, "en") == "an estimate in only 2 of 4 runs: too few"
    assert judged(folder, []).n_runs == 0


def test_quotients_and_differences(folder):
    quotient = judged(folder, [0.1] * 3, value="applicants", unit="ratio", low=1.9, high=2.1)
    assert quotient.median == pytest.approx(2.0)
    assert quotient.power == pytest.approx(1.0)
    less = judged(folder, [0.3] * 3, minus="applicants", unit="ratio", rule="sign", low=None, high=0.0)
    assert less.median == pytest.approx(0.3 - 2.0)
    assert less.true_effect == pytest.approx(0.05 - 2.0)
    assert less.passed


DOCUMENT = (Path(__file__).parents[2] / "docs" / "evaluations.md").read_text(encoding="utf-8")


def test_the_document_has_every_word_and_no_other_estimator():
    words = [*get_args(Bit), *get_args(Column), *get_args(Match), *get_args(Estimator)]
    for word in words:
        plain = word.removeprefix("uses_").removeprefix("log_")
        assert re.search(rf"`(?:[^`]*[ ,])?{plain}(?:[ ,][^`]*)?`", DOCUMENT), word
    for model in (Treated, Measure, Row):
        for name, field in model.model_fields.items():
            assert re.search(rf"`(treated\.)?{field.alias or name}`|^ +(- )?{name}:", DOCUMENT, re.M), name


def test_the_example_in_the_document_works(tmp_path):
    example = re.search(r"```yaml\n(.*?)```", DOCUMENT, re.S)
    assert example is not None
    (tmp_path / FILE).write_text(example.group(1), encoding="utf-8")
    shutil.copy(Path(__file__).parents[2] / "scenarios" / "networks.yaml", tmp_path)
    found = read_evaluations([tmp_path])[0]
    assert found.keys.rows[0].source == ["who found it"]
    assert found.region.name == "grenland"


def test_the_regions_are_those_their_script_writes(tmp_path):
    from bench import evaluation_regions

    evaluation_regions.town(tmp_path / "town")
    evaluation_regions.plain(tmp_path / "plain")
    for name, place in (("town", "V1"), ("plain", "V11")):
        kept = built_in_folder() / place / "region"
        for file in sorted(kept.iterdir()):
            assert (tmp_path / name / file.name).read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
