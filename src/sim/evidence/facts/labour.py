"""Drift of the reference, migration, unemployment and commuting."""

from __future__ import annotations

import numpy as np

from sim.evidence import statistics as st
from sim.evidence.facts.observation import Floats, Observation


def drift(seen: Observation) -> dict[str, float]:
    """Return trends of jobs, firms and people in the flat reference, % a year."""
    return {
        "drift_jobs": _trend([float(z.sum()) for z in seen.zone_jobs]),
        "drift_firms": _trend([float(len(y.id)) for y in seen.years]),
        "drift_people": _trend([float(p.sum()) for p in seen.people]),
    }


def _trend(series: list[float]) -> float:
    """Return the trend of the log in % a year from year 1 to the end."""
    log = np.log(np.array(series[1:]))
    return 100.0 * st.slope(np.arange(len(log), dtype=float), log)


def migration(seen: Observation) -> dict[str, float]:
    """Return slopes of people on jobs and on unemployment, over municipality-years."""
    people, jobs = np.log(np.array(seen.people)), np.log(np.array(seen.zone_jobs))
    rate = np.array(seen.migration)[1:] / np.array(seen.people)[1:-1]
    jobless = np.array(seen.unemployment)[1:-1]
    return {
        "migration_jobs": st.slope(np.diff(jobs, axis=0)[1:].ravel(), np.diff(people, axis=0)[1:].ravel()),
        "migration_unemployment": st.slope((jobless - jobless.mean(axis=0)).ravel(),
                                           (rate - rate.mean(axis=0)).ravel()),
    }  # fmt: skip


def unemployment(seen: Observation) -> dict[str, float]:
    """Return mean unemployment, % of the labour force."""
    rows = np.array([seen.model.recorder.quarters[name] for name in ("unemployed", "labour_force")]).sum(axis=2)
    return {"unemployment": 100.0 * float(np.mean(rows[0] / rows[1]))}


def commuting(seen: Observation) -> dict[str, float]:
    """Return self-containment, %, and the fall of commuting with travel time, per minute."""
    zones = seen.model.zones
    flow = seen.model.flow
    inside = flow[:zones, :zones]
    return {
        "self_containment": 100.0 * float(inside.sum() / flow[:zones].sum()),
        "commuting_friction": friction(inside, seen.model.region.minutes[:zones, :zones]),
    }


def friction(flow: Floats, minutes: Floats) -> float:
    """Return the doubly constrained exponential fall of flows with travel time, per minute.

    The mean over pairs of log[(stay x stay) / (go x go)] over the extra minutes: what origins send and
    destinations take cancels.
    """
    found = []
    for a in range(len(flow)):
        for b in range(a):
            more = minutes[a, b] + minutes[b, a] - minutes[a, a] - minutes[b, b]
            if flow[a, b] > 0 and flow[b, a] > 0 and more > 0:
                found.append(np.log(flow[a, a] * flow[b, b] / (flow[a, b] * flow[b, a])) / more)
    return float(np.mean(found)) if found else float("nan")
