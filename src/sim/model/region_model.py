"""The regional economy: a Mesa model whose firms lie in columns.

``RegionModel.step`` is the table of contents of the economy; each stage is one short method that calls the
kernels of one submodel. Support organisations are Mesa agents handed in from outside. ODD section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model import anchors, cooperation, innovation, knowledge, labour, market, partners, start, survival
from sim.model.balance import balance
from sim.model.firms import USED_ATTRACTED, Firms
from sim.model.inputs import Inputs, Institute
from sim.model.measures import measure
from sim.model.outside import Event, Outside, Shock
from sim.model.panel import Panel
from sim.model.parameters import Parameters
from sim.model.policy import Policy
from sim.model.population import Population
from sim.model.recorder import Recorder
from sim.random_numbers import decision_key, uniforms
from sim.region.region import Region, SyntheticFirms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """The reference path: drift of the customer base and entry rate per industry, per quarter."""

    drift: Floats  # [S] 1/quarter
    entry: Floats  # [S] 1/quarter
    identity: str = ""


class RegionModel(mesa.Model):
    """One region under one scenario with one seed.

    Args:
        region: the region. firms: its synthetic firms.
        parameters: values and switches. reference: drift and entry of the reference path.
        seed: the seed of every draw.
        institutes: R&D institutes of the region, in baseline and policy alike.
        organisations: function that makes the support organisations (Mesa agents) for this model.
        events: what happens from outside; each is asked every quarter (``happen(model)``).
    """

    def __init__(
        self,
        region: Region,
        firms: SyntheticFirms,
        parameters: Parameters,
        reference: Reference,
        seed: int,
        institutes: Sequence[Institute] = (),
        organisations: Callable[[RegionModel], list[mesa.Agent]] | None = None,
        events: Sequence[Event] = (),
    ) -> None:
        super().__init__(rng=seed)
        self.region, self.parameters, self.reference, self.seed = region, parameters, reference, seed
        self.quarter = 0
        self.industries = len(region.industries.codes)
        self.zones = len(region.zones)
        self.cells = self.zones * self.industries
        self.log: list[dict[str, Any]] = []
        self.resolved: dict[str, Any] = {}
        self.events, self.shocks = tuple(events), list[Shock]()
        self.closing = np.empty(0, np.int64)  # permanent ids of firms that an event closes this quarter
        self.inputs = Inputs(region, parameters, institutes)
        self.outside = Outside(self.zones, self.inputs.nodes, self.industries)
        self._packed: dict[Any, Floats] = {}
        self.wage = np.ones(self.zones)
        self.flow = self.inputs.start_flow.copy()
        self.share = self.inputs.start_share.copy()
        self.firms = start.initial_firms(firms, seed, region.industries, parameters)
        self.projects = cooperation.Projects()
        self.population = Population(region.population, region.employed_residents, region.unemployment, region.minutes)
        self.recorder = Recorder(self)
        self.policy = Policy(self, parameters["tax_credit"])
        self.panel: Panel | None = None
        balance(self)
        self.organisations = organisations(self) if organisations else []

    def step(self) -> None:
        """Advance the economy one quarter. Synchronous: each stage reads the state at its start."""
        self.policy_clock()
        self.organisations_act()
        self.knowledge_pools()
        self.research_decisions()
        self.joint_projects()
        self.own_innovation()
        self.demand()
        self.hiring()
        self.production()
        self.exit_and_entry()
        self.people()
        self.municipal_accounts()
        self.record()
        self.quarter += 1

    def run(self, quarters: int) -> RegionModel:
        """Advance the given number of quarters and return the model."""
        for _ in range(quarters):
            self.step()
        return self

    def outcomes(self) -> dict[str, list[Any]]:
        """Return yearly outcomes as columns indicator, zone, family, year, value."""
        return self.recorder.outcomes()

    # -- stages ------------------------------------------------------------------------------------------

    def policy_clock(self) -> None:
        """1 Set the named values of the quarter back to zero; let happen what comes from outside."""
        self.policy.clear()
        self.closing = self.closing[:0]
        for event in self.events:
            event.happen(self)
        anchors.headquarters(self)

    def organisations_act(self) -> None:
        """2 Let support organisations recruit, rank, refuse, pay and close."""
        for organisation in self.organisations:
            organisation.step()

    def knowledge_pools(self) -> None:
        """3 Sum firms to cells and compute pools, critical mass and unit cost."""
        self.cell = self.cell_sums()
        self.pool = self.pools()
        self.unit_cost = market.unit_costs(
            self.cell[:, 1], self.start_cell[:, 1], self.pool, self.start_pool, self.wage,
            self.population.house_price, self.land_relief(), self._p(market.COST_NAMES),
        )  # fmt: skip
        self.mean_productivity = self.industry_mean()
        self.ring = cooperation.rings(
            self.inputs.ring_key, self.cell_of(self.firms), self.firms.id, self.firms.jobs >= 3.0, self.cells
        )

    def research_decisions(self) -> None:
        """4 Firms whose yearly turn it is decide their R&D."""
        f, table = self.firms, self.region.industries
        innovation.decide_research(
            self.quarter, self._key("research.start"), self._key("research.stop"), self.policy.tax_credit,
            self.parameters["tax_credit"], table.rd_intensity, table.rd_share, f.id, f.industry, f.jobs, f.capacity,
            f.funded, f.research, f.research_own, self._p(innovation.RESEARCH_NAMES),
        )  # fmt: skip

    def joint_projects(self) -> None:
        """5 Finish joint projects, fade ties, and search for new partners."""
        if not self.parameters.switches["M4"]:
            self.finished = np.zeros(self.cells)
            partners.share_market(self)
            return
        f, p, work = self.firms, self.parameters, self.projects
        self.finished = cooperation.finish(
            self.quarter, self._key("cooperation.finish"), self._key("cooperation.kind"), work.first, work.second,
            work.end, work.score, work.place, work.bonus, f.id, f.industry, f.zone, f.output, f.productivity, f.appeal,
            f.capacity, f.will, f.emissions, f.projects, f.done, f.innovated, f.position0, f.position1, f.position2,
            f.link_id, f.link_strength, self.pool, self.industries, self._p(cooperation.FINISH_NAMES),
        )  # fmt: skip
        work.keep(work.end > self.quarter)
        cooperation.fade_ties(
            f.will, f.will_own, f.link_id, f.link_strength, p["willingness_reversion"], p["link_decay"]
        )
        work.add(partners.search(self), self.quarter + int(p["project_quarters"]))
        partners.share_market(self)

    def own_innovation(self) -> None:
        """6 Own innovation, innovation money, imitation and decay."""
        f = self.firms
        self.innovations = self.finished.copy()
        keys = np.array([self._key("innovation.success"), self._key("innovation.step"), self._key("innovation.kind"),
                         self._key("productivity.noise"), self._key("position.drift")], np.uint64)  # fmt: skip
        innovation.innovate(
            self.quarter, keys, f.id, f.industry, f.zone, f.jobs, f.productivity, f.appeal, f.capacity, f.research,
            f.emissions, f.output, f.funding, f.innovated, f.position0, f.position1, f.position2, self.pool,
            self.mean_productivity, self.start_mean, self.unit_cost, self.innovations, self._p(innovation.NAMES),
        )  # fmt: skip

    def demand(self) -> None:
        """7 Customers come and go; local and outside demand set sales per unit of market weight."""
        f = self.firms
        market.weigh(
            self._key("demand.jump"), self._key("demand.size"), f.id, f.industry, f.zone, f.jobs, f.productivity,
            f.appeal, f.customers, f.age, f.emissions, f.weight, self.reference.drift, self.inputs.elasticity,
            self.start_mean, self.unit_cost, self._p(market.JUMP_NAMES), self._p(market.WEIGHT_NAMES),
        )  # fmt: skip
        weights = self.by_industry(self.cell_sums()[:, 8])
        self.bracket = market.demand_per_weight(
            weights, self.start_weights, self.local_demand(), self.start_local, self.inputs.export,
            self.parameters["outside_weight"], self.outside.demand,
        )  # fmt: skip

    def hiring(self) -> None:
        """8 Employment follows demand, limited by labour."""
        f, p = self.firms, self.parameters
        fill = labour.fill_rates(
            self.population.unemployment, self.population.start_unemployment, self.pool, self.start_pool,
            p["tightness"], p.on("M2") * p["pooling"],
        )  # fmt: skip
        jobs = np.maximum(self.cell[:, 1], 1.0)
        fill = fill * (1.0 + p["shrinkage"] * np.minimum(p["training_fill"] * self.policy.trained / jobs, 0.15))
        table = self.region.industries
        labour.hire(
            f.industry, f.zone, f.jobs, f.productivity, f.weight, f.speed, self.bracket, table.value_added, fill,
            p["adjustment"],
        )

    def production(self) -> None:
        """9 Output, margins, liquidity, R&D and emissions."""
        f, table = self.firms, self.region.industries
        self.public = self.public_jobs()
        self.sums = np.zeros((self.cells, 4))
        self.own_research = np.zeros(len(f))
        market.produce(
            f.industry, f.zone, f.jobs, f.productivity, f.research, f.liquidity, f.emissions, f.weight, f.projects,
            f.output, self.bracket, table.value_added, table.wage, self.wage, self.own_research, self.sums,
            self._p(market.OUTPUT_NAMES),
        )  # fmt: skip
        f.age += np.float32(1.0)

    def exit_and_entry(self) -> None:
        """10-11 Firms close, enter, spin off and arrive."""
        f = self.firms
        alive = survival.survive(
            self._key("exit.hazard"), self._key("exit.footloose"), f.id, f.industry, f.zone, f.jobs, f.productivity,
            f.liquidity, f.age, f.emissions, f.owner, f.shelter, self.start_mean, self.unit_cost, self.pool,
            self._p(survival.NAMES),
        )  # fmt: skip
        if self.closing.size:
            rows = f.rows(self.closing)
            alive[rows[rows >= 0]] = False
        born = self._entrants()
        self.exits = self.count_firms(~alive, f)
        self.entries = self.count_firms(np.ones(len(born), bool), born)
        f.replace(alive, born)

    def people(self) -> None:
        """12 Wages, commuting, migration, cohorts and housing."""
        p, people = self.parameters, self.population
        jobs, out = self.zone_jobs(), self.outside
        minutes = out.minutes - self.policy.minutes_saved
        self.flow, people.unemployment, people.labour_force = labour.commute(
            self.share, self.inputs.start_flow, jobs, self.wage, out.wage, people.base_force(), people.start_force,
            people.unemployment, people.start_unemployment, out.jobs, minutes, self.zones, self._p(labour.NAMES),
        )  # fmt: skip
        labour.move_wages(self.wage, people.unemployment, people.start_unemployment, self._p(labour.NAMES))
        self.flows = people.step(p, self._access(jobs, minutes), self.policy.housing_units,
                                 self.policy.amenity_money, out.house_price)  # fmt: skip

    def municipal_accounts(self) -> None:
        """13 Revenue, service cost and other public money."""
        p = self.parameters
        self.books = self.account.quarter(self.population.persons, self.wages_paid())
        partners = float((self.firms.projects > 0).sum() and self.firms.projects.sum())
        joint = partners * p["project_cost"] / 4.0
        self.joint_research = joint
        self.policy.pay_other(joint * p["project_public"])
        self.policy.pay_other(self.policy.tax_credit * p["tax_credit_takeup"] * float(self.own_research.sum()))

    def record(self) -> None:
        """14 Keep the quarter."""
        self.recorder.record(measure(self))
        if self.panel is not None:
            self.panel.record(self)

    # -- what stages share ---------------------------------------------------------------------------------

    def _key(self, decision: str) -> np.uint64:
        return decision_key(self.seed, decision, self.quarter)

    def _p(self, names: Sequence[str]) -> Floats:
        packed = self._packed.get(names)  # type: ignore[arg-type]
        if packed is None:
            packed = self._packed[names] = self.parameters.pack(names)  # type: ignore[index]
        return packed

    def cell_of(self, firms: Firms) -> NDArray[np.int64]:
        return firms.zone.astype(np.int64) * self.industries + firms.industry

    def count_firms(self, mask: NDArray[np.bool_], firms: Firms) -> Floats:
        return np.bincount(self.cell_of(firms)[mask], minlength=self.cells).astype(float)

    def by_industry(self, per_cell: Floats) -> Floats:
        total = np.zeros(self.industries)
        for z in range(self.zones):
            total += per_cell[z * self.industries : (z + 1) * self.industries]
        return total

    def cell_sums(self) -> Floats:
        f = self.firms
        return knowledge.cell_sums(
            f.industry, f.zone, f.jobs, f.productivity, f.research, f.capacity, f.position0, f.position1, f.position2,
            f.weight, f.output, self.industries, self.cells,
        )  # fmt: skip

    def pools(self) -> Floats:
        table = self.region.industries
        return knowledge.pools(
            self.cell, table.position, self.inputs.fade, self.inputs.labour_fade, table.inputs,
            self.inputs.institute_knowledge,
            self._p(knowledge.NAMES),
        )  # fmt: skip

    def industry_mean(self) -> Floats:
        count = self.by_industry(self.cell[:, 0])
        total = self.by_industry(self.cell[:, 7])
        return np.divide(total, count, out=self.start_mean.copy(), where=count > 0)

    def public_jobs(self) -> Floats:
        """Return public jobs f8[cells]; they follow the people with a lag."""
        start_people = self.population.start.sum(axis=1)
        ratio = np.divide(self.population.public_people, start_people, out=np.ones(self.zones), where=start_people > 0)
        people = (ratio ** self.parameters["public_elasticity"])[:, None]
        return (self.region.public * people * self.outside.public).ravel()

    def zone_jobs(self) -> Floats:
        """Return public and private jobs f8[Z]."""
        total = (self.sums[:, 0] + self.public).reshape(self.zones, self.industries)
        out = np.zeros(self.zones)
        for s in range(self.industries):
            out += total[:, s]
        return out

    def land_relief(self) -> Floats:
        """Return log of business land relative to the start f8[Z], shrunk as every effect is."""
        p = self.parameters
        stock = np.maximum(p["land_per_job"] * self.inputs.start_jobs, 1.0)
        return p["shrinkage"] * np.log1p(self.policy.land / stock)

    def _access(self, jobs: Floats, minutes: Floats) -> Floats:
        """Return jobs within reach f8[Z], 1 at the start; ``minutes`` is the change of travel time."""
        before = self.inputs.start_jobs
        growth = np.concatenate([np.divide(jobs, before, out=np.ones(self.zones), where=before > 0), self.outside.jobs])
        rows = self.inputs.start_flow[: self.zones]
        total = rows.sum(axis=1)
        near = rows * growth * np.exp(-0.03 * minutes[: self.zones])
        return np.where(total > 0, near.sum(axis=1) / np.where(total > 0, total, 1.0), 1.0)

    def wages_paid(self) -> Floats:
        """Return wages of employed residents f8[Z], MNOK per quarter, commuters to the outside included."""
        paid = np.ones(self.inputs.nodes)
        paid[: self.zones] = self.wage
        paid[self.zones :] = np.exp(self.outside.wage)
        return self.parameters["wage_person"] * (self.flow[: self.zones] * paid).sum(axis=1)

    def local_demand(self) -> Floats:
        """Return local demand f8[S], MNOK per quarter: consumption and purchases of firms and the public."""
        p, table = self.parameters, self.region.industries
        pensions = p["transfer_person"] * self.population.persons[:, 13:].sum(axis=1)
        income = 0.0
        for value in self.wages_paid() + pensions:
            income += float(value)
        consumption = p["consume"] * p["local_consumption"] * income * table.consumption_share
        made = self.by_industry(self.sums[:, 1]) if p.switches["M3"] else self.start_output
        public = self.by_industry(self.public) * table.value_added
        purchases = np.zeros(self.industries)
        for s in range(self.industries):
            purchases += table.inputs[s] * (made[s] + public[s])
        return consumption + purchases + self.policy.purchases

    def _entrants(self) -> Firms:
        """Return this quarter's entrants, spinoffs and attracted establishments, sorted by id."""
        p, f = self.parameters, self.firms
        ids, cells = start.candidate_ids(self.inputs.cell_keys, self.quarter, self.candidates)
        enters = survival.entrants(
            self._key("entry.candidate"), ids, cells, self.candidates, self.start_cell[:, 0], self.reference.entry,
            self.bracket, self.start_bracket, self.pool, self.start_pool, self.policy.entry_lift, p["entry_demand"],
            p.on("M6") * p["entry_pool"],
        )  # fmt: skip
        table, mean = self.region.industries, self.mean_productivity
        born = start.newcomers(ids[enters], cells[enters], self.seed, table, p, mean)
        if p.switches["M6"] and len(born):
            parent = cooperation.draw_rows(
                decision_key(self.seed, "entry.parent", 0), born.id, self.cell_of(born), *self.ring
            )
            spin = uniforms(decision_key(self.seed, "entry.spinoff", 0), born.id) < p["spinoff_share"]
            start.inherit(born, f, parent, spin, table, p, mean)
        self.open_firms(born)
        if self.policy.arrivals:
            landed = start.arrivals(self.policy.arrivals, self.seed, table, p, mean)
            self.open_firms(landed)
            landed.used[:] |= USED_ATTRACTED
            born.replace(np.ones(len(born), bool), landed)
        return born

    def open_firms(self, firms: Firms) -> None:
        """Give new firms the customers and output that fit their size."""
        if not len(firms):
            return
        table, s = self.region.industries, firms.industry
        firms.output[:] = firms.jobs * table.value_added[s] * np.exp(firms.productivity)
        cost = self.unit_cost[self.cell_of(firms)]
        clip = self.parameters["cost_clip"]
        edge = np.clip(firms.productivity - self.start_mean[s] - cost, -clip, clip)
        firms.weight[:] = firms.output / self.bracket[s]
        firms.customers[:] = np.log(firms.weight) - firms.appeal - self.inputs.elasticity[s] * edge
