"""Many independent computations, each kept on file under a content hash: stopped work is taken up where it was.

A point is a function and its arguments. Its key is a hash of all that moves its result, so nothing is computed
twice and a changed input never reuses a result. A point that fails is kept with its traceback; the others go on.
"""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.experiment import Progress, StoreError
from sim.experiment.executor import worker_pool, workers
from sim.experiment.store import put_text
from sim.experiment.whole import read_json

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Point:
    """One computation: ``work(*arguments)`` gives a mapping of plain numbers; ``key`` names what it rests on."""

    key: str
    work: Callable[..., dict[str, Any]]
    arguments: tuple[Any, ...]


def content_key(*parts: object) -> str:
    """Return a hash of what a result rests on; parts are told apart by their place."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


class PointFolder:
    """A folder with a file per finished point and one per failure."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.points, self.failures = folder, folder / "points", folder / "failures"

    def prepare(self) -> None:
        """Make the folder. Raises ``StoreError`` when a file stands in the way or it cannot be written."""
        try:
            if self.folder.exists() and not self.folder.is_dir():
                raise StoreError(f"{self.folder} is a file; give a folder for the results")
            self.points.mkdir(parents=True, exist_ok=True)
            self.failures.mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.folder} cannot be written: {error.strerror or error}") from error

    def read(self, key: str) -> dict[str, Any] | None:
        """Return the result of a point, None when there is none or the file is not whole."""
        found = read_json(self.points / f"{key}.json")
        return found if isinstance(found, dict) else None

    def write(self, key: str, result: dict[str, Any]) -> None:
        """Keep the result of a point, whole or not at all, and forget that it ever failed."""
        put_text(self.points / f"{key}.json", json.dumps(result, sort_keys=True), kept="finished points")
        (self.failures / f"{key}.txt").unlink(missing_ok=True)

    def fail(self, key: str, words: str) -> None:
        """Keep the traceback of a point that failed."""
        put_text(self.failures / f"{key}.txt", words, kept="finished points")


def missing(points: Sequence[Point], out: Path) -> list[Point]:
    """Return the points that are not on file, each once."""
    store = PointFolder(out)
    return [point for point in {p.key: p for p in points}.values() if store.read(point.key) is None]


def compute(
    points: Sequence[Point], out: Path, jobs: int | None = None, progress: Report | None = None
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Compute what is not on file and return results and tracebacks by key.

    Args:
        out: folder of the points. jobs: worker processes; the number of processors when None.

    Raises:
        StoreError: the folder cannot be used. WriteError: the disk is full; finished points are kept.
    """
    store = PointFolder(out)
    store.prepare()
    left, failed = missing(points, out), {}
    begun, total = time.monotonic(), len({p.key for p in points})
    for done, (key, result, words) in enumerate(_run(left, workers(jobs, len(left))), start=1):
        if words is None:
            store.write(key, result)
        else:
            store.fail(key, words)
            failed[key] = words
        if progress:
            rate = (time.monotonic() - begun) / done
            progress(Progress("runs", total - len(left) + done, total, len(failed), rate * (len(left) - done)))
    found = {point.key: store.read(point.key) for point in points}
    return {key: result for key, result in found.items() if result is not None}, failed


Outcome = tuple[str, dict[str, Any], str | None]


def attempt(point: Point) -> Outcome:
    """Return key, result and None, or key, nothing and the traceback."""
    try:
        return point.key, point.work(*point.arguments), None
    except Exception:
        return point.key, {}, traceback.format_exc()


def _run(points: Sequence[Point], count: int) -> Iterator[Outcome]:
    """Yield outcomes as they come; a point that takes its worker down is tried once more alone, then given up."""
    if count <= 1:
        yield from map(attempt, points)
        return
    left = {point.key: point for point in points}
    with worker_pool(count) as pool:
        for outcome in _collect(pool, points):
            del left[outcome[0]]
            yield outcome
    for point in left.values():  # the pool broke: what it had not finished
        with worker_pool(1) as alone:
            outcomes = list(_collect(alone, [point]))
        yield outcomes[0] if outcomes else (point.key, {}, "the worker process was killed or ran out of memory")


def _collect(pool: ProcessPoolExecutor, points: Sequence[Point]) -> Iterator[Outcome]:
    futures = [pool.submit(attempt, point) for point in points]
    try:
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenExecutor:
                return
    finally:
        for future in futures:
            future.cancel()
