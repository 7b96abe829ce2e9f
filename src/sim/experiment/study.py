"""A study: scenarios x regions x seeds, with a baseline, and runs named by what they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.build import scenario_parameters
from sim.experiment.draws import SOURCES, drawn_values
from sim.experiment.posterior import posterior
from sim.experiment.reference import code_identity
from sim.experiment.worlds import BASELINE, with_baselines
from sim.model import parameter_table
from sim.region import Region, load_region
from sim.scenario import Scenario, ScenarioErrors, read_scenarios
from sim.scenario.errors import ScenarioError, nearest

if TYPE_CHECKING:
    from sim.experiment.runner import Results

#: First seed of draws with luck of their own (above the seeds that reference paths are solved with), and how far
#: the seeds of two draws lie apart.
_OWN_LUCK, _APART = 2_000_000, 10_000


@dataclass(frozen=True)
class RunSpec:
    """One run: what it is and the content hash that names it."""

    region: str  # name or folder, as it is loaded
    region_name: str
    scenario: Scenario
    seed: int
    draw: int
    run_id: str
    values: tuple[tuple[str, float], ...] = ()  # parameters of the draw
    panel: bool = False

    @property
    def row(self) -> dict[str, Any]:
        """Return the run's key as columns."""
        return {"run_id": self.run_id, "region": self.region_name, "scenario": self.scenario.name,
                "seed": self.seed, "draw": self.draw}  # fmt: skip


@dataclass(frozen=True)
class Study:
    """Scenarios x regions x seeds x draws; seeds and draws are the same for every scenario.

    Attributes:
        scenarios: a baseline comes first. regions: names or folders. seeds: the seeds of every scenario.
        draws: numbers of the parameter draws, 0 = the defaults. drawn: parameters that are drawn.
        draw_seed: seed of the draws. panel: keep every firm in every quarter.
        source: where the draws come from, prior or posterior.
        own_luck: each draw has seeds of its own, so that no luck is shared between draws.
    """

    scenarios: tuple[Scenario, ...]
    regions: tuple[str, ...]
    seeds: tuple[int, ...]
    draws: tuple[int, ...] = (0,)
    drawn: tuple[str, ...] = ()
    draw_seed: int = 1
    panel: bool = False
    source: str = "prior"
    own_luck: bool = False

    @classmethod
    def of(cls, *scenarios: str | Scenario, regions: Sequence[str] = ("nedre-glomma",), seeds: int = 20,
           **axes: Any) -> Study:  # fmt: skip
        """Return a study of scenarios by built-in name, file or object; ``axes`` as in ``make_study``.

        Raises:
            ScenarioErrors: a file is wrong. ValueError: the study makes no sense.
        """
        from sim.experiment.build import vocabulary

        named = read_scenarios([s for s in scenarios if isinstance(s, str)], vocabulary())
        return make_study([*named, *(s for s in scenarios if isinstance(s, Scenario))], regions, seeds, **axes)

    def run(self, out: str | Path | None = None, **how: Any) -> Results:
        """Run the study and return its results; ``how`` as in ``sim.experiment.runner.run``."""
        from sim.experiment.runner import run

        return run(self, out=out, **how)

    def values(self, draw: int) -> dict[str, float]:
        """Return the parameters of a draw."""
        return drawn_values(self.drawn, draw, self.draw_seed, self.source)

    def seeds_of(self, draw: int) -> tuple[int, ...]:
        """Return the seeds of a draw: those of the study, or as many that no other draw and no path has."""
        shift = _OWN_LUCK + _APART * draw if self.own_luck and draw else 0
        return tuple(seed + shift for seed in self.seeds)

    def runs(self) -> list[RunSpec]:
        """Return every run, sorted by region, scenario, draw and seed."""
        code = code_identity()
        specs = []
        for place in self.regions:
            region = load_region(place)
            for scenario in self.scenarios:
                for draw in self.draws:
                    values = self.values(draw)
                    for seed in self.seeds_of(draw):
                        run_id = _run_id(region, scenario, values, seed, code)
                        specs.append(RunSpec(place, region.name, scenario, seed, draw, run_id,
                                             tuple(values.items()), self.panel))  # fmt: skip
        return specs

    def as_mapping(self) -> dict[str, Any]:
        """Return the axes of the study, for the manifest."""
        held = {"posterior": posterior().digest} if self.source == "posterior" else {}
        return {"regions": [load_region(place).name for place in self.regions], "seeds": list(self.seeds),
                "draws": list(self.draws), "drawn": list(self.drawn), "draw_seed": self.draw_seed,
                "source": self.source, **held, "own_luck": self.own_luck, "panel": self.panel,
                "scenarios": [scenario.name for scenario in self.scenarios]}  # fmt: skip


def shard(specs: Sequence[RunSpec], part: int, parts: int) -> list[RunSpec]:
    """Return one of several equal shares of the runs, the same on every machine.

    Runs of one draw go together, so that a reference path is solved in one place.

    Args:
        part: from 1 to ``parts``.

    Raises:
        ValueError: there is no such part.
    """
    if not 1 <= part <= parts:
        raise ValueError(f"shard {part}/{parts}: the first number must lie between 1 and {parts}")
    groups = sorted({(spec.region_name, spec.draw) for spec in specs})
    if len(groups) >= parts:
        place = {group: index % parts for index, group in enumerate(groups)}
        return [spec for spec in specs if place[spec.region_name, spec.draw] == part - 1]
    return [spec for index, spec in enumerate(specs) if index % parts == part - 1]


def make_study(
    scenarios: Iterable[Scenario],
    regions: Sequence[str],
    seeds: int | Sequence[int],
    budget: float | None = None,
    *,
    draws: int | Sequence[int] = 0,
    drawn: Sequence[str] = (),
    draw_seed: int = 1,
    panel: bool = False,
    source: str = "prior",
    own_luck: bool = False,
) -> Study:
    """Return a study with a baseline, every scenario scaled to a common yearly budget when one is given.

    Args:
        seeds: how many seeds (1, 2, ...), or the seeds themselves.
        budget: MNOK a year in the year with most money; None keeps each scenario's own.
        draws: how many parameter draws (1, 2, ...), 0 = the defaults only, or the numbers themselves.
        drawn: parameters to draw. draw_seed: seed of the draws. panel: keep every firm in every quarter.
        source: where draws come from, ``prior`` or ``posterior``.
        own_luck: give each draw seeds of its own; the mean over draws then holds less luck.

    Raises:
        PosteriorError: the posterior is asked for and there is none, or it rests on other code.
        ValueError: no seeds, no region, draws of nothing, an unknown parameter, or two scenarios with one name.
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
    numbers = (tuple(range(1, draws + 1)) or (0,)) if isinstance(draws, int) else tuple(draws)
    unknown = [name for name in drawn if name not in parameter_table()]
    if unknown:
        raise ValueError(f"no parameter {unknown[0]!r}; {_near(unknown[0])}")
    if any(numbers) and not drawn:
        raise ValueError("draws need parameters to draw: name some, or all, or free")
    if own_luck and max(wanted) > _APART:
        raise ValueError(f"with seeds of its own a draw has at most {_APART} of them")
    return Study(tuple(chosen), tuple(dict.fromkeys(regions)), wanted, numbers, tuple(drawn), draw_seed, panel,
                 _checked(source), own_luck)  # fmt: skip


def _checked(source: str) -> str:
    """Return the source of the draws, refused when it is not there."""
    if source == "posterior":
        posterior()
    elif source not in SOURCES:
        raise ValueError(f"no source of draws {source!r}; allowed: {', '.join(SOURCES)}")
    return source


def _near(name: str) -> str:
    match = nearest(name, tuple(parameter_table()))
    return f"did you mean {match!r}?" if match else "see docs/odd.md"


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


def _run_id(region: Region, scenario: Scenario, values: Mapping[str, float], seed: int, code: str) -> str:
    parameters = scenario_parameters(scenario, values).identity
    parts = (region.identity, scenario.identity(), parameters, str(seed), code)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
