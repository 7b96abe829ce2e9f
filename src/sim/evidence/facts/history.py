"""The pilot's pattern, in runs that start in the past: people move in and commute out while jobs are weak."""

from __future__ import annotations

import numpy as np

from sim.evidence.hindcast import PERIODS, Growth, region_in
from sim.experiment.reference import solve
from sim.model import RegionModel, make_parameters
from sim.region import Region, synthesise


def history(region: Region, seeds: range) -> list[dict[str, float]]:
    """Run the hindcast of a built-in region with each seed and return the pattern of each run.

    Growth is in % over the period, from the tables of the start year; commuting in persons.
    """
    first, last = PERIODS[region.name]
    growth = Growth.of(region.name, first, last)
    past = region_in(region.name, first)
    firms, parameters = synthesise(past), make_parameters()
    reference = solve(past, firms, parameters, growth=growth.private, events=[growth])
    runs = (RegionModel(past, firms, parameters, reference, seed, events=[growth]) for seed in seeds)
    return [pattern(past, model.run(4 * (last - first))) for model in runs]


def pattern(past: Region, model: RegionModel) -> dict[str, float]:
    """Return how people, jobs, commuting, manufacturing and private jobs changed in one finished run."""
    making = np.array([code.startswith("C") for code in past.industries.codes])
    private = model.sums[:, 0].reshape(past.jobs.shape)
    now = private + model.public.reshape(past.jobs.shape)
    adults = model.population.persons[:, 3:15].sum(axis=1) / model.population.start[:, 3:15].sum(axis=1)
    out = float(model.flow[: model.zones].sum() - now.sum())
    jobs = _percent(now.sum(), past.jobs.sum())
    return {
        "pattern_people": _percent(float(adults @ past.working_age), past.working_age.sum()),
        "pattern_jobs": jobs,
        "pattern_out_commuting": out - float(past.employed_residents.sum() - past.jobs.sum()),
        "pattern_manufacturing": _percent(now[:, making].sum(), past.jobs[:, making].sum()),
        "pattern_private": _percent(private.sum(), (past.jobs - past.public).sum()) - jobs,
    }


def _percent(now: float, before: float) -> float:
    return 100.0 * (float(now) / float(before) - 1.0)
