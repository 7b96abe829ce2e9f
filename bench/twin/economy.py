"""The twin itself: a Mesa model that takes the stages of the ODD document in their order."""

from __future__ import annotations

from math import exp, log, sqrt
from types import SimpleNamespace
from typing import Any

import mesa

from bench.twin.cooperation import Projects
from bench.twin.firm import FOREIGN, Firm, performing
from bench.twin.knowledge import Cells, unit_cost
from bench.twin.people import LEAST_RATE, People
from bench.twin.record import Record

SMALLEST = 0.3


class Twin(mesa.Model):
    """The baseline economy of one region without any policy."""

    def __init__(self, region: Any, firms: Any, parameters: Any, reference: Any, seed: int) -> None:
        super().__init__(seed=seed)
        self.quarter = 0
        self.p = SimpleNamespace(**parameters.values)
        self.on = {name: float(state) for name, state in parameters.switches.items()}
        self._tables(region)
        self.drift, self.entry = list(map(float, reference.drift)), list(map(float, reference.entry))
        self.people = People(region, self.p)
        rows = zip(firms.zone.tolist(), firms.industry.tolist(), firms.jobs.tolist(), firms.owner.tolist(), strict=True)
        self.firms = [Firm(self, *row) for row in rows]
        self._start()
        self.projects = Projects(self)
        self.count = {"innovations": 0, "projects": 0, "entries": 0, "exits": 0}
        self.record = Record()

    def _tables(self, region: Any) -> None:
        table, p = region.industries, self.p
        self.zones, self.industries = len(region.zones), len(table.codes)
        for name in ("value_added", "wage", "export_share", "consumption_share", "inputs"):
            setattr(self, name, getattr(table, name).tolist())
        self.rd_share, self.rd_intensity = table.rd_share.tolist(), table.rd_intensity.tolist()
        self.emission_rate, self.skill_higher = table.emissions.tolist(), table.skill[:, 2].tolist()
        self.home = table.position.tolist()
        minutes = region.minutes.tolist()
        zones = range(self.zones)
        self.fade = [[exp(-minutes[a][b] / p.decay_minutes) for b in zones] for a in zones]
        self.labour_fade = [[exp(-minutes[a][b] / p.labour_minutes) for b in zones] for a in zones]
        self.near = [[0.5 + exp(-minutes[a][b] / 60.0) for b in zones] for a in zones]
        square = [[sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) for b in self.home] for a in self.home]
        self.alike = [[exp(-d / 0.9) for d in row] for row in square]
        self.alike_labour = [[exp(-d / 0.8) for d in row] for row in square]
        spread = p.export_elasticity - p.local_elasticity
        self.elasticity = [p.local_elasticity + spread * x for x in self.export_share]

    def _start(self) -> None:
        """Give the first firms productivity, age, appeal, buffer and customers. ODD section 5."""
        p, gauss, random = self.p, self.random.gauss, self.random.random
        for firm in self.firms:
            size = log(firm.jobs)
            common = 0.15 * (size - 1.5) / 1.1 + sqrt(1.0 - 0.15**2) * gauss(0.0, 1.0)
            firm.productivity = p.productivity_spread * common
            firm.age = float(int(-40.0 * log(1.0 - random()) * (1.0 + 0.3 * size)))
        self.start = self.cells = Cells(self)
        self.start_mean = list(self.cells.mean_productivity)
        self.cost = [0.0] * len(self.cells.jobs)
        self.start_weight = [0.0] * self.industries
        known, _ = self._boost()
        for firm in self.firms:
            s = firm.industry
            c = max(-p.cost_clip, min(p.cost_clip, firm.productivity - self.start_mean[s]))
            firm.competitive = c
            hazard = self.hazard(firm, firm.capacity * known[firm.cell])  # steady values leave rivalry out
            firm.appeal = hazard * p.product_share * p.innovation_step / p.appeal_decay
            firm.innovated = -1 - int(log(1.0 - random()) / log(1.0 - hazard))
            per_head = self.value_added[s] * exp(firm.productivity)
            firm.output = firm.jobs * per_head
            margin = 1.0 - self.wage[s] / per_head - firm.research
            steady = (0.042 + 0.35 * max(-0.6, min(0.3, margin - 0.25))) / 0.07
            firm.liquidity = steady + 0.2 * gauss(0.0, 1.0)
            firm.customers = log(firm.output) - firm.appeal - self.elasticity[s] * c
            self.start_weight[s] += firm.output
        self.sold0 = self._sold()
        self.demand0 = self._local_demand()
        self.sales = [1.0] * self.industries

    def run(self, quarters: int) -> Twin:
        """Run some quarters and return the model."""
        for _ in range(quarters):
            self.step()
        return self

    def outcomes(self) -> dict[str, list[float]]:
        """Return each indicator per year."""
        return self.record.years()

    def step(self) -> None:
        """Take one quarter."""
        self.count = dict.fromkeys(self.count, 0)
        if self.quarter:
            self.cells = Cells(self)
            self.cost = unit_cost(self, self.cells, self.start)
        self.projects.step(self)
        self._research()
        self._innovate()
        self._sell()
        private = self._work()
        self._close()
        self._enter()
        self.people.step(private)
        self.record.keep(self)
        self.quarter += 1

    def _research(self) -> None:
        """Let the firms whose turn it is decide their R&D and drift in knowledge. ODD 7.2."""
        p, random, gauss, turn = self.p, self.random.random, self.random.gauss, self.quarter % 4
        drift = 2.0 * p.position_drift  # four quarters in one draw
        for firm in self.firms:
            if firm.unique_id % 4 != turn:
                continue
            firm.x += gauss(0.0, drift)
            firm.y += gauss(0.0, drift)
            firm.z += gauss(0.0, drift)
            # the user cost is relative to the tax credit of the baseline, so a baseline firm aims at its own level
            if firm.research > 0.0:
                if random() < p.research_stop:
                    firm.research = 0.0
                else:
                    firm.research += p.research_adjustment * (firm.research_own - firm.research)
                continue
            share = min(0.9, performing(self, firm.industry, firm.jobs) * (0.5 + firm.capacity))
            if share > 0.0 and random() < p.research_stop * share / (1.0 - share):
                firm.research = firm.research_own

    def _boost(self) -> tuple[list[float], list[float]]:
        """Return what knowledge adds per unit of capacity, and what rivalry adds, to a log hazard per cell."""
        p, on, cells = self.p, self.on, self.cells
        near, far = on["M1"] * p.spillover, on["M9"] * p.related_variety
        known = [near * own + far * related for own, related in zip(cells.own, cells.related, strict=True)]
        return known, [on["M5"] * p.rivalry * r for r in cells.rivals]

    def hazard(self, firm: Firm, boost: float) -> float:
        """Return the chance of an innovation in a quarter given the log boost of its surroundings. ODD 7.3."""
        p, effort, research = self.p, 0.4, firm.research
        if research > 0.0:
            effort += sqrt(research / 0.03 if research < 0.18 else 6.0)
        chance = p.innovation_rate * firm.jobs**p.innovation_size * (0.4 + firm.capacity) * effort * exp(boost)
        return chance if chance < p.innovation_cap else p.innovation_cap

    def _innovate(self) -> None:
        """Own innovation, imitation, reversion and decay. ODD 7.3."""
        p, random, gauss = self.p, self.random.random, self.random.gauss
        hazard, cost, quarter = self.hazard, self.cost, self.quarter
        known, rivalry = self._boost()
        keep, back, noise, catch_up = 1.0 - p.appeal_decay, p.productivity_reversion, p.productivity_noise, p.imitation
        fading, start, mean = p.willingness_reversion, self.start_mean, self.cells.mean_productivity
        found = 0
        for firm in self.firms:
            s, a, c, capacity = firm.industry, firm.productivity, firm.cell, firm.capacity
            boost, home = capacity * known[c], start[s]
            if a < home + cost[c]:
                boost += rivalry[c]
            appeal = firm.appeal * keep
            ahead = mean[s] - a
            level = a + back * (home - a) + gauss(0.0, noise)
            if ahead > 0.0:
                level += catch_up * capacity * ahead
            if firm.will != firm.will_own:
                firm.will += fading * (firm.will_own - firm.will)
            if random() < hazard(firm, boost):
                found += 1
                firm.innovated = quarter
                step = -p.innovation_step * log(1.0 - random())
                if random() < p.product_share:
                    appeal += step
                else:
                    level += step
                firm.emissions *= 1.0 - p.green_gain * step
            firm.appeal, firm.productivity = appeal, level
        self.count["innovations"] += found

    def _sold(self) -> list[float]:
        """Return value added per industry, MNOK in the quarter, private and public."""
        sold = [0.0] * self.industries
        for firm in self.firms:
            sold[firm.industry] += firm.output
        return sold

    def _local_demand(self) -> list[float]:
        """Return local demand per industry, MNOK a quarter. ODD 7.6."""
        p, industries = self.p, range(self.industries)
        buyers = self._sold() if self.on["M3"] else self.sold0
        buyers = [v + self.value_added[s] * sum(row[s] for row in self.people.public) for s, v in enumerate(buyers)]
        spent = p.consume * p.local_consumption * self.people.income
        return [self.consumption_share[s] * spent + sum(self.inputs[t][s] * buyers[t] for t in industries)
                for s in industries]  # fmt: skip

    def _sell(self) -> None:
        """Customers come and go; find sales per unit of weight. ODD 7.6."""
        p, random = self.p, self.random.random
        jump, cap, limit = p.jump_probability, p.growth_cap, p.cost_clip
        scale, fall = p.growth_sd / (sqrt(2.0) * sqrt(4.0 * jump)), -p.growth_size
        weights = [0.0] * self.industries
        elasticity, start, cost, drift = self.elasticity, self.start_mean, self.cost, self.drift
        for firm in self.firms:
            s, n = firm.industry, firm.jobs
            spread = min(cap, scale * n**fall)
            b = firm.customers + drift[s] - log(1.0 + jump * (1.0 / (1.0 - spread * spread) - 1.0))
            b += p.youth_growth * exp(-firm.age / 12.0)
            if n > 50.0:
                b -= p.size_drag * log(n / 50.0)
            if random() < jump:
                u = 2.0 * random() - 1.0
                b -= spread * log(1.0 - abs(u)) * (1.0 if u > 0.0 else -1.0)
            firm.customers = b
            c = firm.productivity - start[s] - cost[firm.cell]
            firm.competitive = c = limit if c > limit else -limit if c < -limit else c
            firm.weight = weight = exp(b + firm.appeal + elasticity[s] * c)
            weights[s] += weight
        demand, outside = self._local_demand(), p.outside_weight
        for s, x in enumerate(self.export_share):
            local = demand[s] / self.demand0[s] if self.demand0[s] > 0.0 else 1.0
            first = self.start_weight[s]
            crowd = first * (1.0 + outside) / (weights[s] + outside * first) if first > 0.0 else 1.0
            self.sales[s] = x + (1.0 - x) * local * crowd

    def _work(self) -> list[float]:
        """Hiring, output, margin and buffer; return private jobs per zone. ODD 7.7 and 7.8."""
        p, people, industries, on = self.p, self.people, self.industries, self.on
        slack = zip(people.rate, people.start_rate, strict=True)
        loose = [min(1.15, (max(now, LEAST_RATE) / first) ** p.tightness) for now, first in slack]
        fill = [loose[c // industries] * (1.0 + on["M2"] * p.pooling * (now - first))
                for c, (now, first) in enumerate(zip(self.cells.labour, self.start.labour, strict=True))]  # fmt: skip
        adjust, most, sales, worth = p.adjustment, p.output_limit, self.sales, self.value_added
        wages = [[w * exp(level) for w in self.wage] for level in people.log_wage]
        joint, full, replaced = self.projects.cost, self.projects.full, self.projects.from_research
        rd = emitted = made = 0.0
        private = [0.0] * self.zones
        for firm in self.firms:
            s, n = firm.industry, firm.jobs
            asked = firm.weight * sales[s]
            per_head = worth[s] * exp(firm.productivity)
            gap = asked / per_head - n
            n += adjust * (fill[firm.cell] if gap > 0.0 else 1.0) * gap
            firm.jobs = n = n if n > SMALLEST else SMALLEST
            private[firm.zone] += n
            output = min(n * per_head, most * asked)
            firm.output = output
            own = done = firm.research * output
            bill = n * wages[firm.zone][s]
            if firm.projects:
                many = firm.projects
                own -= many * replaced
                if own < 0.0:
                    own = 0.0
                bill += many * joint
                done = own + many * full
            bill += own
            margin = (output - bill) / output - 0.25
            margin = 0.3 if margin > 0.3 else -0.6 if margin < -0.6 else margin
            liquid = 0.93 * firm.liquidity + 0.042 + 0.35 * margin
            firm.liquidity = 3.0 if liquid > 3.0 else -1.5 if liquid < -1.5 else liquid
            rd += done
            made += output
            emitted += firm.emissions * output
        self.made, self.rd, self.emitted = made, rd, emitted
        return private

    def _close(self) -> None:
        """Firms close. ODD 7.8."""
        p, random, rivals = self.p, self.random.random, self.cells.rivals
        rivalry, gone, kept = self.on["M5"] * p.rivalry, set(), []
        moving = p.footloose / 4.0
        for firm in self.firms:
            firm.age += 1.0
            n, c = firm.jobs, firm.competitive
            hazard = p.exit_rate * n**-p.exit_size * (1.0 + p.exit_youth * exp(-firm.age / 6.0))
            hazard *= exp(-p.exit_cost * c - p.exit_buffer * (firm.liquidity - 0.6))
            if c < -0.1:
                hazard *= 1.0 + rivalry * rivals[firm.cell]
            if random() < hazard or n < p.least_size or (firm.owner == FOREIGN and random() < moving):
                gone.add(firm)
            else:
                kept.append(firm)
        if gone:
            self.projects.drop(gone)
            for firm in gone:
                firm.remove()
        self.firms = kept
        self.count["exits"] = len(gone)

    def _enter(self) -> None:
        """Candidates enter, a part of them as spinoffs. ODD 7.8."""
        p, random, six = self.p, self.random.random, self.on["M6"]
        for c, first in enumerate(self.start.members):
            if not first:
                continue
            s = c % self.industries
            many = max(1, round(p.entry_candidates * len(first)))
            chance = self.entry[s] * len(first) / many * self.sales[s] ** p.entry_demand
            chance *= 1.0 + six * 4.0 * p.entry_pool * (self.cells.founders[c] - self.start.founders[c])
            for _ in range(many):
                if random() < chance:
                    self._found(c, six > 0.0 and random() < p.spinoff_share)

    def _found(self, cell: int, spinoff: bool) -> None:
        p, random, gauss = self.p, self.random.random, self.random.gauss
        zone, s = divmod(cell, self.industries)
        jobs = 1.0 - (p.entry_size - 1.0) * log(1.0 - random())
        firm = Firm(self, zone, s, jobs, 0)
        mean = self.cells.mean_productivity[s]
        firm.productivity = mean + p.entry_gap + p.productivity_spread * gauss(0.0, 1.0)
        parents = self.cells.members[cell]
        if spinoff and parents:
            parent = parents[int(random() * len(parents))]
            firm.productivity += p.spinoff_inherits * (parent.productivity - mean) - p.entry_gap
            near = 0.2 * p.position_spread
            firm.x, firm.y, firm.z = (v + gauss(0.0, near) for v in (parent.x, parent.y, parent.z))
        c = firm.productivity - self.start_mean[s] - self.cost[cell]
        firm.competitive = c = max(-p.cost_clip, min(p.cost_clip, c))
        firm.output = jobs * self.value_added[s] * exp(firm.productivity)
        firm.customers = log(firm.output / self.sales[s]) - self.elasticity[s] * c
        self.firms.append(firm)
        self.count["entries"] += 1
