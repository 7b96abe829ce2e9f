"""Labour force, commuting, wages, migration, cohorts, housing and the municipal account. ODD 7.7, 7.9 and 7.10."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import SimpleNamespace

    from sim.region import Region

# By five-year age group from 0 to 85 and over; rates per year and person.
BIRTHS = [0.0, 0.0, 0.0, 0.002, 0.018, 0.045, 0.058, 0.03, 0.007, 0.0005, *([0.0] * 8)]
DEATHS = [0.0006, 0.0001, 0.0001, 0.0003, 0.0005, 0.0006, 0.0007, 0.0009, 0.0012, 0.0018, 0.0029, 0.0046, 0.0074,
          0.0118, 0.019, 0.033, 0.06, 0.15]  # fmt: skip
PARTICIPATION = [0.0, 0.0, 0.0, 0.42, 0.74, 0.83, 0.86, 0.87, 0.87, 0.86, 0.84, 0.8, 0.67, 0.28, 0.09, 0.0, 0.0, 0.0]
MOBILITY = [1.1, 0.8, 0.6, 0.9, 2.2, 2.4, 1.7, 1.1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.3, 0.25, 0.25, 0.25, 0.25]
# MNOK per person and year before the scale that balances the account at the start
SERVICES = [0.13, 0.15, 0.16, 0.06, 0.02, *([0.018] * 6), 0.02, 0.022, 0.028, 0.045, 0.08, 0.15, 0.32]
PENSION_GROUP = 13  # 65 and over
LEAST_SLACK, LEAST_RATE = 0.005, 0.006
ROUNDS, DAMPING, CLOSE = 60, 0.15, 1e-6  # how the slack of a quarter is found
PUBLIC_STEP = 0.25  # public jobs follow people by a quarter of the way
BUILDING = 0.02  # a year, per unit of log price and supply response


class People:
    """Residents of the zones and where they work."""

    def __init__(self, region: Region, p: SimpleNamespace) -> None:
        self.p = p
        self.zones, nodes = len(region.zones), len(region.zones) + len(region.externals)
        self.nodes = nodes
        self.persons = [list(row) for row in region.population.tolist()]
        self.persons0 = [list(row) for row in self.persons]
        self.natural0 = [self._natural(row) for row in self.persons0]
        self.start_rate = region.unemployment.tolist()
        self.rate = list(self.start_rate)
        self.force0 = (region.employed_residents / (1.0 - region.unemployment)).tolist()
        self.force = list(self.force0)
        self.active0 = [self._active(row) for row in self.persons0]
        self.flow0 = region.commuting.tolist()
        self.jobs0 = region.jobs.sum(axis=1).tolist()
        self.public0 = region.public.tolist()
        self.public = [list(row) for row in self.public0]
        # shares of each zone's jobs by home, and persons from each zone to each outside node
        self.share = [[self.flow0[h][w] / self.jobs0[w] for h in range(nodes)] for w in range(self.zones)]
        self.out = [list(self.flow0[h][self.zones :]) for h in range(self.zones)]
        self.employed = [sum(self.flow0[h]) for h in range(self.zones)]
        self.log_wage, self.log_price = [0.0] * self.zones, [0.0] * self.zones
        self.dwellings0 = [sum(row) / p.household_size for row in self.persons]
        self.dwellings = list(self.dwellings0)
        self.history = [self._in_reach(self.jobs0)] * 4
        self.earned = list(self.employed)  # residents at work x wage where they work
        self.earned0 = list(self.earned)
        self.income = self._income()

    def _active(self, persons: list[float]) -> float:
        return sum(map(float.__mul__, persons, PARTICIPATION))

    def _in_reach(self, jobs: list[float]) -> list[float]:
        """Return jobs where residents worked at the start, 1 at the start; jobs outside stay as they are."""
        grown = [j / first for j, first in zip(jobs, self.jobs0, strict=True)] + [1.0] * (self.nodes - self.zones)
        return [sum(map(float.__mul__, row, grown)) / sum(row) for row in self.flow0[: self.zones]]

    def _natural(self, persons: list[float]) -> list[float]:
        """Return the change of each age group in a quarter by births, deaths and ageing."""
        out = [-DEATHS[g] / 4.0 * n for g, n in enumerate(persons)]
        for g in range(len(persons) - 1):
            out[g] -= persons[g] / 20.0
            out[g + 1] += persons[g] / 20.0
        out[0] += sum(n * b for n, b in zip(persons, BIRTHS, strict=True)) / 4.0
        return out

    def _income(self) -> float:
        """Return wages of residents and pensions, MNOK a quarter."""
        p = self.p
        old = sum(sum(row[PENSION_GROUP:]) for row in self.persons)
        return p.wage_person * sum(self.earned) + p.transfer_person * old

    def step(self, private: list[float]) -> None:
        """Move people one quarter on; ``private`` is private jobs per zone."""
        self.public_now = [list(row) for row in self.public]
        jobs = [private[z] + sum(self.public[z]) for z in range(self.zones)]
        self.jobs = jobs
        self._work(jobs)
        p = self.p
        for z in range(self.zones):
            goal = -p.wage_curve * log(max(self.rate[z], LEAST_RATE) / self.start_rate[z])
            self.log_wage[z] += p.wage_adjustment * (goal - self.log_wage[z])
        self._earn(jobs)
        self._move(jobs)
        self._live()
        self.income = self._income()

    def _work(self, jobs: list[float]) -> None:
        """Share jobs out to homes by the slack of the same quarter, found by damped repetition. ODD 7.7."""
        p, zones = self.p, range(self.zones)
        base = [self.force0[z] * self._active(self.persons[z]) / self.active0[z] for z in zones]
        outside = [exp(-p.commuting_wage * w) for w in self.log_wage]
        for _ in range(ROUNDS):
            force = [base[z] * (1.0 + p.supply_response * (self.start_rate[z] - self.rate[z])) for z in zones]
            slack = [max(self.rate[z], LEAST_SLACK) / max(self.start_rate[z], LEAST_SLACK) for z in zones]
            pull = [force[z] / self.force0[z] * slack[z] ** p.commuting_slack for z in zones]
            share, out, employed = self._share_out(jobs, pull, outside)
            gap = [1.0 - employed[z] / force[z] - self.rate[z] for z in zones]
            if max(map(abs, gap)) < CLOSE:
                break
            self.rate = [self.rate[z] + DAMPING * gap[z] for z in zones]
        self.share, self.out, self.employed, self.force = share, out, employed, force
        self.rate = [1.0 - employed[z] / force[z] for z in zones]

    def _share_out(
        self, jobs: list[float], pull: list[float], outside: list[float]
    ) -> tuple[list[list[float]], list[list[float]], list[float]]:
        """Return shares of jobs by home, commuters to outside and employed residents; all move by a tenth."""
        zones, nodes, step, flow = self.zones, self.nodes, self.p.commuting_adjustment, self.flow0
        keep, shares, employed = 1.0 - step, [], [0.0] * zones
        for w in range(zones):
            goal = [flow[h][w] * pull[h] if h < zones else flow[h][w] for h in range(nodes)]
            scale = step / sum(goal)
            share = [keep * old + scale * g for old, g in zip(self.share[w], goal, strict=True)]
            shares.append(share)
            for h in range(zones):
                employed[h] += share[h] * jobs[w]
        out = []
        for h in range(zones):
            factor = step * pull[h] * outside[h]
            out.append([keep * old + factor * first for old, first in zip(self.out[h], flow[h][zones:], strict=True)])
            employed[h] += sum(out[h])
        return shares, out, employed

    def _earn(self, jobs: list[float]) -> None:
        """Find what residents earn: the wage of the workplace; outside it stays as at the start."""
        bills = [n * exp(w) for n, w in zip(jobs, self.log_wage, strict=True)]
        for h in range(self.zones):
            self.earned[h] = sum(share[h] * bill for share, bill in zip(self.share, bills, strict=True))
            self.earned[h] += sum(self.out[h])

    def _move(self, jobs: list[float]) -> None:
        """Let people be born, age, die and move."""
        p, zones = self.p, self.zones
        reach = self._in_reach(jobs)
        before = self.history[0]
        self.history = [*self.history[1:], reach]
        wanted = []
        for z in range(zones):
            pull = p.migration_jobs * log(reach[z] / before[z])
            pull += p.migration_unemployment * (self.start_rate[z] - self.rate[z])
            wanted.append((pull - p.migration_house * self.log_price[z]) * sum(self.persons[z]) / 4.0)
        movers = self._with_neighbours(wanted)
        for z in range(zones):
            persons = self.persons[z]
            natural = self._natural(persons)
            weight = [n * m for n, m in zip(persons, MOBILITY, strict=True)]
            each = movers[z] / sum(weight)
            for g, n in enumerate(persons):
                persons[g] = max(n + natural[g] - self.natural0[z][g] + each * weight[g], 0.0)

    def _with_neighbours(self, wanted: list[float]) -> list[float]:
        """Return net movers per zone; a share of each zone's come from, or go to, the others of the region."""
        out, persons = list(wanted), [sum(row) for row in self.persons]
        for z, many in enumerate(wanted):
            others = sum(persons) - persons[z]
            for o in range(self.zones):
                if o != z and others > 0.0:
                    out[o] -= self.p.neighbour_share * many * persons[o] / others
        return out

    def _live(self) -> None:
        """Move house prices, building and public jobs."""
        p = self.p
        for z in range(self.zones):
            many = sum(self.persons[z])
            self.dwellings[z] *= 1.0 + p.house_supply * BUILDING * self.log_price[z] / 4.0
            goal = p.house_elasticity * log(many / p.household_size / self.dwellings[z])
            self.log_price[z] += p.house_adjustment * (goal - self.log_price[z])
            grown = (many / sum(self.persons0[z])) ** p.public_elasticity
            self.public[z] = [n + PUBLIC_STEP * (first * grown - n)
                              for n, first in zip(self.public[z], self.public0[z], strict=True)]  # fmt: skip

    def account(self) -> float:
        """Return the municipal net of the quarter, MNOK; it is zero at the start."""
        p, net = self.p, 0.0
        for z, persons in enumerate(self.persons):
            first = sum(map(float.__mul__, self.persons0[z], SERVICES)) / sum(self.persons0[z])
            scale = p.revenue_head / first
            cost = scale * sum(map(float.__mul__, persons, SERVICES))
            free = p.revenue_head * sum(persons)
            usual = self.earned0[z] * sum(persons) / sum(self.persons0[z])
            wages = p.wage_person * (self.earned[z] - usual)
            net += (free + p.need_equalisation * (cost - free) - cost) / 4.0 + p.tax_kept * p.tax_share * wages
        return net
