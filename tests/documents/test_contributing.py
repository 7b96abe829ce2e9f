"""The worked example in CONTRIBUTING.md runs as it stands."""

import re
from pathlib import Path

import numpy as np
import pytest

import sim.instruments
from sim.experiment import baseline, build, vocabulary
from sim.instruments import catalogue
from sim.scenario import read_scenario_text, template
from tests.economy import digest, model, same, series, use

TEXT = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Put the example's file where instruments are found, for one test."""
    code = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    assert len(code) == 1
    (tmp_path / "export_advice.py").write_text(code[0], encoding="utf-8")
    monkeypatch.setattr(sim.instruments, "__path__", [*sim.instruments.__path__, str(tmp_path)])
    vocabulary.cache_clear()
    build.catalogue_cached.cache_clear()
    yield "export_advice"
    monkeypatch.undo()
    vocabulary.cache_clear()
    build.catalogue_cached.cache_clear()


def test_the_example_is_found_and_may_be_used_in_a_scenario(example):
    assert example in catalogue()
    words = vocabulary()
    read = read_scenario_text(template(words, "nedre-glomma", example), words)
    assert read.instruments[0].instrument == example
    assert baseline().instruments == ()


def test_the_example_books_money_logs_and_moves_the_economy(example):
    advice = use(example, 10.0)
    with_it, without = model(advice, scale=4.0).run(48), model(scale=4.0).run(48)
    assert series(with_it, "granted")[10] == pytest.approx(100.0)
    assert 0 < series(with_it, "spent_municipal")[10] <= 100.0
    assert {row["decision"] for row in with_it.log} == {"refuse", "advise", "close"}
    gains = [
        series(model(advice, seed=s, scale=4.0).run(44), "jobs")[10]
        - series(model(seed=s, scale=4.0).run(44), "jobs")[10]
        for s in (1, 2, 3)
    ]
    assert np.mean(gains) > 0
    assert not same(with_it, without)


def test_the_example_with_no_money_is_the_baseline_and_its_rule_matters(example):
    assert same(model(use(example, 0.0)).run(24), model().run(24))
    rules = {digest(model(use(example, 10.0), scale=4.0, rule=rule).run(24)) for rule in ("own", "accept_all")}
    assert len(rules) == 2
