"""The start of a firm: traits of initial firms, entrants, spinoffs and attracted establishments. ODD section 5."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.block import BLOCK, draw, draw_normal, spread_ids
from sim.model.firms import Firms
from sim.model.market import competitiveness
from sim.random_numbers import bits64, decision_index, uniform
from sim.region.region import Industries

Floats = NDArray[np.float64]
NAMES = ("cost_clip", "co2_price", "wage_share", "productivity_spread", "position_spread", "entry_size", "entry_gap",
         "spinoff_inherits")  # fmt: skip
_PRODUCTIVITY, _RESEARCH = decision_index("firm.productivity"), decision_index("firm.research")
_LEVEL, _CAPACITY = decision_index("firm.research_level"), decision_index("firm.capacity")
_WILL, _LIQUIDITY = decision_index("firm.willingness"), decision_index("firm.liquidity")
_EMISSIONS, _POSITION = decision_index("firm.emissions"), decision_index("firm.position")
_AGE, _SIZE = decision_index("firm.age"), decision_index("entry.size")
#: Columns of the luck that traits are drawn with.
(LEVEL, CAPACITY, LIQUIDITY, EMISSIONS, PRODUCTIVITY, POSITION0, POSITION1, POSITION2, RESEARCH, WILL) = (
    np.uint64(BLOCK * k) for k in range(10)
)
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
def trait_luck(who, keys):
    """Return the luck that the traits of a block of firms are drawn with, columns f8[10 x BLOCK].

    Draws are keyed by permanent id at quarter 0, so a firm has the same traits in every scenario.

    Args:
        who: i8[n] permanent ids; keys: u8[D] of quarter 0.
    """
    n, ids, room = np.uint64(who.size), np.empty(BLOCK, np.uint64), np.empty(10 * BLOCK)
    spread_ids(who, n, ids)
    for decision, to in ((_LEVEL, LEVEL), (_CAPACITY, CAPACITY), (_LIQUIDITY, LIQUIDITY), (_EMISSIONS, EMISSIONS),
                         (_PRODUCTIVITY, PRODUCTIVITY)):  # fmt: skip
        draw_normal(keys[decision], ids, n, 0, room, to, WILL)
    for lane, to in enumerate((POSITION0, POSITION1, POSITION2)):
        draw_normal(keys[_POSITION], ids, n, lane, room, to, WILL)
    draw(keys[_RESEARCH], ids, n, 0, room, RESEARCH)
    draw(keys[_WILL], ids, n, 0, room, WILL)
    return room


@njit(cache=True, error_model="numpy")
def draw_traits(f, k, room, trait, mean, t):
    """Give a firm that has its size its traits, in place.

    Args:
        k, room: its place in the block and the block's luck; trait: f8[8] of the industry;
        mean: log productivity the firm is drawn around; t: values in the order of ``NAMES``.
    """
    size = math.log(max(f.jobs, 1.0))
    level = trait[1] * math.exp(0.5 * room[LEVEL + k] - 0.125)
    performs = min(0.9, trait[0] * min(1.0, math.sqrt(f.jobs / 30.0)))
    active = 1.0 if room[RESEARCH + k] < performs else 0.0
    f.research_own = level
    f.research = active * level
    score = -1.0 + 0.2 * size + 0.8 * active + 1.5 * trait[2] + 0.4 * room[CAPACITY + k]
    f.capacity = 1.0 / (1.0 + math.exp(-score))
    f.will_own = room[WILL + k] ** 0.8
    f.will = f.will_own
    f.liquidity = min(max(0.6 + 0.2 * room[LIQUIDITY + k], -1.0), 2.0)
    f.emissions = trait[3] * math.exp(0.3 * room[EMISSIONS + k] - 0.045)
    f.position0 = trait[4] + t[4] * room[POSITION0 + k]
    f.position1 = trait[5] + t[4] * room[POSITION1 + k]
    f.position2 = trait[6] + t[4] * room[POSITION2 + k]
    f.productivity = mean + t[3] * room[PRODUCTIVITY + k]


@njit(cache=True, error_model="numpy")
def draw_initial(table, ids, keys, traits, t):
    """Draw the traits of the firms of the start, in place; appeal and customers come with ``balance``."""
    for begin in range(0, ids.size, BLOCK):
        firms, who = table[begin : begin + BLOCK], ids[begin : begin + BLOCK]
        room = trait_luck(who, keys)
        for k in range(np.uint64(who.size)):
            f = firms[k]
            draw_traits(f, k, room, traits[f.industry], 0.0, t)
            size = math.log(max(f.jobs, 1.0))
            tilt = _TILT * (size - _MEAN_SIZE) / _SPREAD_SIZE
            f.productivity = t[3] * (tilt + math.sqrt(1.0 - _TILT**2) * room[PRODUCTIVITY + k])
            f.age = int(min(-math.log(uniform(keys[_AGE], who[k])) * 40.0 * (1.0 + 0.3 * size), 30_000.0))


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
    for begin in range(0, ids.size, BLOCK):
        room = trait_luck(ids[begin : begin + BLOCK], keys)
        for k in range(np.uint64(min(BLOCK, ids.size - begin))):
            f = table[begin + k]
            s = f.industry
            draw_traits(f, k, room, traits[s], mean[s], t)
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
