"""The university college: trains people that firms of the region ask for; some of them leave for the capital."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.firms import USED_SKILLS
from sim.organisations.firm_programme import FirmProgramme, Floats, Rows, Terms
from sim.organisations.organisation import Aim, Purse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model import RegionModel


@dataclass(frozen=True)
class Training:
    """What training does."""

    share: float  # of a firm's employees sent to training
    capacity_gain: float  # absorptive capacity gained by a firm that trains, before deadweight and shrinkage
    leaving: float  # people who leave for the capital, relative to the share who commute there


class UniversityCollege(FirmProgramme):
    """Gives further training to employees and students for industries that lack skills."""

    kind = "university college"
    decision = "skills.apply"
    ranked_by = "ranked by lack of labour and skill need"
    programme = USED_SKILLS
    pause = 4

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, terms: Terms, aim: Aim, training: Training,
        rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, terms, aim, rule)
        self.training = training

    def interest(self, rows: Rows) -> Floats:
        """Return interest: firms in industries that need higher education."""
        model = self.region_model
        return model.region.industries.skill[model.firms.industry[rows], 2]

    def wanted(self, rows: Rows) -> Floats:
        """Return the cost of training a share of the employees."""
        people = np.maximum(1.0, np.round(self.training.share * self.region_model.firms.jobs[rows]))
        return people * self.terms.unit

    def refuses(self, rows: Rows, wanted: Floats) -> tuple[NDArray[np.bool_], str]:
        """Refuse firms that shrink fast: they ask for training in place of work."""
        firms = self.region_model.firms
        return firms.liquidity[rows] < -0.5, "the firm cannot keep the people"

    def merit(self, rows: Rows) -> Floats:
        """Return how tight labour is where the firm lies, and its need of skill."""
        model = self.region_model
        people, firms = model.population, model.firms
        tight = people.start_unemployment / np.maximum(people.unemployment, 0.005)
        return tight[firms.zone[rows]] * model.region.industries.skill[firms.industry[rows], 2]

    def effect(self, rows: Rows, payment: Floats) -> None:
        """Add people with new skills where the firm lies, less those who leave, and raise its capacity."""
        model, firms = self.region_model, self.region_model.firms
        people = payment / self.terms.unit * (1.0 - self.terms.deadweight)
        away = model.flow[: model.zones, model.zones :].sum(axis=1) / np.maximum(
            model.flow[: model.zones].sum(axis=1), 1.0
        )
        stay = 1.0 - np.minimum(self.training.leaving * away[firms.zone[rows]], 0.9)
        np.add.at(model.policy.trained, model.cell_of(firms, rows), people * stay)
        part = np.minimum(payment / self.terms.unit / np.maximum(firms.jobs[rows], 1.0) / self.training.share, 1.0)
        gain = self.training.capacity_gain * self.believed(self.terms.deadweight) * part
        firms.capacity[rows] += gain * (1.0 - firms.capacity[rows])
        firms.used[rows] |= USED_SKILLS
