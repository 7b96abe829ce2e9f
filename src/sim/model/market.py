"""The market: idiosyncratic demand, unit cost, CES weights, output, margins. ODD sections 5.5, 5.6, 5.8."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.random_numbers import laplace, uniform

JUMP_NAMES = ("jump_probability", "growth_sd", "growth_size", "growth_cap", "size_drag", "youth_growth")
WEIGHT_NAMES = ("cost_clip", "co2_price", "wage_share")
OUTPUT_NAMES = ("output_limit", "project_cost", "project_public", "project_replaces")
COST_NAMES = ("M3", "M8", "wage_share", "rent_share", "supplier_link", "congestion", "congestion_half")


@njit(cache=True)
def unit_costs(jobs, start_jobs, pool, start_pool, wage, rent, relief, p):
    """Return log unit cost per cell f8[cells], zero at the start.

    Args:
        jobs, start_jobs: f8[cells] employees in firms; pool, start_pool: f8[cells, 8].
        wage, rent: f8[Z] wage index and house price index, 1 at the start.
        relief: f8[Z] log of business land relative to the start; it eases rent and, with M8, congestion.
        p: values in the order of ``COST_NAMES``.
    """
    out = np.empty(jobs.size)
    industries = jobs.size // wage.size
    for c in range(jobs.size):
        z = c // industries
        cost = p[2] * math.log(wage[z]) + p[3] * (math.log(rent[z]) - relief[z])
        if p[0] > 0.0:
            cost -= p[4] * 10.0 * (pool[c, 5] - start_pool[c, 5])
        if p[1] > 0.0 and start_jobs[c] > 0.0 and jobs[c] > 0.0:
            crowd = start_jobs[c] / (start_jobs[c] + p[6])
            cost += p[5] * (math.log(jobs[c] / start_jobs[c]) - relief[z]) * crowd
        out[c] = cost
    return out


@njit(cache=True)
def weigh(jump_key, size_key, ids, industry, zone, jobs, productivity, appeal, customers, age, emissions, weight,
          drift, elasticity, start_mean, unit_cost, p, w):  # fmt: skip
    """Move each firm's customer base and compute its market weight, in place.

    Demand jumps are Bernoulli-Laplace with a martingale correction: the expected customer base does not
    move by chance alone.

    Args:
        drift: f8[S] reference drift of the customer base per quarter.
        elasticity: f8[S]; p: ``JUMP_NAMES``; w: ``WEIGHT_NAMES``.
    """
    chance, spread, fall, cap, drag, youth = p[0], p[1], p[2], p[3], p[4], p[5]
    scale = spread / (math.sqrt(2.0) * math.sqrt(4.0 * chance))
    industries = drift.size
    for i in range(ids.size):
        s = industry[i]
        theta = min(cap, scale * jobs[i] ** (-fall))
        move = drift[s] + youth * math.exp(-age[i] / 12.0)
        move -= math.log(1.0 + chance * (1.0 / (1.0 - theta * theta) - 1.0))
        if jobs[i] > 50.0:
            move -= drag * math.log(jobs[i] / 50.0)
        if uniform(jump_key, ids[i]) < chance:
            move += theta * laplace(size_key, ids[i])
        customers[i] += move
        c = competitiveness(productivity[i], start_mean[s], unit_cost[zone[i] * industries + s], emissions[i], w)
        weight[i] = math.exp(customers[i] + appeal[i] + elasticity[s] * c)


@njit(cache=True, inline="always")
def competitiveness(productivity, start_mean, unit_cost, emissions, w):
    """Return bounded log competitiveness of a firm; w in the order of ``WEIGHT_NAMES``."""
    c = productivity - start_mean - unit_cost - w[1] * emissions * 1e-6
    return min(max(c, -w[0]), w[0])


@njit(cache=True)
def demand_per_weight(weights, start_weights, local, start_local, export, outside, demand):
    """Return sales per unit of market weight f8[S]: exports plus the local market shared with outsiders.

    Args:
        weights, start_weights: f8[S] sum of market weights now and at the start.
        local, start_local: f8[S] local demand, MNOK per quarter; export: f8[S] export share;
        outside: weight of outside suppliers relative to the start weights.
        demand: f8[S] outside demand, 1 at the start.
    """
    out = np.ones(weights.size)
    for s in range(weights.size):
        if start_weights[s] <= 0.0:
            continue
        share = start_weights[s] * (1.0 + outside) / (weights[s] + start_weights[s] * outside)
        growth = local[s] / start_local[s] if start_local[s] > 0.0 else 1.0
        out[s] = export[s] * demand[s] + (1.0 - export[s]) * growth * share
    return out


@njit(cache=True)
def produce(industry, zone, jobs, productivity, research, liquidity, emissions, weight, projects, output, bracket,
            value_added, wage_cost, wage, own_research, sums, p):  # fmt: skip
    """Set output, own R&D and liquidity in place and add cell sums.

    Args:
        bracket: f8[S] sales per unit of weight; value_added, wage_cost: f8[S] MNOK per employee-quarter.
        wage: f8[Z] index; own_research: f8[N] written, MNOK this quarter;
        sums: f8[cells, 4] jobs, value added, own R&D, emissions (tCO2e), added to.
        p: values in the order of ``OUTPUT_NAMES``.
    """
    limit, cost, public, replaces = p[0], p[1] / 4.0, p[2], p[3]
    industries = bracket.size
    for i in range(jobs.size):
        s = industry[i]
        z = zone[i]
        made = min(jobs[i] * value_added[s] * math.exp(productivity[i]), limit * weight[i] * bracket[s])
        share = cost * (1.0 - public) * projects[i]
        planned = research[i] * made
        own = max(planned - replaces * share, 0.0)
        pay = jobs[i] * wage_cost[s] * wage[z]
        margin = (made - pay - own - share) / made
        change = min(max(margin - 0.25, -0.6), 0.3)
        liquidity[i] = min(max(0.93 * liquidity[i] + 0.042 + 0.35 * change, -1.5), 3.0)
        output[i] = made
        own_research[i] = own
        c = z * industries + s
        sums[c, 0] += jobs[i]
        sums[c, 1] += made
        sums[c, 2] += own
        sums[c, 3] += emissions[i] * made
