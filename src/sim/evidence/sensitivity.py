"""What the answers hang on: Morris over every parameter that is not fixed, then Sobol on the few that matter most.

The answers are contrasts: what a policy does against no new policy, and one policy against another at the same money.
Policies of a point are paired by seed. Every point has its own reference path; screening may share the default one,
which costs a third. Ranges are those of parameters.yaml, taken evenly. Sobol indices come from an emulator whose
error is told; intervals hold that error and that of sampling.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.emulator import Emulator, fit
from sim.evidence.points import Point, content_key
from sim.evidence.where import yearly
from sim.experiment import StoreError, build_model, scenario_reference, vocabulary
from sim.experiment.build import region_firms
from sim.experiment.draws import drawable
from sim.experiment.reference import NEAR_ROUNDS, NEAR_SEEDS, QUARTERS, code_identity, solve
from sim.experiment.study import scale_budget
from sim.experiment.worlds import BASELINE, baseline
from sim.model import make_parameters, parameter_table
from sim.region import load_region
from sim.scenario import Scenario, read_scenarios

Floats = NDArray[np.float64]

#: Policies compared when none are named, by built-in scenario.
POLICIES = ("cluster-programme", "broad-innovation", "residential-attractiveness")
#: Levels of a Morris trajectory; most parameters in the Sobol step; views of the emulator's error; Saltelli base size.
GRID, MOST, VIEWS, BASE = 4, 10, 30, 512
#: Bounds of every interval told, shares.
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class SensitivityStudy:
    """What is asked.

    Attributes:
        trajectories: Morris trajectories. design: points the emulator is fitted to. most: parameters in Sobol.
        parameters: names; every free and prior parameter when empty. seeds: paired runs at each point.
        shared_path: let Morris run on the reference path of the defaults, which costs a third; levels then drift
            where a parameter moves the path, and what is compared is paired all the same.
    """

    region: str = "nedre-glomma"
    policies: tuple[str, ...] = POLICIES
    budget: float = 10.0
    indicator: str = "jobs"
    year: int = 11
    seeds: int = 4
    trajectories: int = 4
    design: int = 160
    most: int = MOST
    seed: int = 1
    parameters: tuple[str, ...] = ()
    shared_path: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters that are moved."""
        return self.parameters or drawable("all")

    @property
    def contrasts(self) -> tuple[tuple[str, str], ...]:
        """Return what is compared: each policy with no new policy, then each pair."""
        return (*((name, BASELINE) for name in self.policies), *combinations(self.policies, 2))

    def quarters(self, screening: bool) -> int:
        """Return the quarters of simulation at one point of Morris, or of the emulator."""
        path = 0 if screening and self.shared_path else NEAR_ROUNDS * NEAR_SEEDS * QUARTERS
        return path + 4 * self.year * self.seeds * (1 + len(self.policies))

    def points(self, names: Sequence[str], shares: Floats, screening: bool) -> list[Point]:
        """Return a point per row of shares f8[points, names] of the ranges.

        Args:
            screening: the same seeds at every point, which elementary effects need; else each point has seeds of
                its own, so that no luck is common to all.
        """
        scenarios = tuple(self.scenarios())
        told = [scenario.identity() for scenario in scenarios]
        place, code = load_region(self.region).identity, code_identity()
        out = []
        for index, row in enumerate(shares):
            values = dict(zip(names, at_shares(names, row), strict=True))
            first = 1 if screening else 1_000 * (index + 1) + 1
            own = not (screening and self.shared_path)
            seeds = tuple(range(first, first + self.seeds))
            key = content_key("sensitivity", 1, code, place, told, values, seeds, self.year, self.indicator, own)
            arguments = (self.region, scenarios, self.policies, values, seeds, self.year, self.indicator, own)
            out.append(Point(key, run_point, arguments))
        return out

    def scenarios(self) -> list[Scenario]:
        """Return the policies at the same money. Raises ``ValueError`` when one has assumptions of its own."""
        found = read_scenarios(list(self.policies), vocabulary())
        for scenario in found:
            if scenario.parameters or scenario.switches or scenario.events:
                raise ValueError(f"{scenario.name}: needs a policy without events or assumptions of its own")
        short = [scenario.model_copy(update={"years": self.year}) for scenario in found]
        return [scale_budget(scenario, self.budget) for scenario in short]


def at_shares(names: Sequence[str], shares: Sequence[float] | Floats) -> list[float]:
    """Return values at shares 0-1 of the ranges."""
    table = parameter_table()
    return [float(min(max(table[n].low + float(s) * (table[n].high - table[n].low), table[n].low), table[n].high))
            for n, s in zip(names, shares, strict=True)]  # fmt: skip


def default_shares(names: Sequence[str]) -> Floats:
    """Return where the defaults lie in the ranges, shares 0-1."""
    table = parameter_table()
    return np.array([(table[n].value - table[n].low) / (table[n].high - table[n].low) for n in names])


def run_point(
    place: str, scenarios: Sequence[Scenario], names: Sequence[str], values: Mapping[str, float],
    seeds: Sequence[int], year: int, indicator: str, own_path: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Return levels of an indicator in one year by world (``baseline`` and policies) and seed."""
    begun = time.perf_counter()
    region, parameters = load_region(place), make_parameters(values)
    near = scenario_reference(region, baseline())
    solved = own_path and parameters != make_parameters()
    path = solve(region, region_firms(region), parameters, near=near) if solved else near
    levels, spent = {}, {}
    for name, scenario in [(BASELINE, baseline(year)), *zip(names, scenarios, strict=True)]:
        runs = [yearly(build_model(region, scenario, seed, reference=path, parameters=parameters)
                       .run(4 * year).outcomes()) for seed in seeds]  # fmt: skip
        levels[name] = [float(run[indicator][year - 1]) for run in runs]
        spent[name] = float(np.mean([run["spent_public"][year - 1] for run in runs]))
    return {"values": dict(values), "levels": levels, "spent_public": spent,
            "seconds": time.perf_counter() - begun}  # fmt: skip


def contrast_table(results: Sequence[Mapping[str, Any]], a: str, b: str) -> Floats:
    """Return paired differences f8[points, seeds] of policy ``a`` less policy ``b``."""
    return np.array([np.subtract(row["levels"][a], row["levels"][b]) for row in results], float)


def need_salib() -> None:
    """Raise ``StoreError`` when SALib is not installed."""
    try:
        import SALib  # noqa: F401
    except ImportError as error:
        raise StoreError("sensitivity needs SALib: pip install 'klyngelab[analysis]'") from error


def unit_problem(names: Sequence[str]) -> dict[str, Any]:
    """Return the problem in SALib's words, every parameter as a share of its range."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def morris_shares(study: SensitivityStudy) -> Floats:
    """Return Morris trajectories f8[trajectories x (parameters + 1), parameters] as shares."""
    from SALib.sample.morris import sample

    problem = unit_problem(study.names)
    return np.asarray(sample(problem, study.trajectories, num_levels=GRID, seed=study.seed), float)


def morris_rows(study: SensitivityStudy, shares: Floats, results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row per contrast and parameter, strongest first.

    ``mu_star`` is the mean size of an elementary effect (over the whole range), ``mu`` with its sign, ``sigma`` the
    spread over the space (interaction and bends), ``noise`` what ``mu_star`` would be from luck between seeds alone.
    """
    from SALib.analyze.morris import analyze

    rows = []
    for a, b in study.contrasts:
        gap = contrast_table(results, a, b)
        found = analyze(unit_problem(study.names), shares, gap.mean(axis=1), num_levels=GRID, seed=study.seed)
        noise = _luck(study, shares, gap)
        part: list[dict[str, Any]] = [
            {"contrast": [a, b], "parameter": name, "mu": float(found["mu"][k]), "mu_star": float(found["mu_star"][k]),
             "mu_star_conf": float(found["mu_star_conf"][k]), "sigma": float(found["sigma"][k]),
             "noise": float(noise[k])}
            for k, name in enumerate(study.names)
        ]  # fmt: skip
        rows += sorted(part, key=lambda row: -float(row["mu_star"]))
    return rows


def _luck(study: SensitivityStudy, shares: Floats, gap: Floats) -> Floats:
    """Return the mean size of elementary effects that luck between seeds alone would give f8[parameters]."""
    count = len(study.names)
    out = np.zeros(count)
    for start in range(0, len(shares), count + 1):
        for row in range(start, start + count):
            step = shares[row + 1] - shares[row]
            moved = int(np.abs(step).argmax())
            change = (gap[row + 1] - gap[row]) / step[moved]
            error = change.std(ddof=1) / np.sqrt(change.size) if change.size > 1 else np.nan
            out[moved] += error * np.sqrt(2.0 / np.pi) / study.trajectories
    return out


def strongest(study: SensitivityStudy, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the parameters with the largest share of all elementary effects, over all contrasts alike."""
    score = dict.fromkeys(study.names, 0.0)
    for a, b in study.contrasts:
        part = {row["parameter"]: row["mu_star"] for row in rows if row["contrast"] == [a, b]}
        total = sum(part.values())
        for name, value in part.items():
            score[name] += value / total if total > 0 else 0.0
    return tuple(sorted(score, key=lambda name: -score[name])[: study.most])


def sobol_shares(study: SensitivityStudy, names: Sequence[str]) -> Floats:
    """Return the points the emulator is fitted to f8[design, names], spread evenly over the ranges."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(len(names), optimization="random-cd", seed=study.seed)
    return np.asarray(sampler.random(study.design), float)


@dataclass(frozen=True)
class Surface:
    """One contrast over the strongest parameters: its emulator and other views of it that show the error."""

    contrast: tuple[str, str]
    names: tuple[str, ...]
    emulator: Emulator
    views: tuple[Emulator, ...]


def surfaces(study: SensitivityStudy, names: Sequence[str], shares: Floats,
             results: Sequence[Mapping[str, Any]]) -> list[Surface]:  # fmt: skip
    """Return an emulator per contrast, with views from the points drawn with replacement."""
    out = []
    for a, b in study.contrasts:
        gap = contrast_table(results, a, b)
        error = gap.std(axis=1, ddof=1) / np.sqrt(gap.shape[1])
        emulator = fit(shares, gap.mean(axis=1), error, study.seed, runs=gap.shape[1])
        rng = np.random.default_rng(study.seed)
        out.append(Surface((a, b), tuple(names), emulator, tuple(emulator.resampled(rng) for _ in range(VIEWS))))
    return out


def sobol_rows(study: SensitivityStudy, found: Sequence[Surface]) -> list[dict[str, Any]]:
    """Return first-order and total indices with intervals, per contrast and parameter, strongest first."""
    rows = []
    for surface in found:
        views = np.array([_indices(view, surface.names, study.seed + k) for k, view in enumerate(surface.views)])
        middle = _indices(surface.emulator, surface.names, study.seed, 4 * BASE)
        low, high = np.quantile(views, [LOW, HIGH], axis=0)
        part: list[dict[str, Any]] = [
            {"contrast": list(surface.contrast), "parameter": name,
             "first": float(middle[0, k]), "first_low": float(low[0, k]), "first_high": float(high[0, k]),
             "total": float(middle[1, k]), "total_low": float(low[1, k]), "total_high": float(high[1, k])}
            for k, name in enumerate(surface.names)
        ]  # fmt: skip
        rows += sorted(part, key=lambda row: -float(row["total"]))
    return rows


def _indices(emulator: Emulator, names: Sequence[str], seed: int, size: int = BASE) -> Floats:
    """Return first-order and total indices f8[2, names] of a surface; zero where it is flat."""
    from SALib.analyze.sobol import analyze
    from SALib.sample.sobol import sample

    problem = unit_problem(names)
    values = emulator.mean(np.asarray(sample(problem, size, calc_second_order=False, seed=seed), float))
    if np.ptp(values) < 1e-9 * (1.0 + np.abs(values).max()):
        return np.zeros((2, len(names)))
    found = analyze(problem, values, calc_second_order=False, num_resamples=2, seed=seed)
    return np.array([found["S1"], found["ST"]], float)


def emulator_rows(found: Sequence[Surface]) -> list[dict[str, Any]]:
    """Return the error of the emulator of each contrast, on points left out of the fit."""
    return [{"contrast": list(s.contrast), "r2": s.emulator.r2, "rmse": s.emulator.rmse, "noise": s.emulator.noise,
             "covered": s.emulator.covered} for s in found]  # fmt: skip
