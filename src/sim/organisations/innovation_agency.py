"""The county and Innovation Norway: rank applications for innovation money, refuse, queue and pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from sim.model.anchors import ability
from sim.model.firms import USED_GRANT
from sim.organisations.firm_programme import FirmProgramme, Floats, Rows, Terms
from sim.organisations.organisation import Aim, Purse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model import RegionModel


@dataclass(frozen=True)
class GrantSize:
    """How large a grant is."""

    smallest: float  # MNOK
    largest: float  # MNOK
    share: float  # of a firm's yearly value added


class InnovationAgency(FirmProgramme):
    """Gives grants for innovation to firms of any industry that apply and rank high enough."""

    kind = "innovation agency"
    decision = "grant.apply"
    ranked_by = "ranked by ability and R&D"
    programme = USED_GRANT

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, terms: Terms, aim: Aim, size: GrantSize, rule: str = "own"
    ) -> None:
        super().__init__(model, name, purse, terms, aim, rule)
        self.size = size

    def interest(self, rows: Rows) -> Floats:
        """Return interest: R&D performers and willing firms apply most."""
        wish: Floats = _interest(self.region_model.firms.table, rows)
        return wish

    def rested(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which firms had no public R&D money in the last two years."""
        model = self.region_model
        return super().rested(rows) & (model.quarter - model.firms.funded[rows] > self.pause)

    def wanted(self, rows: Rows) -> Floats:
        """Return a share of the firm's yearly value added, within the largest grant."""
        return np.minimum(self.size.share * 4.0 * self.region_model.firms.output[rows], self.size.largest)

    def least(self) -> float:
        """Return the smallest grant."""
        return self.size.smallest

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Refuse projects too small to matter."""
        return wanted < self.size.smallest, "project too small to matter"

    def merit(self, rows: Rows) -> Floats:
        """Return ability and R&D."""
        rank: Floats = _merit(self.region_model.firms.table, rows)
        return rank

    def on_paid(self, rows: Rows, payment: Floats) -> None:
        """Note the public R&D money."""
        self.region_model.policy.mark_funded(rows, payment)

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Turn the additional money into innovation money."""
        self.region_model.policy.fund(rows, payment * (1.0 - self.terms.deadweight), payment, USED_GRANT)


@njit(cache=True, error_model="numpy")
def _interest(table: Any, rows: Any) -> Any:
    out = np.empty(rows.size)
    for k in range(rows.size):
        f = table[rows[k]]
        out[k] = 0.15 + min(8.0 * f.research, 1.0) + 0.3 * f.will
    return out


@njit(cache=True, error_model="numpy")
def _merit(table: Any, rows: Any) -> Any:
    out = np.empty(rows.size)
    for k in range(rows.size):
        f = table[rows[k]]
        out[k] = ability(f.capacity, f.jobs) + min(5.0 * f.research, 0.5)
    return out
