"""Yearly growth of firms, productivity, and the few that grow fast."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.evidence import statistics as st
from sim.evidence.facts.observation import Floats, Observation, Whole, Year, matched

#: Growth over three years of a firm that grows 20 % a year.
FAST = 1.2**3


def growth(seen: Observation) -> dict[str, float]:
    """Return facts about yearly growth of jobs and sales, pooled over years 6 to the end."""
    jobs, sales, size, turnover = _pooled(seen.years[5:])
    shrunk = np.abs(jobs - np.median(jobs))
    small = (size >= 2.0) & (size < 50.0)
    return {
        "growth_shape": st.subbotin_shape(jobs[:: max(1, len(jobs) // 4000)]),
        "growth_kurtosis": float(((jobs - jobs.mean()) ** 4).mean() / jobs.var() ** 2 - 3.0),
        "growth_size": st.spread_on_size(size, jobs),
        "growth_size_sales": st.spread_on_size(turnover, sales),
        "gibrat": st.slope(np.log(size), jobs),
        "growth_tail": 1.0 + st.hill_exponent(shrunk[shrunk > 1e-9], share=0.01),
        "growth_deviation": float(np.mean(np.abs(jobs[small] - np.median(jobs[small])))),
    }


def productivity(seen: Observation) -> dict[str, float]:
    """Return spread and memory of productivity."""
    memory, persistence = [], []
    for before, after in pairwise(seen.years[5:]):
        stay, at = matched(before.id, after.id)
        stay &= before.jobs >= 2.0
        memory.append(np.corrcoef(before.productivity[stay], after.productivity[at[stay]])[0, 1])
        x = st.inside(before.productivity, before.industry)[stay]
        y = st.inside(after.productivity, after.industry)[at[stay]]
        persistence.append(st.slope(x, y))
    last = seen.years[-1]
    return {
        "productivity_spread": st.ratio_inside(last.productivity, last.industry),
        "productivity_memory": float(np.mean(memory)),
        "productivity_persistence": float(np.mean(persistence)),
    }


def high_growth(seen: Observation) -> dict[str, float]:
    """Return the share of firms with 10 jobs or more that grow 20 % a year for three years, and what jobs they make."""
    rows: dict[str, list[float]] = {"high_growth": [], "high_growth_turnover": [], "high_growth_jobs": [],
                                    "high_growth_creation": []}  # fmt: skip
    for before, after in zip(seen.years[1:-3], seen.years[4:], strict=True):
        stay, at = matched(before.id, after.id)
        stay &= before.jobs >= 10.0
        if stay.sum() < 10:
            continue
        more = after.jobs[at[stay]] / before.jobs[stay]
        sold = after.output[at[stay]] / before.output[stay]
        gain = np.maximum(after.jobs[at[stay]] - before.jobs[stay], 0.0)
        rows["high_growth"].append(float(np.mean((more >= FAST) | (sold >= FAST))))
        rows["high_growth_turnover"].append(float(np.mean(sold >= FAST)))
        rows["high_growth_jobs"].append(float(np.mean(more >= FAST)))
        if gain.sum() > 0.0:
            rows["high_growth_creation"].append(float(gain[more >= FAST].sum() / gain.sum()))
    return {name: 100.0 * float(np.mean(values)) if values else float("nan") for name, values in rows.items()}


def _pooled(years: list[Year]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return yearly log growth of jobs and of sales, and the jobs and sales begun from; firms with 2 jobs or more."""
    parts: list[tuple[Floats, ...]] = []
    for before, after in pairwise(years):
        stay, at = matched(before.id, after.id)
        stay &= before.jobs >= 2.0
        rows: Whole = at[stay]
        parts.append((np.log(after.jobs[rows] / before.jobs[stay]), np.log(after.output[rows] / before.output[stay]),
                      before.jobs[stay], before.output[stay]))  # fmt: skip
    jobs, sales, size, turnover = (np.concatenate(column) for column in zip(*parts, strict=True))
    return jobs, sales, size, turnover
