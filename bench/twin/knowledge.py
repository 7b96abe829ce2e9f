"""Sums of firms over cells, knowledge pools, critical mass and unit cost. ODD 7.1 and the cost of 7.6."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.twin.economy import Twin
    from bench.twin.firm import Firm


def hill(x: float, half: float, steepness: float = 1.0) -> float:
    """Return x^v / (x^v + h^v)."""
    if x <= 0.0:
        return 0.0
    raised = x**steepness
    return raised / (raised + half**steepness)


class Cells:
    """What firms add up to in each cell at the start of a quarter."""

    def __init__(self, model: Twin) -> None:
        zones, industries, p = model.zones, model.industries, model.p
        count = zones * industries
        self.members: list[list[Firm]] = [[] for _ in range(count)]
        self.jobs, self.skilled = [0.0] * count, [0.0] * count
        self._sum(model)
        self._pools(model)
        number = [len(m) for m in self.members]
        fade = model.fade
        self.rivals = [0.0] * count
        self.suppliers = [0.0] * count
        self.labour = [0.0] * count
        self.founders = [0.0] * count
        for z in range(zones):
            reach = [0.0] * industries
            pool = [0.0] * industries
            for s in range(industries):
                near = sum(fade[z][o] * number[o * industries + s] for o in range(zones))
                self.rivals[z * industries + s] = hill(near, p.rivals_half)
                able = sum(fade[z][o] * self.skilled[o * industries + s] for o in range(zones))
                self.founders[z * industries + s] = hill(able, p.entry_pool_half, p.threshold)
                pool[s] = sum(model.labour_fade[z][o] * self.jobs[o * industries + s] for o in range(zones))
                reach[s] = hill(pool[s], p.supplier_half)
            for s in range(industries):
                c = z * industries + s
                self.suppliers[c] = sum(map(float.__mul__, model.inputs[s], reach))
                self.labour[c] = hill(sum(map(float.__mul__, model.alike_labour[s], pool)), p.pool_half)

    def _sum(self, model: Twin) -> None:
        count, industries = len(self.members), model.industries
        members, jobs, skilled = self.members, self.jobs, self.skilled
        self.knowledge = knowledge = [0.0] * count
        sx, sy, sz, squares = [0.0] * count, [0.0] * count, [0.0] * count, [0.0] * count
        level, number = [0.0] * industries, [0] * industries
        for firm in model.firms:
            c, n, a, x, y, z = firm.cell, firm.jobs, firm.productivity, firm.x, firm.y, firm.z
            members[c].append(firm)
            jobs[c] += n
            skilled[c] += n * firm.capacity
            knowledge[c] += (10.0 * firm.research + 0.01) * n * exp(a)
            sx[c] += x
            sy[c] += y
            sz[c] += z
            squares[c] += x * x + y * y + z * z
            level[firm.industry] += a
            number[firm.industry] += 1
        self.mean_productivity = [v / k if k else 0.0 for v, k in zip(level, number, strict=True)]
        self.centre, self.variance = [], []
        for c in range(count):
            k = len(members[c])
            if not k:  # an empty cell stands where its industry is at home
                self.centre.append(tuple(model.home[c % industries]))
                self.variance.append(0.0)
                continue
            mx, my, mz = sx[c] / k, sy[c] / k, sz[c] / k
            self.centre.append((mx, my, mz))
            self.variance.append(max(squares[c] / k - mx * mx - my * my - mz * mz, 0.0))

    def _pools(self, model: Twin) -> None:
        p, industries, count = model.p, model.industries, len(self.members)
        centre, variance, knowledge, alike = self.centre, self.variance, self.knowledge, model.alike
        one, nine = model.on["M1"], model.on["M9"]
        filled = [c for c in range(count) if knowledge[c] > 0.0]
        self.own, self.related, self.mass = [0.0] * count, [0.0] * count, [0.0] * count
        for c in range(count):
            zone, s = divmod(c, industries)
            mx, my, mz = centre[c]
            own = related = 0.0
            for o in filled:
                zone_o, t = divmod(o, industries)
                x, y, z = centre[o]
                d = sqrt((x - mx) ** 2 + (y - my) ** 2 + (z - mz) ** 2 + variance[c] + variance[o])
                flow = model.fade[zone][zone_o] * knowledge[o] * d * exp(1.0 - d)
                if t == s:
                    own += flow
                else:
                    related += flow * alike[s][t]
            self.own[c] = hill(own, p.half_pool, p.threshold)
            self.related[c] = hill(related, p.related_half * p.half_pool, p.threshold)
            self.mass[c] = 1.0 - (1.0 - one * self.own[c]) * (1.0 - 0.5 * nine * self.related[c])


def unit_cost(model: Twin, cells: Cells, start: Cells) -> list[float]:
    """Return log unit cost per cell relative to the start."""
    p, on, industries = model.p, model.on, model.industries
    people = model.people
    out = []
    for c, jobs in enumerate(cells.jobs):
        z = c // industries
        cost = p.wage_share * people.log_wage[z] + p.rent_share * people.log_price[z]
        cost -= on["M3"] * 10.0 * p.supplier_link * (cells.suppliers[c] - start.suppliers[c])
        first = start.jobs[c]
        if first > 0.0 and jobs > 0.0:
            cost += on["M8"] * p.congestion * log(jobs / first) * hill(first, p.congestion_half)
        out.append(cost)
    return out
