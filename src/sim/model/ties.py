"""Ties: the links that finished projects leave between firms, at most four for each firm. ODD section 7.5.

Few firms hold links, so they are kept apart from the firm table: one row per firm that has any, sorted by id.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.shapes import row_of

#: Links a firm can hold; the weakest is dropped when a new one comes.
LINKS = 4
#: A link weaker than this ends.
LEAST = 0.05


class Ties:
    """The links.

    Attributes:
        holder: i8[H] permanent ids of firms that hold links, rising.
        partner: i8[H, LINKS] permanent ids, -1 where there is none. strength: f4[H, LINKS] 0-1.
    """

    def __init__(self) -> None:
        self.holder = np.empty(0, np.int64)
        self.partner = np.empty((0, LINKS), np.int64)
        self.strength = np.empty((0, LINKS), np.float32)

    @property
    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Return holder, partner and strength, as kernels take them."""
        return self.holder, self.partner, self.strength

    def hold(self, holder: NDArray[np.int64], partner: NDArray[np.int64], strength: NDArray[np.float32]) -> None:
        """Hold other links in place of these."""
        self.holder, self.partner, self.strength = holder, partner, strength


@njit(cache=True, error_model="numpy")
def with_room(ties, firms):
    """Return links with a row for each of the given firms, ids i8[K], rising."""
    holder, partner, power = ties
    size = holder.size + firms.size
    ids, other = np.empty(size, np.int64), np.full((size, LINKS), -1, np.int64)
    strong = np.zeros((size, LINKS), np.float32)
    filled, j = 0, 0
    for i in range(holder.size + 1):
        while j < firms.size and (i == holder.size or firms[j] <= holder[i]):
            if (i == holder.size or firms[j] < holder[i]) and (filled == 0 or ids[filled - 1] != firms[j]):
                ids[filled] = firms[j]
                filled += 1
            j += 1
        if i < holder.size:
            ids[filled] = holder[i]
            for k in range(LINKS):
                other[filled, k] = partner[i, k]
                strong[filled, k] = power[i, k]
            filled += 1
    return ids[:filled], other[:filled], strong[:filled]


@njit(cache=True, error_model="numpy")
def fade(ties, decay):
    """Let links fade, in place, and return the rows that still hold any."""
    holder, partner, power = ties
    left = 0
    for i in range(holder.size):
        held = False
        holder[left] = holder[i]
        for k in range(LINKS):
            strong = np.float32(power[i, k] * (1.0 - decay))
            lasts = strong >= LEAST
            partner[left, k] = partner[i, k] if lasts else -1
            power[left, k] = strong if lasts else 0.0
            held |= lasts
        left += held
    return holder[:left], partner[:left], power[:left]


@njit(cache=True, error_model="numpy")
def strength(ties, firm, other):
    """Return the strength of a firm's link to another, 0-1."""
    holder, partner, power = ties
    row = row_of(holder, firm)
    if row >= 0:
        for k in range(partner.shape[1]):
            if partner[row, k] == other:
                return np.float64(power[row, k])
    return 0.0


@njit(cache=True, error_model="numpy")
def strengthen(ties, firm, other, gain):
    """Strengthen a firm's link to another; a new link takes the place of the weakest, in place."""
    holder, partner, power = ties
    row = row_of(holder, firm)
    weakest = 0
    for k in range(partner.shape[1]):
        if partner[row, k] == other:
            power[row, k] = min(1.0, power[row, k] + gain)
            return
        if power[row, k] < power[row, weakest]:
            weakest = k
    partner[row, weakest] = other
    power[row, weakest] = gain
