"""What is observed each quarter: per cell, per zone or for the whole region. ODD section 15."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.firms import USED_CLUSTER

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel


#: Levels of skill, in the order of the industry table.
SKILLS = ("basic", "vocational", "higher")


def variety(model: RegionModel, rows: NDArray[np.int64]) -> float:
    """Return the variance of knowledge positions among some firms, 0 with fewer than two."""
    f = model.firms
    if rows.size < 2:
        return 0.0
    return float(sum(np.var(place[rows]) for place in (f.position0, f.position1, f.position2)))


def commuting(model: RegionModel) -> dict[str, ArrayLike]:
    """Return residents who work outside the region and the minutes residents travel to work, f8[Z]."""
    minutes = model.region.minutes + model.outside.minutes - model.policy.minutes_saved
    rows = model.flow[: model.zones]
    near = np.where(np.isfinite(minutes[: model.zones]), minutes[: model.zones], 0.0)
    return {
        "out_commuting": rows[:, model.zones :].sum(axis=1),
        "travelled_minutes": (rows * np.maximum(near, 0.0)).sum(axis=1),
        "travellers": rows.sum(axis=1),
    }


def measure(model: RegionModel) -> dict[str, ArrayLike]:
    """Return this quarter's values by name: f8[cells], f8[Z] or f8[1]."""
    f, policy, people = model.firms, model.policy, model.population
    public = model.public
    sizeable = f.jobs >= 10
    recent = sizeable & (model.quarter - f.innovated < 12)
    jobs = model.sums[:, 0] + public
    partners = np.bincount(model.cell_of(f), f.projects, model.cells) * model.parameters["project_cost"] / 4.0
    research = model.sums[:, 2] + model.policy.induced_research + partners
    wages = np.repeat(model.wage, model.industries) * jobs
    skill = model.region.industries.skill
    per_industry = jobs.reshape(model.zones, model.industries)
    inflow = model.flow[:, : model.zones].sum(axis=0) - model.flow[: model.zones].sum(axis=1)
    return {
        "jobs": jobs,
        "private_jobs": model.sums[:, 0],
        "job_years": jobs / 4.0,
        "value_added": model.sums[:, 1] + public * np.tile(model.region.industries.value_added, model.zones),
        "rd": research,
        "emissions": model.sums[:, 3] / 1000.0,
        "firms": model.count_firms(np.ones(len(f), bool), f),
        "entries": model.entries,
        "exits": model.exits,
        "innovations": model.innovations,
        "projects": model.finished,
        "innovating_firms": model.count_firms(recent, f),
        "sizeable_firms": model.count_firms(sizeable, f),
        "members": model.count_firms((f.cluster > 0) & ((f.used & USED_CLUSTER) > 0), f),
        "population": people.persons.sum(axis=1),
        "priced_people": people.persons.sum(axis=1) * people.house_price,
        "net_commuting": inflow,
        "unemployed": people.unemployment * people.labour_force,
        "labour_force": people.labour_force,
        "wage_jobs": wages,
        **{f"jobs_{name}": (per_industry * skill[:, k]).ravel() for k, name in enumerate(SKILLS)},
        "public_jobs": public,
        "job_squares": [float((per_industry.sum(axis=0) ** 2).sum())],
        "squared_jobs": [float(jobs.sum()) ** 2],
        "spread": model.cell[:, 6] * model.cell[:, 0],
        "spread_firms": model.cell[:, 0],
        "member_variety": [variety(model, np.flatnonzero((f.cluster > 0) & ((f.used & USED_CLUSTER) > 0)))],
        **commuting(model),
        "migration": model.flows["migration"].sum(axis=1),
        "dwellings": people.dwellings * people.start.sum(axis=1) / model.parameters["household_size"],
        "revenue": model.books["revenue"],
        "service_cost": model.books["service_cost"],
        "municipal_net": [float((model.books["revenue"] - model.books["service_cost"]).sum()) - policy.spent_now],
        "spent_municipal": [policy.spent],
        "spent_public": [policy.spent + policy.spent_other],
        "granted": [policy.granted],
        "unspent": [policy.granted - policy.spent],
    }  # fmt: skip
