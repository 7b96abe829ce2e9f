"""Labour: hiring, commuting, unemployment and wages (switch M2). ODD section 7.7."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

NAMES = ("tightness", "wage_curve", "wage_adjustment", "commuting_adjustment", "commuting_wage", "commuting_slack",
         "supply_response")  # fmt: skip
#: Least unemployment that counts as slack, and how the slack of a quarter is found: rounds, step of each.
LEAST_SLACK, SLACK_ROUNDS, SLACK_DAMPING = 0.005, 60, 0.15
FILL_NAMES = ("tightness", "M2", "pooling", "shrinkage", "training_fill")
#: Most that trained people can speed up hiring.
_TRAINING_CAP = 0.15


@njit(cache=True, error_model="numpy")
def fill_rates(unemployment, start_unemployment, pool, start_pool, jobs, trained, p):
    """Return the share of wanted hires that is filled, f8[cells].

    Args:
        unemployment, start_unemployment: f8[Z]; pool, start_pool: f8[cells, 8].
        jobs, trained: f8[cells] employees, and people trained by programmes.
        p: values in the order of ``FILL_NAMES``.
    """
    out = np.empty(pool.shape[0])
    industries = pool.shape[0] // unemployment.size
    for z in range(unemployment.size):
        ratio = max(unemployment[z], 0.0) / start_unemployment[z] if start_unemployment[z] > 0.0 else 1.0
        tight = min(1.15, ratio ** p[0])
        for c in range(z * industries, (z + 1) * industries):
            skilled = min(p[4] * trained[c] / max(jobs[c], 1.0), _TRAINING_CAP)
            out[c] = tight * (1.0 + p[1] * p[2] * (pool[c, 4] - start_pool[c, 4])) * (1.0 + p[3] * skilled)
    return out


@njit(cache=True, error_model="numpy")
def next_jobs(jobs, wanted, speed, fill, adjustment):
    """Return a firm's employees after it has moved towards what demand asks for; hiring is limited by labour.

    Args:
        wanted: employees that demand asks for; speed: of the firm's hiring, 1 = usual;
        fill: share of wanted hires that is filled; adjustment: share of the gap that is closed a quarter.
    """
    gap = wanted - jobs
    hiring = min(1.0, adjustment * speed * fill)
    return max(jobs + (hiring if gap > 0.0 else adjustment) * gap, 0.3)


@njit(cache=True, error_model="numpy")
def zone_jobs(sums, public, zones):
    """Return private and public jobs f8[Z]; sums: f8[cells, 4], jobs of firms first; public: f8[cells]."""
    out = np.zeros(zones)
    for c in range(public.size):
        out[c // (public.size // zones)] += sums[c, 0] + public[c]
    return out


@njit(cache=True, error_model="numpy")
def work(share, start_flow, jobs, start_jobs, wage, outside_wage, base_force, start_force, unemployment,
         start_unemployment, outside_jobs, minutes, saved, p):  # fmt: skip
    """Let people commute and wages follow unemployment, the latter in place.

    Returns what ``commute`` does and jobs within reach f8[Z], 1 at the start.

    Args:
        jobs, start_jobs: f8[Z] now and at the start. minutes, saved: f8[Z+X, Z+X] change of travel time from
        outside, and what programmes save. Others: as of ``commute``.
    """
    change = minutes - saved
    flow, idle, force = commute(share, start_flow, jobs, wage, outside_wage, base_force, start_force, unemployment,
                                start_unemployment, outside_jobs, change, jobs.size, p)  # fmt: skip
    move_wages(wage, idle, start_unemployment, p)
    return flow, idle, force, access(jobs, start_jobs, outside_jobs, start_flow, change)


@njit(cache=True, error_model="numpy")
def commute(share, start_flow, work, wage, outside_wage, base_force, start_force, unemployment, start_unemployment,
            outside_jobs, minutes_change, zones, p):  # fmt: skip
    """Allocate jobs to homes; return flows f8[Z+X, Z+X] (home row, work column), unemployment f8[Z], force f8[Z].

    Each workplace's jobs are shared out to the homes, anchored on the observed flows; shares adjust
    slowly and are kept in ``share`` (in place). Jobs of a zone equal the sum of its column exactly, and the
    employed and unemployed of a zone its labour force. Slack is that of the same quarter: with last quarter's
    slack two neighbours would take each other's jobs in turn. It is found by damped repetition.

    Args:
        work: f8[Z] jobs; base_force: f8[Z] labour force at the unemployment of the start; start_force: f8[Z];
        unemployment: f8[Z] of last quarter; outside_jobs: f8[X] jobs outside, 1 at the start;
        outside_wage: f8[X] log wage outside, 0 at the start; minutes_change: f8[Z+X, Z+X] travel time.
        p: values in the order of ``NAMES``.
    """
    nodes = start_flow.shape[0]
    pull = np.zeros((nodes, nodes))
    for w in range(nodes):
        for h in range(nodes):
            if start_flow[h, w] <= 0.0:
                continue
            pull[h, w] = start_flow[h, w] * math.exp(-0.03 * minutes_change[h, w])
            if w >= zones and h < zones:
                pull[h, w] *= outside_jobs[w - zones] * math.exp(p[4] * (outside_wage[w - zones] - math.log(wage[h])))
    slack = np.ones(nodes)
    idle = unemployment.copy()
    force = np.zeros(zones)
    flow = np.zeros((nodes, nodes))
    before = share.copy()
    for _ in range(SLACK_ROUNDS):
        for h in range(zones):
            force[h] = base_force[h] * (1.0 + p[6] * (start_unemployment[h] - idle[h]))
            if start_force[h] > 0.0:
                ratio = max(idle[h], LEAST_SLACK) / max(start_unemployment[h], LEAST_SLACK)
                slack[h] = force[h] / start_force[h] * ratio ** p[5]
        share_out(share, before, flow, pull, slack, work, zones, p[3])
        for h in range(zones):
            out_of_work = 1.0 - flow[h].sum() / force[h] if force[h] > 0.0 else 0.0
            idle[h] += SLACK_DAMPING * (out_of_work - idle[h])
    for h in range(zones):
        idle[h] = 1.0 - flow[h].sum() / force[h] if force[h] > 0.0 else 0.0
    return flow, idle, force


@njit(cache=True, error_model="numpy")
def share_out(share, before, flow, pull, slack, work, zones, adjustment):
    """Move shares f8[Z+X, Z+X] from ``before`` towards pull x slack and set the flows, in place."""
    nodes = share.shape[0]
    for w in range(nodes):
        total = 0.0
        for h in range(nodes):
            total += pull[h, w] * slack[h]
        if total <= 0.0:
            continue
        for h in range(nodes):
            if pull[h, w] <= 0.0:
                continue
            wanted = pull[h, w] * slack[h]
            if w < zones:
                share[h, w] = before[h, w] + adjustment * (wanted / total - before[h, w])
                flow[h, w] = share[h, w] * work[w]
            else:
                share[h, w] = before[h, w] + adjustment * (wanted - before[h, w])
                flow[h, w] = share[h, w]


@njit(cache=True, error_model="numpy")
def move_wages(wage, unemployment, start_unemployment, p):
    """Move the wage index f8[Z] towards the wage curve, in place."""
    for z in range(wage.size):
        if start_unemployment[z] <= 0.0:
            continue
        u = min(max(unemployment[z], 0.006), 0.30)
        target = -p[1] * math.log(u / start_unemployment[z])
        wage[z] = math.exp(math.log(wage[z]) + p[2] * (target - math.log(wage[z])))


@njit(cache=True, error_model="numpy")
def access(work, before, outside_jobs, start_flow, minutes):
    """Return jobs within reach f8[Z], 1 at the start.

    Args:
        work, before: f8[Z] jobs now and at the start; outside_jobs: f8[X] jobs outside, 1 at the start.
        minutes: f8[Z+X, Z+X] change of travel time.
    """
    zones = work.size
    out = np.ones(zones)
    for z in range(zones):
        near, total = 0.0, 0.0
        for w in range(start_flow.shape[1]):
            growth = 1.0
            if w >= zones:
                growth = outside_jobs[w - zones]
            elif before[w] > 0.0:
                growth = work[w] / before[w]
            near += start_flow[z, w] * growth * math.exp(-0.03 * minutes[z, w])
            total += start_flow[z, w]
        if total > 0.0:
            out[z] = near / total
    return out
