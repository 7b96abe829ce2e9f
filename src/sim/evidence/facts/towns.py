"""Made-up towns: a cross-section of places, which two municipalities cannot give.

Each is a region of its own with one municipality. Sizes are the same for every seed; which industries a town has
more of than others is drawn by seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.model import Reference, RegionModel, make_parameters
from sim.region import Region, synthesise

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Size of each town relative to the region; spread of the luck of an industry in a town.
SIZES = np.exp(np.linspace(np.log(0.05), np.log(0.8), 16))
LUCK = 0.5
#: Years of a run; years of a window in which entry and exit are counted.
YEARS, WINDOW = 15, 5
#: Closeness of industries: the kernel of the related pool.
_KERNEL = 0.9


@dataclass(frozen=True)
class Town:
    """What is seen in one town. S industries, W windows, N firms in the last quarter.

    Attributes:
        firms, entries, exits: f8[W, S] firms at the start of a window, and in it. density: f8[W, S] relatedness
            density. start, end: f8[S] private jobs. people_jobs: all jobs at the start. innovations: f8[S].
        industry, jobs, output, productivity, rd: of each firm in the last quarter; R&D in MNOK.
        mean_firms: f8[S] firms, mean over windows.
    """

    firms: Floats
    entries: Floats
    exits: Floats
    density: Floats
    start: Floats
    end: Floats
    all_jobs: float
    innovations: Floats
    industry: Whole
    jobs: Floats
    output: Floats
    productivity: Floats
    rd: Floats


def run_towns(region: Region, seed: int, reference: Reference) -> list[Town]:
    """Run every town once."""
    return [_run(made_up(region, number, seed), seed, reference) for number in range(SIZES.size)]


def closeness(region: Region) -> Floats:
    """Return how related industries are f8[S, S], 0 to themselves."""
    place = region.industries.position
    apart = ((place[:, None, :] - place[None, :, :]) ** 2).sum(axis=2)
    near: Floats = np.exp(-apart / _KERNEL)
    np.fill_diagonal(near, 0.0)
    return near


def made_up(region: Region, number: int, seed: int) -> Region:
    """Return one town as a region with one municipality."""
    zones, table = len(region.zones), region.industries
    luck = np.random.default_rng([seed, number]).normal(size=len(table.codes))
    factor = SIZES[number] * np.exp(LUCK * luck - LUCK**2 / 2.0)
    jobs = region.jobs.sum(axis=0) * factor
    ratio = float(jobs.sum() / region.jobs.sum())
    code = f"town-{seed}-{number}"
    flow = _one_zone(region.commuting, zones) * ratio
    minutes = region.minutes[np.ix_([0, *range(zones, len(region.minutes))], [0, *range(zones, len(region.minutes))])]
    force = region.employed_residents / region.employed_residents.sum()
    return replace(
        region,
        name=code, title={"nb": code, "en": code}, fictional=True, zones=(code,), zone_names=(code,),
        jobs=jobs[None, :], public=(jobs * table.public_share)[None, :],
        establishments=np.round(region.establishments.sum(axis=0) * factor[:, None])[None, :, :],
        official=np.full((1, jobs.size), np.nan), placeholder=np.ones((1, jobs.size)),
        population=ratio * region.population.sum(axis=0)[None, :],
        working_age=ratio * region.working_age.sum(keepdims=True),
        employed_residents=flow[:1].sum(axis=1),
        unemployment=np.array([float(force @ region.unemployment)]),
        commuting=flow, minutes=minutes, land=ratio * region.land.sum(keepdims=True), anchors=(),
    )  # fmt: skip


def _one_zone(flow: Floats, zones: int) -> Floats:
    """Return flows with the municipalities joined into one, f8[1 + X, 1 + X]."""
    rows = np.vstack([flow[:zones].sum(axis=0), flow[zones:]])
    return np.column_stack([rows[:, :zones].sum(axis=1), rows[:, zones:]])


def _run(town: Region, seed: int, reference: Reference) -> Town:
    """Run one town and keep what regressions need."""
    model = RegionModel(town, synthesise(town), make_parameters(), reference, seed)
    near = closeness(town)
    start = model.region.jobs[0] - model.region.public[0]
    firms, entries, exits, density = [], [], [], []
    jobs = start
    for _ in range(YEARS // WINDOW):
        firms.append(np.bincount(model.firms.industry, minlength=jobs.size).astype(float))
        others = jobs.sum() - jobs
        density.append(np.divide(near @ jobs, others, out=np.zeros_like(jobs), where=others > 0))
        came, went = np.zeros(jobs.size), np.zeros(jobs.size)
        for _ in range(4 * WINDOW):
            model.step()
            came += model.entries
            went += model.exits
        entries.append(came)
        exits.append(went)
        jobs = np.bincount(model.firms.industry, model.firms.jobs, jobs.size)
    f = model.firms
    made = np.array(model.recorder.quarters["innovations"]).sum(axis=0)
    return Town(
        np.array(firms), np.array(entries), np.array(exits), np.array(density), start, jobs,
        float(model.region.jobs.sum()), made, f.industry.astype(np.int64), f.jobs.copy(), f.output.copy(),
        f.productivity.copy(), f.research * f.output,
    )  # fmt: skip
