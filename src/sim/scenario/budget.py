"""Whether scenarios spend the same money in the same years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class BudgetDifference:
    """A year in which a scenario's budget is not the common one. MNOK, gross."""

    scenario: str
    year: int
    budget: float
    common: float


def budget_differences(scenarios: Iterable[Scenario], tolerance: float = 1e-6) -> list[BudgetDifference]:
    """Return where budgets differ from that of the first scenario that has money.

    Scenarios without any money, such as the baseline, are not compared. An empty list means that
    all have a common budget.
    """
    funded = [(s.name, s.budget_by_year()) for s in scenarios if any(s.budget_by_year())]
    if not funded:
        return []
    common = funded[0][1]
    return [
        BudgetDifference(name, year, budget, share)
        for name, budgets in funded[1:]
        for year, (budget, share) in enumerate(zip_longest(budgets, common, fillvalue=0.0), start=1)
        if abs(budget - share) > tolerance
    ]
