"""Study files, resume, extend, shards and digests; real kills; the same bytes however the work was done."""

import hashlib
import json
import os
import random
import signal
import subprocess
import time

import pytest

STUDY = """
study: small
scenarios: [short.yaml]
regions: [thin-town]
seeds: 3
draws: 2
parameters: [spillover, threshold]
"""


@pytest.fixture
def study(policy):
    path = policy.parent / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def exported(sim, out):
    sim("export", out, "--csv", out.parent / f"{out.name}.csv")
    return out.parent / f"{out.name}.csv"


def digest(sim, out):
    return json.loads(sim("digest", out, "--json").stdout)["digest"]


def test_axes_are_separate_and_paired_and_the_plan_says_the_cost(sim, study, tmp_path):
    plan = json.loads(sim("run", study, "--dry-run", "--json").stdout)
    assert plan["runs"] == 2 * 3 * 2
    out = tmp_path / "out"
    sim("run", study, "--jobs", 1, "--out", out, "--quiet")
    runs = json.loads((out / "manifest.json").read_text())["runs"]
    keys = {(row["scenario"], row["seed"], row["draw"]) for row in runs}
    assert keys == {(s, seed, draw) for s in ("baseline", "short") for seed in (1, 2, 3) for draw in (1, 2)}
    assert json.loads(sim("run", study, "--dry-run", "--json", "--out", out).stdout)["done"] == 12


def test_one_worker_two_workers_shards_and_resume_give_the_same_bytes(sim, study, tmp_path):
    one, two, parts = tmp_path / "one", tmp_path / "two", tmp_path / "parts"
    sim("run", study, "--jobs", 1, "--out", one, "--quiet")
    sim("run", study, "--jobs", 2, "--out", two, "--quiet")
    sim("run", study, "--jobs", 1, "--shard", "1/2", "--out", parts, "--quiet")
    assert digest(sim, parts) != digest(sim, one)
    study.unlink()  # the folder is all that is needed
    sim("resume", parts, "--jobs", 1, "--quiet")
    assert digest(sim, one) == digest(sim, two) == digest(sim, parts)
    assert exported(sim, one).read_bytes() == exported(sim, parts).read_bytes()
    assert sha(exported(sim, one)) == digest(sim, one)


def test_extending_keeps_what_is_there_and_equals_the_larger_study(sim, study, tmp_path):
    out = tmp_path / "out"
    sim("run", study, "--seeds", 2, "--draws", 1, "--jobs", 1, "--out", out, "--quiet")
    before = {path.name: path.stat().st_mtime_ns for path in (out / "runs").iterdir()}
    sim("extend", out, "--seeds", 3, "--draws", 2, "--jobs", 1, "--quiet")
    assert before == {path.name: path.stat().st_mtime_ns for path in (out / "runs").iterdir() if path.name in before}
    sim("run", study, "--jobs", 1, "--out", tmp_path / "whole", "--quiet")
    assert digest(sim, out) == digest(sim, tmp_path / "whole")


def living(group):
    """Return the processes of a group that have not ended, whether or not anybody has asked how."""
    psutil = pytest.importorskip("psutil")
    found = [p for p in psutil.process_iter(["status"]) if p.info["status"] != psutil.STATUS_ZOMBIE]
    return [p.pid for p in found if p.pid and group_of(p.pid) == group]


def group_of(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


def test_workers_end_when_the_main_process_is_killed(sim, policy, tmp_path):
    out = tmp_path / "out"
    words = [*sim.start, "run", str(policy), "--seeds", "200", "--jobs", "2", "--out", str(out), "--quiet"]
    process = subprocess.Popen(words, cwd=tmp_path, start_new_session=True)
    limit = time.monotonic() + 120
    while not list((out / "runs").glob("[0-9a-f]*.parquet")) and time.monotonic() < limit:
        time.sleep(0.02)
    process.kill()  # it alone, not its group
    process.wait()
    while living(process.pid) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not living(process.pid)


@pytest.mark.parametrize("luck", [1, 2])
def test_after_a_real_kill_at_any_moment_the_resumed_table_equals_the_straight_one(sim, policy, tmp_path, luck):
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    sim("run", policy, "--seeds", 12, "--jobs", 2, "--out", straight, "--quiet")
    words = [*sim.start, "run", str(policy), "--seeds", "12", "--jobs", "2", "--out", str(killed), "--quiet"]
    process = subprocess.Popen(words, cwd=tmp_path, start_new_session=True)
    limit = time.monotonic() + 120
    while not list((killed / "runs").glob("[0-9a-f]*.parquet")) and time.monotonic() < limit:
        time.sleep(0.02)
    time.sleep(random.Random(luck).uniform(0.0, 0.3))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = {path.name for path in (killed / "runs").glob("[0-9a-f]*.parquet")}
    assert done
    before = {name: sha(killed / "runs" / name) for name in done}
    sim("resume", killed, "--jobs", 1, "--quiet")
    assert {name: sha(killed / "runs" / name) for name in done} == before
    assert exported(sim, killed).read_bytes() == exported(sim, straight).read_bytes()


def test_a_region_of_ones_own_goes_along_and_the_panel_is_kept(sim, policy, tmp_path):
    from sim.region.loader import region_names

    assert "thin-town" in region_names()
    import shutil
    from pathlib import Path

    shutil.copytree(Path(__file__).parents[2] / "regions" / "thin-town", tmp_path / "mine")
    out = tmp_path / "out"
    sim("run", policy, "--region", tmp_path / "mine", "--seeds", 1, "--jobs", 1, "--panel", "--out", out, "--quiet")
    shutil.rmtree(tmp_path / "mine")
    sim("extend", out, "--seeds", 2, "--jobs", 1, "--quiet")
    assert len(list((out / "panel").glob("*.parquet"))) == 4


def test_wrong_studies_are_refused_in_words(sim, study, tmp_path):
    study.write_text(STUDY.replace("thin-town", "thin-twon").replace("spillover", "spilover"), encoding="utf-8")
    told = sim("run", study, code=2).stderr
    assert "study.yaml:4" in told
    assert "did you mean thin-town" in told
    assert "did you mean spillover" in told
    assert "i/n" in sim("run", "networks", "--shard", "3/2", code=2).stderr
    assert "no results" in sim("resume", tmp_path / "nothing", code=2).stderr
    assert "no Dask scheduler" in sim("run", "networks", "--dask", "tcp://127.0.0.1:1", code=2).stderr
