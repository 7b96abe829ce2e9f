"""The start levels: demand equals supply in quarter 0, so that nothing moves for want of balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.accounts import MunicipalAccount
from sim.random_numbers import decision_key, uniforms

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel


def balance(model: RegionModel) -> None:
    """Set appeal, customers and all start levels of a new model, in place."""
    f, p, table = model.firms, model.parameters, model.region.industries
    model.start_mean = np.zeros(model.industries)
    model.unit_cost = np.zeros(model.cells)
    model.bracket = np.ones(model.industries)
    model.start_bracket = np.ones(model.industries)
    f.output[:] = f.jobs * table.value_added[f.industry] * np.exp(f.productivity)
    model.cell = model.cell_sums()
    model.start_mean = model.industry_mean()
    model.start_pool = model.pool = model.pools()
    hazard = steady_innovation(model)
    f.appeal[:] = hazard * p["product_share"] * p["innovation_step"] / p["appeal_decay"]
    ago = -np.log(uniforms(decision_key(model.seed, "innovation.success", -1), f.id)) / np.maximum(hazard, 1e-4)
    f.innovated[:] = -1 - np.minimum(ago, 900).astype(np.int16)
    margin = 1.0 - table.wage[f.industry] / (table.value_added[f.industry] * np.exp(f.productivity))
    f.liquidity[:] += (0.042 + 0.35 * np.clip(margin - f.research - 0.25, -0.6, 0.3)) / 0.07 - 0.6
    model.open_firms(f)
    model.start_cell = model.cell = model.cell_sums()
    model.start_weights = model.by_industry(model.cell[:, 8])
    model.start_output = model.by_industry(model.cell[:, 9])
    model.sums = np.column_stack([model.cell[:, 1], model.cell[:, 9], np.zeros(model.cells), np.zeros(model.cells)])
    model.public = model.public_jobs()
    model.start_local = model.local_demand()
    model.candidates = np.ceil(p["entry_candidates"] * model.start_cell[:, 0]).astype(np.int64)
    model.account = MunicipalAccount(model.population.persons, model.wages_paid(), p)
    model.reach = model.inputs.reach(model.start_cell[:, 0])


def steady_innovation(model: RegionModel) -> NDArray[np.float64]:
    """Return each firm's innovation hazard at the start f8[N], for appeal and last innovation."""
    f, p = model.firms, model.parameters
    cell = model.cell_of(f)
    boost = p.on("M1") * p["spillover"] * model.pool[cell, 0]
    boost += p.on("M9") * p["related_variety"] * model.pool[cell, 1]
    effort = 0.4 + np.sqrt(np.minimum(f.research / 0.03, 6.0))
    rate = p["innovation_rate"] * f.jobs ** p["innovation_size"] * (0.4 + f.capacity) * effort
    return np.minimum(p["innovation_cap"], rate * np.exp(boost * f.capacity))
