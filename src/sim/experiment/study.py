"""A study: scenarios x regions x seeds, with a baseline, and runs named by what they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiment.build import scenario_parameters
from sim.experiment.reference import code_identity
from sim.experiment.worlds import BASELINE, with_baselines
from sim.region import Region, load_region, region_identity
from sim.scenario import Scenario, ScenarioErrors
from sim.scenario.errors import ScenarioError, nearest


@dataclass(frozen=True)
class RunSpec:
    """One run: what it is and the content hash that names it."""

    region: str  # name or folder, as it is loaded
    region_name: str
    scenario: Scenario
    seed: int
    draw: int
    run_id: str

    @property
    def row(self) -> dict[str, Any]:
        """Return the run's key as columns."""
        return {"run_id": self.run_id, "region": self.region_name, "scenario": self.scenario.name,
                "seed": self.seed, "draw": self.draw}  # fmt: skip


@dataclass(frozen=True)
class Study:
    """Scenarios run in regions with the same seeds.

    Attributes:
        scenarios: a baseline comes first. regions: names or folders. seeds: the seeds of every scenario.
    """

    scenarios: tuple[Scenario, ...]
    regions: tuple[str, ...]
    seeds: tuple[int, ...]

    def runs(self) -> list[RunSpec]:
        """Return every run, sorted by region, scenario and seed."""
        code = code_identity()
        specs = []
        for place in self.regions:
            region = load_region(place)
            for scenario in self.scenarios:
                for seed in self.seeds:
                    run_id = _run_id(region, scenario, seed, code)
                    specs.append(RunSpec(place, region.name, scenario, seed, 0, run_id))
        return specs


def make_study(
    scenarios: Iterable[Scenario], regions: Sequence[str], seeds: int | Sequence[int], budget: float | None = None
) -> Study:
    """Return a study with a baseline, every scenario scaled to a common yearly budget when one is given.

    Args:
        seeds: how many seeds (1, 2, ...), or the seeds themselves.
        budget: MNOK a year in the year with most money; None keeps each scenario's own.

    Raises:
        ValueError: no seeds, no region, or two scenarios with one name.
        ScenarioErrors: a scenario aims at a municipality that a region does not have.
    """
    chosen = [scale_budget(s, budget) if budget is not None else s for s in scenarios]
    names = [s.name for s in chosen]
    if len(set(names)) != len(names):
        raise ValueError(f"two scenarios have the same name: {', '.join(sorted(names))}")
    chosen = with_baselines(chosen)
    wanted = tuple(range(1, seeds + 1)) if isinstance(seeds, int) else tuple(seeds)
    if not wanted or not regions:
        raise ValueError("a study needs at least one seed and one region")
    _check_places(chosen, regions)
    chosen.sort(key=lambda s: (s.name != BASELINE, s.name))
    return Study(tuple(chosen), tuple(dict.fromkeys(regions)), wanted)


def _check_places(scenarios: Iterable[Scenario], regions: Iterable[str]) -> None:
    """Refuse municipalities that are not in the region the scenarios are to run in."""
    errors = []
    for region in map(load_region, regions):
        for scenario in scenarios:
            entries = [(f"instruments[{index}]", entry.zones) for index, entry in enumerate(scenario.instruments)]
            entries += [(f"events[{index}]", event.zones) for index, event in enumerate(scenario.events)]
            for path, zones in entries:
                errors += [
                    ScenarioError(scenario.name, 1, 1, f"{path}.zones", "not_in_region", zone,
                                  region.zones, nearest(zone, region.zones), region.name)
                    for zone in zones or () if zone != "all" and zone not in region.zones
                ]  # fmt: skip
    if errors:
        raise ScenarioErrors(errors)


def scale_budget(scenario: Scenario, budget: float) -> Scenario:
    """Return a scenario whose dearest year costs ``budget`` MNOK; one without money stays as it is."""
    total = max(scenario.budget_by_year(), default=0.0)
    if total <= 0:
        return scenario
    entries = tuple(e.model_copy(update={"budget": e.budget * budget / total}) for e in scenario.instruments)
    return scenario.model_copy(update={"instruments": entries})


def _run_id(region: Region, scenario: Scenario, seed: int, code: str) -> str:
    parts = (region_identity(region), scenario.identity(), scenario_parameters(scenario).identity, str(seed), code)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
