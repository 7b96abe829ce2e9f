"""The result folder: half files, spoilt manifests, what a rerun keeps, copies that run again."""

import pytest

from sim.experiment import Results, StoreError, make_study, run_study, vocabulary
from sim.scenario import InstrumentEntry, Scenario, ScenarioErrors, Words, read_scenarios

WORDS = Words(nb="Prøve", en="Test")


def policy(name="short", **entry):
    entry = {"budget": 6, "start_year": 1, "stop_year": 2, "options": {"lottery": False}, **entry}
    made = InstrumentEntry(instrument="broad_innovation", **entry)
    return Scenario(name=name, title=WORDS, description=WORDS, years=2, instruments=(made,))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    run_study([policy()], regions=["thin-town"], seeds=2, jobs=1, out=out)
    return out


def rerun(folder):
    return run_study([policy()], regions=["thin-town"], seeds=2, jobs=1, out=folder)


def test_a_rerun_leaves_the_manifest_as_it_was(folder):
    before = (folder / "manifest.json").read_bytes()
    manifest = rerun(folder).manifest
    assert (folder / "manifest.json").read_bytes() == before
    assert set(manifest["resolved"]) == set(manifest["references"]) == {"thin-town/baseline", "thin-town/short"}
    assert manifest["resolved"]["thin-town/short"]


def test_a_half_file_is_no_run_and_is_computed_again(folder):
    whole = Results.open(folder).values
    path = sorted((folder / "runs").glob("*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:300])
    (folder / "runs" / ".x.parquet.1.part").write_bytes(b"half")
    broken = Results.open(folder)
    assert broken.runs["finished"].sum() == 3
    assert 0 < len(broken.values) < len(whole)
    assert rerun(folder).values.equals(whole)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": "x"}', '{"schema": 1}', '{"schema": 1, "runs": 3}'])
def test_a_spoilt_manifest_is_told_in_words(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match=r"manifest\.json"):
        Results.open(tmp_path)


def test_the_copies_of_the_scenarios_give_the_same_runs(folder):
    copies = sorted((folder / "scenarios").glob("*.yaml"))
    assert [path.stem for path in copies] == ["baseline", "short"]
    again = make_study(read_scenarios(copies, vocabulary()), ["thin-town"], 2)
    assert {spec.run_id for spec in again.runs()} == {row["run_id"] for row in Results.open(folder).manifest["runs"]}


def test_nothing_in_the_folder_tells_where_it_lies(folder):
    written = [path for path in folder.rglob("*") if path.suffix in (".json", ".jsonl", ".yaml")]
    texts = [path.read_text(encoding="utf-8") for path in written]
    assert texts
    assert not any(str(folder.parent) in text for text in texts)


def test_a_municipality_of_another_region_is_refused_before_anything_runs(tmp_path):
    stray = policy(zones=("3107",))
    with pytest.raises(ScenarioErrors) as caught:
        run_study([stray], regions=["thin-town"], seeds=1, jobs=1, out=tmp_path / "out")
    error = caught.value.errors[0]
    assert (error.found, error.kind, error.key) == ("3107", "not_in_region", "instruments[0].zones")
    assert not (tmp_path / "out").exists()


def test_runs_are_named_by_what_they_rest_on():
    def ids(scenario, budget=None, region="thin-town"):
        return {spec.run_id for spec in make_study([scenario], [region], 2, budget).runs()}

    base = ids(policy())
    assert ids(policy(name="renamed")) == base
    assert len(ids(policy(), budget=7.0) & base) == 2  # only the baseline's runs
    assert not ids(policy(), region="grenland") & base
