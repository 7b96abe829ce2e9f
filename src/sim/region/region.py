"""What a region is: the numbers the model starts from, each with source, year and flag.

``Region`` holds arrays in a fixed order: zones (municipalities) Z, external labour-market nodes X,
industries S, size classes C and age groups G. ODD section 2 and 13.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Employees in an establishment, lower bounds of Statistics Norway's size classes (table 10309).
SIZE_CLASSES = ("1-4", "5-9", "10-19", "20-49", "50-99", "100-249", "250+")
#: Five-year age groups, lower bounds.
AGE_GROUPS = tuple(range(0, 90, 5))
#: How far a number can be trusted, best first.
FLAGS = ("official", "municipal", "estimate", "placeholder")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Industries:
    """The canonical industry list with national figures per industry (S rows).

    Money is MNOK in prices of ``price_year``; wages, value added and taxes are per employee-quarter.
    """

    codes: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]  # language ("nb", "en") -> S labels
    divisions: tuple[tuple[int, ...], ...]  # NACE rev. 2 / SN2007 two-digit divisions
    family: tuple[str, ...]  # relatedness family of each industry
    family_labels: dict[str, dict[str, str]]  # family -> language -> label
    price_year: int
    value_added: Floats  # [S] MNOK per employee-quarter
    wage: Floats  # [S] MNOK per employee-quarter, employer's cost
    export_share: Floats  # [S] share of sales outside the region, 0-1
    consumption_share: Floats  # [S] share of local consumption bought here; sums to 1
    public_share: Floats  # [S] share of jobs that are public, 0-1
    rd_share: Floats  # [S] share of firms with >= 10 employees that do R&D, 0-1
    rd_intensity: Floats  # [S] R&D / value added among those that do
    emissions: Floats  # [S] tCO2e per MNOK value added
    skill: Floats  # [S,3] share of jobs: basic, vocational, higher education
    inputs: Floats  # [S,S] local purchases of row industry from column industry, share of value added
    position: Floats  # [S,3] knowledge coordinates; mean distance of related pairs = 1
    figures: pd.DataFrame  # long table: industry, quantity, value, unit, source, year, flag


@dataclass(frozen=True)
class Anchor:
    """A named large establishment that is placed before the others are drawn."""

    name: str
    zone: int
    industry: int
    jobs: float
    owner: int  # 0 local, 1 national, 2 foreign head office
    source: str


@dataclass(frozen=True)
class Region:
    """One region, ready for synthesis and simulation. All arrays are float64 and read-only."""

    name: str
    title: dict[str, str]  # nb, en
    base_year: int
    fictional: bool
    zones: tuple[str, ...]  # municipality codes
    zone_names: tuple[str, ...]
    externals: tuple[str, ...]  # external nodes of the labour and housing market, e.g. ("oslo", "ring")
    industries: Industries
    jobs: Floats  # [Z,S] employed by workplace, public and private
    public: Floats  # [Z,S] of these, public
    establishments: Floats  # [Z,S,C] private establishments with employees
    official: Floats  # [Z,S] figure of the official table, NaN where there is none
    placeholder: Floats  # [Z,S] share of the jobs that rests on placeholders, 0-1
    population: Floats  # [Z,G] persons by five-year age group
    working_age: Floats  # [Z] persons 15-74, official
    employed_residents: Floats  # [Z]
    unemployment: Floats  # [Z] share of the labour force
    commuting: Floats  # [Z+X,Z+X] persons home (row) -> work (column); external->external is 0;
    #                      column sums over all homes equal jobs.sum(axis=1) for the zones
    minutes: Floats  # [Z+X,Z+X] travel time by car
    land: Floats  # [Z] dwellings that can be built beyond the reference within the horizon
    anchors: tuple[Anchor, ...]
    figures: pd.DataFrame  # long table: zone, industry, quantity, value, unit, source, year, flag

    @property
    def families(self) -> tuple[str, ...]:
        """Return the families in the order of their first industry."""
        return tuple(dict.fromkeys(self.industries.family))

    @cached_property
    def identity(self) -> str:
        """Return the SHA-256 of the numbers and names that results rest on, whatever the files look like."""
        digest = hashlib.sha256()
        table = self.industries
        names = (self.name, self.base_year, self.zones, self.externals, table.codes, table.family)
        digest.update(repr(names).encode())
        digest.update(repr([(a.name, a.zone, a.industry, a.jobs, a.owner) for a in self.anchors]).encode())
        for owner in (self, table):
            for name, value in sorted(vars(owner).items()):
                if isinstance(value, np.ndarray):
                    digest.update(name.encode() + str(value.shape).encode() + np.ascontiguousarray(value).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class SyntheticFirms:
    """Private establishments with employees, sorted by permanent id (N rows)."""

    id: NDArray[np.int64]
    zone: NDArray[np.int16]
    industry: NDArray[np.int16]
    jobs: Floats
    owner: NDArray[np.uint8]  # 0 local, 1 national, 2 foreign head office
    anchor: NDArray[np.bool_]  # a named anchor
    residuals: pd.DataFrame  # zone, industry, size_class, table, synthetic, residual
