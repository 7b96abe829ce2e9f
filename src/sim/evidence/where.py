"""Where each policy works: the same money and the same chance in many made-up regions (``sim where``).

Each condition is a region of its own with a draw of what nobody knows about critical mass, a reference path of its
own and seeds of its own; policies within it are paired by seed. What is kept is every policy's effect with its
standard error. The map over conditions is made from these by ``sim.evidence.where_map``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.conditions import CORE, CORE_FAMILY, LargeFirms, axes, design, make_region, parameters_of, values_at
from sim.evidence.points import Point, content_key
from sim.experiment import build_model, scenario_reference, vocabulary
from sim.experiment.build import region_firms
from sim.experiment.reference import code_identity, solve
from sim.experiment.study import scale_budget
from sim.experiment.worlds import baseline
from sim.model import Parameters, Reference, make_parameters
from sim.region import Region, load_region
from sim.scenario import EventEntry, Scenario, read_scenarios
from sim.scenario.scenario import STRONGEST_FAMILY

Floats = NDArray[np.float64]

#: Policies compared when none are named, by built-in scenario.
POLICIES = ("cluster-programme", "networks", "broad-innovation", "attraction", "residential-attractiveness")
#: Effects that are kept; all at the last year.
OUTCOMES = ("jobs", "job_years", "value_added", "population")
MONEY = ("granted", "spent_municipal", "spent_public")
#: The path every reference path of a condition is solved from.
BASE = "thin-town"
#: A condition whose extra public money is less than this share of what was granted has no effect per krone spent.
LEAST_SPENT = 0.05
#: Rounds of the map's seeds are apart, so that no luck is common to two conditions.
_SEEDS_APART = 1000


@dataclass(frozen=True)
class WhereStudy:
    """What is asked: conditions, seeds in each, MNOK a year to each policy, the year effects are read.

    Attributes:
        seed: seed of the design. shares: f8[conditions, axes], or None for the space-filling design.
    """

    conditions: int = 200
    seeds: int = 8
    budget: float = 5.0
    year: int = 11
    seed: int = 1
    policies: tuple[str, ...] = POLICIES
    shares: tuple[tuple[float, ...], ...] | None = None

    def design(self) -> Floats:
        """Return the shares of every condition f8[conditions, axes]."""
        return design(self.conditions, self.seed) if self.shares is None else np.array(self.shares)

    def points(self) -> list[Point]:
        """Return one point per condition."""
        scenarios = tuple(policies(self.policies, self.budget, self.year))
        names = [scenario.identity() for scenario in scenarios]
        code = code_identity()
        out = []
        for index, shares in enumerate(self.design()):
            values = values_at(shares)
            first = self.seed * 10_000_000 + index * _SEEDS_APART + 1
            seeds = tuple(range(first, first + self.seeds))
            key = content_key("where", 1, code, BASE, values, names, self.policies, seeds, self.year)
            out.append(Point(key, run_condition, (values, scenarios, self.policies, seeds, self.year)))
        return out

    def quarters(self) -> int:
        """Return the quarters of simulation in one condition, for the cost of a study."""
        from sim.experiment.reference import NEAR_ROUNDS, NEAR_SEEDS, QUARTERS

        return NEAR_ROUNDS * NEAR_SEEDS * QUARTERS + 4 * self.year * self.seeds * (1 + len(self.policies))


def pace(region: Region, quarters: int = 8) -> float:
    """Return seconds per quarter of one run of a region on this machine, warm."""
    path = Reference(np.zeros(len(region.industries.codes)), np.full(len(region.industries.codes), 0.025))
    build_model(region, baseline(), 1, reference=path).run(2)
    model = build_model(region, baseline(), 2, reference=path)
    begun = time.perf_counter()
    model.run(quarters)
    return (time.perf_counter() - begun) / quarters


def middle() -> dict[str, float]:
    """Return the values in the middle of every range."""
    return values_at(np.full(len(axes()), 0.5))


def policies(names: Sequence[str], budget: float, years: int) -> list[Scenario]:
    """Return scenarios at the same money; what aims at the strongest family aims at the core of the made-up regions.

    Raises:
        ValueError: one of them spends nothing, or has events or assumptions of its own.
    """
    out = []
    for scenario in read_scenarios(list(names), vocabulary()):
        if not any(scenario.budget_by_year()) or scenario.events or scenario.parameters or scenario.switches:
            raise ValueError(f"{scenario.name}: needs instruments with money and no events or assumptions of its own")
        entries = tuple(
            entry.model_copy(update={"target": CORE_FAMILY}) if entry.target == STRONGEST_FAMILY else entry
            for entry in scenario.instruments
        )
        out.append(scale_budget(scenario.model_copy(update={"years": years, "instruments": entries}), budget))
    return out


def world(values: Mapping[str, float], years: int) -> tuple[Scenario, Parameters, LargeFirms]:
    """Return what all policies of a condition share: dearer homes outside, drawn parameters, large firms."""
    parameters = make_parameters(parameters_of(values), {"M4b": True})
    plain = baseline(years)
    if values["price_outside"] > 0.0:
        dearer = EventEntry(event="greater_oslo_housing", year=1, options={"rise": values["price_outside"]})
        plain = plain.model_copy(update={"events": (dearer,)})
    return plain, parameters, LargeFirms(values["anchor_will"], values["anchor_ability"])


def run_condition(
    values: Mapping[str, float], scenarios: Sequence[Scenario], names: Sequence[str], seeds: Sequence[int], year: int
) -> dict[str, Any]:
    """Return effects of every policy in one condition.

    Returns:
        ``effects``: policy -> outcome -> [mean, standard error] of the paired difference from no new policy;
        money likewise; ``baseline``: levels without policy, the trend of jobs in % a year, firms and core firms.
    """
    begun = time.perf_counter()
    region = make_region(values)
    plain, parameters, large = world(values, year)
    near = scenario_reference(load_region(BASE), baseline())
    path = solve(region, region_firms(region), parameters, near=near, events=[large])
    levels: dict[str, list[dict[str, Floats]]] = {}
    for name, scenario in [("", plain), *zip(names, scenarios, strict=True)]:
        there = scenario.model_copy(update={"events": plain.events})
        for seed in seeds:
            model = build_model(region, there, seed, reference=path, parameters=parameters)
            model.events = (*model.events, large)
            levels.setdefault(name, []).append(yearly(model.run(4 * year).outcomes()))
    effects = {name: {outcome: paired(levels[name], levels[""], outcome, year) for outcome in (*OUTCOMES, *MONEY)}
               for name in names}  # fmt: skip
    jobs = np.array([run["jobs"] for run in levels[""]]).mean(axis=0)
    firms = region_firms(region)
    core = [region.industries.codes.index(code) for code in CORE]
    return {
        "values": dict(values),
        "effects": effects,
        "baseline": {
            "jobs": float(jobs[-1]),
            "trend": float(100.0 * math.log(jobs[-1] / jobs[0]) / max(len(jobs) - 1, 1)),
            "firms": int(firms.id.size),
            "core_firms": int(np.isin(firms.industry, core).sum()),
        },
        "seconds": time.perf_counter() - begun,
    }


def yearly(rows: Mapping[str, Sequence[Any]]) -> dict[str, Floats]:
    """Return the yearly levels of the whole region by indicator."""
    out: dict[str, list[float]] = {}
    for name, zone, family, value in zip(*[rows[k] for k in ("indicator", "zone", "family", "value")], strict=True):
        if zone == family == "all":
            out.setdefault(name, []).append(float(value))
    return {name: np.array(series) for name, series in out.items()}


def paired(policy: Sequence[Mapping[str, Floats]], plain: Sequence[Mapping[str, Floats]], name: str,
           year: int) -> list[float]:  # fmt: skip
    """Return mean and standard error of the difference between runs of the same seed in one year."""
    gap = np.array([a[name][year - 1] - b[name][year - 1] for a, b in zip(policy, plain, strict=True)])
    error = float(gap.std(ddof=1) / math.sqrt(gap.size)) if gap.size > 1 else math.nan
    return [float(gap.mean()), error]


@dataclass(frozen=True)
class Effects:
    """Effects per MNOK over conditions.

    Attributes:
        policies: names. shares: f8[conditions, axes]. effect, se: f8[conditions, policies], NaN where there is none.
        outcome, basis: what is measured; ``granted`` or ``spent`` (extra public money, all purses).
    """

    policies: tuple[str, ...]
    shares: Floats
    effect: Floats
    se: Floats
    outcome: str = "jobs"
    basis: str = "granted"


def effects_of(study: WhereStudy, results: Sequence[Mapping[str, Any]], outcome: str = "jobs",
               basis: str = "granted") -> Effects:  # fmt: skip
    """Return effects per MNOK from the finished conditions, whatever their order."""
    shares = np.array([[axis.share(row["values"][axis.name]) for axis in axes()] for row in results])
    effect, error = np.full((2, len(results), len(study.policies)), np.nan)
    for i, row in enumerate(results):
        for k, name in enumerate(study.policies):
            found = row["effects"][name]
            granted = found["granted"][0]
            money = granted if basis == "granted" else found["spent_public"][0]
            if granted > 0 and money >= LEAST_SPENT * granted:
                effect[i, k], error[i, k] = (part / money for part in found[outcome])
    return Effects(study.policies, shares, effect, error, outcome, basis)


def condition_rows(study: WhereStudy, results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row per condition and policy, for a table or CSV."""
    rows = []
    for index, row in enumerate(results):
        for name in study.policies:
            found = row["effects"][name]
            line = {"condition": index, **row["values"], **row["baseline"], "policy": name}
            for outcome in (*OUTCOMES, *MONEY):
                line[outcome], line[f"{outcome}_se"] = found[outcome]
            granted, public = found["granted"][0], found["spent_public"][0]
            line["jobs_per_granted"] = found["jobs"][0] / granted if granted > 0 else math.nan
            line["jobs_per_spent"] = found["jobs"][0] / public if public >= LEAST_SPENT * granted > 0 else math.nan
            rows.append(line)
    return rows
