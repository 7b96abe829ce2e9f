"""A second, plain implementation of the baseline: Mesa, one Python object per firm, plain loops.

It is the oracle of the kernels (it must agree with them statistically) and the peer for speed. Its chance is
Python's ``random``, so nothing agrees draw by draw. Firms, pools, projects, market, hiring, exit, entry, commuting
and wages are written out here from docs/odd.md; the cohort model of people (zone level, no firms) is shared.
No instruments: it is a twin of the baseline. Honest limits: its author knew the kernels.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from typing import Any

import mesa

from sim.model import Parameters, Reference
from sim.model.population import Population
from sim.region import Region, SyntheticFirms

Matrix = list[list[float]]


def hill(x: float, half: float, steepness: float) -> float:
    """Return x**v / (x**v + h**v)."""
    return 0.0 if x <= 0.0 else (x / half) ** steepness / ((x / half) ** steepness + 1.0)


def clip(x: float, low: float, high: float) -> float:
    """Return x within bounds."""
    return low if x < low else high if x > high else x


class Firm(mesa.Agent):
    """One firm."""

    def __init__(self, model: Twin, zone: int, industry: int, jobs: float, owner: int = 0) -> None:
        super().__init__(model)
        chance, p, t = model.chance, model.p, model.table
        self.zone, self.industry, self.jobs, self.owner = zone, industry, jobs, owner
        self.turn = chance.randrange(4)
        size = math.log(max(jobs, 1.0))
        level = float(t.rd_intensity[industry])
        self.research_own = level * math.exp(0.5 * chance.gauss(0, 1) - 0.125)
        performs = chance.random() < performer(jobs, float(t.rd_share[industry]), 0.5)
        self.research = self.research_own if performs else 0.0
        skilled = float(t.skill[industry, 2]) - 0.35
        score = -1.0 + 0.2 * size + 0.8 * performs + 1.5 * skilled + 0.4 * chance.gauss(0, 1)
        self.capacity = 1.0 / (1.0 + math.exp(-score))
        self.will = self.will_own = chance.random() ** 0.8
        self.liquidity = clip(0.6 + 0.2 * chance.gauss(0, 1), -1.0, 2.0)
        self.emissions = float(t.emissions[industry]) * math.exp(0.3 * chance.gauss(0, 1) - 0.045)
        self.position = [float(t.position[industry, k]) + p["position_spread"] * chance.gauss(0, 1) for k in range(3)]
        self.productivity = self.appeal = self.customers = 0.0
        self.age, self.innovated, self.done = 0.0, -1000, 0
        self.projects: list[Project] = []
        self.links: dict[Firm, float] = {}
        self.output = self.weight = 0.0

    @property
    def cell(self) -> int:
        """Return the cell of zone and industry."""
        return self.zone * self.model.industries + self.industry


class Project:
    """A joint project of two firms."""

    def __init__(self, first: Firm, second: Firm, end: int, score: float) -> None:
        self.first, self.second, self.end, self.score = first, second, end, score


def performer(jobs: float, share: float, capacity: float) -> float:
    """Return the chance that a firm does R&D."""
    return min(0.9, share * min(1.0, math.sqrt(jobs / 30.0)) * (0.5 + capacity))


class Twin(mesa.Model):
    """The baseline of one region, firm by firm."""

    def __init__(
        self, region: Region, firms: SyntheticFirms, parameters: Parameters, path: Reference, seed: int
    ) -> None:
        super().__init__(rng=seed)
        self.region, self.p, self.path, self.table = region, parameters, path, region.industries
        self.chance = random.Random(seed)
        self.industries, self.zones, self.quarter = len(region.industries.codes), len(region.zones), 0
        self.cells = self.zones * self.industries
        self.drift, self.entry = [float(x) for x in path.drift], [float(x) for x in path.entry]
        self._tables()
        self.firms = [Firm(self, int(z), int(s), float(n), int(o)) for z, s, n, o in
                      zip(firms.zone, firms.industry, firms.jobs, firms.owner, strict=True)]  # fmt: skip
        self.population = Population(region.population, region.employed_residents, region.unemployment, region.minutes)
        self.wage = [1.0] * self.zones
        self.flow = [[float(x) for x in row] for row in region.commuting]
        self.quarters: dict[str, list[float]] = defaultdict(list)
        self._balance()

    # -- the quarter ---------------------------------------------------------------------------------------

    def step(self) -> None:
        """Advance one quarter."""
        self._pools()
        self._unit_costs()
        for firm in self.firms:
            if (firm.turn + self.quarter) % 4 == 0:
                self._decide_research(firm)
        self.finished = self._finish_projects()
        for firm in self.firms:
            firm.will += self.p["willingness_reversion"] * (firm.will_own - firm.will)
            firm.links = {other: s for other, old in firm.links.items()
                          if (s := old * (1.0 - self.p["link_decay"])) >= 0.05}  # fmt: skip
        self._search()
        self.innovations = self.finished + sum(self._innovate(firm) for firm in self.firms)
        for firm in self.firms:
            self._weigh(firm)
        self._share_demand()
        self._hire()
        self._produce()
        self._exit()
        self._enter()
        self._people()
        self._record()
        self.quarter += 1

    def run(self, quarters: int) -> Twin:
        """Advance some quarters."""
        for _ in range(quarters):
            self.step()
        return self

    # -- submodels -----------------------------------------------------------------------------------------

    def _tables(self) -> None:
        r, t, p = self.region, self.table, self.p
        z = range(self.zones)
        minutes = [[float(r.minutes[a, b]) for b in z] for a in z]
        self.fade = [[math.exp(-m / p["decay_minutes"]) for m in row] for row in minutes]
        self.labour_fade = [[math.exp(-m / p["labour_minutes"]) for m in row] for row in minutes]
        self.hour_fade = [[math.exp(-m / 60.0) for m in row] for row in minutes]
        self.value_added = [float(x) for x in t.value_added]
        self.export = [float(x) for x in t.export_share]
        self.elasticity = [p["local_elasticity"] + (p["export_elasticity"] - p["local_elasticity"]) * x
                           for x in self.export]  # fmt: skip
        home = [[float(x) for x in row] for row in t.position]
        self.home = home
        far = [[sum((a[k] - b[k]) ** 2 for k in range(3)) for b in home] for a in home]
        self.near = [[math.exp(-d / 0.9) for d in row] for row in far]
        self.skill_near = [[math.exp(-d / 0.8) for d in row] for row in far]
        self.inputs = [[float(x) for x in row] for row in t.inputs]
        self.start_jobs = [float(x) for x in r.jobs.sum(axis=1)]
        self.start_flow = [[float(x) for x in row] for row in r.commuting]
        columns = [sum(row[w] for row in self.start_flow) for w in range(len(self.start_flow))]
        self.share = [[row[w] / columns[w] if w < self.zones and columns[w] > 0 else row[w] for w in range(len(row))]
                      for row in self.start_flow]  # fmt: skip

    def _balance(self) -> None:
        """Set every start level so that demand equals supply."""
        p, chance = self.p, self.chance
        spread = p["productivity_spread"]
        for firm in self.firms:
            tilt = 0.15 * (math.log(max(firm.jobs, 1.0)) - 1.5) / 1.1
            firm.productivity = spread * (tilt + math.sqrt(1 - 0.15**2) * chance.gauss(0, 1))
            firm.age = -math.log(chance.random()) * 40.0 * (1.0 + 0.3 * math.log(max(firm.jobs, 1.0)))
            firm.output = firm.jobs * self.value_added[firm.industry] * math.exp(firm.productivity)
        self.bracket = [1.0] * self.industries
        self.cost = [0.0] * self.cells
        self.start_mean = [0.0] * self.industries
        self._sums()
        self.start_mean = list(self.mean)
        self._pools()
        self.start_pool = dict(self.pool)
        for firm in self.firms:
            hazard = self._hazard(firm, rivalry=False)
            firm.appeal = hazard * p["product_share"] * p["innovation_step"] / p["appeal_decay"]
            ago = -math.log(chance.random()) / max(hazard, 1e-4)
            firm.innovated = -1 - int(min(ago, 900))
            margin = 1.0 - float(self.table.wage[firm.industry]) / (
                self.value_added[firm.industry] * math.exp(firm.productivity)
            )
            firm.liquidity += (0.042 + 0.35 * clip(margin - firm.research - 0.25, -0.6, 0.3)) / 0.07 - 0.6
            self._open(firm)
        self._sums()
        self.start_weights, self.start_output = list(self.weights), list(self.made)
        self.start_cell_firms = [len(cell) for cell in self.members]
        self.start_cell_jobs = list(self.cell_jobs)
        self.sums_jobs, self.sums_made = list(self.cell_jobs), list(self.made)
        self.public = self._public_jobs()
        self.start_local = self._local_demand()
        self.start_bracket = [1.0] * self.industries
        self.candidates = [math.ceil(p["entry_candidates"] * n) for n in self.start_cell_firms]

    def _sums(self) -> None:
        s = self.industries
        self.members: list[list[Firm]] = [[] for _ in range(self.cells)]
        self.cell_jobs = [0.0] * self.cells
        self.weights, self.made, self.mean = [0.0] * s, [0.0] * s, [0.0] * s
        count = [0] * s
        for firm in self.firms:
            self.members[firm.cell].append(firm)
            self.cell_jobs[firm.cell] += firm.jobs
            self.weights[firm.industry] += firm.weight
            self.made[firm.industry] += firm.output
            self.mean[firm.industry] += firm.productivity
            count[firm.industry] += 1
        self.mean = [m / n if n else self.start_mean[i] for i, (m, n) in enumerate(zip(self.mean, count, strict=True))]

    def _pools(self) -> None:
        """Return by cell: own pool, related pool, critical mass, rivals, labour, suppliers, entry pool."""
        self._sums()
        p, on = self.p, self.p.on
        stats = []
        for c, cell in enumerate(self.members):
            n = len(cell)
            place = [sum(f.position[k] for f in cell) / n if n else self.home[c % self.industries][k] for k in range(3)]
            square = sum(f.position[0] ** 2 + f.position[1] ** 2 + f.position[2] ** 2 for f in cell) / n if n else 0.0
            spread = max(square - sum(x * x for x in place), 0.0) if n else 0.0
            knows = sum((10.0 * f.research + 0.01) * f.jobs * math.exp(f.productivity) for f in cell)
            absorbs = sum(f.jobs * f.capacity for f in cell)
            stats.append((n, self.cell_jobs[c], knows, place, spread, absorbs))
        self.pool: dict[int, tuple[float, ...]] = {}
        for c in range(self.cells):
            z, s = divmod(c, self.industries)
            own = related = rivals = labour = absorbers = suppliers = 0.0
            for r in range(self.industries):
                local = 0.0
                for y in range(self.zones):
                    n, jobs, knows, place, spread, absorbs = stats[y * self.industries + r]
                    if not n:
                        continue
                    f, g = self.fade[z][y], self.labour_fade[z][y]
                    labour += g * jobs * self.skill_near[s][r]
                    local += g * jobs
                    if r == s:
                        rivals += f * n
                        absorbers += f * absorbs
                    d2 = stats[c][4] + spread + sum((a - b) ** 2 for a, b in zip(stats[c][3], place, strict=True))
                    d = math.sqrt(d2)
                    reach = f * knows * d * math.exp(1.0 - d)
                    if r == s:
                        own += reach
                    else:
                        related += reach * self.near[s][r]
                suppliers += self.inputs[s][r] * hill(local, p["supplier_half"], 1.0)
            h1 = on("M1") * hill(own, p["half_pool"], p["threshold"])
            h9 = on("M9") * hill(related, p["related_half"] * p["half_pool"], p["threshold"])
            self.pool[c] = (h1, h9, 1.0 - (1.0 - h1) * (1.0 - 0.5 * h9), hill(rivals, p["rivals_half"], 1.0),
                            hill(labour, p["pool_half"], 1.0), suppliers,
                            hill(absorbers, p["entry_pool_half"], p["threshold"]))  # fmt: skip

    def _unit_costs(self) -> None:
        p, on = self.p, self.p.on
        for c in range(self.cells):
            z = c // self.industries
            cost = p["wage_share"] * math.log(self.wage[z])
            cost += p["rent_share"] * math.log(float(self.population.house_price[z]))
            cost -= on("M3") * 10.0 * p["supplier_link"] * (self.pool[c][5] - self.start_pool[c][5])
            start = self.start_cell_jobs[c]
            if start > 0 and self.cell_jobs[c] > 0:
                crowd = start / (start + p["congestion_half"])
                cost += on("M8") * p["congestion"] * math.log(self.cell_jobs[c] / start) * crowd
            self.cost[c] = cost

    def _edge(self, firm: Firm) -> float:
        """Return competitiveness."""
        c = firm.productivity - self.start_mean[firm.industry] - self.cost[firm.cell]
        return clip(c - self.p["co2_price"] * firm.emissions * 1e-6, -self.p["cost_clip"], self.p["cost_clip"])

    def _decide_research(self, firm: Firm) -> None:
        p, chance = self.p, self.chance
        if firm.research > 0.0:
            if chance.random() < p["research_stop"]:
                firm.research = 0.0
            else:
                firm.research += p["research_adjustment"] * (firm.research_own - firm.research)
            return
        share = performer(firm.jobs, float(self.table.rd_share[firm.industry]), firm.capacity)
        if chance.random() < p["research_stop"] * share / (1.0 - share):
            firm.research_own = firm.research_own or float(self.table.rd_intensity[firm.industry])
            firm.research = firm.research_own

    def _hazard(self, firm: Firm, rivalry: bool = True) -> float:
        p, on, pool = self.p, self.p.on, self.pool[firm.cell]
        lift = firm.capacity * (on("M1") * p["spillover"] * pool[0] + on("M9") * p["related_variety"] * pool[1])
        if rivalry and firm.productivity - self.start_mean[firm.industry] - self.cost[firm.cell] < 0.0:
            lift += on("M5") * p["rivalry"] * pool[3]
        effort = 0.4 + math.sqrt(min(firm.research / 0.03, 6.0))
        rate = p["innovation_rate"] * firm.jobs ** p["innovation_size"] * (0.4 + firm.capacity) * effort
        return min(p["innovation_cap"], rate * math.exp(lift))

    def _innovate(self, firm: Firm) -> int:
        p, chance = self.p, self.chance
        step = found = 0.0
        product = False
        if chance.random() < self._hazard(firm):
            step = -p["innovation_step"] * math.log(chance.random())
            product, found = chance.random() < p["product_share"], 1.0
            firm.innovated = self.quarter
            firm.emissions *= math.exp(-p["green_gain"] * step)
        a, start = firm.productivity, self.start_mean[firm.industry]
        lag = max(self.mean[firm.industry] - a, 0.0)
        a = (1.0 - p["productivity_reversion"]) * (a - start) + start + p["productivity_noise"] * chance.gauss(0, 1)
        a += p["imitation"] * firm.capacity * lag + (0.0 if product else step)
        firm.productivity = clip(a, -2.0, 2.0)
        firm.appeal = (1.0 - p["appeal_decay"]) * firm.appeal + (step if product else 0.0)
        for k in range(3):
            firm.position[k] += p["position_drift"] * chance.gauss(0, 1)
        return int(found)

    def _search(self) -> None:
        p, chance = self.p, self.chance
        able = [[f for f in cell if f.jobs >= 3.0] for cell in self.members]
        ladders = []
        for z in range(self.zones):
            total, ladder = 0.0, []
            for c, n in enumerate(self.start_cell_firms):
                total += self.fade[z][c // self.industries] * n
                ladder.append(total)
            ladders.append(ladder)
        cells = range(self.cells)
        for firm in self.firms:
            if firm.jobs < 3.0 or len(firm.projects) >= 2:
                continue
            if chance.random() >= p["attempt_rate"] * firm.will * (0.4 + firm.capacity):
                continue
            best, partner = 0.0, None
            for c in chance.choices(cells, cum_weights=ladders[firm.zone], k=int(p["partner_draws"])):
                other = chance.choice(able[c]) if able[c] else None
                if other is None or other is firm or len(other.projects) >= 2 or other.will <= 0.3:
                    continue
                if chance.random() >= other.will:
                    continue
                d = math.dist(firm.position, other.position)
                score = d * math.exp(1.0 - d) * (0.3 + other.capacity) * (0.5 + self.hour_fade[firm.zone][other.zone])
                score *= 1.0 + p["trust"] * firm.links.get(other, 0.0)
                if score > best:
                    best, partner = score, other
            if partner is None or best <= p["score_threshold"] or chance.random() >= best:
                continue
            project = Project(firm, partner, self.quarter + int(p["project_quarters"]), best)
            firm.projects.append(project)
            partner.projects.append(project)

    def _finish_projects(self) -> float:
        p, chance = self.p, self.chance
        cost = p["project_cost"] * p["project_quarters"] / 4.0
        public = p["project_public"] * cost
        money = (cost - public) * (1.0 - p["project_replaces"]) + public * (1.0 - p["project_deadweight"])
        worth = p["grant_productivity"] * p["shrinkage"] * p["project_return"] * hill(cost, p["grant_half"], 2.0)
        worth *= money / p["project_success"]
        finished = 0.0
        alive = set(self.firms)
        ending = [x for f in self.firms for x in f.projects if x.first is f or x.first not in alive]
        for project in ending:
            if project.end != self.quarter:
                continue
            pair = [f for f in (project.first, project.second) if f in alive]
            for firm in pair:
                firm.projects.remove(project)
            if len(pair) < 2 or chance.random() >= min(1.0, p["project_success"] * min(1.0, 0.5 + 0.5 * project.score)):
                continue
            product = chance.random() < p["product_share"]
            for firm in pair:
                mass = p["mass_floor"] + (1.0 - p["mass_floor"]) * self.pool[firm.cell][2]
                fit = project.score * (0.4 + firm.capacity) / (0.7 * 0.8)
                gain = worth * fit * mass / (1.0 + firm.done / p["saturation"]) / (4.0 * firm.output)
                gain = min(p["gain_cap"], gain)
                if product:
                    firm.appeal += gain
                else:
                    firm.productivity = min(firm.productivity + gain, 2.0)
                firm.emissions *= math.exp(-p["green_gain"] * gain)
                firm.innovated, firm.done = self.quarter, firm.done + 1
                firm.capacity += p["capacity_gain"] * (1.0 - firm.capacity)
                firm.will = min(1.0, firm.will + p["willingness_gain"])
                finished += 0.5
            a, b = pair
            if p.switches["M8a"]:
                for k in range(3):
                    gap = b.position[k] - a.position[k]
                    a.position[k] += p["convergence"] * gap
                    b.position[k] -= p["convergence"] * gap
            for firm, other in ((a, b), (b, a)):
                firm.links[other] = min(1.0, firm.links.get(other, 0.0) + p["link_gain"])
        return finished

    def _weigh(self, firm: Firm) -> None:
        p, chance = self.p, self.chance
        jump = p["jump_probability"]
        theta = p["growth_sd"] / (math.sqrt(2.0) * math.sqrt(4.0 * jump)) * firm.jobs ** -p["growth_size"]
        theta = min(p["growth_cap"], theta)
        move = self.drift[firm.industry] + p["youth_growth"] * math.exp(-firm.age / 12.0)
        move -= math.log(1.0 + jump * (1.0 / (1.0 - theta * theta) - 1.0))
        if firm.jobs > 50.0:
            move -= p["size_drag"] * math.log(firm.jobs / 50.0)
        if chance.random() < jump:
            move += theta * math.copysign(math.log(chance.random()), chance.random() - 0.5)
        firm.customers += move
        firm.weight = math.exp(firm.customers + firm.appeal + self.elasticity[firm.industry] * self._edge(firm))

    def _share_demand(self) -> None:
        weights = [0.0] * self.industries
        for firm in self.firms:
            weights[firm.industry] += firm.weight
        local, outside = self._local_demand(), self.p["outside_weight"]
        for s in range(self.industries):
            start = self.start_weights[s]
            if start > 0.0:
                share = start * (1.0 + outside) / (weights[s] + start * outside)
                growth = local[s] / self.start_local[s] if self.start_local[s] > 0.0 else 1.0
                self.bracket[s] = self.export[s] + (1.0 - self.export[s]) * growth * share

    def _local_demand(self) -> list[float]:
        p, t, people = self.p, self.table, self.population
        income = p["transfer_person"] * float(people.persons[:, 13:].sum())
        for z in range(self.zones):
            for w, commuters in enumerate(self.flow[z]):
                income += p["wage_person"] * commuters * (self.wage[w] if w < self.zones else 1.0)
        made = self.sums_made if p.switches["M3"] else self.start_output
        public = [sum(self.public[z * self.industries + s] for z in range(self.zones)) * self.value_added[s]
                  for s in range(self.industries)]  # fmt: skip
        out = []
        for s in range(self.industries):
            bought = sum(self.inputs[r][s] * (made[r] + public[r]) for r in range(self.industries))
            out.append(p["consume"] * p["local_consumption"] * income * float(t.consumption_share[s]) + bought)
        return out

    def _public_jobs(self) -> list[float]:
        people, start = self.population.public_people, self.population.start.sum(axis=1)
        return [float(self.region.public[z, s]) * float(people[z] / start[z]) ** self.p["public_elasticity"]
                for z in range(self.zones) for s in range(self.industries)]  # fmt: skip

    def _hire(self) -> None:
        p, people = self.p, self.population
        fill = []
        for c in range(self.cells):
            z = c // self.industries
            ratio = max(float(people.unemployment[z]), 0.0) / float(people.start_unemployment[z])
            pooled = self.p.on("M2") * p["pooling"] * (self.pool[c][4] - self.start_pool[c][4])
            fill.append(min(1.15, ratio ** p["tightness"]) * (1.0 + pooled))
        for firm in self.firms:
            s = firm.industry
            wanted = firm.weight * self.bracket[s] / (self.value_added[s] * math.exp(firm.productivity))
            gap = wanted - firm.jobs
            speed = min(1.0, p["adjustment"] * fill[firm.cell]) if gap > 0.0 else p["adjustment"]
            firm.jobs = max(firm.jobs + speed * gap, 0.3)

    def _produce(self) -> None:
        p, t = self.p, self.table
        self.public = self._public_jobs()
        self.sums_jobs, self.sums_made = [0.0] * self.cells, [0.0] * self.industries
        self.rd = self.emitted = 0.0
        project_share = p["project_cost"] / 4.0 * (1.0 - p["project_public"])
        for firm in self.firms:
            s = firm.industry
            made = min(firm.jobs * self.value_added[s] * math.exp(firm.productivity),
                       p["output_limit"] * firm.weight * self.bracket[s])  # fmt: skip
            share = project_share * len(firm.projects)
            own = max(firm.research * made - p["project_replaces"] * share, 0.0)
            pay = firm.jobs * float(t.wage[s]) * self.wage[firm.zone]
            margin = (made - pay - own - share) / made
            firm.liquidity = clip(0.93 * firm.liquidity + 0.042 + 0.35 * clip(margin - 0.25, -0.6, 0.3), -1.5, 3.0)
            firm.output = made
            firm.age += 1.0
            self.sums_jobs[firm.cell] += firm.jobs
            self.sums_made[s] += made
            self.rd += own + len(firm.projects) * p["project_cost"] / 4.0
            self.emitted += firm.emissions * made

    def _exit(self) -> None:
        p, chance = self.p, self.chance
        footloose = 1.0 - (1.0 - p["footloose"]) ** 0.25
        stay = []
        for firm in self.firms:
            if firm.jobs < p["least_size"]:
                continue
            c = self._edge(firm)
            hazard = p["exit_rate"] * firm.jobs ** -p["exit_size"]
            hazard *= 1.0 + p["exit_youth"] * math.exp(-firm.age / 6.0)
            hazard *= math.exp(-p["exit_cost"] * c - p["exit_buffer"] * (firm.liquidity - 0.6))
            if c < -0.1:
                hazard *= 1.0 + p.on("M5") * p["rivalry"] * self.pool[firm.cell][3]
            if chance.random() < hazard or (firm.owner == 2 and chance.random() < footloose):
                continue
            stay.append(firm)
        self.exits = len(self.firms) - len(stay)
        for firm in set(self.firms) - set(stay):
            firm.remove()
        self.firms = stay

    def _enter(self) -> None:
        p, chance = self.p, self.chance
        self.entries = 0
        for c in range(self.cells):
            z, s = divmod(c, self.industries)
            if not self.candidates[c]:
                continue
            odds = self.entry[s] * self.start_cell_firms[c] / self.candidates[c]
            odds *= (self.bracket[s] / self.start_bracket[s]) ** p["entry_demand"]
            odds *= 1.0 + 4.0 * p.on("M6") * p["entry_pool"] * (self.pool[c][6] - self.start_pool[c][6])
            parents = [f for f in self.members[c] if f.jobs >= 3.0]
            for _ in range(self.candidates[c]):
                if chance.random() >= odds:
                    continue
                firm = Firm(self, z, s, 1.0 - (p["entry_size"] - 1.0) * math.log(chance.random()))
                firm.productivity = self.mean[s] + p["entry_gap"] + p["productivity_spread"] * chance.gauss(0, 1)
                if parents and p.switches["M6"] and chance.random() < p["spinoff_share"]:
                    parent = chance.choice(parents)
                    firm.productivity += 0.10 + p["spinoff_inherits"] * (parent.productivity - self.mean[s])
                    firm.position = [a + 0.2 * (b - h) for a, b, h in
                                     zip(parent.position, firm.position, self.home[s], strict=True)]  # fmt: skip
                self._open(firm)
                self.firms.append(firm)
                self.entries += 1

    def _open(self, firm: Firm) -> None:
        s = firm.industry
        firm.output = firm.jobs * self.value_added[s] * math.exp(firm.productivity)
        firm.weight = firm.output / self.bracket[s]
        limit = self.p["cost_clip"]
        edge = clip(firm.productivity - self.start_mean[s] - self.cost[firm.cell], -limit, limit)
        firm.customers = math.log(firm.weight) - firm.appeal - self.elasticity[s] * edge

    def _people(self) -> None:
        import numpy as np

        p, people, zones = self.p, self.population, self.zones
        jobs = [sum(self.sums_jobs[z * self.industries + s] + self.public[z * self.industries + s]
                    for s in range(self.industries)) for z in range(zones)]  # fmt: skip
        base = [float(x) for x in people.base_force()]
        idle = [float(u) for u in people.unemployment]
        before = [list(row) for row in self.share]
        for _ in range(60):  # slack is that of the same quarter, found by damped repetition
            force = [base[z] * (1.0 + p["supply_response"] * (float(people.start_unemployment[z]) - idle[z]))
                     for z in range(zones)]  # fmt: skip
            self._share_out(before, [self._slack(z, force[z], idle[z]) for z in range(zones)], jobs)
            idle = [idle[z] + 0.15 * (1.0 - sum(self.flow[z]) / force[z] - idle[z]) for z in range(zones)]
        people.unemployment = np.array([1.0 - sum(self.flow[z]) / force[z] for z in range(zones)])
        people.labour_force = np.array(force)
        for z in range(zones):
            u = clip(float(people.unemployment[z]), 0.006, 0.30)
            aim = -p["wage_curve"] * math.log(u / float(people.start_unemployment[z]))
            level = math.log(self.wage[z])
            self.wage[z] = math.exp(level + p["wage_adjustment"] * (aim - level))
        access = []
        for z in range(zones):
            row = self.start_flow[z]
            growth = [jobs[w] / self.start_jobs[w] if w < zones else 1.0 for w in range(len(row))]
            access.append(sum(a * g for a, g in zip(row, growth, strict=True)) / sum(row))
        people.step(p, np.array(access), np.zeros(zones), np.zeros(zones))

    def _slack(self, zone: int, force: float, idle: float) -> float:
        people = self.population
        ratio = max(idle, 0.005) / max(float(people.start_unemployment[zone]), 0.005)
        return force / float(people.start_force[zone]) * ratio ** self.p["commuting_slack"]

    def _share_out(self, before: list[list[float]], slack: list[float], jobs: list[float]) -> None:
        p, zones, nodes = self.p, self.zones, len(self.start_flow)
        for w in range(nodes):
            pull = []
            for h in range(nodes):
                x = self.start_flow[h][w]
                if h < zones:
                    x *= slack[h] * (math.exp(-p["commuting_wage"] * math.log(self.wage[h])) if w >= zones else 1.0)
                pull.append(x)
            total = sum(pull)
            for h in range(nodes):
                if pull[h] <= 0.0:
                    continue
                aim = pull[h] / total if w < zones else pull[h]
                self.share[h][w] = before[h][w] + p["commuting_adjustment"] * (aim - before[h][w])
                self.flow[h][w] = self.share[h][w] * (jobs[w] if w < zones else 1.0)

    # -- observation ---------------------------------------------------------------------------------------

    def _record(self) -> None:
        q, keep = self.quarters, self.quarter
        public = sum(self.public)
        sizeable = [f for f in self.firms if f.jobs >= 10]
        q["jobs"].append(sum(self.sums_jobs) + public)
        served = sum(x * self.value_added[c % self.industries] for c, x in enumerate(self.public))
        q["value_added"].append(sum(self.sums_made) + served)
        q["rd"].append(self.rd)
        q["emissions"].append(self.emitted / 1000.0)
        q["population"].append(float(self.population.persons.sum()))
        q["unemployed"].append(float((self.population.unemployment * self.population.labour_force).sum()))
        q["force"].append(float(self.population.labour_force.sum()))
        q["firms"].append(len(self.firms))
        q["entries"].append(self.entries)
        q["exits"].append(self.exits)
        q["innovations"].append(self.innovations)
        q["projects"].append(self.finished)
        q["innovating"].append(sum(keep - f.innovated < 12 for f in sizeable))
        q["sizeable"].append(len(sizeable))

    def outcomes(self) -> dict[str, Any]:
        """Return yearly outcomes of the whole region by indicator."""
        q = self.quarters
        years = range(len(q["jobs"]) // 4)

        def over(name: str, how: str) -> list[float]:
            parts = [q[name][4 * y : 4 * y + 4] for y in years]
            return [sum(x) if how == "sum" else x[-1] if how == "last" else sum(x) / 4.0 for x in parts]

        sums = {name: over(name, "sum") for name in ("value_added", "rd", "emissions", "entries", "exits",
                                                     "innovations", "projects")}  # fmt: skip
        means = {name: over(name, "mean") for name in ("jobs", "firms", "unemployed", "force")}
        last = {name: over(name, "last") for name in ("population", "innovating", "sizeable")}
        unemployment = [100.0 * a / b for a, b in zip(means["unemployed"], means["force"], strict=True)]
        innovators = [100.0 * a / b for a, b in zip(last["innovating"], last["sizeable"], strict=True)]
        return {**sums, "jobs": means["jobs"], "firms": means["firms"], "population": last["population"],
                "unemployment": unemployment, "innovators": innovators}  # fmt: skip
