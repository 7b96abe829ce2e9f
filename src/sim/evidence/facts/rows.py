"""The rows of ``sim facts``: every statistic of every seed, in worker processes, then judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from functools import partial

import numpy as np

from sim.evidence.facts.across_towns import across_towns
from sim.evidence.facts.baseline_run import YEARS, run_statistics
from sim.evidence.facts.clusters import clusters, programme
from sim.evidence.facts.experiments import experiments
from sim.evidence.facts.history import history
from sim.evidence.facts.table import Fact, judge, rows_for
from sim.experiment import baseline, scenario_reference
from sim.experiment.executor import worker_pool, workers
from sim.region import Region

Values = dict[str, float]
Task = Callable[[], list[Values]]


def facts(
    region: Region,
    seeds: int = 20,
    progress: Callable[[int, int], None] | None = None,
    jobs: int | None = None,
) -> list[Fact]:
    """Return every fact of a region, averaged over seeds.

    Args:
        progress: called with (tasks done, tasks in all).
        jobs: worker processes; the number of processors when None, in this process when 1.
    """
    wanted = rows_for(region)
    tasks = list(_tasks(region, range(1, seeds + 1), wanted))
    found: dict[str, list[float]] = {name: [] for name in wanted}
    for done, several in enumerate(_run(tasks, jobs)):
        if progress:
            progress(done, len(tasks))
        for values in several:
            for name in found.keys() & values.keys():
                found[name].append(values[name])
    if progress:
        progress(len(tasks), len(tasks))
    return [judge(name, region, np.sort(np.array(found[name]))) for name in wanted]


def _tasks(region: Region, seeds: range, wanted: list[str]) -> Iterator[Task]:
    """Yield what is to be run for a region's rows, longest first."""
    usual = baseline(YEARS)
    reference = scenario_reference(region, usual)
    if "pattern_people" in wanted:
        yield partial(history, region, seeds)
    whole = "exit_rate" in wanted  # made-up regions are held to what names them
    for seed in seeds if whole else ():
        yield partial(_one, across_towns, region, seed, reference)
    for seed in seeds if whole else ():
        yield partial(_one, experiments, region, seed, reference)
        yield partial(_one, run_statistics, region, usual, seed, None, reference)
    for seed in seeds if whole or "thin_members" in wanted else ():
        yield partial(_one, clusters, region, programme(usual), seed, reference)


def _one(of: Callable[..., Values], *given: object) -> list[Values]:
    """Return the statistics of one seed as a list of one."""
    return [of(*given)]


def _run(tasks: list[Task], jobs: int | None) -> Iterator[list[Values]]:
    """Yield what tasks give, in no particular order."""
    count = workers(jobs, len(tasks))
    if count <= 1:
        yield from (task() for task in tasks)
        return
    with worker_pool(count) as pool:
        for future in as_completed([pool.submit(task) for task in tasks]):
            yield future.result()
