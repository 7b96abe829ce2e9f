"""The municipal account: revenue, service cost and programme money. ODD section 7.10.

Revenue and cost of the start balance by construction; what counts is the change. The account is reported,
never fed back to the economy.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.parameters import Parameters

NAMES = ("revenue_head", "need_equalisation", "tax_share", "tax_kept")

Floats = NDArray[np.float64]

#: Yearly service cost per person by five-year group, MNOK before balancing. National shape, judgement.
SERVICE_COST = np.array([.130, .150, .160, .060, .020, .018, .018, .018, .018, .018, .018, .020,
                         .022, .028, .045, .080, .150, .320])  # fmt: skip


class MunicipalAccount:
    """Revenue less service cost of each zone, MNOK per quarter."""

    def __init__(self, persons: Floats, income: Floats, p: Parameters) -> None:
        people = persons.sum()
        cost = float((persons @ SERVICE_COST).sum())
        scale = p["revenue_head"] * people / cost if cost > 0 else 1.0
        self.cost = SERVICE_COST * scale
        self.mean_cost = p["revenue_head"]
        start = persons.sum(axis=1)
        self.income_head = np.divide(income, start, out=np.zeros_like(income), where=start > 0)
        self.packed = tuple(p.pack(NAMES).tolist())

    def quarter(self, persons: Floats, income: Floats) -> dict[str, Floats]:
        """Return revenue and service cost f8[Z] of one quarter, MNOK.

        Args:
            persons: f8[Z, G]. income: f8[Z] wages of employed residents, MNOK per quarter.
        """
        revenue, cost = _books(persons, income, self.cost, self.mean_cost, self.income_head, self.packed)
        return {"revenue": revenue, "service_cost": cost}


@njit(cache=True, error_model="numpy")
def partners_and_research(counts, research):
    """Return firms in joint projects (once for each) and own R&D, MNOK, of the region this quarter.

    Args:
        counts: f8[cells, 6] as in ``sim.model.conduct.COUNTS``. research: f8[cells] MNOK.
    """
    partners, own = 0.0, 0.0
    for c in range(research.size):
        partners += counts[c, 5]
        own += research[c]
    return partners, own


@njit(cache=True, error_model="numpy")
def _books(persons, income, cost_head, mean_cost, income_head, p):
    """Return revenue and service cost f8[Z]; p in the order of ``NAMES``."""
    revenue, cost = np.zeros(income.size), np.zeros(income.size)
    for z in range(income.size):
        people = 0.0
        for g in range(cost_head.size):
            people += persons[z, g]
            cost[z] += persons[z, g] * cost_head[g] / 4.0
        need = p[1] * (cost[z] - mean_cost * people / 4.0)
        tax = p[2] * p[3] * (income[z] - income_head[z] * people)
        revenue[z] = p[0] * people / 4.0 + need + tax
    return revenue, cost
