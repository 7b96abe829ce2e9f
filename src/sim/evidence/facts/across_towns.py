"""Regressions across the made-up towns: density, relatedness, variety, spillovers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evidence import statistics as st
from sim.evidence.facts.towns import WINDOW, YEARS, Town, closeness, run_towns
from sim.model import Reference
from sim.region import Region

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
#: A town's industry counts with this many firms or more.
_FEWEST = 5


def across_towns(region: Region, seed: int, reference: Reference) -> dict[str, float]:
    """Run the towns of a region with one seed and return every statistic across them."""
    towns = run_towns(region, seed, reference)
    mix = np.array([variety(town.start, region.industries.family) for town in towns])
    place = np.column_stack([mix, np.log([town.all_jobs for town in towns])])  # related, unrelated, log jobs
    near = closeness(region)
    return {
        "density_elasticity": density_elasticity(towns),
        "related_entry_within": on_relatedness(towns, [t.entries for t in towns]),
        "related_exit_within": on_relatedness(towns, [t.exits for t in towns]),
        **_growth(towns, near),
        "related_variety_jobs": _town_growth(towns, place),
        "related_variety_innovation": _innovation(towns, place),
        "unrelated_variety_productivity": _productivity(towns, place),
        "unrelated_variety_rd": _performers(towns, place),
        "rd_spillover": _spillover(towns),
    }


def variety(jobs: Floats, family: tuple[str, ...]) -> tuple[float, float]:
    """Return related variety (entropy inside families) and unrelated variety (entropy between them)."""
    share = jobs / jobs.sum()
    total = {name: float(share[np.array(family) == name].sum()) for name in dict.fromkeys(family)}
    between = -sum(part * np.log(part) for part in total.values() if part > 0.0)
    every = -float(np.sum(share[share > 0.0] * np.log(share[share > 0.0])))
    return every - float(between), float(between)


def density_elasticity(towns: list[Town]) -> float:
    """Return the slope of log value added per job, relative to the industry, on the log jobs of a town."""
    number = np.repeat(np.arange(len(towns)), [town.jobs.size for town in towns])
    industry, jobs, output = (
        np.concatenate([getattr(t, name) for t in towns]) for name in ("industry", "jobs", "output")
    )
    inside = st.inside(np.log(output / jobs), industry.astype(np.int64), jobs)
    mean = np.bincount(number, inside * jobs) / np.bincount(number, jobs)
    return st.slope(np.log(np.array([town.all_jobs for town in towns])), mean)


def on_relatedness(towns: list[Town], events: list[Floats]) -> float:
    """Return the change of a yearly rate per standard deviation of relatedness density, % of the mean rate.

    Inside industries and windows, weighted by firms.
    """
    firms = np.array([town.firms for town in towns])  # [T, W, S]
    density, count = np.array([town.density for town in towns]), np.array(events)
    full = firms >= _FEWEST
    group = np.broadcast_to(np.arange(firms[0].size).reshape(firms[0].shape), firms.shape)[full]
    weight, rate = firms[full], count[full] / firms[full] / WINDOW
    x, y = st.inside(density[full], group, weight), st.inside(rate, group, weight)
    slope = float(st.least_squares(x[:, None], y, weight)[0])
    spread = float(np.sqrt(np.average(x**2, weights=weight)))
    return 100.0 * slope * spread / float(np.average(rate, weights=weight))


def _growth(towns: list[Town], near: Floats) -> dict[str, float]:
    """Return what growth of jobs over the run goes with: own and related location quotient at the start."""
    start, end = np.array([t.start for t in towns]), np.array([t.end for t in towns])
    full = (np.array([t.firms[0] for t in towns]) >= _FEWEST) & (end > 0.0)
    size = start.sum(axis=1, keepdims=True) / start.sum()
    everywhere = np.maximum(start.sum(axis=0), 1e-9)  # an industry nobody has is left out below
    own = start / everywhere / size
    related = (start @ near.T) / (everywhere @ near.T) / size
    town, industry = np.nonzero(full)
    design = [np.log(own[full]), np.log(related[full])]
    design += [(town == k).astype(float) for k in np.unique(town)]
    design += [(industry == k).astype(float) for k in np.unique(industry)[1:]]
    found = st.least_squares(np.column_stack(design), np.log(end[full] / start[full]))
    return {"growth_own_size": float(found[0]), "growth_cluster": float(found[1])}


def _town_growth(towns: list[Town], place: Floats) -> float:
    """Return the coefficient of related variety in the growth of private jobs of a town."""
    y = np.array([np.log(t.end.sum() / t.start.sum()) for t in towns])
    return float(st.least_squares(np.column_stack([place, np.ones(y.size)]), y)[0])


def _innovation(towns: list[Town], place: Floats) -> float:
    """Return the coefficient of related variety in innovations per firm and year."""
    firms = np.array([t.firms.mean(axis=0) for t in towns])
    rate = np.array([t.innovations for t in towns]) / np.maximum(firms, 1e-9) / YEARS
    return float(_inside(rate, firms, place)[0])


def _productivity(towns: list[Town], place: Floats) -> float:
    """Return the coefficient of unrelated variety in mean log productivity."""
    count, total = _by_cell(towns, None), _by_cell(towns, "productivity")
    return float(_inside(total / np.maximum(count, 1.0), count, place)[1])


def _performers(towns: list[Town], place: Floats) -> float:
    """Return the coefficient of unrelated variety in the share of firms with 5 jobs or more that do R&D."""
    count = np.array([np.bincount(t.industry[t.jobs >= 5.0], minlength=t.start.size) for t in towns], float)
    does = np.array([np.bincount(t.industry[(t.jobs >= 5.0) & (t.rd > 0.0)], minlength=t.start.size) for t in towns])
    return float(_inside(does / np.maximum(count, 1.0), count, place, fewest=1)[1])


def _spillover(towns: list[Town]) -> float:
    """Return the coefficient of log R&D of the other firms of a town in mean log productivity."""
    total, count = _by_cell(towns, "productivity"), _by_cell(towns, None)
    others = np.array([_others(town) for town in towns])
    full = (count >= _FEWEST) & np.isfinite(others)
    group = np.broadcast_to(np.arange(count.shape[1]), count.shape)[full]
    weight = count[full]
    x, y = st.inside(others[full], group, weight), st.inside(total[full] / weight, group, weight)
    return float(st.least_squares(x[:, None], y, weight)[0])


def _others(town: Town) -> Floats:
    """Return the mean log R&D of the other firms, over the firms of each industry, f8[S]."""
    rest = town.rd.sum() - town.rd
    logs = np.log(rest, out=np.full(rest.size, np.nan), where=rest > 0.0)
    count = np.bincount(town.industry, minlength=town.start.size)
    total = np.bincount(town.industry, logs, town.start.size)
    return np.divide(total, count, out=np.full(total.size, np.nan), where=count > 0)


def _inside(rate: Floats, firms: Floats, place: Floats, fewest: int = _FEWEST) -> Floats:
    """Return coefficients of a town's related variety, unrelated variety and log jobs, inside industries."""
    full = firms >= fewest
    town, industry = np.nonzero(full)
    weight = firms[full]
    design = np.column_stack([st.inside(column[town], industry, weight) for column in place.T])
    return st.least_squares(design, st.inside(rate[full], industry, weight), weight)


def _by_cell(towns: list[Town], name: str | None) -> Floats:
    """Return sums of a column over the firms of each town and industry f8[T, S], or counts without a column."""
    sums = [np.bincount(t.industry, None if name is None else getattr(t, name), t.start.size) for t in towns]
    return np.array(sums, float)
