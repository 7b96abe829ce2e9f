"""Keeps the outcomes: quarters are summed into years by each indicator's own rule. ODD section 15."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.indicators import INDICATORS

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

Floats = NDArray[np.float64]


class Recorder:
    """Collects per-quarter arrays and gives yearly levels per zone, family and for the whole region."""

    def __init__(self, model: RegionModel) -> None:
        self.model = model
        self.quarters: dict[str, list[Floats]] = {}

    def record(self, values: dict[str, ArrayLike]) -> None:
        """Keep one quarter: name -> f8[cells] (per cell), f8[Z] (per zone) or f8[1] (region only)."""
        for name, value in values.items():
            self.quarters.setdefault(name, []).append(np.asarray(value, float).copy())

    def outcomes(self) -> dict[str, list[Any]]:
        """Return finished years as columns indicator, zone, family, year and value."""
        columns: dict[str, list[Any]] = {k: [] for k in ("indicator", "zone", "family", "year", "value")}
        if self.quarters:
            for name in INDICATORS:
                if name in RATIOS or name in self.quarters:
                    self._add(columns, name)
            self._add_shock(columns)
        return columns

    def _add_shock(self, columns: dict[str, list[Any]]) -> None:
        """Add drop and recovery after the first shock; a run without one has neither."""
        if not self.model.shocks:
            return
        shock, model = self.model.shocks[0], self.model
        jobs = np.array(self.quarters["private_jobs"]).reshape(-1, model.zones, model.industries)
        struck = jobs[:, :, list(shock.industries)].sum(axis=(1, 2))
        for name, value in zip(("shock_drop", "shock_recovery"), resilience(struck, shock.quarter), strict=True):
            for year in range(1, len(struck) // 4 + 1):
                row = (name, "all", "all", year, value if 4 * year > shock.quarter else 0.0)
                for column, cell in zip(columns.values(), row, strict=True):
                    column.append(cell)

    def _add(self, columns: dict[str, list[Any]], name: str) -> None:
        for zone, family, years in self._places(name):
            for year, value in enumerate(years, start=1):
                columns["indicator"].append(name)
                columns["zone"].append(zone)
                columns["family"].append(family)
                columns["year"].append(year)
                columns["value"].append(float(value))

    def _places(self, name: str) -> list[tuple[str, str, Floats]]:
        """Return (zone, family, yearly values) of one indicator."""
        indicator, region = INDICATORS[name], self.model.region
        places = [("all", "all", self._series(name, None, None))]
        if indicator.zones and self._per_zone(name):
            places += [(code, "all", self._series(name, z, None)) for z, code in enumerate(region.zones)]
        if indicator.families:
            places += [("all", family, self._series(name, None, family)) for family in region.families]
        return places

    def _per_zone(self, name: str) -> bool:
        parts = RATIOS.get(name, (name, name))[:2]
        return all(self.quarters[part][0].size > 1 or len(self.model.region.zones) == 1 for part in parts)

    def _series(self, name: str, zone: int | None, family: str | None) -> Floats:
        if name in RATIOS:
            top, bottom, scale = RATIOS[name]
            how = INDICATORS[name].over_year
            above, below = self._pool(top, zone, family, how), self._pool(bottom, zone, family, how)
            return scale * np.divide(above, below, out=np.zeros_like(above), where=below > 0)
        values = self._pool(name, zone, family, INDICATORS[name].over_year)
        return np.cumsum(values) if name == "job_years" else values

    def _pool(self, name: str, zone: int | None, family: str | None, how: str) -> Floats:
        """Return yearly values of one collected quantity, summed over the place."""
        model = self.model
        data = np.array(self.quarters[name])
        if data.shape[1] == model.cells and model.cells > 1:
            cells = data.reshape(len(data), -1, model.industries)
            if family is not None:
                inside = np.array([f == family for f in model.region.industries.family])
                cells = cells[:, :, inside]
            data = cells.sum(axis=2)
        series = data.sum(axis=1) if zone is None else data[:, zone]
        years = series[: len(series) // 4 * 4].reshape(-1, 4)
        if how == "sum":
            return years.sum(axis=1)
        return years.mean(axis=1) if how == "mean" else years[:, -1]


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
