"""Dask: a real scheduler with two workers, one killed in the middle; the digest is that of one process."""

import os
import signal
import threading
import time

import pytest

from sim.experiment import baseline, run_study, vocabulary
from sim.experiment.distributed import on_dask
from sim.experiment.resume import digest
from sim.scenario import read_scenarios

distributed = pytest.importorskip("distributed")


def test_a_killed_worker_costs_nothing(tmp_path):
    [policy] = read_scenarios(["broad-innovation"], vocabulary())
    entry = policy.instruments[0].model_copy(update={"stop_year": 3})
    study = {"scenarios": [policy.model_copy(update={"years": 4, "instruments": (entry,)}), baseline(4)],
             "regions": ["thin-town"], "seeds": 12}  # fmt: skip
    straight = run_study(**study, jobs=1, out=tmp_path / "straight")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        pids = [worker.pid for worker in cluster.workers.values() for worker in [worker.process.process]]
        killed = threading.Event()

        def kill(progress):
            if progress.stage == "runs" and progress.done >= 3 and not killed.is_set():
                killed.set()
                os.kill(pids[0], signal.SIGKILL)
                time.sleep(0.1)

        with on_dask(cluster.scheduler_address) as executor:
            results = run_study(**study, executor=executor, out=tmp_path / "dask", progress=kill)
    assert killed.is_set()
    assert not results.failures
    assert results.runs["finished"].all()
    assert digest(results) == digest(straight)
