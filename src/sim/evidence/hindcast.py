"""Hindcast: start the model in the past with what was known then, and hold it against what happened.

Nedre Glomma from 2017 to 2022 by municipality, Grenland from 2016 to 2022 by industry. National growth by
industry, of the labour force and of the population is exogenous; nothing of the region after the start is used.
Two benchmarks: no change, and national growth by industry. docs/hindcast.md says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from io import StringIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiment.reference import solve
from sim.model import RegionModel, make_parameters
from sim.region import Region, load_region, synthesise

Floats = NDArray[np.float64]

#: Start and end of each hindcast.
PERIODS = {"nedre-glomma": (2017, 2022), "grenland": (2016, 2022)}
#: Industry groups of the statistics that hold several of the model's industries.
_GROUPS = {"C10-11": "C", "C16-17": "C", "C19-22": "C", "C24-33": "C", "C-other": "C"}


@dataclass(frozen=True)
class Hindcast:
    """One row: what the model, two benchmarks and the world said.

    Attributes:
        before, actual: figures at the start and the end. model, low, high: mean and 5-95 % of the runs.
        no_change, national: the benchmarks. unit: persons.
    """

    region: str
    quantity: str
    place: str
    before: float
    actual: float
    model: float
    low: float
    high: float
    no_change: float
    national: float
    source: str

    @property
    def errors(self) -> dict[str, float]:
        """Return the absolute error of each in % of the actual figure."""
        guesses = {"model": self.model, "no_change": self.no_change, "national": self.national}
        return {name: 100.0 * abs(guess - self.actual) / self.actual for name, guess in guesses.items()}

    @property
    def best(self) -> str:
        """Return which of model, no_change and national came closest."""
        return min(self.errors, key=lambda name: self.errors[name])


def hindcast(
    name: str, seeds: int = 20, progress: Callable[[int, int], None] | None = None
) -> list[Hindcast]:
    """Return the rows of one region, ``nedre-glomma`` or ``grenland``.

    Raises:
        KeyError: there is no history for the region.
    """
    first, last = PERIODS[name]
    growth = Growth.of(name, first, last)
    region = region_in(name, first)
    firms = synthesise(region)
    parameters = make_parameters()
    reference = solve(region, firms, parameters, progress=progress, growth=growth.private, events=[growth])
    runs = []
    for seed in range(1, seeds + 1):
        model = RegionModel(region, firms, parameters, reference, seed, events=[growth]).run(4 * (last - first))
        runs.append(model)
        if progress:
            progress(seed, seeds)
    return _rows(name, region, growth, runs)


class Growth:
    """National growth as an event: outside demand for labour, labour force, population and public services."""

    def __init__(self, private: Floats, public: Floats, force: float, people: float) -> None:
        self.private, self.public = private, public  # [S] log growth per quarter
        self.force, self.people = force, people  # log growth per quarter

    @classmethod
    def of(cls, name: str, first: int, last: int) -> Growth:
        """Return national growth per quarter over a period."""
        codes = load_region(name).industries.codes
        jobs = _national("jobs")
        ratio = {code: np.log(jobs[2022, code] / jobs[2016, code]) / 24.0 for code in {_group(c) for c in codes}}
        growth = np.array([ratio[_group(code)] for code in codes])
        employed, people = _national("jobs_total"), _national("population")
        force = float(np.log(employed[2022, ""] / employed[2016, ""]) / 24.0)
        quarters = 4.0 * (last - first)
        return cls(growth, growth, force, float(np.log(people[last, ""] / people[first, ""]) / quarters))

    def happen(self, model: RegionModel) -> None:
        """Let people move in as in the nation, take part as in the nation, and public services grow."""
        people = model.population
        people.growth = self.people
        people.force_scale = people.force_scale * np.exp(self.force - self.people)
        served = model.parameters["public_elasticity"] * self.people  # public jobs follow people by themselves
        model.outside.public = model.outside.public * np.exp(self.public - served)


def region_in(name: str, year: int) -> Region:
    """Return a built-in region as it was in a past year; what is not known then keeps its later proportions."""
    now, zones = load_region(name), len(load_region(name).zones)
    jobs = now.jobs.copy()
    for z, zone in enumerate(now.zones):
        for s, code in enumerate(now.industries.codes):
            jobs[z, s] *= _ratio(name, zone, "jobs", year, _group(code))
    scale = jobs.sum(axis=1) / now.jobs.sum(axis=1)
    people = np.array([_ratio(name, zone, "working_age", year) for zone in now.zones])
    employed = np.array([_ratio(name, zone, "employed_residents", year) for zone in now.zones])
    commuting = now.commuting.copy()
    commuting[:, :zones] *= scale
    homes = employed * now.employed_residents
    inside = commuting[:zones, :zones].sum(axis=1)
    outside = commuting[:zones, zones:]
    commuting[:zones, zones:] *= ((homes - inside) / outside.sum(axis=1)).clip(0.2, 5.0)[:, None]
    return replace(
        now,
        name=f"{name}-{year}",
        base_year=year,
        jobs=jobs,
        public=jobs * now.industries.public_share,
        establishments=np.round(now.establishments * scale[:, None, None]),
        population=now.population * people[:, None],
        working_age=now.working_age * people,
        employed_residents=commuting[:zones].sum(axis=1),
        commuting=commuting,
        anchors=(),
    )


def _rows(name: str, region: Region, growth: Growth, runs: list[RegionModel]) -> list[Hindcast]:
    first, last = PERIODS[name]
    quarters = 4 * (last - first)
    table = _regions(name)
    rows = []
    industry = np.exp(growth.private * quarters)

    def add(quantity: str, place: str, before: float, values: Floats, national: float, source: str) -> None:
        low, high = np.quantile(values, [0.05, 0.95])
        actual = _value(table, last, quantity, place)
        rows.append(Hindcast(name, quantity, place, before, actual, float(values.mean()), float(low), float(high),
                             before, national, source))  # fmt: skip

    jobs = np.array([(m.sums[:, 0] + m.public).reshape(region.jobs.shape) for m in runs])
    if name == "grenland":
        groups = [_group(code) for code in region.industries.codes]
        for group in dict.fromkeys(groups):
            inside = np.array([g == group for g in groups])
            before = float(region.jobs[:, inside].sum())
            add("jobs", group, before, jobs[:, :, inside].sum(axis=(1, 2)),
                float((region.jobs * industry)[:, inside].sum()), "Statistics Norway 13470")  # fmt: skip
    for z, zone in enumerate(region.zones):
        if name != "grenland":
            add("jobs", zone, float(region.jobs[z].sum()), jobs[:, z].sum(axis=1),
                float((region.jobs[z] * industry).sum()), "Statistics Norway 11618")  # fmt: skip
            homes = np.array([m.flow[z].sum() for m in runs])
            add("employed_residents", zone, float(region.employed_residents[z]), homes,
                float(region.employed_residents[z] * np.exp(growth.force * quarters)), "Statistics Norway 11618")
            start = runs[0].population.start[z, 3:15].sum()
            older = np.array([m.population.persons[z, 3:15].sum() for m in runs]) / start * region.working_age[z]
            add("working_age", zone, float(region.working_age[z]), older,
                float(region.working_age[z] * np.exp(growth.people * quarters)), "Statistics Norway 11618")
    return rows


def _group(code: str) -> str:
    return _GROUPS.get(code, code)


@cache
def _table(file: str) -> pd.DataFrame:
    text = files("sim.evidence").joinpath("hindcast_data", file).read_text(encoding="utf-8")
    return pd.read_csv(StringIO(text), dtype={"zone": str, "industry": str}, keep_default_na=False)


def _regions(name: str) -> pd.DataFrame:
    table = _table("regions.csv")
    return table[table["region"] == name]


def _value(table: pd.DataFrame, year: int, quantity: str, place: str) -> float:
    """Return a figure of a municipality, or of an industry in the whole region."""
    rows = table[(table["year"] == year) & (table["quantity"] == quantity)]
    return float(rows.loc[(rows["zone"] == place) | (rows["industry"] == place), "value"].sum())


def _ratio(name: str, zone: str, quantity: str, year: int, industry: str = "") -> float:
    """Return a past figure relative to 2022; the nearest later year when the year is not there."""
    table = _regions(name)
    rows = table[(table["zone"] == zone) & (table["quantity"] == quantity)]
    if industry and (rows["industry"] == industry).any():
        rows = rows[rows["industry"] == industry]
    by_year = rows.groupby("year")["value"].sum()
    start = by_year[by_year.index >= year].index.min()
    return float(by_year[start] / by_year[2022])


@cache
def _national(quantity: str) -> dict[tuple[int, str], float]:
    table = _table("national.csv")
    rows = table[table["quantity"] == quantity.removesuffix("_total")]
    if quantity.endswith("_total"):
        return {(int(str(year)), ""): float(total) for year, total in rows.groupby("year")["value"].sum().items()}
    return {(int(r["year"]), r["industry"]): float(r["value"]) for r in rows.to_dict("records")}
