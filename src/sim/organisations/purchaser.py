"""The municipality as a customer: buys new solutions from firms of the region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.anchors import ability
from sim.model.firms import USED_PURCHASE
from sim.organisations.firm_programme import FirmProgramme, Floats, Rows, Terms
from sim.organisations.organisation import Aim, Purse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model import RegionModel


@dataclass(frozen=True)
class Contract:
    """What a contract is worth to the supplier."""

    development: float  # share of the money that pays for development; the rest is ordinary sales
    quarters: int  # length of a contract


class Purchaser(FirmProgramme):
    """Buys innovative solutions; part of the money develops the product, the rest is demand."""

    kind = "purchasing municipality"
    decision = "purchase.apply"
    ranked_by = "ranked by ability"
    programme = USED_PURCHASE

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, terms: Terms, aim: Aim, contract: Contract,
        rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, terms, aim, rule)
        self.contract = contract
        self.running: list[tuple[int, Floats]] = []  # quarter of the end, demand per industry and quarter

    def act(self, gross: float) -> None:
        """Keep running contracts as demand, then decide on new ones."""
        model = self.region_model
        self.running = [row for row in self.running if row[0] > model.quarter]
        super().act(gross)
        for _, demand in self.running:
            model.policy.purchases += demand

    def interest(self, rows: Rows) -> Floats:
        """Return interest: willing and able firms bid most."""
        firms = self.region_model.firms
        return 0.2 + firms.will[rows] * firms.capacity[rows]

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Refuse suppliers for whom the contract would be more than half of a year's value added."""
        return wanted > 2.0 * self.region_model.firms.output[rows], "the contract is too large for the supplier"

    def merit(self, rows: Rows) -> Floats:
        """Return ability."""
        firms = self.region_model.firms
        return ability(firms.capacity[rows], firms.jobs[rows])

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Turn the additional money into demand over the contract and into development; a krone does one of them."""
        model, firms = self.region_model, self.region_model.firms
        sales = payment * (1.0 - self.contract.development) * self.believed(self.terms.deadweight)
        demand = np.bincount(firms.industry[rows], sales, model.industries) / self.contract.quarters
        self.running.append((model.quarter + self.contract.quarters, demand))
        additional = payment * (1.0 - self.terms.deadweight)
        model.policy.fund(rows, self.contract.development * additional, payment, USED_PURCHASE)
