"""Whatever a file holds, reading it gives a scenario or errors with a place in the file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, create_model

from sim.scenario import (
    Scenario,
    ScenarioError,
    ScenarioErrors,
    Vocabulary,
    json_schema,
    read_scenario_text,
    read_scenarios,
    scenario_text,
)
from sim.scenario.yaml_nodes import parse, to_data

OPTIONS = {
    "level": (Literal["arena", "nce"], "arena"),
    "share": (float, Field(0.5, ge=0, le=1)),
    "rounds": (int | None, None),
    "note": (str, ""),
}


def fake(name: str, targets: str, **options: Any) -> Any:
    """Return a stand-in for an instrument class."""
    model = create_model("Options", __config__={"extra": "forbid"}, **options)
    return type(name, (), {"name": name, "targets": targets, "Options": model})


WORDS = Vocabulary(
    instruments={"cluster": fake("cluster", "industries", **OPTIONS), "homes": fake("homes", "zones")},
    industries=("03", "10-12", "26"),
    families=("food", "digital"),
    zones={"moss": ("3103", "0301"), "tiny": ("9901",)},
    parameters={"consume": (0.5, 0.7, "-"), "fee": (-2.0, 2.0, "MNOK")},
    switches=("M1", "M4b"),
)
SEED = """\
title: {nb: Én, en: One}
based_on: baseline
region: moss
years: 12
instruments:
  - instrument: cluster
    budget: 2.5
    level: nce
    industries: [03, 10-12]
  - {instrument: homes, budget: 3, zones: all, start_year: 3, stop_year: 12}
parameters:
  consume: 0.6
switches: {M1: false}
"""
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def errors_of(read: Callable[[], object]) -> list[ScenarioError]:
    """Return the errors of a reading, none when it goes well. Any other exception is a failure."""
    try:
        read()
    except ScenarioErrors as wrong:
        json.dumps(wrong.as_json())
        str(wrong).encode("utf-8")
        return wrong.errors or [ScenarioError("", 0, 0, "", "more")]
    return []


def check(text: str) -> None:
    """Read a text; errors must lie in it and be complete."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for error in errors_of(lambda: read_scenario_text(text, WORDS)):
        assert error.file == "scenario.yaml"
        assert 1 <= error.line <= lines
        assert error.column >= 1
        assert "\n" not in error.line_of_text("en") + error.line_of_text("nb")


@QUICK
@given(st.text())
def test_any_text(text: str) -> None:
    check(text)


@QUICK
@given(st.text(alphabet="abc: -[]{}#&*!|>'\"%@`,?\n\t\r0.~<=\\é\u2028\ufeff"))
def test_any_text_of_yaml_signs(text: str) -> None:
    check(text)


@QUICK
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes(data: bytes, tail: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        file.write_bytes((SEED.encode() if tail else b"") + data)
        lines = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        errors = errors_of(lambda: read_scenarios(file, WORDS))
        assert all(error.file == str(file) and 1 <= error.line <= lines for error in errors)


@QUICK
@given(st.data())
def test_any_change_of_a_good_file(data: st.DataObject) -> None:
    text = SEED
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(st.text(max_size=6)) + text[stop:]
    check(text)


@QUICK
@given(st.text(max_size=30).filter(lambda path: ".." not in path))
def test_any_path(path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert {error.line for error in errors_of(lambda: read_scenarios(f"{folder}/{path}", WORDS))} == {1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@QUICK
@given(st.data())
def test_any_value_in_any_key(data: st.DataObject) -> None:
    entry = data.draw(
        st.dictionaries(
            st.sampled_from(["instrument", "budget", "start_year", "industries", "target", "zones", "level", "share"]),
            json_values | st.sampled_from(["cluster", "homes", "strongest_family", ["03"]]),
        )
    )
    keys = ["name", "title", "based_on", "region", "years", "parameters", "switches", "x"]
    whole = data.draw(st.dictionaries(st.sampled_from(keys), json_values))
    check(json.dumps(whole | {"instruments": [entry]}, ensure_ascii=False).encode("utf-8", "replace").decode())


numbers = st.floats(0, 10_000).map(lambda value: value + 0.0) | st.integers(0, 10_000)
printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=20)


@st.composite
def entries(draw: st.DrawFn, years: int) -> dict[str, Any]:
    start = draw(st.integers(1, years))
    entry: dict[str, Any] = {"budget": draw(numbers), "start_year": start, "stop_year": draw(st.integers(start, years))}
    if draw(st.booleans()):
        zones = st.lists(st.sampled_from(["3103", "0301"]), min_size=1, max_size=2, unique=True)
        return entry | {"instrument": "homes", "zones": draw(st.just("all") | zones)}
    entry |= {"instrument": "cluster", "level": draw(st.sampled_from(["arena", "nce"])), "note": draw(printable)}
    entry |= {"share": draw(st.floats(0, 1)), "rounds": draw(st.none() | st.integers(-(2**40), 2**40))}
    aim = draw(st.sampled_from(["industries", "target", ""]))
    codes = st.lists(st.sampled_from(WORDS.industries), min_size=1, max_size=3, unique=True)
    targets = st.sampled_from(["strongest_family", *WORDS.families])
    return entry | ({aim: draw(codes if aim == "industries" else targets)} if aim else {})


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    years = draw(st.integers(1, 20))
    return {
        "name": draw(st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}\Z")),
        "title": {"nb": draw(printable), "en": draw(printable)},
        "region": "moss",
        "years": years,
        "instruments": draw(st.lists(entries(years), max_size=4)),
        "parameters": draw(st.fixed_dictionaries({}, optional={"fee": st.floats(-2, 2)})),
        "switches": draw(st.dictionaries(st.sampled_from(WORDS.switches), st.booleans())),
    }


@QUICK
@given(files())
def test_valid_scenarios_round_trip(content: dict[str, Any]) -> None:
    scenario = read_scenario_text(json.dumps(content, ensure_ascii=False), WORDS)
    text = scenario_text(scenario)
    again = read_scenario_text(text, WORDS)
    assert again == scenario
    assert again.identity() == scenario.identity()
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario
    assert sum(scenario.budget_by_year()) >= 0
    root, _ = parse(text, "x")
    jsonschema.validate(to_data(cast(Any, root)), json_schema(WORDS))
