"""One firm as a Mesa agent, and how its traits are drawn. ODD sections 2 and 5."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from bench.twin.economy import Twin

NEVER = -1000
FOREIGN = 2


class Firm(mesa.Agent):
    """A private establishment with employees. Units as in the table of columns of the ODD document."""

    __slots__ = ("age", "appeal", "capacity", "cell", "competitive", "customers", "done", "emissions", "industry",
                 "innovated", "jobs", "links", "liquidity", "output", "owner", "performs", "productivity", "projects",
                 "research", "research_own", "weight", "will", "will_own", "x", "y", "z", "zone")  # fmt: skip

    def __init__(self, model: Twin, zone: int, industry: int, jobs: float, owner: int) -> None:
        super().__init__(model)
        self.zone, self.industry, self.cell = zone, industry, zone * model.industries + industry
        self.jobs, self.owner = jobs, owner
        self.productivity = self.appeal = self.customers = self.competitive = self.weight = self.age = 0.0
        self.projects = self.done = 0
        self.innovated = NEVER
        self.links: dict[Firm, float] = {}
        draw_traits(self, model)


def performing(model: Twin, industry: int, jobs: float) -> float:
    """Return the chance that a firm does R&D: the share of the industry, less among firms below thirty."""
    return model.rd_share[industry] * min(1.0, math.sqrt(jobs / 30.0))


def draw_traits(firm: Firm, model: Twin) -> None:
    """Draw R&D, willingness, capacity, position and emissions of a new row."""
    chance, s = model.random, firm.industry
    gauss = chance.gauss
    firm.research_own = model.rd_intensity[s] * math.exp(0.5 * gauss(0.0, 1.0) - 0.125)
    firm.research = firm.research_own if chance.random() < performing(model, s, firm.jobs) else 0.0
    firm.will = firm.will_own = chance.random() ** 0.8
    logit = -1.0 + 0.2 * math.log(firm.jobs) + 0.8 * (firm.research > 0.0) + 1.5 * (model.skill_higher[s] - 0.35)
    logit += 0.4 * gauss(0.0, 1.0)
    firm.capacity = 1.0 / (1.0 + math.exp(-logit))
    spread, home = model.p.position_spread, model.home[s]
    firm.x = home[0] + spread * gauss(0.0, 1.0)
    firm.y = home[1] + spread * gauss(0.0, 1.0)
    firm.z = home[2] + spread * gauss(0.0, 1.0)
    firm.emissions = model.emission_rate[s] * math.exp(0.3 * gauss(0.0, 1.0) - 0.045)
    firm.output = firm.jobs * model.value_added[s]
    firm.liquidity = 0.6 + 0.2 * gauss(0.0, 1.0)
