"""The seed fund: invests in young firms that do R&D, and gets some of the money back years later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.firms import USED_SEED
from sim.organisations.firm_programme import FirmProgramme, Floats, Rows, Terms
from sim.organisations.organisation import Aim, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel


@dataclass(frozen=True)
class Investment:
    """What an investment does and gives back."""

    buffer: float  # quarters of labour cost added to liquidity, before deadweight and shrinkage
    speed: float  # added speed of hiring, share, before deadweight and shrinkage
    quarters: int  # until the firm has to stand on its own and repay
    recovered: float  # share of the money that firms still alive repay


class SeedFund(FirmProgramme):
    """Invests in the most able young R&D firms; what comes back is invested again while the fund lives."""

    kind = "seed fund"
    decision = "seed.apply"
    ranked_by = "ranked by capacity and R&D"
    programme = USED_SEED
    least_firm = 1.0
    pause = 1000

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, terms: Terms, aim: Aim, investment: Investment,
        rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, terms, aim, rule)
        self.investment = investment
        self.held: list[tuple[int, NDArray[np.int64], Floats]] = []  # quarter of exit, ids, money

    def act(self, gross: float) -> None:
        """Sell what is due, then invest."""
        self._sell()
        super().act(gross)

    def interest(self, rows: Rows) -> Floats:
        """Return interest: young firms that do R&D; without the fund's own rule, any young firm."""
        firms = self.region_model.firms
        young = firms.age[rows] < 20.0
        return (young & ((firms.research[rows] > 0.0) | self.accepts_all)).astype(float)

    def wanted(self, rows: Rows) -> Floats:
        """Return the money asked for: at most two years of value added."""
        return np.minimum(8.0 * self.region_model.firms.output[rows], self.terms.unit)

    def least(self) -> float:
        """Return a quarter of an investment."""
        return 0.25 * self.terms.unit

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Refuse firms too small for the fund."""
        return wanted < self.least(), "too small for the fund"

    def merit(self, rows: Rows) -> Floats:
        """Return capacity and R&D."""
        firms = self.region_model.firms
        return firms.capacity[rows] + np.minimum(firms.research[rows] * 5.0, 0.5)

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Add to the buffer and the speed of hiring until the fund sells, at most the buffer the money pays for."""
        model, firms = self.region_model, self.region_model.firms
        pay = firms.jobs[rows] * model.region.industries.wage[firms.industry[rows]] * model.wage[firms.zone[rows]]
        full = np.maximum(self.investment.buffer * pay, self.terms.unit)  # MNOK at which the effect is whole
        part = payment / full * self.believed(self.terms.deadweight)
        firms.liquidity[rows] += self.investment.buffer * part
        firms.speed[rows] = 1.0 + self.investment.speed * part
        firms.used[rows] |= USED_SEED
        self.held.append((model.quarter + self.investment.quarters, firms.id[rows].copy(), payment))

    def _sell(self) -> None:
        model = self.region_model
        while self.held and self.held[0][0] <= model.quarter:
            _, ids, money = self.held.pop(0)
            rows = model.firms.rows(ids)
            here = rows >= 0
            model.firms.speed[rows[here]] = 1.0
            back = float(self.investment.recovered * money[here].sum())
            model.policy.repay(back)
            if model.quarter < self.purse.stop:
                self.fund += back
            else:
                self.returned += back
            lost = int((~here).sum())
            self.note("sell", f"{int(here.sum())} firms", f"{lost} of {ids.size} had closed", back)
