"""The R&D institute: takes small assignments that firms pay with vouchers drawn by lottery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.firms import USED_VOUCHER
from sim.organisations.firm_programme import FirmProgramme, Floats, Rows
from sim.random_numbers import uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ResearchInstitute(FirmProgramme):
    """Serves winners of the voucher lottery within the hours its researchers have."""

    kind = "R&D institute"
    decision = "voucher.apply"
    ranked_by = "drawn by lottery"
    programme = USED_VOUCHER

    def interest(self, rows: Rows) -> Floats:
        """Return interest: willing firms, whether they do R&D or not."""
        return 0.3 + 0.7 * self.region_model.firms.will[rows]

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Refuse firms that could not use what a researcher finds."""
        return self.region_model.firms.capacity[rows] < 0.15, "could not use the findings"

    def merit(self, rows: Rows) -> Floats:
        """Return lots."""
        model = self.region_model
        return uniforms(model.key("voucher.lottery"), model.firms.id[rows])

    def on_paid(self, rows: Rows, payment: Floats) -> None:
        """Note the public R&D money."""
        self.region_model.policy.mark_funded(rows, payment)

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Turn the assignment into innovation money; firms learn to use research a little."""
        model = self.region_model
        model.policy.fund(rows, payment * (1.0 - self.terms.deadweight), payment, USED_VOUCHER)
        p = model.parameters
        project = p["project_cost"] * p["project_quarters"] / 4.0  # a krone teaches as much as in a joint project
        gain = p["capacity_gain"] * self.believed(self.terms.deadweight) * np.minimum(payment / project, 1.0)
        model.firms.capacity[rows] += gain * (1.0 - model.firms.capacity[rows])
