"""Runs models in worker processes; a run that fails, or a worker that dies, never loses the others."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from typing import Any

from sim.experiment.build import build_model, scenario_parameters, scenario_reference
from sim.experiment.reference import stored_reference
from sim.experiment.study import RunSpec
from sim.region import load_region

_KILLED = "the worker process was killed or ran out of memory"
Chunk = tuple[RunSpec, ...]


@dataclass(frozen=True)
class Finished:
    """What came of one run: outcomes, or the text of what went wrong."""

    spec: RunSpec
    values: dict[str, list[Any]]
    log: list[dict[str, Any]]
    resolved: dict[str, Any]
    seconds: float
    error: str | None = None
    panel: dict[str, Any] | None = None


def run_one(spec: RunSpec) -> Finished:
    """Run one model to its end; an error inside comes back as text."""
    begun = time.perf_counter()
    try:
        region = load_region(spec.region)
        drawn = dict(spec.values)
        parameters = scenario_parameters(spec.scenario, drawn)
        reference = scenario_reference(region, spec.scenario, drawn=drawn)
        model = build_model(region, spec.scenario, spec.seed, reference=reference, parameters=parameters,
                            panel=spec.panel)  # fmt: skip
        model.run(spec.scenario.quarters)
        took = time.perf_counter() - begun
        panel = model.panel.columns() if model.panel is not None else None
        return Finished(spec, model.outcomes(), model.log, model.resolved, took, panel=panel)
    except Exception:
        return Finished(spec, {}, [], {}, time.perf_counter() - begun, traceback.format_exc())


def has_reference(spec: RunSpec) -> bool:
    """Tell whether the reference path of a run is on file."""
    return stored_reference(load_region(spec.region), scenario_parameters(spec.scenario, dict(spec.values)))


def solve_reference(spec: RunSpec) -> None:
    """Solve the reference path of a run and keep it on file."""
    scenario_reference(load_region(spec.region), spec.scenario, drawn=dict(spec.values))


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
    count = workers(jobs, len(specs))
    if executor is None and count <= 1:
        for spec in specs:
            if stop():
                return
            yield run_one(spec)
        return
    chunks: list[Chunk] = [(spec,) for spec in specs]
    if executor is not None:
        left = _Left()
        yield from _collect(executor, chunks, stop, left)
        yield from (_lost(spec) for chunk in left.suspects + left.unsent for spec in chunk)
        return
    while chunks and not stop():
        left, kept = _Left(), count in _WARM
        yield from _collect(warm_pool(count), chunks, stop, left)
        if left.suspects or left.unsent:
            close_pool()
        for chunk in left.suspects:
            if stop():
                return
            yield from _alone(chunk, stop)
        if not left.suspects and len(left.unsent) == len(chunks) and not kept:
            yield from (_lost(spec) for chunk in chunks for spec in chunk)
            return
        chunks = left.unsent


_WARM: dict[int, ProcessPoolExecutor] = {}


def warm_pool(workers: int) -> ProcessPoolExecutor:
    """Return the pool of this many workers that is kept between studies of one process.

    Starting workers costs as much as some hundred runs; the pool ends with the process or ``close_pool``.
    """
    if workers not in _WARM:
        close_pool()
        _WARM[workers] = worker_pool(workers)
    return _WARM[workers]


def close_pool() -> None:
    """End the workers that are kept."""
    for pool in _WARM.values():
        pool.shutdown(wait=False, cancel_futures=True)
    _WARM.clear()


def workers(jobs: int | None, runs: int) -> int:
    """Return how many worker processes to use; 1 means this process."""
    return 1 if runs <= 1 else (jobs if jobs is not None else (os.cpu_count() or 1))


@dataclass
class _Left:
    """What a broken pool leaves: runs that were in it when a worker died, and runs it never took."""

    suspects: list[Chunk] = field(default_factory=list)
    unsent: list[Chunk] = field(default_factory=list)


def _alone(chunk: Chunk, stop: Callable[[], bool]) -> Iterator[Finished]:
    """Try a suspect again in a pool of its own, so that a run that kills its worker takes no other with it."""
    left = _Left()
    with worker_pool(1) as pool:
        yield from _collect(pool, [chunk], stop, left)
    yield from (_lost(spec) for lost in left.suspects + left.unsent for spec in lost)


def _lost(spec: RunSpec) -> Finished:
    return Finished(spec, {}, [], {}, 0.0, _KILLED)


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """Return a pool of worker processes that leave Ctrl-C to this one."""
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_follow_the_parent)


def _follow_the_parent() -> None:
    """Let Ctrl-C reach the main process only, whose workers finish the run in hand; end when it has been killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _context() -> Any:
    """Return how worker processes start: a fresh server where there is one, spawn elsewhere."""
    context: Any = get_context("forkserver" if os.name == "posix" else "spawn")
    if os.name == "posix":
        context.set_forkserver_preload(["sim.experiment.executor"])  # the slow imports happen once
    return context


def _collect(pool: Executor, chunks: Sequence[Chunk], stop: Callable[[], bool], left: _Left) -> Iterator[Finished]:
    """Yield finished runs; what a broken pool did not finish goes to ``left``."""
    pending: dict[Future[list[Finished]], Chunk] = {}
    queue = list(chunks)[::-1]
    room = 2 * (getattr(pool, "_max_workers", 4) or 4)
    try:
        while queue or pending:
            while queue and len(pending) < room and not stop():
                try:
                    pending[pool.submit(run_chunk, queue[-1])] = queue[-1]
                except RuntimeError:  # broken, or shut down by its owner
                    left.unsent += queue[::-1]
                    queue.clear()
                else:
                    queue.pop()
            if stop():
                queue.clear()
            if not pending:
                continue
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                chunk = pending.pop(future)
                try:
                    yield from future.result()
                except BrokenExecutor:
                    left.suspects.append(chunk)
                except Exception:
                    text = traceback.format_exc()
                    yield from (Finished(spec, {}, [], {}, 0.0, text) for spec in chunk)
    finally:
        for future in pending:
            future.cancel()
