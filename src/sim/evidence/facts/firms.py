"""Births, deaths, survival and sizes of firms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.evidence import statistics as st
from sim.evidence.facts.observation import Flags, Floats, Observation, Whole

#: Codes of manufacturing industries (NACE 10-33) begin with this letter.
MANUFACTURING = "C"


def births_and_deaths(seen: Observation) -> dict[str, float]:
    """Return yearly rates of exit and entry, % of the mean number of firms."""
    firms = float(np.mean([len(ids) for ids, _ in seen.quarters]))
    years = len(seen.quarters) / 4.0
    return {
        "exit_rate": 100.0 * float(np.sum(seen.exits)) / years / firms,
        "entry_rate": 100.0 * float(np.sum(seen.entries)) / years / firms,
    }


def sizes(seen: Observation) -> dict[str, float]:
    """Return the tail of firm sizes and shares of size classes in the last year, %."""
    jobs = seen.years[-1].jobs
    small = 100.0 * float(np.mean(jobs < 4.5))
    return {
        "size_tail": st.hill_exponent(jobs),
        "small_firms": small,
        "small_firms_start": small,
        "large_firms": 100.0 * float(np.mean(jobs >= 99.5)),
    }


def survival(seen: Observation) -> dict[str, float]:
    """Return survival after one and five years and the growth of those that survive."""
    ids = np.array(sorted(seen.births), np.int64)
    if not ids.size:
        names = ("survival_1", "survival_5", "survivor_growth", "survival_5_large", "survival_manufacturing")
        return dict.fromkeys(names, float("nan"))
    born, size, industry = (np.array(column) for column in zip(*(seen.births[int(i)] for i in ids), strict=True))
    one, _ = _alive(seen, ids, born, 4)
    five, now = _alive(seen, ids, born, 20)
    codes = np.array([c.startswith(MANUFACTURING) for c in seen.model.region.industries.codes])
    lived = _share(five, lambda: np.ones(ids.size, bool))
    survivors = five == 1
    return {
        "survival_1": _share(one, lambda: np.ones(ids.size, bool)),
        "survival_5": lived,
        "survivor_growth": float(now[survivors].sum() / size[survivors].sum()) if survivors.any() else float("nan"),
        "survival_5_large": _share(five, lambda: size >= 5.0),
        "survival_manufacturing": _share(five, lambda: codes[industry]) / lived if lived > 0 else float("nan"),
    }


def _alive(seen: Observation, ids: Whole, born: Whole, quarters: int) -> tuple[Whole, Floats]:
    """Return 1 alive, 0 gone, -1 not known yet, and the jobs of the living, so many quarters after birth."""
    state, jobs = np.full(ids.size, -1), np.full(ids.size, np.nan)
    for quarter in np.unique(born[born + quarters < len(seen.quarters)]):
        cohort = np.flatnonzero(born == quarter)
        now, size = seen.quarters[quarter + quarters]
        at = np.minimum(np.searchsorted(now, ids[cohort]), len(now) - 1)
        state[cohort] = now[at] == ids[cohort]
        jobs[cohort] = np.where(state[cohort] == 1, size[at], np.nan)
    return state, jobs


def _share(state: Whole, chosen: Callable[[], Flags]) -> float:
    """Return the share alive among those chosen whose fate is known."""
    known = (state >= 0) & chosen()
    return float(np.mean(state[known] == 1)) if known.any() else float("nan")


def relatedness(seen: Observation) -> dict[str, float]:
    """Return slopes of yearly entry and exit rates on the related pool over cells with 20 firms or more.

    The first definition, without industry effects; ``towns`` holds the one within industries.
    """
    model = seen.model
    firms = np.bincount(model.cell_of(model.firms), minlength=model.cells)
    full = firms >= 20
    per_year = len(seen.quarters) / 4.0 * firms[full]
    related = np.mean(seen.related, axis=0)[full]
    enough = full.sum() > 3
    return {
        "relatedness_entry": st.slope(related, np.sum(seen.entries, axis=0)[full] / per_year) if enough else np.nan,
        "relatedness_exit": st.slope(related, np.sum(seen.exits, axis=0)[full] / per_year) if enough else np.nan,
    }
