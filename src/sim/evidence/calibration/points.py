"""Design points on file: each is named by the hash of what it rests on, so a kill loses only those in flight."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sim.evidence.calibration import statistics
from sim.evidence.calibration.emulator import CalibrationError
from sim.experiment.executor import worker_pool, workers
from sim.experiment.reference import code_identity
from sim.experiment.whole import read_json, write_text
from sim.region import load_region

Report = Callable[[str, int, int], None]
Task = TypeVar("Task")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Point:
    """One set of parameters with a seed, in one region."""

    region: str
    values: tuple[tuple[str, float], ...]
    seed: int

    @property
    def name(self) -> str:
        """Return the content hash that names its file."""
        how = (statistics.YEARS, statistics.PROGRAMME, statistics.HORIZON, statistics.ROUNDS, statistics.SEEDS)
        place = load_region(self.region).identity
        parts = (place, code_identity(), repr(self.values), str(self.seed), str(how))
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]


def run_point(point: Point) -> dict[str, object]:
    """Return what one point gives, or the traceback of why it gives nothing."""
    begun = time.process_time()
    try:
        found: dict[str, object] = {
            "statistics": statistics.point_statistics(load_region(point.region), dict(point.values), point.seed)
        }
    except Exception:
        found = {"error": traceback.format_exc()}
    return {**found, "seed": point.seed, "values": dict(point.values), "seconds": time.process_time() - begun}


def on_file(folder: Path, point: Point) -> dict[str, object] | None:
    """Return a point that was computed before."""
    found: dict[str, object] | None = read_json(folder / f"{point.name}.json")
    return found


def compute(
    points: Sequence[Point], folder: Path, jobs: int | None, deadline: float, stage: str, report: Report
) -> bool:
    """Compute the points that are not on file; tell whether all are there in the end.

    Args:
        deadline: time (``time.monotonic``) after which no new point is begun.

    Raises:
        CalibrationError: the folder cannot be written.
    """
    missing = [point for point in points if on_file(folder, point) is None]
    done = len(points) - len(missing)
    report(stage, done, len(points))
    try:
        for point, found in in_time(run_point, missing, workers(jobs, len(missing)), deadline):
            write_text(folder / f"{point.name}.json", json.dumps(found))
            done += 1
            report(stage, done, len(points))
    except OSError as error:
        raise CalibrationError(f"{folder} cannot be written: {error.strerror}") from error
    return done == len(points)


def in_time(
    work: Callable[[Task], Found], tasks: Sequence[Task], count: int, deadline: float
) -> Iterator[tuple[Task, Found]]:
    """Yield (task, what it gives), in processes when there are several; no task begins after the deadline."""
    if count <= 1:
        for task in tasks:
            if time.monotonic() > deadline:
                return
            yield task, work(task)
        return
    with worker_pool(count) as pool:
        waiting = list(reversed(tasks))
        running: dict[Future[Found], Task] = {}
        while waiting or running:
            while waiting and len(running) < count + 1 and time.monotonic() < deadline:
                task = waiting.pop()
                running[pool.submit(work, task)] = task
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
