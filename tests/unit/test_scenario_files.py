"""Reading scenario files: overlay, errors with place and nearest match, guards."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Literal, cast

import jsonschema
import pytest
from pydantic import BaseModel, Field, create_model

from sim.experiment import vocabulary
from sim.scenario import (
    Scenario,
    ScenarioError,
    ScenarioErrors,
    Vocabulary,
    budget_differences,
    built_in_names,
    json_schema,
    read_scenario_text,
    read_scenarios,
    scenario_text,
    template,
)
from sim.scenario.errors import MAX_ERRORS, MESSAGES
from sim.scenario.yaml_nodes import MAX_BYTES, Node, parse, to_data

SHIPPED = Path(__file__).parents[2] / "scenarios"
CLUSTER = "instruments: [{instrument: cluster_programme, budget: 10"


def fake(name: str, targets: str, **options: Any) -> Any:
    """Return a stand-in for an instrument class: only what the scenario room asks of one."""
    model: type[BaseModel] = create_model("Options", __config__={"extra": "forbid"}, **options)
    words = {"nb": name, "en": name}
    return type(name, (), {"name": name, "targets": targets, "title": words, "summary": words, "Options": model})


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    level = (Literal["arena", "nce", "gce"], "arena")
    share = (float, Field(0.5, ge=0, le=1, description="own share"))
    instruments = [
        fake("cluster_programme", "industries", level=level, share=share),
        fake("networks", "industries", rounds=(int, Field(ge=1, le=9))),
        fake("broad_innovation", "industries"),
        fake("business_attraction", "industries"),
        fake("residential_attractiveness", "zones"),
    ]
    return Vocabulary(
        instruments={cast(Any, each).name: each for each in instruments},
        industries=("03", "10-12", "26", "62"),
        families=("food", "digital"),
        zones={"moss": ("3103", "0301"), "thin-town": ("9901",)},
        parameters={"consume": (0.5, 0.7, "-"), "fee": (0.0, 2.0, "MNOK/year")},
        switches=("M1", "M4b"),
    )


def errors_of(text: str, words: Vocabulary) -> list[ScenarioError]:
    with pytest.raises(ScenarioErrors) as caught:
        read_scenario_text(text, words)
    return caught.value.errors


def only(text: str, words: Vocabulary) -> ScenarioError:
    errors = errors_of(text, words)
    assert len(errors) == 1, [error.line_of_text() for error in errors]
    return errors[0]


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")


# what is read


def test_defaults(words: Vocabulary) -> None:
    scenario = read_scenario_text(CLUSTER + "}]", words, "Ny Klynge på Moss.yaml")
    assert scenario.name == "ny-klynge-pa-moss"
    assert (scenario.title.nb, scenario.years, scenario.based_on) == (scenario.name, 15, None)
    entry = scenario.instruments[0]
    assert (entry.start_quarter, entry.stop_quarter) == (4, 44)
    assert entry.options == {"level": "arena", "share": 0.5}
    assert scenario.budget_by_year() == (0, *[10] * 10, *[0] * 4)


def test_codes_stay_as_written(words: Vocabulary) -> None:
    text = "region: moss\n" + CLUSTER + ", industries: [03, 26, '10-12']}, "
    text += "{instrument: residential_attractiveness, budget: 1, zones: [0301, 3103]}]"
    first, second = read_scenario_text(text, words).instruments
    assert first.industries == ("03", "26", "10-12")
    assert second.zones == ("0301", "3103")


def test_default_stop_follows_a_short_scenario(words: Vocabulary) -> None:
    scenario = read_scenario_text("years: 5\n" + CLUSTER + "}]", words)
    assert scenario.budget_by_year() == (0, 10, 10, 10, 10)


def test_keys_without_values_are_left_out(words: Vocabulary) -> None:
    scenario = read_scenario_text("based_on:\nregion: ~\nparameters:\nswitches:\ninstruments: []\n", words)
    assert scenario.instruments == ()


def test_overlay(tmp_path: Path, words: Vocabulary) -> None:
    write(
        tmp_path,
        root="region: moss\nyears: 12\nparameters: {consume: 0.5, fee: 1}\nswitches: {M1: false}\n" + CLUSTER + "}]",
        keeps="based_on: root\nparameters: {fee: 2}\nswitches: {M4b: true}\n",
        replaces="based_on: keeps.yaml\nyears: 14\ninstruments: [{instrument: broad_innovation, budget: 3}]\n",
        empties="based_on: root\ninstruments: []\n",
    )
    empties, keeps, replaces, root = read_scenarios(tmp_path, words)
    assert keeps.instruments == root.instruments
    assert keeps.parameters == {"consume": 0.5, "fee": 2.0}
    assert keeps.switches == {"M1": False, "M4b": True}
    assert (keeps.region, keeps.years, keeps.based_on) == ("moss", 12, "root")
    assert [entry.instrument for entry in replaces.instruments] == ["broad_innovation"]
    assert (replaces.years, replaces.parameters) == (14, keeps.parameters)
    assert empties.instruments == ()
    assert keeps.title.en == "keeps"


def test_bases_outside_the_given_files(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, mine="based_on: beside\n", beside="based_on: cluster-programme\nyears: 13\n")
    (scenario,) = read_scenarios([tmp_path / "mine.yaml"], words)
    assert scenario.instruments[0].options["level"] == "nce"
    assert scenario.years == 13


def test_own_baseline_on_the_built_in_one(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, baseline="based_on: baseline\nyears: 7\n")
    (scenario,) = read_scenarios(tmp_path, words)
    assert (scenario.name, scenario.based_on, scenario.years) == ("baseline", "baseline", 7)


def test_each_file_once_and_names_of_built_in(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, a="years: 3\n")
    read = read_scenarios([tmp_path, tmp_path / "a.yaml", "cluster-programme"], words)
    assert [scenario.name for scenario in read] == ["a", "cluster-programme"]


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path, words: Vocabulary) -> None:
    (tmp_path / "a.yaml").write_bytes("\ufeffyears: 4\r\ntitle: {nb: Å, en: A}\r\n".encode())
    assert read_scenarios(tmp_path, words)[0].title.nb == "Å"


# what affects results


def test_identity(words: Vocabulary) -> None:
    def of(text: str) -> str:
        return read_scenario_text(text, words).identity()

    one = of(CLUSTER + "}]")
    assert one == of("name: other\nregion: moss\ntitle: {nb: a, en: b}\nbased_on: baseline\n" + CLUSTER + ".0}]")
    assert one == of(CLUSTER + ", level: arena, start_year: 2, stop_year: 11}]")
    others = [", level: nce}]", ", start_year: 3}]", ", target: food}]", "}]\nyears: 14", "}]\nswitches: {M1: true}"]
    assert len({one, *(of(CLUSTER + other) for other in others)}) == len(others) + 1


def test_budgets(words: Vocabulary) -> None:
    shipped = read_scenarios(SHIPPED, vocabulary())
    assert {each.scenario for each in budget_differences(shipped)} == {"cluster-ends-early"}
    shipped = [scenario for scenario in shipped if scenario.name != "cluster-ends-early"]
    more = read_scenario_text(CLUSTER.replace("10", "12") + ", stop_year: 10}]", words, "more.yaml")
    found = budget_differences([*shipped, more])
    assert [(each.year, each.budget, each.common) for each in found][-2:] == [(10, 12, 10), (11, 0, 10)]
    assert {each.scenario for each in found} == {"more"}


# errors


BAD = """\
name: Min Test
titel: hei
based_on: basline
region: mos
years: 30
instruments:
  - instrument: cluster_program
    budget: 10
  - instrument: cluster_programme
    budgett: 10
    level: ncc
    share: 1,2
    industries: [3, 03, 03]
  - instrument: residential_attractiveness
    budget: .inf
    zones: [301, 9901]
    target: food
    start_year: true
  - instrument: networks
    budget: -1
    start_year: 4
    stop_year: 3
parameters:
  consum: 0.6
  consume: 0.9
switches: {M1: no}
"""
EXPECTED = [
    (1, 7, "name", "not_allowed", "min-test"),
    (2, 1, "titel", "unknown_key", "title"),
    (3, 11, "based_on", "base_not_found", "baseline"),
    (4, 9, "region", "not_allowed", "moss"),
    (5, 8, "years", "out_of_range", None),
    (7, 17, "instruments[0].instrument", "not_allowed", "cluster_programme"),
    (9, 5, "instruments[1].budget", "missing_key", None),
    (10, 5, "instruments[1].budgett", "unknown_key", "budget"),
    (11, 12, "instruments[1].level", "not_allowed", "nce"),
    (12, 12, "instruments[1].share", "wrong_type", "1.2"),
    (13, 18, "instruments[1].industries[0]", "not_allowed", "03"),
    (13, 25, "instruments[1].industries[2]", "repeated", None),
    (15, 13, "instruments[2].budget", "not_finite", None),
    (16, 13, "instruments[2].zones[0]", "not_allowed", "0301"),
    (17, 5, "instruments[2].target", "wrong_target", None),
    (18, 17, "instruments[2].start_year", "wrong_type", None),
    (19, 5, "instruments[3].rounds", "missing_key", None),
    (20, 13, "instruments[3].budget", "out_of_range", None),
    (24, 3, "parameters.consum", "unknown_key", "consume"),
    (25, 12, "parameters.consume", "out_of_range", None),
    (26, 16, "switches.M1", "wrong_type", "false"),
]


def test_all_errors_of_a_file_at_once(words: Vocabulary) -> None:
    found = [(e.line, e.column, e.key, e.kind, e.nearest) for e in errors_of(BAD, words)]
    assert found == EXPECTED


def test_json_of_errors(words: Vocabulary) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        read_scenario_text("instruments: [{instrument: cluster_programme, budget: 1, level: ncc}]", words, "x.yaml")
    assert json.loads(json.dumps(caught.value.as_json())) == {
        "errors": [
            {
                "file": "x.yaml",
                "line": 1,
                "column": 65,
                "key": "instruments[0].level",
                "found": "ncc",
                "allowed": ["arena", "nce", "gce"],
                "nearest": "nce",
                "message": "the value is not allowed",
            }
        ]
    }
    assert str(caught.value) == (
        "x.yaml:1:65: instruments[0].level: the value is not allowed; found ncc; "
        "allowed arena, nce, gce; did you mean nce?"
    )
    assert "verdien er ikke tillatt; fant ncc; tillatt" in caught.value.as_text("nb")


def test_range_is_told(words: Vocabulary) -> None:
    assert only("parameters: {fee: 3}", words).allowed == "a number from 0 to 2 MNOK/year"
    assert only(CLUSTER + ", start_year: 21}]", words).allowed == "a whole number from 1 to 20"


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("", "empty", (1, 1)),
        ("# nothing\n", "empty", (1, 1)),
        ("---\n", "empty", None),
        ("a text", "wrong_type", (1, 1)),
        ("- 1\n", "wrong_type", (1, 1)),
        ("years: 3\n---\nyears: 4\n", "documents", (2, 1)),
        ("years: 3\nyears: 4\n", "duplicate_key", (2, 1)),
        ("title: &a {nb: x, en: y}\ndescription: *a\n", "alias", (1, 8)),
        ("years: !!int 3\n", "tag", (1, 8)),
        ("years: !!python/object/apply:os.system [ls]\n", "tag", (1, 8)),
        ("title:\n\tnb: x\n", "tab", (2, 1)),
        ("title: {nb: x\nen: y\n", "syntax", (2, 3)),
        ("years: 3\n? [a]\n: 1\n", "complex_key", (2, 3)),
        ("years: 3\0\n", "control_character", (1, 9)),
        ('title: {nb: "\\ud800", en: x}\n', "control_character", (1, 13)),
        ("<<: {years: 3}\n", "unknown_key", (1, 1)),
        ("x: " + "[" * 3000, "too_deep", (1, 19)),
        ("instruments:\n" + "- 1\n" * 20_000, "too_many_values", None),
        ("a" * (MAX_BYTES + 1), "too_large", (1, 1)),
        ("years: 1e400\n", "not_finite", (1, 8)),
        ("years: " + "9" * 5000, "not_finite", (1, 8)),
        ("years: 3.0\n", "wrong_type", (1, 8)),
        ("years: '3'\n", "wrong_type", (1, 8)),
        ("years: true\n", "wrong_type", (1, 8)),
        ("parameters: {consume: true}", "wrong_type", (1, 23)),
        ("parameters: [consume]", "wrong_type", (1, 13)),
        ("instruments: none", "wrong_type", (1, 14)),
        ("instruments: [1]", "wrong_type", (1, 15)),
        ("title: hei", "wrong_type", (1, 8)),
        ("title: {nb: hei}", "missing_key", (1, 8)),
        ("based_on: /etc/passwd", "base_not_found", (1, 11)),
        ("based_on: ''", "base_not_found", (1, 11)),
        ("years: 3\n" + CLUSTER + ", stop_year: 4}]", "after_end", (2, 70)),
        ("years: 1\n" + CLUSTER + "}]", "after_end", (2, 15)),
        (CLUSTER + ", start_year: 12}]", "years_reversed", (1, 71)),
        (CLUSTER + ", industries: []}]", "not_allowed", (1, 71)),
        (CLUSTER + ", target: food, industries: [26]}]", "two_targets", (1, 73)),
        (CLUSTER + "000000}]", "out_of_range", (1, 55)),
        ("instruments: [{budget: 1}]", "missing_key", (1, 15)),
        (
            "region: moss\ninstruments: [{instrument: residential_attractiveness, budget: 1, zones: [9901]}]",
            "not_in_region",
            (2, 75),
        ),
        ("region: moss\nbased_on: cluster-programme\nyears: 6\n", "after_end", (3, 8)),
    ],
)
def test_one_error_each(text: str, kind: str, place: tuple[int, int] | None, words: Vocabulary) -> None:
    error = errors_of(text, words)[0]
    assert error.kind == kind, error.line_of_text()
    assert place is None or (error.line, error.column) == place


def test_every_kind_has_both_languages() -> None:
    assert all(set(sentence) == {"nb", "en"} for sentence in MESSAGES.values())


def test_many_errors_are_cut_and_counted(words: Vocabulary) -> None:
    text = "parameters:\n" + "".join(f"  consume{i}: 1\n" for i in range(4000))
    started = time.perf_counter()
    errors = errors_of(text, words)
    assert time.perf_counter() - started < 5
    assert len(errors) <= MAX_ERRORS + 1
    assert errors[-1].kind == "more"


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "{b: " * 60_000,
        "instruments: [" + "{a: 1}," * 30_000,
        "? " * 120_000,
        "- " * 120_000,
        "'" * 200_000,
        "a: |\n" + " x\n" * 60_000,
        "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 3000)),
        "title: " + "é: " * 50_000,
    ],
)
def test_hostile_texts_end_soon(text: str, words: Vocabulary) -> None:
    started = time.perf_counter()
    errors_of(text, words)
    assert time.perf_counter() - started < 10


# files


def test_files_that_cannot_be_read(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, cluster="years: 3\n")
    (tmp_path / "latin.yaml").write_bytes(b"years: 3\ntitle: {nb: bl\xe5, en: x}\n")
    (tmp_path / "utf16.yaml").write_bytes("years: 3\n".encode("utf-16"))
    (tmp_path / "large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "dangling.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (tmp_path / "folder.yaml").mkdir()
    names = ["clusterr.yaml", "latin.yaml", "utf16.yaml", "large.yaml", "empty", "pipe.yaml", "loop.yaml"]
    given = [tmp_path / name for name in [*names, "dangling.yaml", "folder.yaml"]]
    given += [Path("a\0b"), Path("x" * 5000), tmp_path / "cluster.yaml" / "deeper.yaml"]
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(given, words)
    kinds = {Path(error.file).name[:14]: error for error in caught.value.errors}
    assert kinds["clusterr.yaml"].kind == "not_found"
    assert str(kinds["clusterr.yaml"].nearest).endswith("cluster.yaml")
    assert (kinds["latin.yaml"].kind, kinds["latin.yaml"].line, kinds["latin.yaml"].column) == ("not_utf8", 2, 15)
    assert kinds["latin.yaml"].found == "byte 0xe5"
    assert kinds["utf16.yaml"].kind == "not_utf8"
    assert kinds["large.yaml"].kind == "too_large"
    assert kinds["empty"].kind == kinds["folder.yaml"].kind == "empty_folder"
    assert kinds["pipe.yaml"].kind == "not_a_file"
    assert kinds["loop.yaml"].kind == "unreadable"
    assert kinds["dangling.yaml"].kind == "not_found"
    assert len(caught.value.errors) == len(given)


def test_unknown_built_in_name(words: Vocabulary) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(["cluster-program"], words)
    assert caught.value.errors[0].nearest == "cluster-programme"


def test_errors_of_all_files_with_paths_as_given(
    tmp_path: Path, words: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, one="yers: 3\n", two="years: 99\n", three="based_on: one\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(["one.yaml", "./two.yaml", Path("three.yaml")], words)
    assert [error.file for error in caught.value.errors] == ["one.yaml", "./two.yaml"]


def test_cycles(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, a="based_on: b\n", b="based_on: c\n", c="based_on: a\n", self="based_on: self.yaml\n")
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(tmp_path, words)
    assert {error.kind for error in caught.value.errors} == {"cycle"}
    assert "self.yaml" in {Path(error.file).name for error in caught.value.errors}


def test_long_chain(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, s0="years: 3\n", **{f"s{i}": f"based_on: s{i - 1}\n" for i in range(1, 20)})
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(tmp_path / "s19.yaml", words)
    assert [error.kind for error in caught.value.errors] == ["too_many_bases"]


def test_duplicate_names(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, a="name: same\n", b="years: 3\nname: same\n")
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(tmp_path, words)
    (error,) = caught.value.errors
    assert (error.kind, error.line, error.column) == ("duplicate_name", 2, 7)


def test_base_in_a_broken_file_is_told_once(tmp_path: Path, words: Vocabulary) -> None:
    write(tmp_path, child="based_on: base\n", base="years: many\n")
    with pytest.raises(ScenarioErrors) as caught:
        read_scenarios(tmp_path / "child.yaml", words)
    assert [(Path(e.file).name, e.key) for e in caught.value.errors] == [("base.yaml", "years")]


# schema, template, shipped files


def test_shipped_files() -> None:
    words = vocabulary()
    scenarios = {scenario.name: scenario for scenario in read_scenarios(SHIPPED, words)}
    assert len(scenarios) >= 12
    assert set(scenarios) == set(built_in_names()) == {path.stem for path in SHIPPED.iterdir()}
    assert scenarios["baseline"].instruments == ()
    assert all(s.based_on for name, s in scenarios.items() if name != "baseline")
    assert all(s.description.nb.endswith(".") and s.description.en.endswith(".") for s in scenarios.values())
    assert all(s.title.nb != s.title.en and s.description.nb != s.description.en for s in scenarios.values())
    schema = json_schema(words)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in SHIPPED.iterdir():
        jsonschema.validate(data_of(path.read_text(encoding="utf-8")), schema)


def test_shipped_files_with_the_real_instruments() -> None:
    real = vocabulary()
    assert len(real.instruments) == 12
    jsonschema.Draft202012Validator.check_schema(json_schema(real))
    for name in real.instruments:
        assert read_scenario_text(template(real, "grenland", name), real).instruments[0].instrument == name


def data_of(text: str) -> Any:
    root, errors = parse(text, "x.yaml")
    assert not errors
    return to_data(cast(Node, root))


@pytest.mark.parametrize(
    "text",
    [
        "titel: x",
        "years: 21",
        "region: oslo",
        "parameters: {consume: 0.9}",
        "switches: {M1: 1}",
        CLUSTER + ", level: ncc}]",
        CLUSTER + ", zones: all}]",
        CLUSTER + ", rounds: 2}]",
        CLUSTER + ", target: food, industries: ['26']}]",
        "instruments: [{instrument: networks, budget: 1}]",
    ],
)
def test_schema_refuses_what_the_reader_refuses(text: str, words: Vocabulary) -> None:
    errors_of(text, words)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data_of(text), json_schema(words))


def test_template_reads_back(words: Vocabulary) -> None:
    for name in (None, *words.instruments):
        text = template(words, "moss", name)
        scenario = read_scenario_text(text, words)
        assert scenario.region == "moss"
        assert [entry.instrument for entry in scenario.instruments] == [name or next(iter(words.instruments))]
        assert all(each in text for each in words.instruments)
        jsonschema.validate(data_of(text), json_schema(words))
        everything = re.sub(r"^# (?=  - |    [a-z]\w*:|    #)", "", text, flags=re.MULTILINE)
        assert len(read_scenario_text(everything, words).instruments) == len(words.instruments)
    with pytest.raises(LookupError, match="no region"):
        template(words, "oslo")
    with pytest.raises(LookupError, match="no instrument"):
        template(words, None, "tax")


def test_every_event_of_the_template_can_be_switched_on() -> None:
    real = vocabulary()
    text = template(real, "grenland")
    head, rest = text.split("\nevents:\n")
    events, tail = rest.split("\n\n", 1)
    used = "\n".join(line.removeprefix("# ") for line in events.splitlines())
    found = read_scenario_text(f"{head}\nevents:\n{used}\n\n{tail}", real).events
    assert [entry.event for entry in found] == list(real.events)


def test_template_without_anything() -> None:
    bare = Vocabulary({}, (), (), {}, {}, ())
    assert read_scenario_text(template(bare), bare).instruments == ()


def test_written_back() -> None:
    for scenario in read_scenarios(SHIPPED, vocabulary()):
        again: Scenario = read_scenario_text(scenario_text(scenario), vocabulary())
        assert again == scenario.model_copy(update={"based_on": None})


def test_import_is_light() -> None:
    code = "import sys, sim.scenario; print(sorted({'numba','mesa','streamlit','pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
