"""The command line from end to end."""

import json
import resource
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from sim.compare import COLUMNS
from sim.experiment import Results

ERROR = {"file", "line", "column", "key", "found", "allowed", "nearest", "message"}


def test_help_answers_at_once_and_loads_nothing_heavy(sim):
    took = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        shown = sim("--help").stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(took) < 0.5, "processor time, so that a busy machine does not fail the test"
    for command in ("demo", "run", "compare", "check", "schema", "new", "indicators", "facts", "app", "region"):
        assert command in shown
        assert "Example" in sim(*([command] if command != "region" else ["region", "show"]), "--help").stdout
    script = (
        "import sys; import sim.cli\n"
        "heavy = {'mesa', 'numba', 'pandas', 'streamlit', 'scipy', 'altair'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_run_and_compare(sim, policy):
    done = sim("run", policy, "--seeds", 3, "--jobs", 1, "--out", "out")
    assert "6 kjøringer ferdig, 0 feilet" in done.stderr
    manifest = json.loads((sim.folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["schema"] == 2
    assert str(sim.folder) not in json.dumps(manifest)
    assert manifest["command"].startswith("sim run short.yaml")
    assert manifest["references"]
    answer = sim.json("compare", "out", "--json")
    assert set(answer) == {"schema", "rows"}
    assert all(tuple(row) == COLUMNS for row in answer["rows"])
    keys = [tuple(row[k] for k in ("region", "scenario", "measure", "indicator", "zone", "family", "year"))
            for row in answer["rows"]]  # fmt: skip
    assert keys == sorted(keys)
    names = {row["indicator"] for row in answer["rows"]}
    assert names >= {"jobs", "job_years", "value_added", "productivity", "innovators", "rd", "population",
                     "net_commuting", "unemployment", "emissions", "municipal_net", "spent_municipal", "spent_public",
                     "cost_per_job_year_municipal", "cost_per_job_year_public"}  # fmt: skip
    shown = sim("compare", "out").stdout
    assert "Kort prøve" in shown
    assert "oppdiktet" in shown
    assert "ikke prognoser" in shown
    sim("compare", "out", "--csv", "rows.csv", "--language", "en")
    assert len(pd.read_csv(sim.folder / "rows.csv")) == len(answer["rows"])


def test_a_second_run_computes_nothing_anew_and_changed_inputs_are_computed(sim, policy):
    sim("run", policy, "--seeds", 2, "--jobs", 1, "--out", "out", "--quiet")
    before = {p.name: p.stat().st_mtime_ns for p in (sim.folder / "out" / "runs").iterdir()}
    assert sim.json("run", policy, "--seeds", 2, "--out", "out", "--dry-run", "--json")["done"] == 4
    sim("run", policy, "--seeds", 3, "--jobs", 1, "--out", "out", "--quiet")
    after = {p.name: p.stat().st_mtime_ns for p in (sim.folder / "out" / "runs").iterdir()}
    assert len(after) == 6
    assert all(after[name] == stamp for name, stamp in before.items())
    assert sim.json("run", policy, "--seeds", 3, "--budget", 7, "--out", "out", "--dry-run", "--json")["done"] == 3


def test_workers_and_order_of_files_change_no_bit(sim, policy):
    other = sim.folder / "other.yaml"
    other.write_text(policy.read_text(encoding="utf-8").replace("budget: 6", "budget: 3"), encoding="utf-8")
    sim("run", policy, other, "--seeds", 2, "--jobs", 1, "--out", "one", "--quiet")
    sim("run", other, policy, "--seeds", 2, "--jobs", 2, "--out", "two", "--quiet")
    one, two = (Results.open(sim.folder / name).values for name in ("one", "two"))
    order = ["scenario", "seed", "indicator", "zone", "family", "year"]
    one, two = (frame.sort_values(order).reset_index(drop=True) for frame in (one, two))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_quiet_is_silent_and_progress_is_plain_lines_elsewhere(sim, policy):
    assert sim("run", policy, "--seeds", 1, "--jobs", 1, "--quiet").stderr == ""
    done = sim("run", policy, "--seeds", 2, "--jobs", 1, "--out", "b")
    assert "Kjører: 0/4" in done.stderr
    assert "\x1b" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("run", "thin.yaml"), None),
        (("run", "cluster-programm"), "cluster-programme"),
        (("run", "networks", "--region", "grenlnd"), "grenland"),
        (("compare", "nowhere"), None),
        (("region", "show", "grenlnd"), "grenland"),
        (("run", "networks", "--language", "sv"), None),
    ],
)
def test_bad_input_is_told_as_json_with_exit_2(sim, words, near):
    answer = sim.json(*words, "--json", code=2)
    assert set(answer) == {"errors"}
    assert answer["errors"]
    assert all(set(error) == ERROR for error in answer["errors"])
    if near:
        assert answer["errors"][0]["nearest"] == near
    assert sim(*words, code=2).stderr.strip()


def test_every_error_of_a_file_is_told_with_its_place(sim):
    (sim.folder / "bad.yaml").write_text(
        "title: {nb: a, en: b}\ndescription: {nb: a, en: b}\nyeers: 3\ninstruments:\n"
        "  - {instrument: networsk, budget: -1}\n  - {instrument: cluster_programme, budget: 5, level: nec}\n",
        encoding="utf-8",
    )
    errors = sim.json("check", "bad.yaml", "--json", code=2)["errors"]
    assert {(e["line"], e["nearest"]) for e in errors} >= {(3, "years"), (5, "networks"), (6, "nce")}
    shown = sim("check", "bad.yaml", code=2).stderr
    assert "bad.yaml:5:" in shown


def test_unknown_commands_and_options_name_the_nearest(sim):
    assert "compare" in sim("compair", code=2).stderr
    assert "--seeds" in sim("run", "networks", "--sedes", 3, code=2).stderr


def test_new_check_schema_and_indicators(sim):
    sim("new", "mine.yaml", "--instrument", "networks", "--region", "thin-town")
    sim("check", "mine.yaml")
    assert "exists" in sim("new", "mine.yaml", code=2).stderr
    assert sim.json("run", "mine.yaml", "--seeds", 1, "--dry-run", "--json")["runs"] == 2
    assert "networks" in sim("new", "b.yaml", "--instrument", "networsk", code=2).stderr
    assert sim.json("schema")["$schema"].startswith("https://json-schema.org")
    rows = sim.json("indicators", "--json")
    assert {"indicator", "unit", "direction"} <= set(rows[0])
    assert {"jobs", "cost_per_job_year_public"} <= {row["indicator"] for row in rows}


def test_the_built_in_scenarios_are_in_order(sim):
    assert "i orden" in sim("check", *("baseline", "cluster-programme", "broad-innovation", "networks")).stdout
    assert "fine" in sim("check", "baseline", "--language", "en").stdout


def test_regions_are_shown(sim):
    rows = sim.json("region", "show", "grenland", "--json")
    assert set(rows[0]) == {"zone", "industry", "sector", "jobs", "firms", "official", "placeholder_share"}
    assert np.isclose(sum(row["jobs"] for row in rows), 44_507, rtol=0.005)
    assert "Herøya" not in sim("region", "show", "thin-town").stdout
    assert {row["region"] for row in sim.json("region", "list", "--json")} == {"grenland", "nedre-glomma", "thin-town"}


def test_a_closed_pipe_is_no_error(sim, policy):
    sim("run", policy, "--seeds", 2, "--jobs", 1, "--out", "out", "--quiet")
    words = [*sim.start, "compare", "out", "--json"]
    done = subprocess.Popen(words, cwd=sim.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.read(10)
    done.stdout.close()
    assert b"Traceback" not in done.stderr.read()
    done.stderr.close()
    done.wait(30)
