"""Knowledge pools and critical mass (switches M1 and M9), and the survey of firms they rest on.

Firms are summed to cells (zone x industry); pools are sums over cells faded by travel time and by
distance between knowledge positions. ODD section 7.1.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.elementary import exp
from sim.model import block as at
from sim.model.block import BLOCK
from sim.model.shapes import RING, hill, inverted_u

NAMES = ("M1", "M9", "half_pool", "related_half", "threshold", "rivals_half", "supplier_half", "pool_half",
         "entry_pool_half")  # fmt: skip

#: Columns of the cell sums returned by ``survey``; positions are means and the spread a variance.
CELL = ("firms", "jobs", "knowledge", "position0", "position1", "position2", "spread", "productivity",
        "absorbers")  # fmt: skip
FIRMS, JOBS, KNOWLEDGE, POSITION, SPREAD, PRODUCTIVITY, ABSORBERS = 0, 1, 2, 3, 6, 7, 8
#: Employees from which a firm can be a partner.
PARTNER_JOBS = 3.0


@njit(cache=True, error_model="numpy")
def survey(ids, table, usual, cells):
    """Return sums per cell f8[cells, 9] in the order of ``CELL``, and who can be a partner in each cell.

    Partners: RING[K] sorted by cell and then by permanent id, and start i8[cells + 1] of each cell's. Last, the mean
    log productivity of each industry f8[S], the ``usual`` one where there are no firms.
    """
    out = np.zeros((cells, 9))
    start = np.zeros(cells + 1, np.int64)
    who, where = np.empty(table.size + 1, np.int32), np.empty(table.size + 1, np.int32)
    room, cell = np.empty(at.COLUMNS * BLOCK), np.empty(BLOCK, np.uint64)
    found = np.uint64(0)
    for begin in range(0, table.size, BLOCK):
        firms = table[begin : begin + BLOCK]
        n = np.uint64(firms.size)
        _fetch(firms, n, usual.size, room, cell)
        for k in range(n):
            jobs = room[at.JOBS + k]
            known = (10.0 * room[at.RESEARCH + k] + 0.01) * jobs
            room[at.OUTPUT + k] = known * exp(room[at.PRODUCTIVITY + k])
        _add(firms, n, room, cell, out)
        for k in range(n):
            partner = room[at.JOBS + k] >= PARTNER_JOBS
            who[found], where[found] = begin + k, cell[k]
            found += np.uint64(partner)
            start[cell[k] + np.uint64(1)] += partner
    for c in range(cells):
        start[c + 1] += start[c]
        n = out[c, 0]
        if n > 0.0:
            for k in range(3, 7):
                out[c, k] /= n
            spread = out[c, 6] - out[c, 3] ** 2 - out[c, 4] ** 2 - out[c, 5] ** 2
            out[c, 6] = max(spread, 0.0)
    ring, filled = np.empty(found, RING), start.copy()
    for k in range(found):
        c, row = np.uint64(where[k]), np.uint64(who[k])
        place = ring[filled[c]]
        place.id, place.row = ids[row], row
        filled[c] += 1
    return out, ring, start, mean_productivity(out, usual)


@njit(cache=True, error_model="numpy")
def _fetch(firms, n, industries, room, cell):
    """Lay a block's numbers side by side."""
    for k in range(n):
        f = firms[k]
        cell[k] = np.uint64(f.zone) * np.uint64(industries) + np.uint64(f.industry)
        room[at.JOBS + k] = f.jobs
        room[at.PRODUCTIVITY + k] = f.productivity
        room[at.RESEARCH + k] = f.research


@njit(cache=True, error_model="numpy")
def _add(firms, n, room, cell, out):
    """Add a block to the sums of its cells f8[cells, 9], in place; the column ``OUTPUT`` holds knowledge."""
    for k in range(n):
        f, c = firms[k], cell[k]
        x, y, z = np.float64(f.position0), np.float64(f.position1), np.float64(f.position2)
        out[c, 0] += 1.0
        out[c, 1] += room[at.JOBS + k]
        out[c, 2] += room[at.OUTPUT + k]
        out[c, 3] += x
        out[c, 4] += y
        out[c, 5] += z
        out[c, 6] += x * x + y * y + z * z
        out[c, 7] += room[at.PRODUCTIVITY + k]
        out[c, 8] += room[at.JOBS + k] * f.capacity


@njit(cache=True, error_model="numpy")
def mean_productivity(cell, usual):
    """Return the mean log productivity of each industry f8[S] from f8[cells, 9]; the usual where there are no firms."""
    total, count = np.zeros(usual.size), np.zeros(usual.size)
    for c in range(cell.shape[0]):
        total[c % usual.size] += cell[c, PRODUCTIVITY]
        count[c % usual.size] += cell[c, FIRMS]
    for s in range(usual.size):
        total[s] = total[s] / count[s] if count[s] > 0.0 else usual[s]
    return total


def kernels(home: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return f8[2, S, S]: how near industry homes f8[S, 3] are for knowledge, and for labour."""
    apart = ((home[:, None, :] - home[None, :, :]) ** 2).sum(axis=2)
    return np.stack([np.exp(-apart / 0.9), np.exp(-apart / 0.8)])


@njit(cache=True, error_model="numpy")
def pools(cell, home, near, fade, labour_fade, inputs, institutes, p):
    """Return pool terms per cell f8[cells, 8].

    Columns: own-industry pool H1, related pool H9, critical mass CM, rivals, labour pool,
    supplier depth, entry pool, cluster density of the related pool.

    Args:
        cell: f8[cells, 9] from ``survey``.
        home: f8[S, 3] knowledge position of each industry; near: f8[2, S, S] from ``kernels``.
        fade: f8[Z, Z] fade of spillovers with travel time.
        labour_fade: f8[Z, Z] the same for labour and suppliers.
        inputs: f8[S, S] local purchases of row from column.
        institutes: f8[S] knowledge employees that R&D institutes add to the related pool.
        p: values in the order of ``NAMES``.
    """
    m1, m9, half, related_half, nu = p[0], p[1], p[2], p[3], p[4]
    zones, industries = fade.shape[0], home.shape[0]
    cells = zones * industries
    out = np.zeros((cells, 8))
    value = _values_of_distance(cell, home)
    skilled = np.zeros(cells)  # jobs of the zone by how near their skill is
    depth = np.zeros(cells)  # supplier depth of the zone and industry, 0-1
    for z in range(zones):
        for s in range(industries):
            local = 0.0
            for r in range(industries):
                skilled[z * industries + s] += near[1, s, r] * cell[z * industries + r, JOBS]
            for y in range(zones):
                local += labour_fade[z, y] * cell[y * industries + s, JOBS]
            depth[z * industries + s] = hill(local, p[6], 1.0)
    for z in range(zones):
        for s in range(industries):
            c = z * industries + s
            own, related = 0.0, institutes[s]
            rivals, labour, absorbers, suppliers = 0.0, 0.0, 0.0, 0.0
            for y in range(zones):
                f = fade[z, y]
                e = y * industries + s
                labour += labour_fade[z, y] * skilled[e]
                rivals += f * cell[e, FIRMS]
                absorbers += f * cell[e, ABSORBERS]
                own += f * cell[e, KNOWLEDGE] * value[c, e]
            for r in range(industries):
                suppliers += inputs[s, r] * depth[z * industries + r]
                if r != s:
                    for y in range(zones):
                        e = y * industries + r
                        related += fade[z, y] * cell[e, KNOWLEDGE] * value[c, e] * near[0, s, r]
            h1 = hill(own, half, nu)
            h9 = hill(related, related_half * half, nu)
            out[c, 0] = m1 * h1
            out[c, 1] = m9 * h9
            out[c, 2] = 1.0 - (1.0 - m1 * h1) * (1.0 - 0.5 * m9 * h9)
            out[c, 3] = hill(rivals, p[5], 1.0)
            out[c, 4] = hill(labour, p[7], 1.0)
            out[c, 5] = suppliers
            out[c, 6] = hill(absorbers, p[8], nu)
            out[c, 7] = related
    return out


@njit(cache=True, error_model="numpy")
def _values_of_distance(cell, home):
    """Return the value of the cognitive distance between cells f8[cells, cells]; an empty cell lies at its home."""
    cells, industries = cell.shape[0], home.shape[0]
    place = np.empty((cells, 3))
    for c in range(cells):
        for k in range(3):
            place[c, k] = cell[c, POSITION + k] if cell[c, FIRMS] > 0.0 else home[c % industries, k]
    value = np.zeros((cells, cells))
    for c in range(cells):
        for e in range(c + 1):
            d2 = cell[c, SPREAD] + cell[e, SPREAD]
            for k in range(3):
                d2 += (place[c, k] - place[e, k]) ** 2
            value[c, e] = value[e, c] = inverted_u(math.sqrt(d2))
    return value
