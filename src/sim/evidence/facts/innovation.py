"""Who innovates, who cooperates and with whom, and who does R&D."""

from __future__ import annotations

import numpy as np

from sim.evidence import statistics as st
from sim.evidence.facts.observation import Flags, Observation, Whole, Year, matched

#: NOK in a MNOK.
_NOK = 1e6


def innovation(seen: Observation) -> dict[str, float]:
    """Return shares of innovators and cooperating innovators, %, mean of years 4 to the end."""
    rows: dict[str, list[float]] = {"innovators": [], "innovative_2006": [], "innovative_employment": [],
                                    "innovation_activity": [], "cooperation": []}  # fmt: skip
    for number in range(4, len(seen.years)):
        year = seen.years[number]
        ten, five = year.jobs >= 10.0, year.jobs >= 5.0
        coop = _during(seen.busy, number, year)
        active = year.recent | coop | _during(seen.rd_ids, number, year)
        new = five & year.recent
        rows["innovators"].append(float(np.mean(year.recent[ten])))
        rows["innovative_2006"].append(float(np.mean(year.recent[five])))
        rows["innovative_employment"].append(float(year.jobs[new].sum() / year.jobs[five].sum()))
        rows["innovation_activity"].append(float(np.mean(active[five])))
        rows["cooperation"].append(float(np.mean(coop[new])))
    out = {name: 100.0 * float(np.mean(values)) if values else float("nan") for name, values in rows.items()}
    out["innovative_2006_norway"] = out["innovative_2006"]
    return out


def _during(by_quarter: list[Whole], number: int, year: Year) -> Flags:
    """Return which firms of a year were on the lists of any of the twelve quarters up to its end."""
    return np.isin(year.id, np.concatenate(by_quarter[4 * number - 12 : 4 * number]))


def partners(seen: Observation) -> dict[str, float]:
    """Return where partners of cooperating innovators are, %, and how many ties stay in the municipality.

    The baseline knows partners inside the region only: a cooperating firm has one there.
    """
    one, other = (np.concatenate([tie[k] for tie in seen.ties]) for k in (0, 1))
    foreign = 0.0
    return {
        "ties_near": 100.0 * float(np.mean(one == other)) if one.size else float("nan"),
        "partners_local": 100.0 if one.size else float("nan"),
        "partners_national": foreign,
        "partners_abroad": foreign,
    }


def research(seen: Observation) -> dict[str, float]:
    """Return who does R&D, how concentrated it is, what goes with it and what the tax credit costs."""
    share, top = [], []
    for year in seen.years[1:]:
        share.append(np.mean(year.rd[year.jobs >= 5.0] > 0.0))
        top.append(_largest(year, 0.035))
    years = len(seen.quarters) / 4.0
    people = float(np.mean([p.sum() for p in seen.people]))
    return {
        "rd_performers": 100.0 * float(np.mean(share)),
        "rd_concentration": 100.0 * float(np.nanmean(top)),
        "rd_elasticity": _elasticity(seen),
        "tax_credit_cost": _NOK * seen.credit / years / people,
    }


def _largest(year: Year, share: float) -> float:
    """Return the part of all R&D done by the largest performers; the last one counts by a fraction."""
    does = year.rd > 0.0
    rd = year.rd[does][np.argsort(-year.jobs[does], kind="stable")]
    if not rd.size:
        return float("nan")
    wanted = share * rd.size
    weight = np.clip(wanted - np.arange(rd.size), 0.0, 1.0)
    return float((weight * rd).sum() / rd.sum())


def _elasticity(seen: Observation) -> float:
    """Return the coefficient of log R&D capital in log output, with log jobs and industry effects."""
    last = seen.years[-5:]
    now = last[-1]
    capital, always = np.zeros(now.id.size), np.ones(now.id.size, bool)
    for age, year in enumerate(reversed(last)):
        stay, at = matched(now.id, year.id)
        rd = np.where(stay, year.rd[at], 0.0)
        always &= rd > 0.0
        capital += 0.85**age * rd
    if always.sum() < 30:
        return float("nan")
    group = now.industry[always]
    columns = [st.inside(np.log(x[always]), group) for x in (capital, now.jobs)]
    target = st.inside(np.log(now.output[always]), group)
    return float(st.least_squares(np.column_stack(columns), target)[0])
