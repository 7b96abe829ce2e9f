"""The start of a firm: traits of initial firms, entrants, spinoffs and attracted establishments. ODD section 5."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.firms import Firms
from sim.model.market import competitiveness
from sim.random_numbers import bits64, decision_index, normal, uniform
from sim.region.region import Industries

Floats = NDArray[np.float64]
NAMES = ("cost_clip", "co2_price", "wage_share", "productivity_spread", "position_spread", "entry_size", "entry_gap",
         "spinoff_inherits")  # fmt: skip
_PRODUCTIVITY, _RESEARCH = decision_index("firm.productivity"), decision_index("firm.research")
_LEVEL, _CAPACITY = decision_index("firm.research_level"), decision_index("firm.capacity")
_WILL, _LIQUIDITY = decision_index("firm.willingness"), decision_index("firm.liquidity")
_EMISSIONS, _POSITION = decision_index("firm.emissions"), decision_index("firm.position")
_AGE, _SIZE = decision_index("firm.age"), decision_index("entry.size")
#: Correlation of productivity with log size at the start, and about the mean and spread of log size.
_TILT, _MEAN_SIZE, _SPREAD_SIZE = 0.15, 1.5, 1.1
#: Age of an attracted establishment, quarters.
ARRIVAL_AGE = 20


def industry_traits(table: Industries) -> Floats:
    """Return what traits are drawn from f8[S, 8]: R&D share and intensity, skill, emissions, position, value added."""
    columns = [table.rd_share, table.rd_intensity, table.skill[:, 2] - 0.35, table.emissions,
               *table.position.T, table.value_added]  # fmt: skip
    return np.ascontiguousarray(np.column_stack(columns))


@njit(cache=True, error_model="numpy")
def draw_traits(f, who, keys, trait, mean, t):
    """Draw the traits of a firm that has its size, in place.

    Draws are keyed by permanent id at quarter 0, so a firm has the same traits in every scenario.

    Args:
        keys: u8[D] of quarter 0; trait: f8[8] of the industry; mean: log productivity the firm is drawn around;
        t: values in the order of ``NAMES``.
    """
    size = math.log(max(f.jobs, 1.0))
    level = trait[1] * math.exp(0.5 * normal(keys[_LEVEL], who) - 0.125)
    performs = min(0.9, trait[0] * min(1.0, math.sqrt(f.jobs / 30.0)))
    active = 1.0 if uniform(keys[_RESEARCH], who) < performs else 0.0
    f.research_own = level
    f.research = active * level
    score = -1.0 + 0.2 * size + 0.8 * active + 1.5 * trait[2] + 0.4 * normal(keys[_CAPACITY], who)
    f.capacity = 1.0 / (1.0 + math.exp(-score))
    f.will_own = uniform(keys[_WILL], who) ** 0.8
    f.will = f.will_own
    f.liquidity = min(max(0.6 + 0.2 * normal(keys[_LIQUIDITY], who), -1.0), 2.0)
    f.emissions = trait[3] * math.exp(0.3 * normal(keys[_EMISSIONS], who) - 0.045)
    f.position0 = trait[4] + t[4] * normal(keys[_POSITION], who, 0)
    f.position1 = trait[5] + t[4] * normal(keys[_POSITION], who, 1)
    f.position2 = trait[6] + t[4] * normal(keys[_POSITION], who, 2)
    f.productivity = mean + t[3] * normal(keys[_PRODUCTIVITY], who)


@njit(cache=True, error_model="numpy")
def draw_initial(table, ids, keys, traits, t):
    """Draw the traits of the firms of the start, in place; appeal and customers come with ``balance``."""
    for i in range(ids.size):
        f = table[i]
        draw_traits(f, ids[i], keys, traits[f.industry], 0.0, t)
        size = math.log(max(f.jobs, 1.0))
        tilt = _TILT * (size - _MEAN_SIZE) / _SPREAD_SIZE
        noise = normal(keys[_PRODUCTIVITY], ids[i])
        f.productivity = t[3] * (tilt + math.sqrt(1.0 - _TILT**2) * noise)
        f.age = int(min(-math.log(uniform(keys[_AGE], ids[i])) * 40.0 * (1.0 + 0.3 * size), 30_000.0))


def initial_firms(synthetic: Any, keys: NDArray[np.uint64], traits: Floats, t: tuple[float, ...]) -> Firms:
    """Return the firms of the start with traits drawn; appeal and customers are set by the model."""
    firms = Firms(synthetic.id.size)
    firms.id[:] = synthetic.id
    for name in ("zone", "industry", "jobs", "owner"):
        setattr(firms, name, getattr(synthetic, name))
    draw_initial(firms.table, firms.id, keys, traits, t)
    return firms


@njit(cache=True, error_model="numpy")
def candidate_id(cell_key, quarter, ordinal):
    """Return the permanent id of a potential entrant, in [0, 2**61)."""
    return np.int64(bits64(cell_key, quarter * 1048576 + ordinal, 0) >> np.uint64(3))


@njit(cache=True, error_model="numpy")
def draw_size(f, who, keys, t):
    """Draw the size of an entrant, in place."""
    f.jobs = 1.0 - (t[5] - 1.0) * math.log(uniform(keys[_SIZE], who))


@njit(cache=True, error_model="numpy")
def inherit(f, parent, trait, mean, t):
    """Make a newcomer a spinoff: it inherits knowledge and part of the parent's advantage, in place."""
    f.productivity += 0.10 + t[7] * (parent.productivity - mean)
    f.position0 = parent.position0 + 0.2 * (f.position0 - trait[4])
    f.position1 = parent.position1 + 0.2 * (f.position1 - trait[5])
    f.position2 = parent.position2 + 0.2 * (f.position2 - trait[6])


@njit(cache=True, error_model="numpy")
def open_firm(f, unit_cost, bracket, start_mean, trait, elasticity, t):
    """Give a firm the customers and output that fit its size, in place."""
    f.output = f.jobs * trait[7] * math.exp(f.productivity)
    f.weight = f.output / bracket
    edge = competitiveness(f.productivity, start_mean + unit_cost, 0.0, t)
    f.customers = math.log(f.weight) - f.appeal - elasticity * edge


@njit(cache=True, error_model="numpy")
def settle_arrivals(table, ids, keys, traits, mean, unit_cost, bracket, start_mean, elasticity, t):
    """Give attracted establishments traits around the industry mean, and customers, in place."""
    for i in range(ids.size):
        f = table[i]
        s = f.industry
        draw_traits(f, ids[i], keys, traits[s], mean[s], t)
        f.age = ARRIVAL_AGE
        cost = unit_cost[f.zone * mean.size + s]
        open_firm(f, cost, bracket[s], start_mean[s], traits[s], elasticity[s], t)


def arrivals(wanted: list[Any]) -> Firms:
    """Return attracted establishments sorted by id, foreign-owned; ``settle_arrivals`` does the rest."""
    wanted = sorted(wanted, key=lambda arrival: arrival.identity)
    firms = Firms(len(wanted))
    firms.id[:] = [a.identity for a in wanted]
    for name in ("zone", "industry", "jobs"):
        setattr(firms, name, [getattr(arrival, name) for arrival in wanted])
    firms.owner = 2
    return firms
