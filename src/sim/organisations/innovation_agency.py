"""The county and Innovation Norway: rank applications for innovation money, refuse, queue and pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.firms import USED_GRANT
from sim.organisations.organisation import Organisation, Purse, ability
from sim.random_numbers import decision_key, uniforms

if TYPE_CHECKING:
    from sim.model import RegionModel


class InnovationAgency(Organisation):
    """Gives grants for innovation to firms of any industry that apply and rank high enough."""

    kind = "innovation agency"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, *, smallest: float, largest: float, share: float,
        deadweight: float, delay: int, rate: float, industries: tuple[int, ...], zones: tuple[int, ...],
        rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.smallest, self.largest, self.share = smallest, largest, share
        self.deadweight, self.delay, self.rate = deadweight, delay, rate
        self.due: list[tuple[int, np.ndarray, np.ndarray]] = []  # quarter, firm ids, payments
        self.in_industry = np.zeros(model.industries, bool)
        self.in_industry[list(industries) or slice(None)] = True
        self.in_zone = np.zeros(model.zones, bool)
        self.in_zone[list(zones) or slice(None)] = True

    def act(self, gross: float) -> None:
        """Let earlier grants work, then decide this quarter's applications."""
        self._work()
        if gross > 0.0:
            self.administer(gross)
        if gross > 0.0 or (self.fund >= self.smallest and self.region_model.quarter < self.purse.stop):
            self._decide()

    def _work(self) -> None:
        model = self.region_model
        while self.due and self.due[0][0] <= model.quarter:
            _, ids, payment = self.due.pop(0)
            rows = model.firms.rows(ids)
            here = rows >= 0
            for lost in ids[~here]:
                self.note("lapse", lost, "the firm has closed")
            money = payment[here] * (1.0 - self.deadweight)
            model.policy.fund(rows[here], money, payment[here], USED_GRANT)

    def _decide(self) -> None:
        model, firms = self.region_model, self.region_model.firms
        weight = 0.15 + np.minimum(8.0 * firms.research, 1.0) + 0.3 * firms.will
        luck = uniforms(decision_key(model.seed, "grant.apply", model.quarter), firms.id)
        asks = self.in_industry[firms.industry] & self.in_zone[firms.zone] & (firms.jobs >= 3.0)
        asks &= (luck < self.rate * weight) & (model.quarter - firms.funded > 8)
        rows = np.flatnonzero(asks)
        wanted = np.minimum(self.share * 4.0 * firms.output[rows], self.largest)
        if not self.accepts_all:
            small = wanted < self.smallest
            if small.any():
                self.note("refuse", f"{int(small.sum())} firms", "project too small to matter")
            rows, wanted = rows[~small], wanted[~small]
            merit = ability(firms.capacity[rows], firms.jobs[rows]) + np.minimum(firms.research[rows] * 5.0, 0.5)
            order = np.argsort(-merit, kind="stable")
            rows, wanted = rows[order], wanted[order]
        total = np.cumsum(wanted)
        paid = int(np.searchsorted(total, self.fund, side="right"))
        if paid:
            self.pay(float(total[paid - 1]))
            ids = firms.id[rows[:paid]].copy()
            firms.funded[rows[:paid]] = model.quarter
            self.due.append((model.quarter + self.delay, ids, wanted[:paid].copy()))
            self.note("grant", f"{paid} firms", "ranked by ability and R&D", float(total[paid - 1]))
        if len(rows) > paid:
            self.note("queue", f"{len(rows) - paid} firms", "no money left this quarter", float(wanted[paid:].sum()))
