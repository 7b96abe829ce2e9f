"""Labour: hiring, commuting, unemployment and wages (switch M2). ODD section 5.7."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

NAMES = ("tightness", "wage_curve", "wage_adjustment", "commuting_adjustment", "commuting_wage", "commuting_slack",
         "supply_response")  # fmt: skip


@njit(cache=True)
def fill_rates(unemployment, start_unemployment, pool, start_pool, tightness, pooling):
    """Return the share of wanted hires that is filled, f8[cells].

    Args:
        unemployment, start_unemployment: f8[Z]; pool, start_pool: f8[cells, 8].
        pooling: strength of labour pooling, 0 when M2 is off.
    """
    out = np.empty(pool.shape[0])
    industries = pool.shape[0] // unemployment.size
    for c in range(out.size):
        z = c // industries
        ratio = max(unemployment[z], 0.0) / start_unemployment[z] if start_unemployment[z] > 0.0 else 1.0
        tight = min(1.15, ratio**tightness)
        out[c] = tight * (1.0 + pooling * (pool[c, 4] - start_pool[c, 4]))
    return out


@njit(cache=True)
def hire(industry, zone, jobs, productivity, weight, pace, bracket, value_added, fill, adjustment):
    """Move employment towards what demand asks for, in place; hiring is limited by labour.

    Args:
        pace: f4[N] speed of hiring relative to other firms; fill: f8[cells]; adjustment: share a quarter.
    """
    industries = bracket.size
    for i in range(jobs.size):
        s = industry[i]
        wanted = weight[i] * bracket[s] / (value_added[s] * math.exp(productivity[i]))
        gap = wanted - jobs[i]
        speed = adjustment
        if gap > 0.0:
            speed = min(1.0, adjustment * pace[i] * fill[zone[i] * industries + s])
        jobs[i] = max(jobs[i] + speed * gap, 0.3)


@njit(cache=True)
def commute(share, start_flow, work, wage, outside_wage, force, start_force, unemployment, start_unemployment,
            outside_jobs, minutes_change, zones, p):  # fmt: skip
    """Allocate jobs to homes and return flows f8[Z+X, Z+X] (home row, work column), persons.

    Each workplace's jobs are shared out to the homes, anchored on the observed flows; shares adjust
    slowly and are kept in ``share`` (in place). Jobs of a zone equal the sum of its column exactly.

    Args:
        work: f8[Z] jobs; force, start_force: f8[Z] labour force; outside_jobs: f8[X] jobs outside, 1 at the
        start; outside_wage: f8[X] log wage outside, 0 at the start; minutes_change: f8[Z+X, Z+X] travel time.
        p: values in the order of ``NAMES``.
    """
    nodes = start_flow.shape[0]
    flow = np.zeros((nodes, nodes))
    for w in range(nodes):
        total = 0.0
        pull = np.zeros(nodes)
        for h in range(nodes):
            if start_flow[h, w] <= 0.0:
                continue
            x = start_flow[h, w] * math.exp(-0.03 * minutes_change[h, w])
            if h < zones and start_force[h] > 0.0:
                slack = max(unemployment[h], 0.0005) / max(start_unemployment[h], 0.0005)
                x *= force[h] / start_force[h] * slack ** p[5]
            if w >= zones and h < zones:
                x *= outside_jobs[w - zones] * math.exp(p[4] * (outside_wage[w - zones] - math.log(wage[h])))
            pull[h] = x
            total += x
        if total <= 0.0:
            continue
        for h in range(nodes):
            if pull[h] <= 0.0:
                continue
            if w < zones:
                share[h, w] += p[3] * (pull[h] / total - share[h, w])
                flow[h, w] = share[h, w] * work[w]
            else:
                share[h, w] += p[3] * (pull[h] - share[h, w])
                flow[h, w] = share[h, w]
    return flow


@njit(cache=True)
def move_wages(wage, unemployment, start_unemployment, p):
    """Move the wage index f8[Z] towards the wage curve, in place."""
    for z in range(wage.size):
        if start_unemployment[z] <= 0.0:
            continue
        u = min(max(unemployment[z], 0.006), 0.30)
        target = -p[1] * math.log(u / start_unemployment[z])
        wage[z] = math.exp(math.log(wage[z]) + p[2] * (target - math.log(wage[z])))
