"""What every firm does in a quarter, in two passes over the firms: before and after the market clears.

The equations of one firm are in innovation, market, labour and survival. A pass takes the firms a block at a time,
lays their numbers side by side, takes each step for the whole block and puts the results back
(``sim.model.block``). What happens to few firms, an innovation say, is found by column and done firm by firm.
Sums run in the order of permanent ids.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.elementary import exp, log
from sim.model import block as at
from sim.model import innovation, labour, market, survival
from sim.model.block import BLOCK, draw, draw_normal, spread_ids
from sim.model.firms import USED_CLUSTER
from sim.model.shapes import row_of
from sim.random_numbers import uniform

#: Columns of the cell sums of ``after_market``.
SUMS = ("jobs", "value_added", "rd", "emissions")
#: Columns of the counts per cell of ``after_market``; all but exits are of firms that live on.
COUNTS = ("firms", "exits", "sizeable_firms", "innovating_firms", "members", "partners")
#: Employees of a firm that counts among innovators, and quarters an innovation counts.
SIZEABLE, RECENT = 10.0, 12


@njit(cache=True, error_model="numpy")
def before_market(quarter, keys, ids, table, pool, unit_cost, mean, start_mean, drift, elasticity, traits, wanted,
                  research, p, jump, weigh):  # fmt: skip
    """Let firms decide R&D (once a year), innovate and meet their customers, in place.

    Returns innovations f8[cells] and sums of market weights f8[cells].

    Args:
        keys: u8[D] of the quarter. pool: f8[cells, 8]; unit_cost: f8[cells].
        mean, start_mean, drift, elasticity: f8[S]; traits: f8[S, 8] of industries; wanted: R&D asked for.
        research, p, jump, weigh: values of R&D, innovation, jumps and competitiveness, in the order of the names
        of each submodel.
    """
    innovations, weights = np.zeros(unit_cost.size), np.zeros(unit_cost.size)
    cells = _cells_before(pool, unit_cost, mean, start_mean, drift, elasticity, p)
    room, cell, some = np.empty(at.COLUMNS * BLOCK), np.empty(BLOCK, np.uint64), np.empty(BLOCK + 1, np.uint64)
    spread = np.empty(BLOCK, np.uint64)
    scale = market.jump_scale(jump)
    for begin in range(0, ids.size, BLOCK):
        firms, who = table[begin : begin + BLOCK], ids[begin : begin + BLOCK]
        n = np.uint64(firms.size)
        _yearly_turn(quarter, keys, who, firms, traits, wanted, research, p, room, some)
        _fetch_before(firms, n, cells, mean.size, p, jump, room, cell)
        spread_ids(who, n, spread)
        draw(keys[innovation.SUCCESS], spread, n, 0, room, at.LUCK)
        _innovate(quarter, keys, who, firms, n, p, room, cell, some, innovations)
        draw_normal(keys[innovation.NOISE], spread, n, 0, room, at.NOISE, at.LUCK)
        draw(keys[market.JUMP], spread, n, 0, room, at.LUCK)
        draw(keys[market.JUMP_SIZE], spread, n, 0, room, at.MORE_LUCK)
        _meet_customers(n, scale, p, jump, weigh, room)
        for k in range(n):
            f = firms[k]
            f.productivity = room[at.PRODUCTIVITY + k]
            f.appeal = room[at.APPEAL + k]
            f.customers = room[at.CUSTOMERS + k]
            f.weight = room[at.WEIGHT + k]
            weights[cell[k]] += room[at.WEIGHT + k]
    return innovations, weights


@njit(cache=True, error_model="numpy")
def _cells_before(pool, unit_cost, mean, start_mean, drift, elasticity, p):
    """Return what firms take from their cell before the market clears, f8[cells, 7]."""
    out = np.empty((unit_cost.size, 7))
    for c in range(unit_cost.size):
        s = c % mean.size
        out[c, 0] = innovation.lift(pool[c, 0], pool[c, 1], p)
        out[c, 1] = innovation.rivalry(pool[c, 3], p)
        out[c, 2] = start_mean[s] + unit_cost[c]
        out[c, 3] = start_mean[s]
        out[c, 4] = mean[s]
        out[c, 5] = drift[s]
        out[c, 6] = elasticity[s]
    return out


@njit(cache=True, error_model="numpy")
def _yearly_turn(quarter, keys, who, firms, traits, wanted, research, p, room, some):
    """Let the firms of a block whose turn it is decide their R&D, and let their knowledge drift for a year."""
    n, turned = np.uint64(0), np.empty(BLOCK + 1, np.int64)
    for k in range(np.uint64(who.size)):
        some[n], turned[n] = k, who[k]
        n += np.uint64((who[k] + quarter) & 3 == 0)
    spread = np.empty(BLOCK, np.uint64)
    spread_ids(turned, n, spread)
    start, stop = keys[innovation.RESEARCH_START], keys[innovation.RESEARCH_STOP]
    for j in range(n):
        f = firms[some[j]]
        luck = uniform(stop if f.research > 0.0 else start, turned[j])
        innovation.decide_research(f, quarter, luck, traits[f.industry, 1], traits[f.industry, 0], wanted, research)
    for lane, to in enumerate((at.SIZE, at.HAZARD, at.NOISE)):  # by place among those whose turn it is; free as yet
        draw_normal(keys[innovation.POSITION_DRIFT], spread, n, lane, room, to, at.LUCK)
    far = innovation.yearly_drift(p)
    for j in range(n):
        f = firms[some[j]]
        f.position0 += far * room[at.SIZE + j]
        f.position1 += far * room[at.HAZARD + j]
        f.position2 += far * room[at.NOISE + j]


@njit(cache=True, error_model="numpy")
def _fetch_before(firms, n, cells, industries, p, jump, room, cell):
    """Lay a block's numbers and those of its cells side by side; wills return towards their own level."""
    for k in range(n):
        f = firms[k]
        c = np.uint64(f.zone) * np.uint64(industries) + np.uint64(f.industry)
        cell[k] = c
        room[at.JOBS + k] = f.jobs
        room[at.PRODUCTIVITY + k] = f.productivity
        room[at.CUSTOMERS + k] = f.customers
        room[at.APPEAL + k] = f.appeal
        room[at.CAPACITY + k] = f.capacity
        room[at.RESEARCH + k] = f.research
        room[at.EMISSIONS + k] = f.emissions
        room[at.FUNDING + k] = f.funding
        room[at.LIFT + k] = cells[c, 0]
        room[at.RIVALRY + k] = cells[c, 1]
        room[at.COST + k] = cells[c, 2]
        room[at.START + k] = cells[c, 3]
        room[at.MEAN + k] = cells[c, 4]
        room[at.DRIFT + k] = cells[c, 5] + market.young_growth(f.age, jump)
        room[at.ELASTICITY + k] = cells[c, 6]
        if f.will != f.will_own:
            f.will = innovation.next_will(f.will, f.will_own, p)


@njit(cache=True, error_model="numpy")
def _innovate(quarter, keys, who, firms, n, p, room, cell, some, innovations):
    """Let firms of a block innovate and use their innovation money; what they gain goes into two columns."""
    for k in range(n):
        room[at.SIZE + k] = log(room[at.JOBS + k])
    for k in range(n):
        edge = room[at.PRODUCTIVITY + k] - room[at.COST + k]
        room[at.HAZARD + k] = innovation.hazard(
            room[at.SIZE + k], room[at.CAPACITY + k], room[at.RESEARCH + k], edge, room[at.LIFT + k],
            room[at.RIVALRY + k], p,
        )  # fmt: skip
        room[at.TO_APPEAL + k] = 0.0
        room[at.TO_PRODUCTIVITY + k] = 0.0
    count = np.uint64(0)
    for k in range(n):
        some[count] = k
        count += np.uint64((room[at.LUCK + k] < room[at.HAZARD + k]) | (room[at.FUNDING + k] > 0.0))
    for j in range(count):
        k = some[j]
        f, appeal, productivity = firms[k], 0.0, 0.0
        if room[at.LUCK + k] < room[at.HAZARD + k]:
            appeal, productivity = innovation.innovate(f, who[k], quarter, keys, p)
            innovations[cell[k]] += 1.0
        if f.funding > 0.0:
            more, better = innovation.use_funding(f, p)
            appeal += more
            productivity += better
        room[at.TO_APPEAL + k] = appeal
        room[at.TO_PRODUCTIVITY + k] = productivity
        room[at.EMISSIONS + k] = f.emissions


@njit(cache=True, error_model="numpy")
def _meet_customers(n, scale, p, jump, weigh, room):
    """Compute productivity, appeal, customers and market weight of a block, in place."""
    for k in range(n):
        room[at.JUMP + k] = market.jump_size(room[at.SIZE + k], scale, jump)
    for k in range(n):
        room[at.CUSTOMERS + k] += room[at.DRIFT + k] - market.fair_correction(room[at.JUMP + k], jump)
    for k in range(n):
        leap = market.demand_jump(room[at.JUMP + k], room[at.LUCK + k], room[at.MORE_LUCK + k], jump)
        room[at.CUSTOMERS + k] += leap - market.size_drag(room[at.SIZE + k], jump)
    for k in range(n):
        productivity = innovation.next_productivity(
            room[at.PRODUCTIVITY + k], room[at.CAPACITY + k], room[at.START + k], room[at.MEAN + k],
            room[at.NOISE + k], room[at.TO_PRODUCTIVITY + k], p,
        )  # fmt: skip
        appeal = np.float64(np.float32(innovation.next_appeal(room[at.APPEAL + k], room[at.TO_APPEAL + k], p)))
        edge = market.competitiveness(productivity, room[at.COST + k], room[at.EMISSIONS + k], weigh)
        room[at.PRODUCTIVITY + k] = productivity
        room[at.APPEAL + k] = appeal
        room[at.WEIGHT + k] = room[at.CUSTOMERS + k] + appeal + room[at.ELASTICITY + k] * edge
    for k in range(n):
        room[at.WEIGHT + k] = exp(room[at.WEIGHT + k])


@njit(cache=True, error_model="numpy")
def after_market(quarter, keys, ids, table, closing, bracket, fill, unit_cost, pool, start_mean, value_added, wage_cost,
                 wage, adjustment, output, weigh, p):  # fmt: skip
    """Let firms hire, produce, grow older and live on or close, in place.

    Returns who lives on bool[N], sums f8[cells, 4] as in ``SUMS``, counts f8[cells, 6] as in ``COUNTS`` and
    the variance of knowledge positions among cluster members.

    Args:
        closing: i8[K] ids that an event closes. bracket: f8[S] sales per unit of weight; fill: f8[cells].
        value_added, wage_cost: f8[S] MNOK per employee-quarter; wage: f8[Z] index.
        adjustment: share of the gap in employment that is closed in a quarter.
        output, weigh, p: values of output, competitiveness and survival, in the order of the names of each submodel.
    """
    alive = np.ones(ids.size, np.bool_)
    for who in closing:
        row = row_of(ids, who)
        if row >= 0:
            alive[row] = False
    sums, counts = np.zeros((unit_cost.size, 4)), np.zeros((unit_cost.size, 6))
    cells = _cells_after(bracket, fill, unit_cost, pool, start_mean, value_added, wage_cost, wage, p)
    room, cell = np.empty(at.COLUMNS * BLOCK), np.empty(BLOCK, np.uint64)
    spread = np.empty(BLOCK, np.uint64)
    members = np.zeros(5)  # of the positions of cluster members: three sums, the sum of squares, members
    for begin in range(0, ids.size, BLOCK):
        firms, who, lives = table[begin : begin + BLOCK], ids[begin : begin + BLOCK], alive[begin : begin + BLOCK]
        n = np.uint64(firms.size)
        _fetch_after(firms, n, cells, bracket.size, room, cell)
        spread_ids(who, n, spread)
        draw(keys[survival.HAZARD], spread, n, 0, room, at.LUCK)
        _produce(n, adjustment, output, weigh, p, room)
        _put_back(firms, n, room, cell, sums)
        _live_on(quarter, keys, who, firms, n, p, room, cell, lives, counts, members)
    variety = 0.0
    if members[4] > 1.0:
        variety = members[3] / members[4] - (members[0] ** 2 + members[1] ** 2 + members[2] ** 2) / members[4] ** 2
    return alive, sums, counts, max(variety, 0.0)


@njit(cache=True, error_model="numpy")
def _cells_after(bracket, fill, unit_cost, pool, start_mean, value_added, wage_cost, wage, p):
    """Return what firms take from their cell after the market has cleared, f8[cells, 6]."""
    out = np.empty((unit_cost.size, 6))
    for c in range(unit_cost.size):
        z, s = c // bracket.size, c % bracket.size
        out[c, 0] = bracket[s]
        out[c, 1] = survival.rivalry(pool[c, 3], p)
        out[c, 2] = start_mean[s] + unit_cost[c]
        out[c, 3] = fill[c]
        out[c, 4] = value_added[s]
        out[c, 5] = wage_cost[s] * wage[z]
    return out


@njit(cache=True, error_model="numpy")
def _fetch_after(firms, n, cells, industries, room, cell):
    """Lay a block's numbers and those of its cells side by side."""
    for k in range(n):
        f = firms[k]
        c = np.uint64(f.zone) * np.uint64(industries) + np.uint64(f.industry)
        cell[k] = c
        room[at.JOBS + k] = f.jobs
        room[at.PRODUCTIVITY + k] = f.productivity
        room[at.WEIGHT + k] = f.weight
        room[at.RESEARCH + k] = f.research
        room[at.LIQUIDITY + k] = f.liquidity
        room[at.EMISSIONS + k] = f.emissions
        room[at.SPEED + k] = f.speed
        room[at.SHELTER + k] = f.shelter
        room[at.PROJECTS + k] = f.projects
        room[at.YOUTH + k] = market.youth(f.age + 1)
        room[at.BRACKET + k] = cells[c, 0]
        room[at.RIVALRY + k] = cells[c, 1]
        room[at.COST + k] = cells[c, 2]
        room[at.FILL + k] = cells[c, 3]
        room[at.VALUE_ADDED + k] = cells[c, 4]
        room[at.WAGE + k] = cells[c, 5]


@njit(cache=True, error_model="numpy")
def _produce(n, adjustment, output, weigh, p, room):
    """Compute jobs, output, own R&D, liquidity and the hazard of closing of a block, in place."""
    for k in range(n):
        able = room[at.VALUE_ADDED + k] * exp(room[at.PRODUCTIVITY + k])
        demand = room[at.WEIGHT + k] * room[at.BRACKET + k]
        jobs = labour.next_jobs(room[at.JOBS + k], demand / able, room[at.SPEED + k], room[at.FILL + k], adjustment)
        made = market.output(jobs, able, demand, output)
        share = market.project_share(room[at.PROJECTS + k], output)
        own = market.own_research(made, room[at.RESEARCH + k], share, output)
        costs = jobs * room[at.WAGE + k] + own + share
        room[at.LIQUIDITY + k] = np.float32(market.next_liquidity(room[at.LIQUIDITY + k], made, costs))
        room[at.JOBS + k] = jobs
        room[at.OUTPUT + k] = made
        room[at.OWN + k] = own
    for k in range(n):
        room[at.SIZE + k] = log(room[at.JOBS + k])
    for k in range(n):
        edge = market.competitiveness(
            room[at.PRODUCTIVITY + k], room[at.COST + k], room[at.EMISSIONS + k], weigh
        )
        room[at.HAZARD + k] = survival.hazard(
            room[at.SIZE + k], room[at.YOUTH + k], edge, room[at.LIQUIDITY + k], room[at.SHELTER + k],
            room[at.RIVALRY + k], p,
        )  # fmt: skip


@njit(cache=True, error_model="numpy")
def _put_back(firms, n, room, cell, sums):
    """Put a block's results back and add them to the sums of its cells, in place."""
    for k in range(n):
        f, c = firms[k], cell[k]
        f.age += 1
        f.jobs = room[at.JOBS + k]
        f.output = room[at.OUTPUT + k]
        f.liquidity = room[at.LIQUIDITY + k]
        sums[c, 0] += room[at.JOBS + k]
        sums[c, 1] += room[at.OUTPUT + k]
        sums[c, 2] += room[at.OWN + k]
        sums[c, 3] += room[at.EMISSIONS + k] * room[at.OUTPUT + k]


@njit(cache=True, error_model="numpy")
def _live_on(quarter, keys, who, firms, n, p, room, cell, lives, counts, members):
    """Find out which firms of a block live on, and count them by cell, in place."""
    least, key, footloose = survival.least_size(p), keys[survival.FOOTLOOSE], survival.footloose(p)
    for k in range(n):
        f, c = firms[k], cell[k]
        closes = (room[at.LUCK + k] < room[at.HAZARD + k]) | (room[at.JOBS + k] < least)
        if f.owner == survival.FOREIGN:
            closes |= uniform(key, who[k]) < footloose
        if closes or not lives[k]:
            lives[k] = False
            counts[c, 1] += 1.0
            continue
        counts[c, 0] += 1.0
        sizeable = room[at.JOBS + k] >= SIZEABLE
        counts[c, 2] += sizeable
        counts[c, 3] += sizeable & (quarter - f.innovated < RECENT)
        if f.projects > 0:
            counts[c, 5] += f.projects
        if f.cluster > 0 and f.used & USED_CLUSTER:
            counts[c, 4] += 1.0
            members[4] += 1.0
            for axis, x in enumerate((f.position0, f.position1, f.position2)):
                members[axis] += x
                members[3] += np.float64(x) ** 2


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
