"""Knowledge pools and critical mass (switches M1 and M9).

Firms are summed to cells (zone x industry); pools are sums over cells faded by travel time and by
distance between knowledge positions. ODD section 5.1.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.model.shapes import hill, inverted_u

NAMES = ("M1", "M9", "half_pool", "related_half", "threshold", "rivals_half", "supplier_half", "pool_half",
         "entry_pool_half")  # fmt: skip

#: Columns of the cell sums returned by ``cell_sums``.
CELL = ("firms", "jobs", "knowledge", "position0", "position1", "position2", "spread", "productivity",
        "weight", "output", "absorbers")  # fmt: skip


@njit(cache=True)
def cell_sums(industry, zone, jobs, productivity, research, capacity, position0, position1, position2,
              weight, output, industries, cells):  # fmt: skip
    """Return sums per cell f8[cells, 11] in the order of ``CELL``; positions are means."""
    out = np.zeros((cells, 11))
    for i in range(jobs.size):
        c = zone[i] * industries + industry[i]
        out[c, 0] += 1.0
        out[c, 1] += jobs[i]
        out[c, 2] += (10.0 * research[i] + 0.01) * jobs[i] * math.exp(productivity[i])
        out[c, 3] += position0[i]
        out[c, 4] += position1[i]
        out[c, 5] += position2[i]
        out[c, 6] += position0[i] ** 2 + position1[i] ** 2 + position2[i] ** 2
        out[c, 7] += productivity[i]
        out[c, 8] += weight[i]
        out[c, 9] += output[i]
        out[c, 10] += jobs[i] * capacity[i]
    for c in range(cells):
        n = out[c, 0]
        if n > 0.0:
            for k in range(3, 7):
                out[c, k] /= n
            spread = out[c, 6] - out[c, 3] ** 2 - out[c, 4] ** 2 - out[c, 5] ** 2
            out[c, 6] = max(spread, 0.0)
    return out


@njit(cache=True)
def pools(cell, home, fade, labour_fade, inputs, institutes, p):
    """Return pool terms per cell f8[cells, 8].

    Columns: own-industry pool H1, related pool H9, critical mass CM, rivals, labour pool,
    supplier depth, entry pool, cluster density of the related pool.

    Args:
        cell: f8[cells, 11] from ``cell_sums``.
        home: f8[S, 3] knowledge position of each industry.
        fade: f8[Z, Z] fade of spillovers with travel time.
        labour_fade: f8[Z, Z] the same for labour and suppliers.
        inputs: f8[S, S] local purchases of row from column.
        institutes: f8[S] knowledge employees that R&D institutes add to the related pool.
        p: values in the order of ``NAMES``.
    """
    m1, m9, half, related_half, nu = p[0], p[1], p[2], p[3], p[4]
    zones, industries = fade.shape[0], home.shape[0]
    out = np.zeros((zones * industries, 8))
    near = np.zeros((industries, industries))  # kernel between industry homes, related pool
    skill = np.zeros((industries, industries))  # the same for labour
    for s in range(industries):
        for r in range(industries):
            d2 = (home[s, 0] - home[r, 0]) ** 2 + (home[s, 1] - home[r, 1]) ** 2 + (home[s, 2] - home[r, 2]) ** 2
            near[s, r] = math.exp(-d2 / 0.9)
            skill[s, r] = math.exp(-d2 / 0.8)
    for z in range(zones):
        for s in range(industries):
            c = z * industries + s
            own = 0.0
            related = institutes[s]
            rivals = 0.0
            labour = 0.0
            absorbers = 0.0
            suppliers = 0.0
            for r in range(industries):
                local = 0.0
                for y in range(zones):
                    f = fade[z, y]
                    g = labour_fade[z, y]
                    if f == 0.0 and g == 0.0:
                        continue
                    e = y * industries + r
                    if cell[e, 0] == 0.0:
                        continue
                    labour += g * cell[e, 1] * skill[s, r]
                    local += g * cell[e, 1]
                    if r == s:
                        rivals += f * cell[e, 0]
                        absorbers += f * cell[e, 10]
                    d2 = cell[c, 6] + cell[e, 6]
                    for k in range(3):
                        a = cell[c, 3 + k] if cell[c, 0] > 0.0 else home[s, k]
                        d2 += (a - cell[e, 3 + k]) ** 2
                    reach = f * cell[e, 2] * inverted_u(math.sqrt(d2))
                    if r == s:
                        own += reach
                    else:
                        related += reach * near[s, r]
                if inputs[s, r] > 0.0:
                    suppliers += inputs[s, r] * hill(local, p[6], 1.0)
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
