"""A plain loop for comparison: the innovation and market stages of the model with one Python object per firm.

It is a yardstick for speed, not an oracle: the same arithmetic and number of draws per firm and quarter,
written as anybody would write it first, without cooperation, people or accounts.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass


@dataclass
class Firm:
    """One firm as an object."""

    jobs: float
    productivity: float
    appeal: float
    customers: float
    capacity: float
    research: float
    liquidity: float
    age: float
    position: list[float]
    weight: float = 0.0
    output: float = 0.0


def make(sizes: list[float], chance: random.Random) -> list[Firm]:
    """Return firms of the given sizes."""
    return [
        Firm(n, chance.gauss(0, 0.22), 0.02, math.log(n * 0.25), 0.4, 0.03 * (chance.random() < 0.1), 0.8, 20.0,
             [chance.gauss(0, 0.35) for _ in range(3)])
        for n in sizes
    ]  # fmt: skip


def step(firms: list[Firm], chance: random.Random) -> None:
    """Advance one quarter: innovation, demand, hiring, output, survival and one entrant per exit."""
    mean = sum(f.productivity for f in firms) / len(firms)
    for f in firms:
        effort = 0.4 + math.sqrt(min(f.research / 0.03, 6.0))
        hazard = min(0.6, 0.055 * f.jobs**0.25 * (0.4 + f.capacity) * effort * math.exp(0.3 * f.capacity))
        if chance.random() < hazard:
            step_size = chance.expovariate(1 / 0.03)
            if chance.random() < 0.6:
                f.appeal += step_size
            else:
                f.productivity += step_size
        lag = max(mean - f.productivity, 0.0)
        f.productivity = 0.97 * f.productivity + 0.055 * chance.gauss(0, 1) + 0.01 * f.capacity * lag
        f.appeal *= 0.955
        f.position = [x + 0.015 * chance.gauss(0, 1) for x in f.position]
        theta = min(0.45, 0.215 * f.jobs**-0.17)
        f.customers += 0.05 * math.exp(-f.age / 12) - math.log(1 + 0.35 * (1 / (1 - theta * theta) - 1))
        if chance.random() < 0.35:
            u = chance.random() - 0.5
            f.customers += theta * math.copysign(math.log(1 - 2 * abs(u)), -u)
        f.weight = math.exp(f.customers + f.appeal + 2.0 * min(max(f.productivity, -1.2), 1.2))
    total = sum(f.weight for f in firms)
    bracket = 0.5 + 0.5 * len(firms) * 3.0 / (total + 1.0)
    survivors = []
    for f in firms:
        wanted = f.weight * bracket / (0.25 * math.exp(f.productivity))
        f.jobs = max(f.jobs + 0.5 * (wanted - f.jobs), 0.3)
        f.output = min(f.jobs * 0.25 * math.exp(f.productivity), 1.15 * f.weight * bracket)
        margin = (f.output - f.jobs * 0.17 - f.research * f.output) / f.output
        f.liquidity = min(max(0.93 * f.liquidity + 0.042 + 0.35 * min(max(margin - 0.25, -0.6), 0.3), -1.5), 3.0)
        f.age += 1
        risk = 0.028 * f.jobs**-0.42 * (1 + 1.1 * math.exp(-f.age / 6))
        risk *= math.exp(-0.8 * f.productivity - 0.7 * (f.liquidity - 0.6))
        if f.jobs >= 0.6 and chance.random() >= risk:
            survivors.append(f)
    firms[:] = survivors + make([2.2] * (len(firms) - len(survivors)), chance)
