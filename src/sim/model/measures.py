"""What is observed each quarter: per cell, per zone or for the whole region. ODD section 4, observation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

#: Levels of skill, in the order of the industry table.
SKILLS = ("basic", "vocational", "higher")
#: What is kept per cell, per zone and for the region; the kernels below fill them in this order.
PER_CELL = (
    "jobs", "private_jobs", "job_years", "value_added", "rd", "emissions", "firms", "entries", "exits", "innovations",
    "projects", "innovating_firms", "sizeable_firms", "members", "wage_jobs", *(f"jobs_{name}" for name in SKILLS),
    "public_jobs", "spread", "spread_firms",
)  # fmt: skip
PER_ZONE = ("population", "priced_people", "net_commuting", "unemployed", "labour_force", "out_commuting",
            "travelled_minutes", "travellers", "migration", "dwellings", "revenue", "service_cost")  # fmt: skip
PER_REGION = ("job_squares", "squared_jobs", "member_variety", "municipal_net", "spent_municipal", "spent_public",
              "granted", "unspent")  # fmt: skip


def measure(model: RegionModel) -> None:
    """Write this quarter's values into the recorder."""
    policy, people, p, table = model.policy, model.population, model.parameters, model.region.industries
    cells, zones, region = model.recorder.next_quarter()
    _cells(
        cells, region, model.sums, model.counts, model.public, policy.induced_research, p["project_cost"] / 4.0,
        table.value_added, table.skill, model.entries, model.innovations, model.finished, model.wage, model.cell,
    )  # fmt: skip
    net = _zones(
        zones, people.persons, people.house_price, people.unemployment, people.labour_force, model.flow,
        model.region.minutes, model.outside.minutes, policy.minutes_saved, model.flows["migration"], people.dwellings,
        people.start_people,
        p["household_size"], model.books["revenue"], model.books["service_cost"],
    )  # fmt: skip
    region[2:] = (model.member_variety, net - policy.spent_now, policy.spent, policy.spent + policy.spent_other,
                  policy.granted, policy.granted - policy.spent)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _cells(out, region, sums, counts, public, induced, project_cost, value_added, skill, entries, innovations, finished,
           wage, cell):  # fmt: skip
    """Fill what is kept per cell f8[quantities, cells] and the two sums of squares of the region, in place."""
    industries = value_added.size
    per_industry = np.zeros(industries)
    total = 0.0
    for c in range(public.size):
        z, s = c // industries, c % industries
        jobs = sums[c, 0] + public[c]
        per_industry[s] += jobs
        total += jobs
        out[0, c] = jobs
        out[1, c] = sums[c, 0]
        out[2, c] = jobs / 4.0
        out[3, c] = sums[c, 1] + public[c] * value_added[s]
        out[4, c] = sums[c, 2] + induced[c] + counts[c, 5] * project_cost
        out[5, c] = sums[c, 3] / 1000.0
        out[6, c] = counts[c, 0]
        out[7, c] = entries[c]
        out[8, c] = counts[c, 1]
        out[9, c] = innovations[c]
        out[10, c] = finished[c]
        out[11, c] = counts[c, 3]
        out[12, c] = counts[c, 2]
        out[13, c] = counts[c, 4]
        out[14, c] = wage[z] * jobs
        for k in range(3):
            out[15 + k, c] = jobs * skill[s, k]
        out[18, c] = public[c]
        out[19, c] = cell[c, 6] * cell[c, 0]
        out[20, c] = cell[c, 0]
    region[0] = (per_industry**2).sum()
    region[1] = total**2


@njit(cache=True, error_model="numpy")
def _zones(out, persons, house_price, unemployment, force, flow, minutes, moved, saved, migration, dwellings,
           start_people, household, revenue, service_cost):  # fmt: skip
    """Fill what is kept per zone f8[quantities, Z], in place, and return revenue less service cost of the region."""
    zones = force.size
    for z in range(zones):
        people = persons[z].sum()
        out[0, z] = people
        out[1, z] = people * house_price[z]
        out[2, z] = flow[:, z].sum() - flow[z].sum()
        out[3, z] = unemployment[z] * force[z]
        out[4, z] = force[z]
        away, travelled = 0.0, 0.0
        for w in range(flow.shape[1]):
            if w >= zones:
                away += flow[z, w]
            if math.isfinite(minutes[z, w]):
                travelled += flow[z, w] * max(minutes[z, w] + moved[z, w] - saved[z, w], 0.0)
        out[5, z] = away
        out[6, z] = travelled
        out[7, z] = flow[z].sum()
        out[8, z] = migration[z].sum()
        out[9, z] = dwellings[z] * start_people[z] / household
        out[10, z] = revenue[z]
        out[11, z] = service_cost[z]
    return (revenue - service_cost).sum()
