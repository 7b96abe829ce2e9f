"""The regional economy: a Mesa model whose firms lie in one table of records.

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

from sim.model import (
    accounts,
    anchors,
    conduct,
    cooperation,
    innovation,
    knowledge,
    labour,
    market,
    partners,
    population,
    start,
    survival,
)
from sim.model.balance import balance
from sim.model.firms import USED_ATTRACTED, Firms
from sim.model.inputs import Inputs, Institute
from sim.model.measures import measure
from sim.model.outside import Event, Outside, Shock
from sim.model.panel import Panel
from sim.model.parameters import Parameters
from sim.model.policy import Policy
from sim.model.recorder import Recorder
from sim.model.ties import Ties
from sim.random_numbers import decision_index, quarter_keys, seed_keys
from sim.region.region import Region, SyntheticFirms

Floats = NDArray[np.float64]
#: Every row of the firm table.
ALL = slice(None)


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
        self._packed: dict[tuple[str, ...], tuple[float, ...]] = {}
        self.wage = np.ones(self.zones)
        self.flow = self.inputs.start_flow.copy()
        self.share = self.inputs.start_share.copy()
        self.key_base = seed_keys(seed)
        self.keys = self.birth_keys = quarter_keys(self.key_base, 0)
        self.firms = start.initial_firms(firms, self.birth_keys, self.inputs.traits, self.packed(start.NAMES))
        self.projects, self.ties = cooperation.Projects(), Ties()
        self.population = population.Population(
            region.population, region.employed_residents, region.unemployment, region.minutes
        )
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
        self.joint_projects()
        self.innovation()
        self.demand()
        self.hiring_and_production()
        self.entry()
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
        self.keys = quarter_keys(self.key_base, self.quarter)
        self.policy.clear()
        self.closing = self.closing[:0]
        for event in self.events:
            event.happen(self)
        self.large = anchors.large_firms(self)
        anchors.headquarters(self)

    def organisations_act(self) -> None:
        """2 Let support organisations recruit, rank, refuse, pay and close."""
        for organisation in self.organisations:
            organisation.step()

    def knowledge_pools(self) -> None:
        """3 Sum firms to cells and compute pools, critical mass and unit cost; list who can be a partner."""
        self.survey()
        self.unit_cost = market.unit_costs(
            self.cell, self.start_cell, self.pool, self.start_pool, self.wage, self.population.house_price,
            self.policy.land, self.inputs.start_land, self.packed(market.COST_NAMES),
        )  # fmt: skip

    def joint_projects(self) -> None:
        """4 Finish joint projects, fade ties, and search for new partners."""
        together = self.parameters.switches["M4"]
        self.finished = partners.cooperate(self) if together else np.zeros(self.cells)
        partners.share_market(self)

    def innovation(self) -> None:
        """5-6 Firms decide R&D in their turn, innovate, imitate and drift; 7 customers come and go."""
        f, p = self.firms, self.parameters
        wanted = innovation.wanted_research(
            self.policy.tax_credit, p["tax_credit"], self.packed(innovation.RESEARCH_NAMES)
        )
        innovations, self.weights = conduct.before_market(
            self.quarter, self.keys, f.id, f.table, self.pool, self.unit_cost, self.mean_productivity, self.start_mean,
            self.reference.drift, self.inputs.elasticity, self.inputs.traits, wanted,
            self.packed(innovation.RESEARCH_NAMES), self.packed(innovation.NAMES), self.packed(market.JUMP_NAMES),
            self.packed(market.WEIGHT_NAMES),
        )  # fmt: skip
        self.innovations = self.finished + innovations

    def demand(self) -> None:
        """7 Local and outside demand set sales per unit of market weight."""
        self.bracket = market.demand_per_weight(
            self.weights, self.start_weights, self.local_demand(), self.start_local, self.inputs.export,
            self.parameters["outside_weight"], self.outside.demand,
        )  # fmt: skip

    def hiring_and_production(self) -> None:
        """8-10 Employment follows demand, limited by labour; output, liquidity and R&D follow; some firms close."""
        f, p, people, table = self.firms, self.parameters, self.population, self.region.industries
        self.public = self.public_jobs()
        fill = labour.fill_rates(
            people.unemployment, people.start_unemployment, self.pool, self.start_pool, self.cell[:, knowledge.JOBS],
            self.policy.trained, self.packed(labour.FILL_NAMES),
        )  # fmt: skip
        self.alive, self.sums, self.counts, self.member_variety = conduct.after_market(
            self.quarter, self.keys, f.id, f.table, self.closing, self.bracket, fill, self.unit_cost,
            self.pool, self.start_mean, table.value_added, table.wage, self.wage, p["adjustment"],
            self.packed(market.OUTPUT_NAMES), self.packed(market.WEIGHT_NAMES), self.packed(survival.NAMES),
        )  # fmt: skip
        self.own_research, self.exits = self.sums[:, 2], self.counts[:, 1]

    def entry(self) -> None:
        """11 Firms enter, spin off and arrive; those that closed are gone."""
        born = self._entrants()
        self.entries = conduct.count_newcomers(self.quarter, born.table, self.industries, self.counts)
        self.firms.replace(self.alive, born)

    def people(self) -> None:
        """12 Wages, commuting, migration, cohorts and housing."""
        people, out, inputs = self.population, self.outside, self.inputs
        self.flow, people.unemployment, people.labour_force, access = labour.work(
            self.share, inputs.start_flow, self.zone_jobs(), inputs.start_jobs, self.wage, out.wage,
            people.base_force(), people.start_force, people.unemployment, people.start_unemployment, out.jobs,
            out.minutes, self.policy.minutes_saved, self.packed(labour.NAMES),
        )  # fmt: skip
        self.flows = people.step(self.packed(population.NAMES), access, self.policy.housing_units,
                                 self.policy.amenity_money, out.house_price)  # fmt: skip

    def municipal_accounts(self) -> None:
        """13 Revenue, service cost and other public money."""
        p = self.parameters
        self.books = self.account.quarter(self.population.persons, self.wages_paid())
        partners, own = accounts.partners_and_research(self.counts, self.own_research)
        self.policy.pay_other(partners * p["project_cost"] / 4.0 * p["project_public"])
        self.policy.pay_other(self.policy.tax_credit * p["tax_credit_takeup"] * own)

    def record(self) -> None:
        """14 Keep the quarter."""
        measure(self)
        if self.panel is not None:
            self.panel.record(self)

    # -- what stages share ---------------------------------------------------------------------------------

    def packed(self, names: tuple[str, ...]) -> tuple[float, ...]:
        """Return parameters in the order a kernel takes them; numbers, not an array, so that a loop may keep them."""
        found = self._packed.get(names)
        if found is None:
            found = self._packed[names] = tuple(self.parameters.pack(names).tolist())
        return found

    def cell_of(self, firms: Firms, rows: NDArray[np.int64] | slice = ALL) -> NDArray[np.int64]:
        """Return the cell of each firm, or of those in ``rows``, i8[K]."""
        return firms.zone[rows].astype(np.int64) * self.industries + firms.industry[rows]

    def survey(self) -> None:
        """Sum firms to cells, list who can be a partner in each cell, and compute pools and mean productivity."""
        inputs = self.inputs
        self.cell, self.partner_ring, self.partner_start, self.mean_productivity = knowledge.survey(
            self.firms.id, self.firms.table, self.start_mean, self.cells
        )
        self.pool = knowledge.pools(
            self.cell, self.region.industries.position, inputs.near, inputs.fade, inputs.labour_fade,
            self.region.industries.inputs, inputs.institute_knowledge, self.packed(knowledge.NAMES),
        )  # fmt: skip

    def key(self, decision: str) -> np.uint64:
        """Return the key of a decision in this quarter."""
        found: np.uint64 = self.keys[decision_index(decision)]
        return found

    def public_jobs(self) -> Floats:
        """Return public jobs f8[cells]; they follow the people with a lag."""
        people = self.population
        return population.public_jobs(self.region.public, people.public_people, people.start_people,
                                      self.outside.public, self.parameters["public_elasticity"])  # fmt: skip

    def zone_jobs(self) -> Floats:
        """Return public and private jobs f8[Z]."""
        return labour.zone_jobs(self.sums, self.public, self.zones)

    def wages_paid(self) -> Floats:
        """Return wages of employed residents f8[Z], MNOK per quarter, commuters to the outside included."""
        return market.wages_paid(self.flow, self.wage, self.outside.wage, self.parameters["wage_person"])

    def local_demand(self) -> Floats:
        """Return local demand f8[S], MNOK per quarter: consumption and purchases of firms and the public."""
        table = self.region.industries
        return market.local_demand(
            self.flow, self.wage, self.outside.wage, self.population.persons, table.consumption_share, self.sums[:, 1],
            self.start_output, self.public, table.value_added, table.inputs, self.policy.purchases,
            self.packed(market.DEMAND_NAMES),
        )  # fmt: skip

    def _entrants(self) -> Firms:
        """Return this quarter's entrants, spinoffs and attracted establishments, sorted by id."""
        f, inputs, names = self.firms, self.inputs, self.packed(start.NAMES)
        levels = (inputs.traits, self.mean_productivity, self.unit_cost, self.bracket, self.start_mean,
                  inputs.elasticity)  # fmt: skip
        ids, table = survival.entrants(
            self.quarter, self.keys, self.birth_keys, inputs.cell_keys, self.candidates,
            self.start_cell[:, knowledge.FIRMS], self.reference.entry, self.start_bracket, self.pool, self.start_pool,
            self.policy.entry_lift, f.table, self.partner_ring, self.partner_start, *levels,
            self.packed(survival.ENTRY_NAMES), names,
        )  # fmt: skip
        born = Firms.of(ids, table)
        if self.policy.arrivals:
            landed = start.arrivals(self.policy.arrivals)
            start.settle_arrivals(landed.table, landed.id, self.birth_keys, *levels, names)
            landed.used |= USED_ATTRACTED
            born.replace(np.ones(len(born), bool), landed)
        return born
