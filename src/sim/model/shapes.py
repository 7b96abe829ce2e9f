"""Shapes shared by the submodels: Hill curve, inverted U, look-up of ids and the ring of partners."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

#: A firm on a ring of possible partners: its permanent id and its row in the firm table.
RING = np.dtype([("id", "i8"), ("row", "i8")])


@njit(cache=True, error_model="numpy")
def hill(x, half, steepness):
    """Return x**v / (x**v + h**v), 0 at x = 0, one half at x = h."""
    if x <= 0.0:
        return 0.0
    if steepness == 1.0:
        return x / (x + half)
    top = (x / half) ** steepness
    return top / (top + 1.0)


@njit(cache=True, error_model="numpy")
def inverted_u(distance):
    """Return the value of cognitive distance: 0 at 0, 1 at distance 1, falling beyond."""
    return distance * math.exp(1.0 - distance)


@njit(cache=True, error_model="numpy")
def row_of(ids, identity):
    """Return the row of a permanent id in the sorted ids, -1 when it is not there."""
    row = first_above(ids, identity - 1)
    return row if row < ids.size and ids[row] == identity else -1


@njit(cache=True, error_model="numpy")
def first_above(numbers, bound):
    """Return the place of the first of some rising numbers that is above a bound; their count when there is none.

    Halves without branches, which a processor would guess wrong every other time.
    """
    if numbers.size == 0:
        return 0
    low, span = 0, numbers.size
    while span > 1:
        half = span // 2
        low += half * (numbers[low + half - 1] <= bound)
        span -= half
    return low + (numbers[low] <= bound)


@njit(cache=True, error_model="numpy")
def draw_partner(ring, start, group, bits):
    """Return the row of the first firm of a group at or after an id drawn with ``bits``; -1 when there is none.

    Permanent ids are hashes, so the firms of a group lie on a ring of ids [0, 2**61): a newcomer takes over
    only the draws that fall just before it. Hashes lie evenly, so the place of an id on the ring is nearly known.

    Args:
        ring: RING[K] sorted by group and then by id; start: i8[groups + 1].
    """
    first, end = start[group], start[group + 1]
    if first == end:
        return -1
    wanted = np.int64(bits >> np.uint64(3))
    at = first + np.int64((end - first) * (wanted / 2.0**61))
    while at < end and ring[at].id < wanted:
        at += 1
    while at > first and ring[at - 1].id >= wanted:
        at -= 1
    return ring[first if at == end else at].row


def exp_fade(minutes: np.ndarray, length: float) -> np.ndarray:
    """Return exp(-minutes / length) f8[Z,Z]; infinite travel time gives exactly 0."""
    with np.errstate(over="ignore"):
        return np.where(np.isfinite(minutes), np.exp(-np.minimum(minutes, 700 * length) / length), 0.0)
