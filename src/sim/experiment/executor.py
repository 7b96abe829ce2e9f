"""Runs models in worker processes; a run that fails, or a worker that dies, never loses the others."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from sim.experiment.build import build_model, scenario_reference
from sim.experiment.study import RunSpec
from sim.region import load_region

#: How often a run is tried again when its worker dies.
TRIES = 2


@dataclass(frozen=True)
class Finished:
    """What came of one run: outcomes, or the text of what went wrong."""

    spec: RunSpec
    values: dict[str, list[Any]]
    log: list[dict[str, Any]]
    resolved: dict[str, Any]
    seconds: float
    error: str | None = None


def run_one(spec: RunSpec) -> Finished:
    """Run one model to its end; an error inside comes back as text."""
    begun = time.perf_counter()
    try:
        region = load_region(spec.region)
        reference = scenario_reference(region, spec.scenario)
        model = build_model(region, spec.scenario, spec.seed, reference=reference).run(spec.scenario.quarters)
        took = time.perf_counter() - begun
        return Finished(spec, model.outcomes(), model.log, model.resolved, took)
    except Exception:
        return Finished(spec, {}, [], {}, time.perf_counter() - begun, traceback.format_exc())


def run_chunk(specs: Sequence[RunSpec]) -> list[Finished]:
    """Run a few models in one worker."""
    return [run_one(spec) for spec in specs]


def execute(
    specs: Sequence[RunSpec],
    jobs: int | None = None,
    executor: Executor | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Finished]:
    """Yield runs as they finish, in no particular order.

    Args:
        jobs: worker processes; the number of processors when None, in this process when 1.
        executor: any ``concurrent.futures.Executor`` to use instead.
        cancelled: asked between runs; true stops handing out new ones.
    """
    stop = cancelled or (lambda: False)
    count = jobs if jobs is not None else (os.cpu_count() or 1)
    if executor is None and (count <= 1 or len(specs) == 1):
        for spec in specs:
            if stop():
                return
            yield run_one(spec)
        return
    if executor is not None:
        yield from _collect(executor, [(spec,) for spec in specs], stop, [])
        return
    waiting, tries = [(spec,) for spec in specs], {spec.run_id: 0 for spec in specs}
    while waiting and not stop():
        lost: list[tuple[RunSpec, ...]] = []
        with ProcessPoolExecutor(min(count, len(waiting)), mp_context=_context()) as pool:
            yield from _collect(pool, waiting, stop, lost)
        waiting = []
        for chunk in lost:
            for spec in chunk:
                tries[spec.run_id] += 1
                if tries[spec.run_id] >= TRIES:
                    yield Finished(spec, {}, [], {}, 0.0, "the worker process was killed or ran out of memory")
                else:
                    waiting.append((spec,))


def _context() -> Any:
    """Return how worker processes start: a fresh server where there is one, spawn elsewhere."""
    return get_context("forkserver" if os.name == "posix" else "spawn")


def _collect(
    pool: Executor, chunks: Sequence[tuple[RunSpec, ...]], stop: Callable[[], bool], lost: list[tuple[RunSpec, ...]]
) -> Iterator[Finished]:
    """Yield finished runs; chunks whose worker died go to ``lost``."""
    pending: dict[Future[list[Finished]], tuple[RunSpec, ...]] = {}
    queue = list(chunks)[::-1]
    room = 2 * (getattr(pool, "_max_workers", 4) or 4)
    try:
        while queue or pending:
            while queue and len(pending) < room and not stop():
                chunk = queue.pop()
                try:
                    pending[pool.submit(run_chunk, chunk)] = chunk
                except BrokenProcessPool:
                    lost.append(chunk)
            if stop():
                queue.clear()
            if not pending:
                continue
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                chunk = pending.pop(future)
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    lost.append(chunk)
                except Exception:
                    text = traceback.format_exc()
                    yield from (Finished(spec, {}, [], {}, 0.0, text) for spec in chunk)
    finally:
        for future in pending:
            future.cancel()
