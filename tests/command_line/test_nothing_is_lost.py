"""Failures: a bad run, a dead worker, a full disk, a kill, a file in the way. Finished runs stay."""

import errno
import os
import signal
import subprocess
import time
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import pandas as pd
import pytest

from sim.experiment import Results, StoreError, run_study, vocabulary
from sim.experiment import executor as executor_module
from sim.experiment import store as store_module
from sim.scenario import read_scenarios


def read(policy):
    return read_scenarios([policy], vocabulary())


class Spoiling:
    """An executor in which the runs of one seed raise."""

    _max_workers = 1

    def submit(self, function, chunk):
        future = Future()
        if chunk[0].seed == 2:
            future.set_exception(RuntimeError("spoilt on purpose"))
        else:
            future.set_result(function(chunk))
        return future


def test_one_bad_run_never_loses_the_others(policy, tmp_path):
    results = run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "out", executor=Spoiling())
    assert len(results.failures) == 2
    assert all("spoilt on purpose" in text for text in results.failures.values())
    assert sorted(results.values["seed"].unique()) == [1, 3]
    again = run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "out", jobs=1)
    assert not again.failures
    assert sorted(again.values["seed"].unique()) == [1, 2, 3]


def test_an_error_inside_a_model_is_kept_with_its_traceback(policy, tmp_path, monkeypatch):
    real = executor_module.build_model

    def build(region, scenario, seed, **more):
        if seed == 1:
            raise ZeroDivisionError("inside the model")
        return real(region, scenario, seed, **more)

    monkeypatch.setattr(executor_module, "build_model", build)
    results = run_study(read(policy), regions=["thin-town"], seeds=2, out=tmp_path / "out", jobs=1)
    assert {text.strip().splitlines()[-1] for text in results.failures.values()} == {
        "ZeroDivisionError: inside the model"
    }
    assert set(results.values["seed"]) == {2}


def die(chunk):
    """Kill the worker for the runs of seed 2, once for each of them."""
    if chunk[0].seed == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return executor_module.run_chunk(chunk)


def test_a_dead_worker_does_not_stop_the_study(policy, tmp_path, monkeypatch):
    class Pool(ProcessPoolExecutor):
        def submit(self, function, chunk):
            return super().submit(die, chunk)

    executor_module.close_pool()
    monkeypatch.setattr(executor_module, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(executor_module, "_context", lambda: get_context("fork"))
    results = run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "out", jobs=2)
    assert results.failures
    assert all("worker" in text for text in results.failures.values())
    executor_module.close_pool()
    finished = run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "out", jobs=1)
    assert not finished.failures


def test_a_kept_pool_whose_worker_died_between_studies_is_made_anew(policy, tmp_path):
    run_study(read(policy), regions=["thin-town"], seeds=2, out=tmp_path / "one", jobs=2)
    for process in executor_module.warm_pool(2)._processes.values():
        process.kill()
    time.sleep(0.5)
    results = run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "two", jobs=2)
    assert not results.failures
    assert results.runs["finished"].all()
    executor_module.close_pool()


def test_a_full_disk_is_told_and_finished_runs_stay(policy, tmp_path, monkeypatch):
    real, written = store_module.pq.write_table, []

    def write(table, path, **more):
        if len(written) >= 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        real(table, path, **more)

    monkeypatch.setattr(store_module.pq, "write_table", write)
    with pytest.raises(StoreError, match="No space left"):
        run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "out", jobs=1)
    kept = Results.open(tmp_path / "out")
    assert kept.runs["finished"].sum() == 2
    assert len(kept.values)
    monkeypatch.setattr(store_module.pq, "write_table", real)
    assert run_study(read(policy), regions=["thin-town"], seeds=3, out=tmp_path / "out", jobs=1).runs["finished"].all()


def test_a_file_in_the_way_is_told(policy, tmp_path, sim):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "is a file" in sim("run", policy, "--out", "file", "--seeds", 1, code=2).stderr
    assert "file stands" in sim("run", policy, "--out", "file/below", "--seeds", 1, code=2).stderr
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", encoding="utf-8")
    assert "other files" in sim("run", policy, "--out", "full", "--seeds", 1, code=2).stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_killed_study_keeps_its_runs_and_goes_on(policy, sim):
    words = [*sim.start, "run", str(policy), "--seeds", "40", "--jobs", "2", "--out", "out", "--quiet"]
    running = subprocess.Popen(words, cwd=sim.folder, start_new_session=True)
    runs = sim.folder / "out" / "runs"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and (not runs.is_dir() or len(list(runs.glob("[!.]*.parquet"))) < 5):
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    kept = Results.open(sim.folder / "out")
    assert 5 <= kept.runs["finished"].sum() <= 80
    assert kept.values["value"].notna().all()
    sim("run", policy, "--seeds", 40, "--jobs", 2, "--out", "out", "--quiet")
    sim("run", policy, "--seeds", 40, "--jobs", 2, "--out", "straight", "--quiet")
    frames = [Results.open(sim.folder / name).values for name in ("out", "straight")]
    pd.testing.assert_frame_equal(*frames, check_exact=True)


def test_results_of_a_newer_version_are_refused(tmp_path):
    (tmp_path / "manifest.json").write_text('{"schema": 99}', encoding="utf-8")
    with pytest.raises(StoreError, match="newer"):
        Results.open(tmp_path)


def test_cancelling_keeps_what_is_finished(policy, tmp_path):
    def enough(progress):
        return progress.stage == "runs" and progress.done >= 3

    seen = []
    results = run_study(read(policy), regions=["thin-town"], seeds=5, out=tmp_path / "out", jobs=1,
                        progress=seen.append, cancelled=lambda: bool(seen) and enough(seen[-1]))  # fmt: skip
    assert 3 <= results.runs["finished"].sum() < 10
