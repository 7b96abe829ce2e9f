"""Statistics that need a run of its own beside the baseline: multiplier, tax credit, grants, travel time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.experiment import baseline, build_model
from sim.model import Reference, RegionModel
from sim.model.policy import Arrival
from sim.random_numbers import permanent_id
from sim.region import Region
from sim.scenario import InstrumentEntry, Scenario

Floats = NDArray[np.float64]

#: Industries that sell this share of their sales outside the region, or more, are tradable.
TRADABLE = 0.35
#: Quarters of each run; the quarter the plant opens, and the road gets longer, by this share.
_QUARTERS, _PLANT, _ROAD, _LONGER = 36, 3, 4, 0.10


def experiments(region: Region, seed: int, reference: Reference) -> dict[str, float]:
    """Return every statistic of paired runs with one seed."""
    plain, no_credit, road = (build_model(region, baseline(), seed, reference=reference) for _ in range(3))
    granted = build_model(region, _grants(), seed, reference=reference)
    plant = build_model(region, baseline(), seed, reference=reference)
    no_credit.policy.tax_credit = 0.0
    own, without, paid = np.zeros(_QUARTERS), np.zeros(_QUARTERS), np.zeros(_QUARTERS)
    for quarter in range(_QUARTERS):
        if quarter == _PLANT:
            plant.organisations = [_Opening(plant, _plant(region, seed))]  # type: ignore[list-item]
        if quarter == _ROAD:
            road.outside.minutes = road.outside.minutes + _LONGER * _between(region)
        for model in (plain, no_credit, granted, plant, road):
            model.step()
        plant.organisations = []
        own[quarter], without[quarter] = plain.own_research.sum(), no_credit.own_research.sum()
        paid[quarter] = plain.policy.tax_credit * plain.parameters["tax_credit_takeup"] * own[quarter]
    later = slice(8, 32)
    more = _recorded(granted, "rd", slice(4, 24)) - _recorded(plain, "rd", slice(4, 24))
    spent = float(granted.recorder.quarters["spent_municipal"][23][0])
    return {
        "multiplier": _multiplier(plain, plant),
        "tax_credit_additionality": _ratio(float((own - without)[later].sum()), float(paid[later].sum())),
        "grant_additionality": _ratio(more, spent),
        **_travel(plain, road),
    }


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0.0 else float("nan")


def _recorded(model: RegionModel, name: str, quarters: slice) -> float:
    return float(np.sum(np.array(model.recorder.quarters[name])[quarters]))


def _grants() -> Scenario:
    """Return the scenario of broad innovation support, 10 MNOK a year from year 2."""
    entry = InstrumentEntry(instrument="broad_innovation", budget=10.0)
    return baseline().model_copy(update={"name": "grants", "instruments": (entry,)})


def _plant(region: Region, seed: int) -> Arrival:
    """Return a plant of 200 jobs in the industry that exports most."""
    identity = permanent_id("multiplier", seed)
    return Arrival(identity, 0, int(np.argmax(region.industries.export_share)), 200.0)


def _multiplier(plain: RegionModel, plant: RegionModel) -> float:
    """Return local jobs per tradable job eight years after the plant opened (private jobs only)."""
    traded = plain.region.industries.export_share >= TRADABLE
    change = _private(plant) - _private(plain)
    return float(change[~traded].sum() / change[traded].sum()) if change[traded].sum() > 20 else float("nan")


def _private(model: RegionModel) -> Floats:
    """Return private jobs by industry in the last quarter f8[S]."""
    data = np.asarray(model.recorder.quarters["private_jobs"][-1])
    return np.asarray(data.reshape(model.zones, model.industries).sum(axis=0))


def _between(region: Region) -> Floats:
    """Return travel times between different municipalities of the region, 0 elsewhere, f8[Z+X, Z+X]."""
    zones = len(region.zones)
    apart = np.zeros_like(region.minutes)
    inside = region.minutes[:zones, :zones] * (1.0 - np.eye(zones))
    apart[:zones, :zones] = np.where(np.isfinite(inside), inside, 0.0)
    return apart


def _travel(plain: RegionModel, road: RegionModel) -> dict[str, float]:
    """Return the elasticity of commuting between municipalities on their travel time, at the end of year 8."""
    apart = _between(plain.region) > 0.0
    before, after = (float(np.asarray(m.flow)[apart].sum()) for m in (plain, road))
    if before <= 0.0 or after <= 0.0:
        return dict.fromkeys(("commuting_elasticity", "commuting_road"), float("nan"))
    elasticity = float(np.log(after / before) / np.log(1.0 + _LONGER))
    return {"commuting_elasticity": elasticity, "commuting_road": elasticity}


class _Opening:
    """Lets one establishment open this quarter."""

    def __init__(self, model: RegionModel, arrival: Arrival) -> None:
        self.model, self.arrival = model, arrival

    def step(self) -> None:
        """Open it."""
        self.model.policy.arrivals.append(self.arrival)
