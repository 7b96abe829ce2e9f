"""People, housing and migration. ODD section 7.9.

Ages follow a cohort model by five-year groups. The reference migration of each age group keeps the
reference population as it is; everything else is a deviation from it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

NAMES = ("amenity_decay", "shrinkage", "amenity_effect", "migration_house", "migration_jobs",
         "migration_unemployment", "neighbour_share", "household_size", "house_supply", "house_elasticity",
         "house_adjustment")  # fmt: skip

Floats = NDArray[np.float64]

#: What changes the number of persons in a quarter.
FLOWS = ("births", "deaths", "ageing", "migration")
#: Yearly deaths per person by five-year group (0-4 ... 85+). National shape, judgement.
MORTALITY = np.array([.0006, .0001, .0001, .0003, .0005, .0006, .0007, .0009, .0012, .0018, .0029, .0046,
                      .0074, .0118, .0190, .0330, .0600, .1500])  # fmt: skip
#: Yearly births per person by five-year group, both sexes. National shape, judgement.
BIRTHS = np.array([0.0, 0, 0, .002, .018, .045, .058, .030, .007, .0005, 0, 0, 0, 0, 0, 0, 0, 0])
#: Labour-force participation by five-year group, before scaling to the region. Judgement.
PARTICIPATION = np.array([0.0, 0, 0, .42, .74, .83, .86, .87, .87, .86, .84, .80, .67, .28, .09, 0, 0, 0])
#: Who moves: relative mobility by five-year group, peak 20-34. Judgement.
MOBILITY = np.array([1.1, .8, .6, .9, 2.2, 2.4, 1.7, 1.1, .8, .6, .5, .4, .3, .3, .25, .25, .25, .25])


class Population:
    """Persons f8[Z, G], dwellings, house price, amenity and the labour force of each zone."""

    def __init__(self, persons: Floats, employed: Floats, unemployment: Floats, minutes: Floats) -> None:
        self.persons = persons.copy()
        self.start = persons.copy()
        self.zones = persons.shape[0]
        self.dwellings = np.ones(self.zones)
        self.house_price = np.ones(self.zones)
        self.amenity = np.zeros(self.zones)
        force = np.divide(employed, 1.0 - unemployment)
        base = persons @ PARTICIPATION
        self.force_scale = np.divide(force, base, out=np.zeros(self.zones), where=base > 0)
        self.start_force = self.labour_force = force
        self.start_unemployment = unemployment.copy()
        self.unemployment = unemployment.copy()
        self.public_people = persons.sum(axis=1)
        self.start_people = persons.sum(axis=1)
        self.access = np.ones((4, self.zones))
        births, deaths, ageing = _natural(persons)
        self.reference_migration = -(births - deaths + ageing)
        self.growth = 0.0  # of the reference population, log per quarter
        near = np.where(np.isfinite(minutes[: self.zones, : self.zones]), 1.0, 0.0)
        self.neighbours = near * (1.0 - np.eye(self.zones))

    def base_force(self) -> Floats:
        """Return the labour force f8[Z] there would be at the unemployment of the start."""
        force: Floats = _base_force(self.persons, self.force_scale)
        return force

    def step(
        self, p: tuple[float, ...], access: Floats, housing_units: Floats, amenity_money: Floats,
        outside_price: float = 0.0,
    ) -> dict[str, Floats]:  # fmt: skip
        """Move people, dwellings and prices one quarter and return the flows f8[Z, G].

        Args:
            p: values in the order of ``NAMES``. access: f8[Z] jobs within reach, 1 at the start.
            housing_units: dwellings added by programmes. amenity_money: MNOK of amenity money this quarter.
            outside_price: log house price in the capital region, 0 at the start.
        """
        flows = _step(
            self.persons, self.reference_migration, self.growth, self.amenity, amenity_money, self.house_price,
            outside_price, access, self.access, self.start_unemployment, self.unemployment, self.neighbours,
            self.start_people, self.dwellings, housing_units, self.public_people, p,
        )  # fmt: skip
        return dict(zip(FLOWS, flows, strict=True))


@njit(cache=True, error_model="numpy")
def _step(persons, reference_migration, growth, amenity, amenity_money, house_price, outside_price, access, year,
          start_unemployment, unemployment, neighbours, start, dwellings, units, public_people, p):  # fmt: skip
    """Take one quarter, in place, and return the flows f8[4, Z, G] in the order of ``FLOWS``."""
    births, deaths, ageing, migration = _move(persons, reference_migration, growth, amenity, amenity_money, house_price,
                                              outside_price, access, year, start_unemployment, unemployment, neighbours,
                                              p)  # fmt: skip
    _build(persons, start, dwellings, house_price, units, public_people, p)
    flows = np.empty((4, *persons.shape))
    flows[0], flows[1], flows[2], flows[3] = births, -deaths, ageing, migration
    return flows


@njit(cache=True, error_model="numpy")
def public_jobs(public, people, start, outside, elasticity):
    """Return public jobs f8[cells] after the people they serve.

    Args:
        public: f8[Z, S] public jobs of the start. people, start: f8[Z] people served, now and at the start.
        outside: f8[S] public services, 1 at the start.
    """
    zones, industries = public.shape
    out = np.empty(zones * industries)
    for z in range(zones):
        growth = (people[z] / start[z]) ** elasticity if start[z] > 0.0 else 1.0
        for s in range(industries):
            out[z * industries + s] = public[z, s] * growth * outside[s]
    return out


@njit(cache=True, error_model="numpy")
def _base_force(persons, scale):
    """Return the labour force f8[Z]; scale: f8[Z] what fits participation to the zone."""
    force = np.zeros(scale.size)
    for z in range(scale.size):
        for g in range(PARTICIPATION.size):
            force[z] += persons[z, g] * PARTICIPATION[g]
        force[z] *= scale[z]
    return force


@njit(cache=True, error_model="numpy")
def _natural(persons):
    """Return births, deaths and net ageing per quarter, each f8[Z, G]."""
    zones, groups = persons.shape
    births, deaths, ageing = np.zeros((zones, groups)), np.zeros((zones, groups)), np.zeros((zones, groups))
    for z in range(zones):
        born = 0.0
        for g in range(groups):
            born += persons[z, g] * BIRTHS[g]
            deaths[z, g] = persons[z, g] * MORTALITY[g] / 4.0
            if g < groups - 1:
                ageing[z, g] -= persons[z, g] / 20.0
                ageing[z, g + 1] += persons[z, g] / 20.0
        births[z, 0] = born / 4.0
    return births, deaths, ageing


@njit(cache=True, error_model="numpy")
def _move(persons, reference_migration, growth, amenity, amenity_money, house_price, outside_price, access, year,
          start_unemployment, unemployment, neighbours, p):  # fmt: skip
    """Let people be born, die, age and move, in place; return births, deaths, ageing and migration f8[Z, G].

    Args:
        access: f8[Z] jobs within reach; year: f8[4, Z] the same of the last four quarters, moved on in place.
    """
    zones, groups = persons.shape
    people, moving, local = persons.sum(axis=1), np.empty(zones), np.zeros(zones)
    for z in range(zones):
        amenity[z] = amenity[z] * (1.0 - p[0]) ** 0.25 + p[1] * p[2] * amenity_money[z]
        job_growth = math.log(access[z]) - math.log(year[0, z])
        for q in range(3):
            year[q, z] = year[q + 1, z]
        year[3, z] = access[z]
        pull = amenity[z] - p[3] * (math.log(house_price[z]) - outside_price) + p[4] * job_growth
        moving[z] = (pull + p[5] * (start_unemployment[z] - unemployment[z])) * people[z] / 4.0
    for z in range(zones):  # what neighbours lose to a zone that draws people
        near = 0.0
        for y in range(zones):
            near += neighbours[z, y] * people[y]
        if near > 0.0:
            for y in range(zones):
                local[y] -= p[6] * moving[z] * neighbours[z, y] * people[y] / near
    births, deaths, ageing = _natural(persons)
    migration = np.zeros((zones, groups))
    grown, swell = math.exp(growth), math.expm1(growth)
    for z in range(zones):
        mobile = 0.0
        for g in range(groups):
            mobile += persons[z, g] * MOBILITY[g]
        for g in range(groups):
            reference_migration[z, g] *= grown
            flow = reference_migration[z, g] + persons[z, g] * swell
            if mobile > 0.0:
                flow += (moving[z] + local[z]) * persons[z, g] * MOBILITY[g] / mobile
            left = persons[z, g] + births[z, g] - deaths[z, g] + ageing[z, g]
            migration[z, g] = max(flow, -left)
            persons[z, g] = left + migration[z, g]
    return births, deaths, ageing, migration


@njit(cache=True, error_model="numpy")
def _build(persons, start, dwellings, house_price, units, public_people, p):
    """Add dwellings, move the house price towards households per dwelling and public services after the people."""
    for z in range(start.size):
        people = persons[z].sum()
        stock = (start[z] if start[z] > 0.0 else 1.0) / p[7]
        level = math.log(house_price[z])
        dwellings[z] = dwellings[z] * (1.0 + p[8] * 0.02 * level / 4.0) + units[z] / stock
        target = p[9] * math.log(people / start[z] / dwellings[z]) if start[z] > 0.0 else 0.0
        house_price[z] = math.exp(level + p[10] * (target - level))
        public_people[z] += 0.25 * (people - public_people[z])
