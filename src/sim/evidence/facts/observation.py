"""One run of the baseline, kept the way statistics need it: firms by quarter and by year, people, commuters."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.model import RegionModel

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Year:
    """Every firm in the last quarter of a year, by permanent id (N rows).

    Attributes:
        output, rd: MNOK in the quarter. recent: innovated in the last twelve quarters.
        productivity: log, relative to the national trend of the industry.
    """

    id: Whole
    jobs: Floats
    output: Floats
    rd: Floats
    productivity: Floats
    industry: Whole
    cell: Whole
    recent: Flags


@dataclass
class Observation:
    """What was seen in one run.

    Attributes:
        years: the start and then every year's end. quarters: (ids, jobs) of each quarter.
        busy, rd_ids: ids in joint projects, and that do R&D, by quarter.
        births: id -> (quarter, jobs, industry) of each newcomer.
        ties: municipalities of the two firms of each project begun inside the region.
        people, zone_jobs, unemployment: f8[Z] at the start and each year's end. migration: f8[Z] persons a year.
        related: f8[cells] related pool by quarter. entries, exits: f8[cells] sums over the run.
        credit: tax credit paid, MNOK over the run.
    """

    model: RegionModel
    years: list[Year] = field(default_factory=list)
    quarters: list[tuple[Whole, Floats]] = field(default_factory=list)
    busy: list[Whole] = field(default_factory=list)
    rd_ids: list[Whole] = field(default_factory=list)
    births: dict[int, tuple[int, float, int]] = field(default_factory=dict)
    ties: list[tuple[Whole, Whole]] = field(default_factory=list)
    people: list[Floats] = field(default_factory=list)
    zone_jobs: list[Floats] = field(default_factory=list)
    unemployment: list[Floats] = field(default_factory=list)
    migration: list[Floats] = field(default_factory=list)
    related: list[Floats] = field(default_factory=list)
    entries: list[Floats] = field(default_factory=list)
    exits: list[Floats] = field(default_factory=list)
    credit: float = 0.0


def observe(model: RegionModel, quarters: int) -> Observation:
    """Run a model that has not begun and return what was seen."""
    seen = Observation(model)
    _year(seen)
    for quarter in range(quarters):
        before = model.firms.id
        model.step()
        f = model.firms
        rows = f.rows(np.setdiff1d(f.id, before, assume_unique=True))
        seen.births |= {int(f.id[r]): (quarter, float(f.jobs[r]), int(f.industry[r])) for r in rows}
        seen.quarters.append((f.id, f.jobs.copy()))
        seen.busy.append(f.id[f.projects > 0])
        seen.rd_ids.append(f.id[f.research > 0])
        seen.ties.append(_ties(model, quarter))
        seen.related.append(model.pool[:, 1].copy())
        seen.entries.append(model.entries)
        seen.exits.append(model.exits)
        seen.credit += model.policy.tax_credit * model.parameters["tax_credit_takeup"] * float(model.own_research.sum())
        if quarter % 4 == 3:
            _year(seen)
            moved = np.array(model.recorder.quarters["migration"][-4:])
            seen.migration.append(moved.sum(axis=0))
    return seen


def _year(seen: Observation) -> None:
    model, f = seen.model, seen.model.firms
    seen.years.append(
        Year(f.id, f.jobs.copy(), f.output.copy(), f.research * f.output, f.productivity.copy(),
             f.industry.astype(np.int64), model.cell_of(f), model.quarter - 1 - f.innovated < 12)
    )  # fmt: skip
    seen.people.append(model.population.persons.sum(axis=1))
    seen.zone_jobs.append(model.zone_jobs())
    seen.unemployment.append(model.population.unemployment.copy())


def _ties(model: RegionModel, quarter: int) -> tuple[Whole, Whole]:
    """Return the municipalities of both firms of the projects that began in a quarter."""
    work = model.projects
    fresh = work.end == quarter + int(model.parameters["project_quarters"])
    rows = [model.firms.rows(ids[fresh]) for ids in (work.first, work.second)]
    here = (rows[0] >= 0) & (rows[1] >= 0)
    zone = model.firms.zone.astype(np.int64)
    return zone[rows[0][here]], zone[rows[1][here]]


def matched(before: Whole, after: Whole) -> tuple[Flags, Whole]:
    """Return which ids of ``before`` live on, and the row of each in ``after`` (any row where it does not)."""
    at = np.minimum(np.searchsorted(after, before), len(after) - 1)
    return after[at] == before, at
