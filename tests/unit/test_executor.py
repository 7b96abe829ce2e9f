"""Workers that die and pools that break: no run is lost in silence, and no run is blamed for another."""

import os
import signal
import time
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from sim.experiment import baseline, executor
from sim.experiment.executor import Finished, execute
from sim.experiment.study import RunSpec


def specs(count):
    return [RunSpec("r", "r", baseline(3), seed, 0, f"run{seed:04}") for seed in range(count)]


def work(chunk):
    """Stand for a run: seed 3 always kills its worker, the others take a moment."""
    if chunk[0].seed == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    return [Finished(spec, {"value": [float(spec.seed)]}, [], {}, 0.0) for spec in chunk]


@pytest.fixture
def fake_pool(monkeypatch):
    """Let workers do ``work`` instead of models."""

    class Pool(ProcessPoolExecutor):
        def submit(self, function, chunk):
            return super().submit(work, chunk)

    monkeypatch.setattr(executor, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(executor, "_context", lambda: get_context("fork"))


@pytest.mark.parametrize("jobs", [2, 3])
def test_a_run_that_always_kills_its_worker_takes_no_other_with_it(fake_pool, jobs):
    found = list(execute(specs(12), jobs=jobs))
    assert sorted(f.spec.seed for f in found) == list(range(12))
    failed = [f for f in found if f.error]
    assert [f.spec.seed for f in failed] == [3]
    assert "worker" in failed[0].error


class Breaking:
    """An executor of somebody else's that breaks after two runs."""

    _max_workers = 1

    def __init__(self, refuses):
        self.taken, self.refuses = 0, refuses

    def submit(self, function, chunk):
        self.taken += 1
        future = Future()
        if self.taken <= 2:
            future.set_result([Finished(spec, {}, [], {}, 0.0) for spec in chunk])
        elif self.refuses:
            raise RuntimeError("cannot schedule new futures after shutdown")
        else:
            future.set_exception(BrokenExecutor("gone"))
        return future


@pytest.mark.parametrize("refuses", [True, False])
def test_an_executor_that_breaks_leaves_a_record_of_every_run(refuses):
    found = list(execute(specs(6), executor=Breaking(refuses)))
    assert sorted(f.spec.seed for f in found) == list(range(6))
    assert sum(f.error is None for f in found) == 2


def test_cancelling_before_the_start_hands_out_nothing(fake_pool):
    assert list(execute(specs(6), jobs=2, cancelled=lambda: True)) == []
