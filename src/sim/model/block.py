"""A block of firms laid out in columns: what the passes over all firms work on.

A processor does the same arithmetic for several firms at once when their numbers lie side by side. A pass
therefore takes the firms a block at a time, lays the numbers it needs side by side, computes column by column and
puts the results back. ``room`` is f8[COLUMNS x BLOCK]: column X of firm k is ``room[X + k]``. The columns lie in
one array at fixed distances, so a compiler sees that they do not overlap; k is unsigned, so it need not look for
negative indices.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.random_numbers import HIGHEST, LOWEST, central_quantile, mixed, normal_quantile, spread, unit

#: Firms in a block, and columns of its room.
BLOCK, COLUMNS = 128, 31
FIRST = np.uint64(0)
#: What a firm brings.
(JOBS, PRODUCTIVITY, CUSTOMERS, APPEAL, CAPACITY, RESEARCH, EMISSIONS, FUNDING, WEIGHT, LIQUIDITY, SPEED, SHELTER,
 PROJECTS, YOUTH) = (np.uint64(BLOCK * k) for k in range(14))  # fmt: skip
#: What its industry and cell give, before the market and after it.
(LIFT, RIVALRY, COST, START, MEAN, DRIFT, ELASTICITY) = (np.uint64(BLOCK * k) for k in range(14, 21))
(BRACKET, FILL, VALUE_ADDED, WAGE) = (LIFT, START, MEAN, DRIFT)
#: What is drawn and what is computed.
(LUCK, MORE_LUCK, NOISE, SIZE, HAZARD, JUMP, TO_APPEAL, TO_PRODUCTIVITY, OUTPUT, OWN) = (
    np.uint64(BLOCK * k) for k in range(21, 31)
)  # fmt: skip


@njit(cache=True, error_model="numpy")
def spread_ids(who, n, ids):
    """Spread the permanent ids i8[n] of a block, as ``draw`` takes them, into ids u8[BLOCK]."""
    for k in range(n):
        ids[k] = spread(who[k])


@njit(cache=True, error_model="numpy")
def draw(key, ids, n, lane, room, at):
    """Fill a column with a uniform number for each firm; ids from ``spread_ids``."""
    for k in range(n):
        room[at + k] = unit(mixed(key, ids[k], lane))


@njit(cache=True, error_model="numpy")
def draw_normal(key, ids, n, lane, room, at, luck):
    """Fill a column with a standard normal number for each firm; the column ``luck`` gets the uniform ones."""
    draw(key, ids, n, lane, room, luck)
    for k in range(n):
        room[at + k] = central_quantile(room[luck + k])
    for k in range(n):
        if room[luck + k] < LOWEST or room[luck + k] > HIGHEST:
            room[at + k] = normal_quantile(room[luck + k])


@njit(cache=True, error_model="numpy")
def lucky(key, ids, largest):
    """Return the rows i4[K] whose uniform number is below the largest chance there is, and the numbers f8[K].

    Most firms can be passed over by their luck alone, without a look at them; ids: i8[N] permanent ids.
    """
    rows, luck = np.empty(ids.size + 1, np.int32), np.empty(ids.size + 1)
    room, spread_id, found = np.empty(BLOCK), np.empty(BLOCK, np.uint64), np.uint64(0)
    for begin in range(0, ids.size, BLOCK):
        who = ids[begin : begin + BLOCK]
        n = np.uint64(who.size)
        spread_ids(who, n, spread_id)
        draw(key, spread_id, n, 0, room, FIRST)
        for k in range(n):
            rows[found], luck[found] = begin + k, room[k]
            found += np.uint64(room[k] < largest)
    return rows[:found], luck[:found]
