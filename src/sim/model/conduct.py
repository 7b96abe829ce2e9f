"""What every firm does in a quarter, in two passes over the firms: before and after the market clears.

The equations of one firm are in innovation, market, labour and survival. A pass takes the firms a block at a
time, so that a firm is fetched from memory once; inside a block, one step is taken for all its firms before the
next, since a processor works on several firms at once where one firm does not wait for another, but a firm's
own steps wait for each other. Sums run in the order of permanent ids.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.model.firms import USED_CLUSTER
from sim.model.innovation import (
    DRIFT,
    NOISE,
    decide_research,
    innovate,
    log_pull,
    luck_of_innovation,
    luck_of_research,
    wander,
)
from sim.model.labour import hire
from sim.model.market import (
    competitiveness,
    draw_jump,
    fair_correction,
    jump_scale,
    jump_size,
    luck_of_demand,
    move_customers,
    produce,
)
from sim.model.shapes import row_of
from sim.model.survival import log_risk, luck_of_survival, survives
from sim.random_numbers import normal

#: Columns of the cell sums of ``after_market``.
SUMS = ("jobs", "value_added", "rd", "emissions")
#: Columns of the counts per cell of ``after_market``; all but exits are of firms that live on.
COUNTS = ("firms", "exits", "sizeable_firms", "innovating_firms", "members", "partners")
#: Employees of a firm that counts among innovators, and quarters an innovation counts.
SIZEABLE, RECENT = 10.0, 12
#: Firms in a block.
BLOCK = 128


@njit(cache=True, error_model="numpy")
def _yearly_turn(quarter, keys, ids, table, traits, wanted, research, innovation):
    """Let the firms whose turn it is decide their R&D, and let their knowledge drift for a year, in place."""
    luck, key = luck_of_research(keys), keys[DRIFT]
    turn = np.empty(ids.size, np.int32)
    count = 0
    for i in range(ids.size):
        turn[count] = i
        count += (ids[i] + quarter) % 4 == 0
    for i in turn[:count]:
        f, s = table[i], table[i].industry
        decide_research(f, ids[i], quarter, luck, traits[s, 1], traits[s, 0], wanted, research)
        wander(f, ids[i], key, innovation)


@njit(cache=True, error_model="numpy")
def before_market(quarter, keys, ids, table, pool, unit_cost, mean, start_mean, drift, elasticity, traits, wanted,
                  research, innovation, jump, weigh):  # fmt: skip
    """Let firms decide R&D (once a year), innovate and meet their customers, in place.

    Returns innovations f8[cells] and sums of market weights f8[cells].

    Args:
        keys: u8[D] of the quarter. pool: f8[cells, 8]; unit_cost: f8[cells].
        mean, start_mean, drift, elasticity: f8[S]; traits: f8[S, 8] of industries; wanted: R&D asked for.
        research, innovation, jump, weigh: values in the order of the names of each submodel.
    """
    innovations, weights = np.zeros(unit_cost.size), np.zeros(unit_cost.size)
    industries = np.uint64(mean.size)
    reversion, scale = innovation[20], jump_scale(jump)
    _yearly_turn(quarter, keys, ids, table, traits, wanted, research, innovation)
    luck, luck_of_customers, key_of_noise = luck_of_innovation(keys), luck_of_demand(keys), keys[NOISE]
    size, noise, pull = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    jump_of, correction, level = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    for begin in range(0, ids.size, BLOCK):
        block = range(min(BLOCK, ids.size - begin))
        for k in block:
            size[k] = math.log(table[begin + k].jobs)
        for k in block:
            noise[k] = normal(key_of_noise, ids[begin + k])
        for k in block:
            f = table[begin + k]
            s = np.uint64(f.industry)  # unsigned: no look for negative indices
            c = np.uint64(f.zone) * industries + s
            behind = 1.0 if f.productivity - start_mean[s] - unit_cost[c] < 0.0 else 0.0
            pull[k] = math.exp(log_pull(f, size[k], pool[c, 0], pool[c, 1], pool[c, 3], behind, innovation))
        for k in block:
            jump_of[k] = jump_size(size[k], scale, jump)
        for k in block:
            correction[k] = fair_correction(jump_of[k], jump)
        for k in block:
            jump_of[k] = draw_jump(ids[begin + k], luck_of_customers, jump_of[k], jump)
        for k in block:
            f, who = table[begin + k], ids[begin + k]
            s = np.uint64(f.industry)
            c = np.uint64(f.zone) * industries + s
            f.will += reversion * (f.will_own - f.will)
            innovations[c] += innovate(f, who, quarter, luck, pull[k], noise[k], mean[s], start_mean[s], innovation)
            move_customers(f, size[k], drift[s], correction[k], jump_of[k], jump)
            edge = competitiveness(f.productivity, start_mean[s], unit_cost[c], f.emissions, weigh)
            level[k] = f.customers + f.appeal + elasticity[s] * edge
        for k in block:
            f = table[begin + k]
            f.weight = math.exp(level[k])
            weights[np.uint64(f.zone) * industries + np.uint64(f.industry)] += f.weight
    return innovations, weights


@njit(cache=True, error_model="numpy")
def after_market(quarter, keys, ids, table, closing, bracket, fill, unit_cost, pool, start_mean, value_added, wage_cost,
                 wage, adjustment, output, weigh, survival):  # fmt: skip
    """Let firms hire, produce, grow older and live on or close, in place.

    Returns who lives on bool[N], sums f8[cells, 4] as in ``SUMS``, counts f8[cells, 6] as in ``COUNTS`` and
    the variance of knowledge positions among cluster members.

    Args:
        closing: i8[K] ids, rising, that an event closes. bracket: f8[S] sales per unit of weight; fill: f8[cells].
        value_added, wage_cost: f8[S] MNOK per employee-quarter; wage: f8[Z] index.
        adjustment: share of the gap in employment that is closed in a quarter.
        output, weigh, survival: values in the order of the names of each submodel.
    """
    industries = np.uint64(bracket.size)
    alive = np.ones(ids.size, np.bool_)
    sums, counts = np.zeros((unit_cost.size, 4)), np.zeros((unit_cost.size, 6))
    first, second, members = np.zeros(3), 0.0, 0
    footloose, luck = 1.0 - (1.0 - survival[6]) ** 0.25, luck_of_survival(keys)
    able, edge, risk = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    for begin in range(0, ids.size, BLOCK):
        block = range(min(BLOCK, ids.size - begin))
        for k in block:
            able[k] = value_added[np.uint64(table[begin + k].industry)] * math.exp(table[begin + k].productivity)
        for k in block:
            f = table[begin + k]
            s, z = np.uint64(f.industry), np.uint64(f.zone)  # unsigned: no look for negative indices
            c = z * industries + s
            hire(f, able[k], bracket[s], fill[c], adjustment)
            own = produce(f, able[k], bracket[s], wage_cost[s] * wage[z], output)
            f.age += 1
            sums[c, 0] += f.jobs
            sums[c, 1] += f.output
            sums[c, 2] += own
            sums[c, 3] += f.emissions * f.output
            edge[k] = competitiveness(f.productivity, start_mean[s], unit_cost[c], f.emissions, weigh)
        for k in block:
            risk[k] = math.log(table[begin + k].jobs)
        for k in block:
            risk[k] = math.exp(log_risk(table[begin + k], risk[k], edge[k], survival))
        for k in block:
            i = begin + k
            f, who = table[i], ids[i]
            c = np.uint64(f.zone) * industries + np.uint64(f.industry)
            shut = closing.size > 0 and row_of(closing, who) >= 0
            if shut or not survives(f, who, luck, risk[k], edge[k], pool[c, 3], footloose, survival):
                alive[i] = False
                counts[c, 1] += 1.0
                continue
            counts[c, 0] += 1.0
            sizeable = f.jobs >= SIZEABLE
            counts[c, 2] += sizeable
            counts[c, 3] += sizeable & (quarter - f.innovated < RECENT)
            counts[c, 5] += f.projects
            if f.cluster > 0 and f.used & USED_CLUSTER:
                counts[c, 4] += 1.0
                members += 1
                for k, x in enumerate((f.position0, f.position1, f.position2)):
                    first[k] += x
                    second += np.float64(x) ** 2
    variety = 0.0
    if members > 1:
        variety = second / members - (first[0] ** 2 + first[1] ** 2 + first[2] ** 2) / members**2
    return alive, sums, counts, max(variety, 0.0)


@njit(cache=True, error_model="numpy")
def count_newcomers(quarter, table, industries, counts):
    """Add newcomers to the counts per cell f8[cells, 6], in place, and return how many came f8[cells]."""
    entries = np.zeros(counts.shape[0])
    for i in range(table.size):
        f = table[i]
        c = f.zone * industries + f.industry
        entries[c] += 1.0
        counts[c, 0] += 1.0
        if f.jobs >= SIZEABLE:
            counts[c, 2] += 1.0
            counts[c, 3] += quarter - f.innovated < RECENT
    return entries
