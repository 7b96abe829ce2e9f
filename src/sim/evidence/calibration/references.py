"""Reference paths of the posterior draws, solved ahead and shipped, so that everyday runs with draws are cheap."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

from sim.evidence.calibration.points import Report, in_time
from sim.experiment.build import region_firms
from sim.experiment.draws import drawable, drawn_values
from sim.experiment.executor import workers
from sim.experiment.identity import results_identity
from sim.experiment.posterior import SUMMARY, posterior, posterior_folder
from sim.experiment.reference import code_identity, path_key, reference_path, stored_reference
from sim.experiment.shipped import FOLDER, evidence_folder, shipped_paths, write_paths
from sim.experiment.whole import write_text
from sim.model import make_parameters
from sim.region import load_region, region_names

Task = tuple[str, int]


def ship_references(
    draws: int, *, jobs: int | None = None, minutes: float = 60.0, report: Report = lambda *_: None,
    folder: Path | None = None,
) -> list[Path] | None:  # fmt: skip
    """Solve the default path and those of the first posterior draws in every built-in region, and write them.

    Solved paths are kept in the cache one by one, so that a later call goes on where this one ended.

    Returns:
        The files written, or None when the time was up before all were solved.

    Raises:
        PosteriorError: there is no posterior that fits this code.
    """
    deadline = time.monotonic() + 60.0 * minutes
    tasks = [(region, draw) for region in region_names() for draw in range(draws + 1)]
    first, rest = ([t for t in tasks if (t[1] == 0) == usual] for usual in (True, False))
    for stage, part in (("reference", first), ("references", rest)):
        if not _solve(part, jobs, deadline, stage, report):
            return None
    return [_write(region, draws, folder or evidence_folder(FOLDER)) for region in region_names()]


def values_of(draw: int) -> dict[str, float]:
    """Return the parameters of a draw as everyday commands draw them: all of them, with the usual seed."""
    return drawn_values(drawable("all"), draw, source="posterior")


def solve_one(wanted: tuple[str, Mapping[str, float]]) -> None:
    """Solve the path of a region with some parameters and keep it in the cache."""
    place = load_region(wanted[0])
    reference_path(place, region_firms(place), make_parameters(wanted[1]))


def _solve(tasks: list[Task], jobs: int | None, deadline: float, stage: str, report: Report) -> bool:
    wanted = [(region, values_of(draw)) for region, draw in tasks]
    missing = [(r, v) for r, v in wanted if not stored_reference(load_region(r), make_parameters(v))]
    done, total = len(tasks) - len(missing), len(tasks)
    report(stage, done, total)
    for _ in in_time(solve_one, missing, workers(jobs, len(missing)), deadline):
        done += 1
        report(stage, done, total)
    return done == total


def _write(region: str, draws: int, folder: Path) -> Path:
    place, paths = load_region(region), {}
    for draw in range(draws + 1):
        parameters = make_parameters(values_of(draw))
        found = reference_path(place, region_firms(place), parameters)
        paths[path_key(place, parameters)] = {"drift": list(map(float, found.drift)),
                                              "entry": list(map(float, found.entry))}  # fmt: skip
    return write_paths(folder, place.name, code_identity("region", "model"), results_identity(), paths)


def recheck() -> list[Path]:
    """Note the code of today in posterior and paths whose results are those of today, so that readers need no runs.

    Raises:
        PosteriorError: there is no posterior, or this code gives other results.
    """
    posterior()
    path = posterior_folder() / SUMMARY
    told = json.loads(path.read_text(encoding="utf-8")) | {"code": code_identity()}
    write_text(path, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    written, folder, code = [path], evidence_folder(FOLDER), code_identity("region", "model")
    for region in region_names():
        held = shipped_paths(region)
        if held["results"] == results_identity():
            written.append(write_paths(folder, region, code, held["results"], held["paths"]))
    return written
