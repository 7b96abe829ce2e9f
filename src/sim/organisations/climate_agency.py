"""The climate agency: supports firms that can cut most emissions for the money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.firms import USED_GREEN
from sim.organisations.firm_programme import FirmProgramme, Floats, Rows, Terms
from sim.organisations.organisation import Aim, Purse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model import RegionModel


@dataclass(frozen=True)
class Abatement:
    """What climate money does."""

    cost: float  # MNOK of support per ktCO2e a year that is cut
    most: float  # largest share of a firm's emissions one project can cut


class ClimateAgency(FirmProgramme):
    """Ranks projects by the emissions they cut and refuses those that cut next to nothing."""

    kind = "climate agency"
    decision = "green.apply"
    ranked_by = "ranked by emissions cut"
    programme = USED_GREEN
    least_firm = 10.0

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, terms: Terms, aim: Aim, abatement: Abatement,
        rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, terms, aim, rule)
        self.abatement = abatement

    def _yearly(self, rows: Rows) -> Floats:
        """Return yearly emissions f8[K], ktCO2e."""
        firms = self.region_model.firms
        return 4.0 * firms.emissions[rows] * firms.output[rows] / 1000.0

    def interest(self, rows: Rows) -> Floats:
        """Return interest: willing firms."""
        return 0.2 + 0.8 * self.region_model.firms.will[rows]

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Refuse projects that would cut less than a tenth of what the money should."""
        return self._yearly(rows) * self.abatement.most < 0.1 * wanted / self.abatement.cost, "cuts next to nothing"

    def merit(self, rows: Rows) -> Floats:
        """Return the emissions there are to cut."""
        return self._yearly(rows)

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Cut the firm's emissions by what the money can do, within the largest share."""
        firms = self.region_model.firms
        cut = self.believed(self.terms.deadweight) * payment / self.abatement.cost
        cut /= np.maximum(self._yearly(rows), 1e-9)
        firms.emissions[rows] *= 1.0 - np.minimum(cut, self.abatement.most)
        firms.used[rows] |= USED_GREEN
