"""Keeps the outcomes: quarters are summed into years by each indicator's own rule. ODD section 4."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.indicators import INDICATORS, Indicator
from sim.model.measures import PER_CELL, PER_REGION, PER_ZONE

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

Floats = NDArray[np.float64]
#: Quarters there is room for at first.
_QUARTERS = 64


class Recorder:
    """Keeps per-quarter values and gives yearly levels per zone, family and for the whole region."""

    def __init__(self, model: RegionModel) -> None:
        self.model = model
        self.count = 0
        self._cells = np.zeros((_QUARTERS, len(PER_CELL), model.cells))
        self._zones = np.zeros((_QUARTERS, len(PER_ZONE), model.zones))
        self._region = np.zeros((_QUARTERS, len(PER_REGION)))

    def next_quarter(self) -> tuple[Floats, Floats, Floats]:
        """Return the rows of a new quarter to write into: f8[quantities, cells], f8[quantities, Z], f8[quantities]."""
        if self.count == len(self._region):
            for name in ("_cells", "_zones", "_region"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
        at, self.count = self.count, self.count + 1
        return self._cells[at], self._zones[at], self._region[at]

    @property
    def quarters(self) -> dict[str, Floats]:
        """Return what was kept: name -> f8[T, cells], f8[T, Z] or f8[T, 1]."""
        n = self.count
        return {
            **{name: self._cells[:n, k] for k, name in enumerate(PER_CELL)},
            **{name: self._zones[:n, k] for k, name in enumerate(PER_ZONE)},
            **{name: self._region[:n, k : k + 1] for k, name in enumerate(PER_REGION)},
        }

    def outcomes(self) -> dict[str, list[Any]]:
        """Return finished years as columns indicator, zone, family, year and value."""
        years = self.count // 4
        if not years:
            return {"indicator": [], "zone": [], "family": [], "year": [], "value": []}
        zones, family = self.model.region.zones, self.model.region.industries.family
        columns: dict[str, list[Any]] = {name: list(part) for name, part in _layout(zones, family, years).items()}
        n = 4 * years
        held = _Places(self._cells[:n], self._zones[:n], self._region[:n], family)
        columns["value"] = np.concatenate([held.series(name) for name in INDICATORS if name in _OBSERVED]).tolist()
        self._add_shock(columns)
        return columns

    def _add_shock(self, columns: dict[str, list[Any]]) -> None:
        """Add drop and recovery after the first shock; a run without one has neither."""
        if not self.model.shocks:
            return
        shock, model = self.model.shocks[0], self.model
        jobs = self.quarters["private_jobs"].reshape(-1, model.zones, model.industries)
        struck = jobs[:, :, list(shock.industries)].sum(axis=(1, 2))
        for name, value in zip(("shock_drop", "shock_recovery"), resilience(struck, shock.quarter), strict=True):
            for year in range(1, len(struck) // 4 + 1):
                row = (name, "all", "all", year, value if 4 * year > shock.quarter else 0.0)
                for column, cell in zip(columns.values(), row, strict=True):
                    column.append(cell)


class _Places:
    """Yearly values by place: the whole region, then zones, then families."""

    def __init__(self, cells: Floats, zones: Floats, region: Floats, family: tuple[str, ...]) -> None:
        """Sum what was kept, f8[T, quantities, cells], f8[T, quantities, Z] and f8[T, quantities], to places."""
        count = zones.shape[2]
        split = cells.reshape(*cells.shape[:2], count, -1)
        industries = split.sum(axis=2)
        members = [np.array([f == name for f in family]) for name in dict.fromkeys(family)]
        families = [industries[:, :, inside].sum(axis=2, keepdims=True) for inside in members]
        self.zones, self.families = count, len(families)
        self.yearly: dict[tuple[str, str], Floats] = {}  # quantity and how quarters become a year -> f8[years, places]
        self._add(PER_CELL, np.concatenate([cells.sum(axis=2, keepdims=True), split.sum(axis=3), *families], axis=2))
        self._add(PER_ZONE, np.concatenate([zones.sum(axis=2, keepdims=True), zones], axis=2))
        self._add(PER_REGION, np.repeat(region[:, :, None], 2 if count == 1 else 1, axis=2))

    def _add(self, names: tuple[str, ...], places: Floats) -> None:
        """Sum quarters f8[T, quantities, places] into years in every way."""
        years = places.reshape(-1, 4, *places.shape[1:])
        for how, yearly in (("sum", years.sum(axis=1)), ("mean", years.mean(axis=1)), ("last", years[:, -1])):
            self.yearly |= {(name, how): yearly[:, k] for k, name in enumerate(names)}

    def series(self, name: str) -> Floats:
        """Return the rows of one indicator f8[places x years], place by place."""
        indicator = INDICATORS[name]
        top, bottom, scale = RATIOS.get(name, (name, "", 1.0))
        values = self._of(top, indicator)
        if bottom:
            below = self._of(bottom, indicator)
            values = scale * np.divide(values, below, out=np.zeros_like(values), where=below > 0)
        return (np.cumsum(values, axis=1) if name == "job_years" else values).ravel()

    def _of(self, quantity: str, indicator: Indicator) -> Floats:
        """Return one quantity f8[places, years] at the places an indicator is reported for."""
        if indicator.families and not indicator.zones:
            raise ValueError(f"{indicator.name}: families are kept after the zones, so it must be reported for both")
        places = 1 + self.zones * indicator.zones + self.families * indicator.families
        return self.yearly[quantity, indicator.over_year][:, :places].T


def _per_zone(quantity: str, zones: int) -> bool:
    return zones == 1 or quantity not in PER_REGION


@lru_cache(maxsize=8)
def _layout(zones: tuple[str, ...], family: tuple[str, ...], years: int) -> dict[str, tuple[Any, ...]]:
    """Return the columns indicator, zone, family and year of ``outcomes``."""
    columns: dict[str, list[Any]] = {"indicator": [], "zone": [], "family": [], "year": []}
    for name in (name for name in INDICATORS if name in _OBSERVED):
        indicator = INDICATORS[name]
        parts = RATIOS.get(name, (name, name))[:2]
        places = [("all", "all")]
        if indicator.zones and all(_per_zone(part, len(zones)) for part in parts):
            places += [(code, "all") for code in zones]
        if indicator.families:
            places += [("all", group) for group in dict.fromkeys(family)]
        for zone, group in places:
            columns["indicator"] += [name] * years
            columns["zone"] += [zone] * years
            columns["family"] += [group] * years
            columns["year"] += range(1, years + 1)
    return {name: tuple(column) for name, column in columns.items()}


def resilience(jobs: Floats, quarter: int) -> tuple[float, float]:
    """Return the deepest drop within three years of a shock, %, and the quarters until jobs are made good.

    Made good means back at 98 % of the jobs of the quarter before; the length of what is left of the run
    when that never happens.

    Args:
        jobs: f8[T] jobs of what was struck. quarter: the first quarter of the shock, at least 1.
    """
    before, after = jobs[quarter - 1], jobs[quarter:]
    if before <= 0.0 or after.size == 0:
        return 0.0, 0.0
    low = int(np.argmin(after[:12]))
    back = np.flatnonzero(after[low:] >= 0.98 * before)
    return 100.0 * (1.0 - float(after[low]) / float(before)), float(low + back[0] if back.size else after.size)


#: Quotients: indicator -> (numerator, denominator, scale); both are recorded each quarter.
RATIOS: dict[str, tuple[str, str, float]] = {
    "productivity": ("value_added", "jobs", 4.0),
    "innovators": ("innovating_firms", "sizeable_firms", 100.0),
    "unemployment": ("unemployed", "labour_force", 100.0),
    "house_price": ("priced_people", "population", 100.0),
    "wage": ("wage_jobs", "jobs", 100.0),
    "intensity": ("emissions", "value_added", 1000.0),
    "commute_minutes": ("travelled_minutes", "travellers", 1.0),
    "concentration": ("job_squares", "squared_jobs", 10_000.0),
    "variety": ("spread", "spread_firms", 1.0),
}
#: Indicators made from what is kept each quarter; those of shocks are added when there was one.
_OBSERVED = {*PER_CELL, *PER_ZONE, *PER_REGION, *RATIOS}
