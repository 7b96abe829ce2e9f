"""The market: unit cost, customers, CES weights, clearing, output and margins. ODD section 7.6."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.elementary import exp, log
from sim.model.knowledge import JOBS
from sim.random_numbers import decision_index

JUMP_NAMES = ("jump_probability", "growth_sd", "growth_size", "growth_cap", "size_drag", "youth_growth")
WEIGHT_NAMES = ("cost_clip", "co2_price", "wage_share")
OUTPUT_NAMES = ("output_limit", "project_cost", "project_public", "project_replaces")
COST_NAMES = ("M3", "M8", "wage_share", "rent_share", "supplier_link", "congestion", "congestion_half",
              "shrinkage")  # fmt: skip
DEMAND_NAMES = ("M3", "wage_person", "transfer_person", "consume", "local_consumption", "outside_weight")
#: Decisions: places of their keys.
JUMP, JUMP_SIZE = decision_index("demand.jump"), decision_index("demand.size")
#: exp(-age / 12) by age in whole quarters; what lies beyond is nothing.
YOUTH = np.exp(-np.arange(1024) / 12.0)
_OLDEST = YOUTH.size - 1
#: Log of the employees above which size drags.
_LARGE = math.log(50.0)
#: Age group from which residents draw a pension (65 years).
_PENSION = 13


@njit(cache=True, error_model="numpy")
def unit_costs(cell, start_cell, pool, start_pool, wage, rent, land, start_land, p):
    """Return log unit cost per cell f8[cells], zero at the start.

    Args:
        cell, start_cell: f8[cells, 9] as in ``knowledge.CELL``; pool, start_pool: f8[cells, 8].
        wage, rent: f8[Z] wage index and house price index, 1 at the start.
        land, start_land: f8[Z] business land added and that of the start; what is added, shrunk as every effect is,
        eases rent and, with M8, congestion. p: values in the order of ``COST_NAMES``.
    """
    out = np.empty(cell.shape[0])
    industries = out.size // wage.size
    for z in range(wage.size):
        relief = p[7] * math.log1p(land[z] / start_land[z])
        dear = p[2] * math.log(wage[z]) + p[3] * (math.log(rent[z]) - relief)
        for c in range(z * industries, (z + 1) * industries):
            jobs, start_jobs = cell[c, JOBS], start_cell[c, JOBS]
            out[c] = dear
            if p[0] > 0.0:
                out[c] -= p[4] * 10.0 * (pool[c, 5] - start_pool[c, 5])
            if p[1] > 0.0 and start_jobs > 0.0 and jobs > 0.0:
                out[c] += p[5] * (math.log(jobs / start_jobs) - relief) * start_jobs / (start_jobs + p[6])
    return out


@njit(cache=True, error_model="numpy")
def youth(age):
    """Return exp(-age / 12); age in whole quarters."""
    return YOUTH[min(max(age, 0), _OLDEST)]


@njit(cache=True, error_model="numpy")
def young_growth(age, p):
    """Return how the customer base of a young firm grows a quarter; age in quarters, p: ``JUMP_NAMES``."""
    return p[5] * youth(age)


@njit(cache=True, error_model="numpy")
def jump_scale(p):
    """Return the scale of a demand jump of a firm with one employee; p in the order of ``JUMP_NAMES``."""
    return p[1] / (math.sqrt(2.0) * math.sqrt(4.0 * p[0]))


@njit(cache=True, error_model="numpy")
def jump_size(log_jobs, scale, p):
    """Return the mean size of a firm's demand jump; scale from ``jump_scale``, p in the order of ``JUMP_NAMES``."""
    return min(p[3], scale * exp(-p[2] * log_jobs))


@njit(cache=True, error_model="numpy")
def fair_correction(size, p):
    """Return what keeps the expected customer base unmoved by jumps of a mean size; p: ``JUMP_NAMES``."""
    return log(1.0 + p[0] * (1.0 / (1.0 - size * size) - 1.0))


@njit(cache=True, error_model="numpy")
def demand_jump(size, chance, far, p):
    """Return a firm's demand jump, Bernoulli-Laplace; chance, far: uniform numbers; p: ``JUMP_NAMES``."""
    centred = far - 0.5
    jump = size * math.copysign(log(1.0 - 2.0 * abs(centred)), centred)
    return jump if chance < p[0] else 0.0


@njit(cache=True, error_model="numpy")
def size_drag(log_jobs, p):
    """Return what keeps a very large firm's customer base from growing further; p: ``JUMP_NAMES``."""
    return p[4] * max(log_jobs - _LARGE, 0.0)


@njit(cache=True, error_model="numpy")
def competitiveness(productivity, cost, emissions, w):
    """Return bounded log competitiveness of a firm.

    Args:
        cost: log unit cost of the cell plus the mean log productivity of the industry at the start;
        emissions: tCO2e per MNOK. w: values in the order of ``WEIGHT_NAMES``.
    """
    return min(max(productivity - cost - w[1] * emissions * 1e-6, -w[0]), w[0])


@njit(cache=True, error_model="numpy")
def local_demand(flow, wage, outside_wage, persons, consumption_share, made, start_made, public, value_added, inputs,
                 purchases, p):  # fmt: skip
    """Return local demand f8[S], MNOK per quarter: consumption and purchases of firms and the public.

    Args:
        flow: f8[Z+X, Z+X] commuters. wage: f8[Z] index; outside_wage: f8[X] log. persons: f8[Z, G].
        made, public: f8[cells] value added of firms and public jobs; start_made: f8[S], used without M3.
        inputs: f8[S, S] purchases of row from column; purchases: f8[S] of the public for innovation, MNOK.
        p: values in the order of ``DEMAND_NAMES``.
    """
    zones, industries = wage.size, inputs.shape[0]
    paid = wages_paid(flow, wage, outside_wage, p[1])
    income = 0.0
    for z in range(zones):
        pensions = 0.0
        for g in range(_PENSION, persons.shape[1]):
            pensions += persons[z, g]
        income += paid[z] + p[2] * pensions
    firms = by_industry(made, industries) if p[0] > 0.0 else start_made
    services = by_industry(public, industries)
    out = np.empty(industries)
    for r in range(industries):
        out[r] = p[3] * p[4] * income * consumption_share[r] + purchases[r]
    for s in range(industries):
        buyers = firms[s] + services[s] * value_added[s]
        for r in range(industries):
            out[r] += inputs[s, r] * buyers
    return out


@njit(cache=True, error_model="numpy")
def wages_paid(flow, wage, outside_wage, person):
    """Return wages of employed residents f8[Z], MNOK per quarter, commuters to the outside included."""
    zones = wage.size
    out = np.zeros(zones)
    for z in range(zones):
        for w in range(flow.shape[1]):
            out[z] += flow[z, w] * (wage[w] if w < zones else math.exp(outside_wage[w - zones]))
        out[z] *= person
    return out


@njit(cache=True, error_model="numpy")
def by_industry(per_cell, industries):
    """Return sums over zones f8[S] of f8[cells]."""
    out = np.zeros(industries)
    for c in range(per_cell.size):
        out[c % industries] += per_cell[c]
    return out


@njit(cache=True, error_model="numpy")
def demand_per_weight(weights, start_weights, local, start_local, export, outside, demand):
    """Return sales per unit of market weight f8[S]: exports plus the local market shared with outsiders.

    Args:
        weights: f8[cells] and start_weights: f8[S], sums of market weights now and at the start.
        local, start_local: f8[S] local demand, MNOK per quarter; export: f8[S] export share;
        outside: weight of outside suppliers relative to the start weights.
        demand: f8[S] outside demand, 1 at the start.
    """
    out, now = np.ones(start_weights.size), by_industry(weights, start_weights.size)
    for s in range(out.size):
        if start_weights[s] <= 0.0:
            continue
        share = start_weights[s] * (1.0 + outside) / (now[s] + start_weights[s] * outside)
        growth = local[s] / start_local[s] if start_local[s] > 0.0 else 1.0
        out[s] = export[s] * demand[s] + (1.0 - export[s]) * growth * share
    return out


@njit(cache=True, error_model="numpy")
def output(jobs, able, demand, p):
    """Return a firm's value added this quarter, MNOK.

    Args:
        able: value added of an employee, MNOK; demand: sales, MNOK; p: values in the order of ``OUTPUT_NAMES``.
    """
    return min(jobs * able, p[0] * demand)


@njit(cache=True, error_model="numpy")
def project_share(projects, p):
    """Return what a firm pays itself of its joint projects, MNOK a quarter; p in the order of ``OUTPUT_NAMES``."""
    return p[1] / 4.0 * (1.0 - p[2]) * projects


@njit(cache=True, error_model="numpy")
def own_research(made, research, share, p):
    """Return a firm's own R&D, MNOK this quarter; joint projects replace some of it; p: ``OUTPUT_NAMES``."""
    return max(research * made - p[3] * share, 0.0)


@njit(cache=True, error_model="numpy")
def next_liquidity(now, made, costs):
    """Return a firm's buffer, quarters of labour cost; made, costs: value added and what it pays, MNOK."""
    change = min(max((made - costs) / made - 0.25, -0.6), 0.3)
    return min(max(0.93 * now + 0.042 + 0.35 * change, -1.5), 3.0)
