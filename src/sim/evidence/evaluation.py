"""Published evaluations replayed: many draws of each, and every published figure with pass or fail and why.

A draw is one evaluation somebody could have made: its own luck and its own parameters. Draws are kept by what they
rest on, so an evaluation that was stopped goes on, and nothing is computed twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.evidence.evaluation_file import Evaluation
from sim.evidence.evaluation_run import drawn, run_draw
from sim.experiment.build import region_firms, scenario_parameters
from sim.experiment.executor import worker_pool
from sim.experiment.reference import code_identity, reference_path, stored_reference
from sim.experiment.whole import read_json, write_text
from sim.model import make_parameters

#: Seconds of one processor: a reference path and a run, per 1,000 firms, as measured (docs/evaluations.md).
SECONDS_REFERENCE, SECONDS_RUN = 4.0, 0.3
#: Files whose code decides what a draw comes to.
_CODE = ("estimators.py", "matching.py", "evaluation_run.py", "evaluation_world.py")


@dataclass(frozen=True)
class Draw:
    """One draw of one evaluation; ``found`` is None until it is made, ``error`` the traceback when it failed."""

    evaluation: str
    number: int
    found: dict[str, dict[str, Any]] | None = None
    error: str | None = None


@cache
def _code() -> str:
    digest = hashlib.sha256(code_identity().encode())
    for name in _CODE:
        digest.update(files("sim.evidence").joinpath(name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def draw_identity(evaluation: Evaluation, number: int) -> str:
    """Return the content hash that names a draw: design, region, parameters, code."""
    values = sorted(drawn(number).items())
    content = [evaluation.design, evaluation.region.identity, values, number, _code()]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]


def make_draws(
    evaluations: Sequence[Evaluation],
    draws: int,
    out: Path,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[Draw]:
    """Yield the draws of every evaluation, those on file first; each new one is put on file at once.

    Args:
        draws: how many of each. out: folder; a file for each draw in a folder for each evaluation.
        jobs: worker processes; the number of processors when None. executor: any executor to use instead.
        progress: called with (what is done: ``reference`` or ``runs``, done, in all).
    """
    tell = progress or (lambda stage, done, total: None)
    missing, done, total = [], 0, len(evaluations) * draws
    for evaluation in evaluations:
        for number in range(1, draws + 1):
            stored = read_json(_path(out, evaluation, number))
            if stored is None:
                missing.append((evaluation, number))
                continue
            done += 1
            yield Draw(evaluation.keys.evaluation, number, stored)
    for evaluation in {e.place: e for e, _ in missing}.values():  # the others start from the default path
        region = evaluation.region
        reference_path(region, region_firms(region), make_parameters(), lambda i, n: tell("reference", i, n))
    tell("runs", done, total)
    for draw, path in _run(missing, out, jobs, executor):
        if draw.found is not None:
            write_text(path, json.dumps(draw.found))
        done += 1
        tell("runs", done, total)
        yield draw


def cost(evaluations: Sequence[Evaluation], draws: int, out: Path) -> dict[str, float]:
    """Return what is to be computed: draws, reference paths and seconds of one processor."""
    seconds, missing = 0.0, 0
    paths: set[tuple[str, str]] = set()
    for evaluation in evaluations:
        scale = len(region_firms(evaluation.region).id) / 1000.0
        left = [n for n in range(1, draws + 1) if read_json(_path(out, evaluation, n)) is None]
        missing += len(left)
        seconds += len(left) * scale * SECONDS_RUN * (2 * len(evaluation.worlds) + 1)
        for number in left:
            values = drawn(number)
            for scenario, _ in evaluation.worlds.values():
                parameters = scenario_parameters(scenario, values)
                key = (evaluation.place, parameters.identity)
                if key not in paths and not stored_reference(evaluation.region, parameters):
                    seconds += scale * SECONDS_REFERENCE
                    paths.add(key)
    return {"draws": float(len(evaluations) * draws), "missing": float(missing), "references": float(len(paths)),
            "seconds": round(seconds, 1)}  # fmt: skip


def _run(
    missing: Sequence[tuple[Evaluation, int]], out: Path, jobs: int | None, executor: Executor | None
) -> Iterator[tuple[Draw, Path]]:
    count = min(jobs if jobs is not None else (os.cpu_count() or 1), len(missing))
    if executor is None and count <= 1:
        for evaluation, number in missing:
            yield _try(evaluation, number), _path(out, evaluation, number)
        return
    if executor is not None:
        yield from _collect(executor, missing, out)
        return
    with worker_pool(count) as pool:
        yield from _collect(pool, missing, out)


def _collect(
    pool: Executor, missing: Sequence[tuple[Evaluation, int]], out: Path
) -> Iterator[tuple[Draw, Path]]:
    ordered = sorted(missing, key=lambda each: each[1])  # a draw's reference path serves every evaluation of a region
    futures = {pool.submit(_try, e, n): _path(out, e, n) for e, n in ordered}
    try:
        for future in as_completed(futures):
            yield future.result(), futures[future]
    finally:
        for future in futures:
            future.cancel()


def _try(evaluation: Evaluation, number: int) -> Draw:
    """Make one draw; an error inside comes back as text and is tried again next time."""
    name = evaluation.keys.evaluation
    try:
        return Draw(name, number, run_draw(evaluation, number))
    except Exception:
        return Draw(name, number, None, traceback.format_exc())


def _path(out: Path, evaluation: Evaluation, number: int) -> Path:
    return out / evaluation.keys.evaluation / f"{draw_identity(evaluation, number)}.json"
