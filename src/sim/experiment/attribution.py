"""Runs for attribution: what each policy does under one set of mechanisms, each set with its own reference path."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.build import build_model, scenario_reference
from sim.experiment.executor import worker_pool
from sim.experiment.reference import code_identity
from sim.experiment.whole import read_json, write_text
from sim.model import SWITCHES
from sim.region import load_region
from sim.scenario import Scenario

#: Effects by (scenario, indicator): one list of differences by seed for each year.
Effects = dict[str, dict[str, list[list[float]]]]


@dataclass(frozen=True)
class SwitchSet:
    """One set of mechanisms under which every policy and its baseline are run."""

    region: str  # name or folder
    pairs: tuple[tuple[Scenario, Scenario], ...]  # policy and what it is compared with
    on: frozenset[str]
    seeds: tuple[int, ...]
    indicators: tuple[str, ...]

    @property
    def identity(self) -> str:
        """Return the content hash that names the set's results."""
        region = load_region(self.region).identity
        worlds = [(policy.identity(), base.identity()) for policy, base in self.pairs]
        content = [region, worlds, sorted(self.on), list(self.seeds), list(self.indicators), code_identity()]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]


def mechanisms(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Return the mechanisms that are on in some scenario, in the order of the switch table."""
    from sim.experiment.build import scenario_parameters

    chosen = [scenario_parameters(scenario).switches for scenario in scenarios]
    return tuple(name for name in SWITCHES if any(switches[name] for switches in chosen))


def effects(work: SwitchSet) -> Effects:
    """Run every policy and its baseline under one set of mechanisms; return paired differences by seed."""
    region = load_region(work.region)
    switches = {name: name in work.on for name in SWITCHES}
    found: Effects = {}
    levels: dict[tuple[str, int], dict[str, list[float]]] = {}

    def run(scenario: Scenario, seed: int) -> dict[str, list[float]]:
        world = scenario.model_copy(update={"switches": switches})
        key = (world.identity(), seed)
        if key not in levels:
            reference = scenario_reference(region, world)
            outcomes = build_model(region, world, seed, reference=reference).run(world.quarters).outcomes()
            levels[key] = _region_levels(outcomes, work.indicators)
        return levels[key]

    for policy, base in work.pairs:
        series = [(run(policy, seed), run(base, seed)) for seed in work.seeds]
        found[policy.name] = {
            name: [list(year) for year in zip(*[_minus(a[name], b[name]) for a, b in series], strict=True)]
            for name in work.indicators
        }
    return found


def _minus(a: list[float], b: list[float]) -> list[float]:
    return [x - y for x, y in zip(a, b, strict=True)]


def _region_levels(outcomes: Mapping[str, list], indicators: Sequence[str]) -> dict[str, list[float]]:  # type: ignore[type-arg]
    rows = zip(*[outcomes[k] for k in ("indicator", "zone", "family", "value")], strict=True)
    out: dict[str, list[float]] = {name: [] for name in indicators}
    for name, zone, family, value in rows:
        if zone == family == "all" and name in out:
            out[name].append(value)
    return out


def run_sets(
    work: Sequence[SwitchSet],
    folder: Path,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[SwitchSet, Effects]]:
    """Yield the effects under each set; sets on file in ``folder`` are not run again.

    Args:
        jobs: worker processes; the number of processors when None. executor: any executor to use instead.
        progress: called with (sets done, sets in all).
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing, done = [], 0
    for each in work:
        stored = read_json(folder / f"{each.identity}.json")
        if stored is None:
            missing.append(each)
            continue
        done += 1
        yield each, stored
    tell = progress or (lambda done, total: None)
    tell(done, len(work))
    for each, found in _run(missing, jobs, executor):
        write_text(folder / f"{each.identity}.json", json.dumps(found))
        done += 1
        tell(done, len(work))
        yield each, found


def _run(
    missing: Sequence[SwitchSet], jobs: int | None, executor: Executor | None
) -> Iterator[tuple[SwitchSet, Effects]]:
    count = jobs if jobs is not None else (os.cpu_count() or 1)
    if not missing or (executor is None and (count <= 1 or len(missing) == 1)):
        yield from ((each, effects(each)) for each in missing)
        return
    if executor is not None:
        yield from _collect(executor, missing)
        return
    scenario_reference(load_region(missing[0].region), missing[0].pairs[0][1].model_copy(update={"switches": {}}))
    with worker_pool(min(count, len(missing))) as pool:
        yield from _collect(pool, missing)


def _collect(pool: Executor, missing: Sequence[SwitchSet]) -> Iterator[tuple[SwitchSet, Effects]]:
    futures = {pool.submit(effects, each): each for each in missing}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()
