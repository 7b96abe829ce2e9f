"""Exit, entry and spinoffs (switch M6). ODD sections 5.8 and 5.9."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.model.market import competitiveness
from sim.random_numbers import uniform

NAMES = ("M5", "exit_rate", "exit_size", "exit_youth", "exit_cost", "exit_buffer", "footloose", "least_size",
         "rivalry", "cost_clip", "co2_price", "wage_share")  # fmt: skip


@njit(cache=True)
def survive(hazard_key, footloose_key, ids, industry, zone, jobs, productivity, liquidity, age, emissions, owner,
            shelter, start_mean, unit_cost, pool, p):  # fmt: skip
    """Return which firms live on, bool[N]; shelter f4[N] scales the hazard; p in the order of ``NAMES``."""
    alive = np.ones(ids.size, np.bool_)
    industries = start_mean.size
    footloose = 1.0 - (1.0 - p[6]) ** 0.25
    for i in range(ids.size):
        if jobs[i] < p[7]:
            alive[i] = False
            continue
        s = industry[i]
        cell = zone[i] * industries + s
        c = competitiveness(productivity[i], start_mean[s], unit_cost[cell], emissions[i], p[9:])
        hazard = p[1] * jobs[i] ** (-p[2]) * (1.0 + p[3] * math.exp(-age[i] / 6.0))
        hazard *= shelter[i] * math.exp(-p[4] * c - p[5] * (liquidity[i] - 0.6))
        if p[0] > 0.0 and c < -0.1:
            hazard *= 1.0 + p[8] * pool[cell, 3]
        if uniform(hazard_key, ids[i]) < hazard or (
            owner[i] == 2 and uniform(footloose_key, ids[i]) < footloose
        ):
            alive[i] = False
    return alive


@njit(cache=True)
def entrants(key, candidate_ids, candidate_cell, candidates, start_firms, rate, bracket, start_bracket, pool,
             start_pool, lift, demand, strength):  # fmt: skip
    """Return which potential entrants enter, bool[K].

    The list of candidates is fixed by cell, quarter and ordinal, so a policy only adds or removes
    marginal entrants.

    Args:
        candidates: f8[cells] candidates per quarter; start_firms: f8[cells]; rate: f8[S] per quarter;
        bracket, start_bracket: f8[S] sales per weight; lift: f8[cells] entry that incubators add, share;
        strength: entry externality, 0 when M6 is off.
    """
    out = np.zeros(candidate_ids.size, np.bool_)
    industries = rate.size
    for k in range(candidate_ids.size):
        c = candidate_cell[k]
        s = c % industries
        chance = rate[s] * start_firms[c] / candidates[c] * (bracket[s] / start_bracket[s]) ** demand
        chance *= 1.0 + 4.0 * strength * (pool[c, 6] - start_pool[c, 6])
        chance *= 1.0 + lift[c]
        out[k] = uniform(key, candidate_ids[k]) < chance
    return out
