"""The same firm in two worlds: a policy and its baseline with the same seed, firm by firm."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiment.build import build_model, scenario_reference
from sim.experiment.executor import worker_pool
from sim.model import RegionModel
from sim.region import load_region
from sim.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Snapshot:
    """A run at the end of a year.

    Attributes:
        firms: one row per living firm, by permanent id: zone, industry, first_jobs (at the start or at entry),
            jobs, value_added (MNOK a year), rd (performs R&D), productivity, used (bit mask of programmes).
        jobs: f8[Z, S] private and public jobs. flow: f8[Z+X, Z+X] commuters, home row and work column.
    """

    firms: pd.DataFrame
    jobs: Floats
    flow: Floats


@dataclass(frozen=True)
class Twin:
    """A policy and its baseline with the same seed.

    Attributes:
        before: the baseline in the quarter before the policy begins. base, policy: both at the end of the year.
    """

    seed: int
    before: Snapshot
    base: Snapshot
    policy: Snapshot


def twin(region: str, policy: Scenario, baseline: Scenario, seed: int, year: int) -> Twin:
    """Run a policy and its baseline to the end of a year and return both.

    Args:
        region: name or folder. year: 1 is the first year.
    """
    place = load_region(region)
    reference = scenario_reference(place, policy)
    start = max(1, min((entry.start_quarter for entry in policy.instruments), default=1))
    shots = []
    for scenario in (baseline, policy):
        model = build_model(place, scenario, seed, reference=reference)
        first = pd.Series(model.firms.jobs.copy(), index=model.firms.id.copy())
        for quarter in range(4 * year):
            model.step()
            born = ~np.isin(model.firms.id, first.index)
            first = pd.concat([first, pd.Series(model.firms.jobs[born], index=model.firms.id[born])])
            if quarter == start - 1 and scenario is baseline:
                shots.append(_snapshot(model, first))
        shots.append(_snapshot(model, first))
    return Twin(seed, *shots)


def twins(
    region: str,
    pairs: Sequence[tuple[Scenario, Scenario]],
    seeds: Sequence[int],
    year: int,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[Twin]]:
    """Return the twins of every policy and its baseline by name of the policy, in the order of the seeds.

    Args:
        jobs: worker processes; the number of processors when None. progress: called with (twins done, in all).
    """
    tell = progress or (lambda done, total: None)
    work = [(policy, base, seed) for policy, base in pairs for seed in seeds]
    tell(0, len(work))
    found: dict[str, list[Twin]] = {policy.name: [] for policy, _ in pairs}
    for policy, base in pairs:  # solved once, before workers ask for them at the same time
        scenario_reference(load_region(region), policy)
        scenario_reference(load_region(region), base)
    count = min(jobs or os.cpu_count() or 1, len(work))
    with worker_pool(count) if count > 1 else nullcontext() as pool:
        made = map if pool is None else pool.map
        columns = zip(*[(region, policy, base, seed, year) for policy, base, seed in work], strict=True)
        for done, ((policy, _, _), each) in enumerate(zip(work, made(twin, *columns), strict=True), start=1):
            found[policy.name].append(each)
            tell(done, len(work))
    return found


def _snapshot(model: RegionModel, first: pd.Series) -> Snapshot:
    f = model.firms
    table = pd.DataFrame(
        {
            "zone": f.zone, "industry": f.industry, "first_jobs": first.loc[f.id].to_numpy(), "jobs": f.jobs,
            "value_added": 4.0 * f.output, "rd": f.research > 0, "productivity": f.productivity, "used": f.used,
        },
        index=pd.Index(f.id.copy(), name="firm"),
    )  # fmt: skip
    jobs = (model.sums[:, 0] + model.public).reshape(model.zones, model.industries)
    return Snapshot(table.copy(), jobs.copy(), model.flow.copy())
