"""People, housing and migration. ODD section 5.10.

Ages follow a cohort model by five-year groups. The reference migration of each age group keeps the
reference population as it is; everything else is a deviation from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.parameters import Parameters

Floats = NDArray[np.float64]

#: Yearly deaths per person by five-year group (0-4 ... 85+). National shape, judgement.
MORTALITY = np.array([.0006, .0001, .0001, .0003, .0005, .0006, .0007, .0009, .0012, .0018, .0029, .0046,
                      .0074, .0118, .0190, .0330, .0600, .1500])  # fmt: skip
#: Yearly births per person by five-year group, both sexes. National shape, judgement.
BIRTHS = np.array([0, 0, 0, .002, .018, .045, .058, .030, .007, .0005, 0, 0, 0, 0, 0, 0, 0, 0])
#: Labour-force participation by five-year group, before scaling to the region. Judgement.
PARTICIPATION = np.array([0, 0, 0, .42, .74, .83, .86, .87, .87, .86, .84, .80, .67, .28, .09, 0, 0, 0])
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
        self.access = np.ones((4, self.zones))
        births, deaths, ageing = self._natural(persons)
        self.reference_migration = -(births - deaths + ageing)
        self.growth = 0.0  # of the reference population, log per quarter
        near = np.where(np.isfinite(minutes[: self.zones, : self.zones]), 1.0, 0.0)
        self.neighbours = near * (1.0 - np.eye(self.zones))

    def _natural(self, persons: Floats) -> tuple[Floats, Floats, Floats]:
        """Return births, deaths and net ageing per quarter, each f8[Z, G]."""
        deaths = persons * MORTALITY / 4.0
        births = np.zeros_like(persons)
        births[:, 0] = (persons * BIRTHS).sum(axis=1) / 4.0
        leaving = persons / 20.0
        leaving[:, -1] = 0.0
        ageing = -leaving
        ageing[:, 1:] += leaving[:, :-1]
        return births, deaths, ageing

    def base_force(self) -> Floats:
        """Return the labour force f8[Z] there would be at the unemployment of the start."""
        return self.force_scale * (self.persons @ PARTICIPATION)

    def step(
        self, p: Parameters, access: Floats, housing_units: Floats, amenity_money: Floats, outside_price: float = 0.0
    ) -> dict[str, Floats]:
        """Move people, dwellings and prices one quarter and return the flows f8[Z, G].

        Args:
            access: f8[Z] jobs within reach, 1 at the start. housing_units: dwellings added by
            programmes. amenity_money: MNOK of amenity money this quarter. outside_price: log house price
            in the capital region, 0 at the start.
        """
        people = self.persons.sum(axis=1)
        growth = np.log(access) - np.log(self.access[0])
        self.access = np.vstack([self.access[1:], access])
        self.amenity *= (1.0 - p["amenity_decay"]) ** 0.25
        self.amenity += p["shrinkage"] * p["amenity_effect"] * amenity_money
        pull_home = self.amenity - p["migration_house"] * (np.log(self.house_price) - outside_price)
        pull_work = p["migration_jobs"] * growth + p["migration_unemployment"] * (
            self.start_unemployment - self.unemployment
        )
        moving = (pull_home + pull_work) * people / 4.0
        local = self._from_neighbours(p["neighbour_share"] * moving, people)
        profile = self.persons * MOBILITY
        total = profile.sum(axis=1, keepdims=True)
        profile = np.divide(profile, total, out=np.zeros_like(profile), where=total > 0)
        self.reference_migration = self.reference_migration * np.exp(self.growth)
        reference = self.reference_migration + self.persons * np.expm1(self.growth)
        migration = reference + (moving + local)[:, None] * profile
        births, deaths, ageing = self._natural(self.persons)
        migration = np.maximum(migration, -(self.persons + births - deaths + ageing))
        self.persons = self.persons + births - deaths + ageing + migration
        self._build(p, housing_units)
        now = self.persons.sum(axis=1)
        self.public_people += 0.25 * (now - self.public_people)
        return {"births": births, "deaths": -deaths, "ageing": ageing, "migration": migration}

    def _from_neighbours(self, moving: Floats, people: Floats) -> Floats:
        """Return what neighbours lose f8[Z] to the zones that draw people (sums to minus ``moving``)."""
        weight = self.neighbours * people[None, :]
        total = weight.sum(axis=1, keepdims=True)
        share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        return -(share * moving[:, None]).sum(axis=0)

    def _build(self, p: Parameters, units: Floats) -> None:
        """Add dwellings and move the house price towards households per dwelling."""
        people, start = self.persons.sum(axis=1), self.start.sum(axis=1)
        lived = start > 0
        stock = np.where(lived, start, 1.0) / p["household_size"]
        added = p["house_supply"] * 0.02 * np.log(self.house_price) / 4.0
        self.dwellings = self.dwellings * (1.0 + added) + units / stock
        ratio = np.where(lived, people / np.where(lived, start, 1.0) / self.dwellings, 1.0)
        target = p["house_elasticity"] * np.log(ratio)
        level = np.log(self.house_price)
        self.house_price = np.exp(level + p["house_adjustment"] * (target - level))
