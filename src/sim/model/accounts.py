"""The municipal account: revenue, service cost and programme money. ODD section 5.11.

Revenue and cost of the start balance by construction; what counts is the change. The account is reported,
never fed back to the economy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.parameters import Parameters

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
        self.p = p

    def quarter(self, persons: Floats, income: Floats) -> dict[str, Floats]:
        """Return revenue and service cost f8[Z] of one quarter, MNOK.

        Args:
            persons: f8[Z, G]. income: f8[Z] wages of employed residents, MNOK per quarter.
        """
        p = self.p
        people = persons.sum(axis=1)
        cost = persons @ self.cost / 4.0
        need = p["need_equalisation"] * (cost - self.mean_cost * people / 4.0)
        tax = p["tax_share"] * p["tax_kept"] * (income - self.income_head * people)
        return {"revenue": p["revenue_head"] * people / 4.0 + need + tax, "service_cost": cost}
