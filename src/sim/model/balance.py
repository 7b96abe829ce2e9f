"""The start levels: demand equals supply in quarter 0, so that nothing moves for want of balance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.model import innovation, market, start
from sim.model.accounts import MunicipalAccount
from sim.random_numbers import decision_index, quarter_keys, uniform

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

_SUCCESS = decision_index("innovation.success")


def balance(model: RegionModel) -> None:
    """Set appeal, customers and all start levels of a new model, in place."""
    f, p, table = model.firms, model.parameters, model.region.industries
    model.start_mean = np.zeros(model.industries)
    model.unit_cost = np.zeros(model.cells)
    model.bracket = np.ones(model.industries)
    model.start_bracket = np.ones(model.industries)
    model.survey()
    model.start_mean = model.mean_productivity
    model.start_pool = model.pool
    model.start_cell = model.cell
    before = quarter_keys(model.key_base, -1)
    weights, made = _settle(
        f.table, f.id, before, model.pool, model.inputs.traits, table.wage, model.start_mean, model.inputs.elasticity,
        model.packed(innovation.NAMES), model.packed(start.NAMES),
    )  # fmt: skip
    model.start_weights = market.by_industry(weights, model.industries)
    model.start_output = market.by_industry(made, model.industries)
    model.sums = np.column_stack([model.cell[:, 1], made, np.zeros(model.cells), np.zeros(model.cells)])
    model.public = model.public_jobs()
    model.start_local = model.local_demand()
    model.candidates = np.ceil(p["entry_candidates"] * model.start_cell[:, 0]).astype(np.int64)
    model.account = MunicipalAccount(model.population.persons, model.wages_paid(), p)
    model.reach = model.inputs.reach(model.start_cell[:, 0])


@njit(cache=True, error_model="numpy")
def _settle(table, ids, keys, pool, traits, wage, start_mean, elasticity, p, t):
    """Give the firms of the start appeal, a last innovation, liquidity and customers, in place.

    Returns sums of market weights and of value added f8[cells].

    Args:
        keys: u8[D] of quarter -1. p: ``innovation.NAMES``; t: ``start.NAMES``.
    """
    weights, made = np.zeros(pool.shape[0]), np.zeros(pool.shape[0])
    for i in range(ids.size):
        f = table[i]
        s = f.industry
        c = f.zone * start_mean.size + s
        boost = p[0] * p[12] * pool[c, 0] + p[2] * p[13] * pool[c, 1]
        effort = 0.4 + math.sqrt(min(f.research / 0.03, 6.0))
        rate = p[3] * f.jobs ** p[5] * (0.4 + f.capacity) * effort
        hazard = min(p[6], rate * math.exp(boost * f.capacity))
        f.appeal = hazard * p[7] * p[4] / p[10]
        ago = -math.log(uniform(keys[_SUCCESS], ids[i])) / max(hazard, 1e-4)
        f.innovated = -1 - int(min(ago, 900.0))
        margin = 1.0 - wage[s] / (traits[s, 7] * math.exp(f.productivity))
        f.liquidity += (0.042 + 0.35 * min(max(margin - f.research - 0.25, -0.6), 0.3)) / 0.07 - 0.6
        start.open_firm(f, 0.0, 1.0, start_mean[s], traits[s], elasticity[s], t)
        weights[c] += f.weight
        made[c] += f.output
    return weights, made
