"""Stylised facts: what the model gives in its baseline against what is published. ODD section 10."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from sim.evidence import statistics as st
from sim.experiment import baseline, build_model, scenario_reference
from sim.model import RegionModel
from sim.model.policy import Arrival
from sim.model.start import ATTRACTED_IDS
from sim.random_numbers import permanent_id
from sim.region import Region

YEARS = 15


@dataclass(frozen=True)
class Fact:
    """One row: what the model gives, what is published, and whether it passes."""

    id: str
    region: str
    label: str
    unit: str
    simulated: float
    se: float  # standard error over the seeds
    published: float
    low: float
    high: float
    passed: bool
    source: str


@cache
def bands() -> Mapping[str, Mapping[str, Any]]:
    """Return the accepted bands by fact."""
    text = files("sim.evidence").joinpath("bands.yaml").read_text(encoding="utf-8")
    return dict(YAML(typ="safe", pure=True).load(text))


def facts(region: Region, seeds: int = 20, progress: Callable[[int, int], None] | None = None) -> list[Fact]:
    """Return every fact of a region's baseline, averaged over seeds.

    Args:
        progress: called with (seeds done, seeds in all).
    """
    scenario = baseline(YEARS)
    reference = scenario_reference(region, scenario)
    found: list[dict[str, float]] = []
    for seed in range(1, seeds + 1):
        if progress:
            progress(seed - 1, seeds)
        model = build_model(region, scenario, seed, reference=reference)
        found.append(_of_run(model) | {"multiplier": _multiplier(region, scenario, seed, reference, model)})
    if progress:
        progress(seeds, seeds)
    return [_fact(name, region, np.array([row[name] for row in found])) for name in bands()]


def _fact(name: str, region: Region, values: np.ndarray) -> Fact:
    band = bands()[name]
    mean, se = float(np.nanmean(values)), float(np.nanstd(values, ddof=1) / np.sqrt(len(values)))
    return Fact(name, region.name, str(band["label"]), str(band["unit"]), mean, se, float(band["published"]),
                float(band["low"]), float(band["high"]), bool(band["low"] <= mean <= band["high"]),
                str(band["source"]))  # fmt: skip


@dataclass
class _Year:
    """The firms at the end of a year."""

    id: np.ndarray
    jobs: np.ndarray
    productivity: np.ndarray
    cell: np.ndarray
    industry: np.ndarray


def _of_run(model: RegionModel) -> dict[str, float]:
    """Run one baseline and return every statistic of it."""
    births: dict[int, tuple[int, float]] = {}
    years: list[_Year] = [_snapshot(model)]
    people = [model.population.persons.sum(axis=1)]
    zone_jobs = [model.zone_jobs()]
    related, entries, exits = [], np.zeros(model.cells), np.zeros(model.cells)
    firms_mean, gone, new = [], 0.0, 0.0
    quarterly: list[tuple[int, np.ndarray, np.ndarray]] = []
    for quarter in range(4 * YEARS):
        before = model.firms.id
        model.step()
        fresh = np.setdiff1d(model.firms.id, before, assume_unique=True)
        rows = model.firms.rows(fresh)
        births |= {int(i): (quarter, float(n)) for i, n in zip(fresh, model.firms.jobs[rows], strict=True)}
        quarterly.append((quarter, model.firms.id, model.firms.jobs.copy()))
        entries += model.entries
        exits += model.exits
        firms_mean.append(len(model.firms))
        related.append(model.pool[:, 1].copy())
        if quarter % 4 == 3:
            years.append(_snapshot(model))
            people.append(model.population.persons.sum(axis=1))
            zone_jobs.append(model.zone_jobs())
    gone, new = exits.sum(), entries.sum()
    firms = float(np.mean(firms_mean))
    out = {
        "exit_rate": 100 * gone / YEARS / firms,
        "entry_rate": 100 * new / YEARS / firms,
        "drift_jobs": _drift([float(z.sum()) for z in zone_jobs]),
        "drift_firms": _drift([float(len(y.id)) for y in years]),
        "drift_people": _drift([float(p.sum()) for p in people]),
        "innovators": _last(model, "innovators"),
    }
    out |= _cohorts(births, quarterly)
    out |= _growth(years)
    out |= _relatedness(np.mean(related, axis=0), entries, exits, model)
    out["migration_jobs"] = _migration(people, zone_jobs)
    return out


def _snapshot(model: RegionModel) -> _Year:
    f = model.firms
    return _Year(f.id, f.jobs.copy(), f.productivity.copy(), model.cell_of(f), f.industry.astype(np.int64))


def _drift(series: list[float]) -> float:
    """Return the trend of the log in % a year from year 1 to the end."""
    log = np.log(np.array(series[1:]))
    return 100.0 * st.slope(np.arange(len(log), dtype=float), log)


def _last(model: RegionModel, name: str) -> float:
    rows = model.outcomes()
    keep = [v for n, z, f, v in zip(rows["indicator"], rows["zone"], rows["family"], rows["value"], strict=True)
            if (n, z, f) == (name, "all", "all")]  # fmt: skip
    return float(np.mean(keep[3:]))


def _cohorts(
    births: dict[int, tuple[int, float]], quarterly: list[tuple[int, np.ndarray, np.ndarray]]
) -> dict[str, float]:
    """Return survival after one and five years and the growth of those that survive."""
    ids = np.array(sorted(births), np.int64)
    born = np.array([births[int(i)][0] for i in ids])
    size = np.array([births[int(i)][1] for i in ids])
    result = {}
    for years, name in ((1, "survival_1"), (5, "survival_5")):
        seen = np.flatnonzero(born + 4 * years < len(quarterly))
        alive = np.zeros(seen.size, bool)
        grown = np.full(seen.size, np.nan)
        for quarter in np.unique(born[seen]):
            cohort = np.flatnonzero(born[seen] == quarter)
            _, now, jobs = quarterly[quarter + 4 * years]
            at = np.minimum(np.searchsorted(now, ids[seen][cohort]), len(now) - 1)
            here = now[at] == ids[seen][cohort]
            alive[cohort] = here
            grown[cohort[here]] = jobs[at[here]]
        result[name] = float(alive.mean())
        if years == 5:
            result["survivor_growth"] = float(np.nansum(grown) / size[seen][alive].sum())
    return result


def _growth(years: list[_Year]) -> dict[str, float]:
    """Return facts about yearly growth, size and productivity, pooled over years 6 to 15."""
    growth, size, memory = [], [], []
    for before, after in pairwise(years[5:]):
        at = np.minimum(np.searchsorted(after.id, before.id), len(after.id) - 1)
        stay = (after.id[at] == before.id) & (before.jobs >= 2.0)
        growth.append(np.log(after.jobs[at[stay]] / before.jobs[stay]))
        size.append(before.jobs[stay])
        memory.append(np.corrcoef(before.productivity[stay], after.productivity[at[stay]])[0, 1])
    g, n, last = np.concatenate(growth), np.concatenate(size), years[-1]
    return {
        "growth_shape": st.subbotin_shape(g[:: max(1, len(g) // 4000)]),
        "growth_kurtosis": float(((g - g.mean()) ** 4).mean() / g.var() ** 2 - 3.0),
        "growth_size": st.spread_on_size(n, g),
        "gibrat": st.slope(np.log(n), g),
        "size_tail": st.hill_exponent(last.jobs),
        "productivity_spread": st.ratio_inside(last.productivity, last.industry),
        "productivity_memory": float(np.mean(memory)),
    }


def _relatedness(related: np.ndarray, entries: np.ndarray, exits: np.ndarray, model: RegionModel) -> dict[str, float]:
    """Return slopes of yearly entry and exit rates on the related pool over cells with 20 firms or more."""
    firms = np.bincount(model.cell_of(model.firms), minlength=model.cells)
    full = firms >= 20
    per_year = YEARS * firms[full]
    return {
        "relatedness_entry": st.slope(related[full], entries[full] / per_year) if full.sum() > 3 else float("nan"),
        "relatedness_exit": st.slope(related[full], exits[full] / per_year) if full.sum() > 3 else float("nan"),
    }


def _migration(people: list[np.ndarray], jobs: list[np.ndarray]) -> float:
    """Return the slope of people's growth on last year's job growth, over municipality-years."""
    p, j = np.log(np.array(people)), np.log(np.array(jobs))
    return st.slope(np.diff(j, axis=0)[1:].ravel(), np.diff(p, axis=0)[1:].ravel())


def _multiplier(region: Region, scenario: Any, seed: int, reference: Any, plain: RegionModel) -> float:
    """Return local jobs per tradable job eight years after a plant of 200 jobs opens (private jobs only)."""
    table = region.industries
    industry = int(np.argmax(table.export_share))
    model = build_model(region, scenario, seed, reference=reference)
    identity = ATTRACTED_IDS + permanent_id("multiplier", seed, bits=58)
    for quarter in range(36):
        if quarter == 3:
            model.organisations = [_Opening(model, Arrival(identity, 0, industry, 200.0))]  # type: ignore[list-item]
        model.step()
        model.organisations = []
    traded = table.export_share >= 0.35
    with_plant, without = (_private(m, 35) for m in (model, plain))
    change = with_plant - without
    return float(change[~traded].sum() / change[traded].sum()) if change[traded].sum() > 20 else float("nan")


def _private(model: RegionModel, quarter: int) -> np.ndarray:
    data = np.asarray(model.recorder.quarters["private_jobs"][quarter])
    return data.reshape(model.zones, model.industries).sum(axis=0)


class _Opening:
    """Lets one establishment open this quarter."""

    def __init__(self, model: RegionModel, arrival: Arrival) -> None:
        self.model, self.arrival = model, arrival

    def step(self) -> None:
        """Open it."""
        self.model.policy.arrivals.append(self.arrival)
