"""Made-up regions under stated conditions: what ``sim where`` varies, and a region built from a few numbers.

Everything here is a judgement about what to vary and how far; nothing is fitted to results. What is not known about
critical mass (steepness, floor, half-saturation, joint market access) is drawn with every condition, never fixed.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model import RegionModel, parameter_table
from sim.region import Region, load_region
from sim.region.region import Anchor
from sim.region.relatedness import pairwise
from sim.scenario.targets import PUBLIC_INDUSTRY, TRADED_INDUSTRY

Floats = NDArray[np.float64]

#: The family a cluster programme is aimed at, and how its jobs are split over its traded industries.
CORE_FAMILY, CORE = "engineering", {"C24-33": 0.8, "C-other": 0.2}
#: Large firms of the core family, and the employees of each; they come on top of ``core_jobs``.
ANCHORS, ANCHOR_JOBS = 2, 150.0
#: Jobs in traded industries outside the core family, in the three nearest to it and the three farthest from it.
OTHER_TRADED, PLACES = 1500.0, 3
#: Share of jobs in the first municipality; the other has the rest.
CENTRE = 0.6
#: Establishments by size class (1-4 to 50-99) in traded industries, shares of their number.
SIZES = np.array([0.45, 0.20, 0.17, 0.12, 0.06, 0.0, 0.0])
MEAN_SIZES = np.array([2.2, 6.7, 13.6, 30.0, 68.0, 150.0, 400.0])
#: Cross-commuting at no travel time and its fade: between the municipalities, and with the outside, share and 1/minute.
BETWEEN, BETWEEN_FADE, OUTSIDE, OUTSIDE_FADE = 0.5, 1 / 30, 0.45, 1 / 45


@dataclass(frozen=True)
class Axis:
    """One thing that is varied, over its whole range.

    Attributes:
        kind: ``condition`` (a planner can know it) or ``parameter`` (nobody knows it; drawn). log: evenly in logs.
    """

    name: str
    low: float
    high: float
    unit: str
    kind: str = "condition"
    log: bool = False

    def value(self, share: Any) -> Any:
        """Return the value at a share 0-1 of the range."""
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + (self.high - self.low) * share

    def share(self, value: float) -> float:
        """Return the share 0-1 of the range at a value."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


_CONDITIONS = (
    Axis("core_jobs", 100.0, 2500.0, "persons", log=True),
    Axis("related", 0.0, 1.0, "share"),
    Axis("distance", 0.6, 1.5, "ratio"),
    Axis("anchor_will", 0.05, 0.95, "0-1"),
    Axis("anchor_ability", 0.2, 0.9, "0-1"),
    Axis("unemployment", 0.015, 0.08, "share"),
    Axis("minutes_between", 8.0, 60.0, "minutes"),
    Axis("minutes_outside", 30.0, 150.0, "minutes"),
    Axis("land", 1.0, 40.0, "dwellings per 1000 people"),
    Axis("price_outside", 0.0, 0.4, "share"),
)
#: Parameters drawn evenly over their whole range with every condition; M4b is on so that market access counts.
_DRAWN = ("threshold", "mass_floor", "half_pool", "market_access")
_LOG = ("half_pool",)


@cache
def axes() -> tuple[Axis, ...]:
    """Return what is varied: conditions first, then the drawn parameters."""
    table = parameter_table()
    drawn = [Axis(name, table[name].low, table[name].high, table[name].unit, "parameter", name in _LOG)
             for name in _DRAWN]  # fmt: skip
    return (*_CONDITIONS, *drawn)


def design(count: int, seed: int = 1) -> Floats:
    """Return a space-filling design f8[count, axes] of shares 0-1: a Latin hypercube spread out by discrepancy."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(len(axes()), optimization="random-cd", seed=seed)
    return np.asarray(sampler.random(count), float)


def values_at(shares: Floats) -> dict[str, float]:
    """Return the value of each axis at shares f8[axes]."""
    return {axis.name: float(axis.value(share)) for axis, share in zip(axes(), shares, strict=True)}


def parameters_of(values: Mapping[str, float]) -> dict[str, float]:
    """Return the drawn parameters among the values of a condition."""
    return {axis.name: values[axis.name] for axis in axes() if axis.kind == "parameter"}


def neighbours(region: Region) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the traded industries outside the core family nearest to it and farthest from it."""
    table = region.industries
    home = table.codes.index(next(iter(CORE)))
    traded = (table.export_share >= TRADED_INDUSTRY) & (table.public_share < PUBLIC_INDUSTRY)
    traded &= np.array([family != CORE_FAMILY for family in table.family])
    order = np.argsort(pairwise(table.position)[home], kind="stable")
    near = [int(s) for s in order if traded[s]]
    return tuple(near[:PLACES]), tuple(near[-PLACES:])


def make_region(values: Mapping[str, float], base: str = "thin-town") -> Region:
    """Return a made-up region of two municipalities under the given conditions.

    Local trades and public services are those of the base region. Traded industries, large firms, commuting,
    unemployment, travel times, land and distances between industries follow from ``values``. Firms have the same
    permanent ids in all such regions, so conditions do not differ by luck.
    """
    start = load_region(base)
    table = dataclasses.replace(start.industries, position=_frozen(start.industries.position * values["distance"]))
    jobs, counts = _jobs(start, values)
    share = np.array([CENTRE, 1.0 - CENTRE])
    core = table.codes.index(next(iter(CORE)))
    both = jobs * share[:, None]
    both[0, core] += ANCHORS * ANCHOR_JOBS
    establishments = np.rint(counts * share[:, None, None])
    establishments[0, core, 5] += ANCHORS
    minutes = _minutes(values)
    commuting = _commuting(both.sum(axis=1), minutes)
    employed = commuting[:2].sum(axis=1)
    scale = employed / float(start.employed_residents.sum())
    people = scale[:, None] * start.population.sum(axis=0)
    anchors = tuple(Anchor(f"large-{k + 1}", 0, core, ANCHOR_JOBS, 1, "made up") for k in range(ANCHORS))
    return dataclasses.replace(
        start, name="made-up", title={"nb": "Oppdiktet region", "en": "Made-up region"}, fictional=True,
        zones=("9911", "9912"), zone_names=("Sentrum", "Nabo"), externals=("oslo",), industries=table,
        jobs=_frozen(both), public=_frozen(both * table.public_share), establishments=_frozen(establishments),
        official=_frozen(np.full_like(both, np.nan)), placeholder=_frozen(np.ones_like(both)),
        population=_frozen(people), working_age=_frozen(scale * float(start.working_age.sum())),
        employed_residents=_frozen(employed), unemployment=_frozen(np.full(2, values["unemployment"])),
        commuting=_frozen(commuting), minutes=_frozen(minutes),
        land=_frozen(values["land"] * people.sum(axis=1) / 1000.0), anchors=anchors, figures=pd.DataFrame(),
    )  # fmt: skip


def _jobs(start: Region, values: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Return jobs f8[1, S] and establishments f8[1, S, C] of the whole region, large firms left out."""
    table = start.industries
    jobs, counts = start.jobs.sum(axis=0), start.establishments.sum(axis=0).copy()
    near, far = neighbours(start)
    traded = {table.codes.index(code): values["core_jobs"] * part for code, part in CORE.items()}
    traded |= {s: OTHER_TRADED * values["related"] / PLACES for s in near}
    traded |= {s: OTHER_TRADED * (1.0 - values["related"]) / PLACES for s in far}
    jobs = jobs.copy()
    for s, number in traded.items():
        jobs[s] = number
        counts[s] = number * (1.0 - table.public_share[s]) / float(SIZES @ MEAN_SIZES) * SIZES
    return jobs[None, :], counts[None, :, :]


def _minutes(values: Mapping[str, float]) -> Floats:
    between, outside = values["minutes_between"], values["minutes_outside"]
    return np.array([[8.0, between, outside], [between, 8.0, outside], [outside, outside, 20.0]])


def _commuting(jobs: Floats, minutes: Floats) -> Floats:
    """Return flows f8[3, 3] by gravity: as many commute out of the region as into it, fewer the farther it is."""
    out = OUTSIDE * math.exp(-OUTSIDE_FADE * minutes[0, 2])
    pull = BETWEEN * math.exp(-BETWEEN_FADE * minutes[0, 1])
    flow = np.zeros((3, 3))
    for work in range(2):
        weight = jobs * np.where(np.arange(2) == work, 1.0, pull)
        flow[:2, work] = jobs[work] * (1.0 - out) * weight / weight.sum()
        flow[2, work] = jobs[work] * out
        flow[work, 2] = jobs[work] * out
    return flow


def _frozen(array: Floats) -> Floats:
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class LargeFirms:
    """An event at the start: large firms have the will (vilje) and the ability (evne) of the condition, 0-1."""

    will: float
    ability: float

    def happen(self, model: RegionModel) -> None:
        """Set will and ability of large firms before anything else happens."""
        if model.quarter == 0:
            firms = model.firms
            large = firms.jobs > model.parameters["anchor_size"]
            firms.will_own[large] = self.will
            firms.will[large] = self.will
            firms.capacity[large] = self.ability
