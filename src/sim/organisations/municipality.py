"""The municipality: spends on homes and surroundings where people want to live and land allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.organisations.organisation import Aim, Organisation, Purse

if TYPE_CHECKING:
    from sim.model import RegionModel


class Municipality(Organisation):
    """Builds serviced plots and homes and improves surroundings."""

    kind = "municipality"

    def __init__(
        self, model: RegionModel, name: str, purse: Purse, *, home_cost: float, home_share: float, deadweight: float,
        delay: int, aim: Aim, rule: str = "own",
    ) -> None:  # fmt: skip
        super().__init__(model, name, purse, rule)
        self.home_cost, self.home_share, self.deadweight, self.delay = home_cost, home_share, deadweight, delay
        self.zone_list = aim.zone_list(model)
        self.due: list[tuple[int, int, float, float]] = []  # quarter, zone, homes, surroundings money
        self.built = np.zeros(model.zones)

    def act(self, gross: float) -> None:
        """Finish what was ordered, then order by demand and land."""
        model = self.region_model
        for _, zone, homes, money in [row for row in self.due if row[0] <= model.quarter]:
            model.policy.housing_units[zone] += homes
            model.policy.amenity_money[zone] += money
        self.due = [row for row in self.due if row[0] > model.quarter]
        if gross <= 0.0:
            return
        self.administer(gross)
        people = model.population.persons.sum(axis=1)
        pressure = people * (np.ones(model.zones) if self.accepts_all else model.population.house_price**4)
        total = float(pressure[self.zone_list].sum())
        money = self.fund
        for zone in self.zone_list:
            self._order(zone, money * float(pressure[zone]) / total if total > 0 else 0.0)

    def _order(self, zone: int, money: float) -> None:
        """Order homes and surroundings in one zone for the given money, MNOK."""
        model = self.region_model
        code = model.region.zones[zone]
        if not self.accepts_all and model.population.house_price[zone] < 0.97:
            self.note("refuse", code, "house prices have fallen; nobody waits for homes", money)
            return
        wanted = money * self.home_share / self.home_cost
        left = max(0.0, float(model.region.land[zone]) - self.built[zone])
        homes = wanted if self.accepts_all else min(wanted, left)
        if homes < wanted:
            self.note("refuse", code, "no land left for more homes", (wanted - homes) * self.home_cost)
        self.built[zone] += homes
        surroundings = money * (1.0 - self.home_share)
        cost = homes * self.home_cost + surroundings
        if cost <= 0.0:
            return
        self.pay(cost)
        homes_now = homes * self.believed(self.deadweight)
        money_now = surroundings * (1.0 - self.deadweight)  # shrunk where it meets people
        self.due.append((model.quarter + self.delay, zone, homes_now, money_now))
        self.note("order", code, f"{homes:.1f} homes and surroundings", cost)
