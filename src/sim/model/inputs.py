"""What never changes during a run: distances, home positions, R&D institutes, observed commuting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.model.knowledge import kernels
from sim.model.parameters import Parameters
from sim.model.shapes import exp_fade
from sim.model.start import industry_traits
from sim.random_numbers import permanent_id
from sim.region.region import Region

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Institute:
    """An R&D institute: where its knowledge lies, how able it is and how much it adds to the pool."""

    position: tuple[float, float, float]
    skill: float  # 0-1
    knowledge: Floats  # [S] knowledge employees added to the related pool of each industry


@lru_cache(maxsize=32)
def _cell_keys(zones: tuple[str, ...], codes: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return the keys of each cell's candidates u8[cells]."""
    return np.array([permanent_id("candidate", z, s) for z in zones for s in codes], np.uint64)


class Inputs:
    """Arrays made once from region and parameters."""

    def __init__(self, region: Region, p: Parameters, institutes: Sequence[Institute]) -> None:
        zones, table = len(region.zones), region.industries
        inside = region.minutes[:zones, :zones]
        self.nodes = region.commuting.shape[0]
        self.fade = exp_fade(inside, p["decay_minutes"])
        self.labour_fade = exp_fade(inside, p["labour_minutes"])
        self.time_fade = exp_fade(inside, 60.0)
        self.export = table.export_share
        self.elasticity = p["local_elasticity"] + (p["export_elasticity"] - p["local_elasticity"]) * self.export
        self.near = kernels(table.position)
        self.traits = industry_traits(table)
        self.cell_keys = _cell_keys(region.zones, table.codes)
        self.institute_place = np.array([i.position for i in institutes]).reshape(-1, 3)
        self.institute_skill = np.array([i.skill for i in institutes])
        self.institute_knowledge = np.zeros(len(table.codes))
        for institute in institutes:
            self.institute_knowledge += institute.knowledge
        self.start_flow = region.commuting.copy()
        column = self.start_flow.sum(axis=0)
        share = np.divide(self.start_flow, column, out=np.zeros_like(self.start_flow), where=column > 0)
        share[:, zones:] = self.start_flow[:, zones:]
        self.start_share = share  # of each workplace's jobs by home; persons for workplaces outside
        self.start_jobs = region.jobs.sum(axis=1)
        self.start_land = np.maximum(p["land_per_job"] * self.start_jobs, 1.0)  # 1000 m2 of business land

    def reach(self, firms: Floats) -> Floats:
        """Return the cumulative chance of looking for a partner in each cell, f8[Z, cells].

        Args:
            firms: f8[cells] firms at the start; a cell that cannot be reached has chance exactly 0.
        """
        zones = self.fade.shape[0]
        weight = np.repeat(self.fade, firms.size // zones, axis=1) * firms
        out = np.zeros_like(weight)
        for z in range(zones):
            total = 0.0
            for c in range(firms.size):
                total += weight[z, c]
                out[z, c] = total
            if total > 0:
                out[z] /= total
        return out
