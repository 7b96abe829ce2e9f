"""Loads a region folder: region.yaml and six CSV tables in which every number has source, year and flag."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from sim.region.errors import RegionError, RegionErrors, nearest
from sim.region.header import FILE, Header
from sim.region.industries import canonical_industries, frozen
from sim.region.municipality import former_numbers
from sim.region.region import AGE_GROUPS, SIZE_CLASSES, Anchor, Floats, Region
from sim.region.table import Table

#: Tables of the contract: name -> (key columns, number column).
TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "jobs": (("zone", "industry"), "jobs"),
    "establishments": (("zone", "industry", "size_class"), "establishments"),
    "people": (("zone", "age"), "persons"),
    "labour": (("zone", "quantity"), "value"),
    "commuting": (("home", "work"), "persons"),
    "travel": (("from", "to"), "minutes"),
}
_LABOUR = ("working_age", "employed_residents", "unemployment", "land")
#: How far two tables may tell different stories: residents with work, people of working age.
_TOLERANCE = 0.05
_FILES = (FILE, *(f"{name}.csv" for name in TABLES))


@cache
def _built_in() -> Path:
    packed = Path(str(files("sim"))) / "_data" / "regions"
    return packed if packed.is_dir() else Path(str(files("sim"))).parents[1] / "regions"


def region_names() -> tuple[str, ...]:
    """Return the built-in regions in alphabetical order."""
    return tuple(sorted(p.name for p in _built_in().iterdir() if (p / "region.yaml").is_file()))


def load_region(name_or_path: str | Path) -> Region:
    """Return a built-in region by name, or a user's own region from its folder.

    Raises:
        RegionErrors: everything that is wrong, with file, line and column.
    """
    text = str(name_or_path)
    folder = Path(text) if ("/" in text or "\\" in text or Path(text).is_dir()) else _built_in() / text
    if not (folder / FILE).is_file():
        names = region_names()
        message = "no such region; a region is a built-in name or a folder with region.yaml"
        raise RegionErrors([RegionError(text, 1, 1, "region", text, ", ".join(names), nearest(text, names), message)])
    where = os.path.realpath(folder)
    return _load(where, _stamps(where))


def _stamps(folder: str) -> tuple[tuple[int, ...], ...]:
    """Return size and times of the files as they are now, so that an edited region is read again."""
    out: list[tuple[int, ...]] = []
    for name in _FILES:
        try:
            file = os.stat(os.path.join(folder, name))
            out.append((file.st_size, file.st_mtime_ns, file.st_ctime_ns, file.st_ino))
        except OSError:
            out.append(())
    return tuple(out)


@lru_cache(maxsize=32)
def _load(folder: str, stamps: tuple[tuple[int, ...], ...]) -> Region:
    return _Reader(Path(folder)).region()


class _Reader:
    """Reads one folder and collects errors."""

    def __init__(self, folder: Path) -> None:
        self.errors: list[RegionError] = []
        self.header = Header(folder, self.errors)
        self._stop()
        self.zones = list(self.header.zones)
        self.nodes = [*self.zones, *self.header.externals]
        self.codes = canonical_industries().codes
        old = {number: zone for zone in self.zones for number in former_numbers(zone) if number not in self.nodes}
        self.tables = {
            name: Table(folder / f"{name}.csv", keys, number, self.errors, old)
            for name, (keys, number) in TABLES.items()
        }

    def region(self) -> Region:
        """Return the region or raise every error found."""
        jobs, placeholder, official = self._jobs()
        public = jobs * canonical_industries().public_share
        establishments = self._cube("establishments", [self.zones, list(self.codes), list(SIZE_CLASSES)])
        population = self._cube("people", [self.zones, [str(a) for a in AGE_GROUPS]])
        labour = self._cube("labour", [self.zones, list(_LABOUR)])
        commuting = self._commuting(jobs)
        minutes = self._minutes()
        anchors = self._anchors(jobs - public)
        self._complete("people", [self.zones, [str(a) for a in AGE_GROUPS]])
        self._complete("labour", [self.zones, list(_LABOUR)])
        self._check_labour(labour)
        self._check_people(labour, population, commuting)
        self._stop()
        table = canonical_industries()
        arrays = (jobs, public, establishments, official, placeholder, population, commuting, minutes)
        for array in (*arrays, labour):
            frozen(array)
        return Region(
            name=self.header.name, title=self.header.title, base_year=self.header.base_year,
            fictional=self.header.fictional, zones=self.header.zones, zone_names=self.header.zone_names,
            externals=self.header.externals, industries=table, jobs=arrays[0], public=arrays[1],
            establishments=arrays[2], official=arrays[3], placeholder=arrays[4], population=arrays[5],
            working_age=labour[:, 0], employed_residents=labour[:, 1], unemployment=labour[:, 2],
            commuting=arrays[6], minutes=arrays[7], land=labour[:, 3], anchors=anchors, figures=self._figures(),
        )  # fmt: skip

    def _stop(self) -> None:
        if self.errors:
            raise RegionErrors(self.errors)

    def _cube(self, name: str, axes: Sequence[list[str]]) -> Floats:
        """Return a table as an array over its key columns; cells that are not in the table are 0."""
        table = self.tables[name]
        keys = TABLES[name][0]
        out = np.zeros([len(axis) for axis in axes])
        for row in table.rows:
            known = [table.check(row, key, axis) for key, axis in zip(keys, axes, strict=True)]
            if all(known):
                out[tuple(axis.index(row.cells[key]) for key, axis in zip(keys, axes, strict=True))] = row.number
        return out

    def _complete(self, name: str, axes: Sequence[list[str]]) -> None:
        """Report every row a table must have and does not have."""
        table, keys = self.tables[name], TABLES[name][0]
        if not table.rows:
            return  # what is wrong with the whole table is told already
        there = {tuple(row.cells[key] for key in keys) for row in table.rows} | table.refused
        for first in axes[0]:
            if missing := [second for second in axes[1] if (first, second) not in there]:
                table.error(1, keys[1], f"no row for {first}", ", ".join(missing), "rows are missing")

    def _jobs(self) -> tuple[Floats, Floats, Floats]:
        jobs = self._cube("jobs", [self.zones, list(self.codes)])
        placeholder = np.ones_like(jobs)
        official = np.full_like(jobs, np.nan)
        for row in self.tables["jobs"].rows:
            if row.cells["zone"] in self.zones and row.cells["industry"] in self.codes:
                at = self.zones.index(row.cells["zone"]), self.codes.index(row.cells["industry"])
                placeholder[at] = 1.0 if row.cells["flag"] == "placeholder" else 0.0
                if row.cells["flag"] == "official":
                    official[at] = row.number
        return jobs, placeholder, official

    def _commuting(self, jobs: Floats) -> Floats:
        """Return flows whose columns add up to the jobs of each zone (within .5 %, then exactly)."""
        table = self.tables["commuting"]
        flow = self._cube("commuting", [self.nodes, self.nodes])
        if table.refused or self.tables["jobs"].refused:
            return flow  # the sums mean nothing while numbers are wrong
        for z, zone in enumerate(self.zones):
            total, filled = float(jobs[z].sum()), float(flow[:, z].sum())
            if total > 0 and abs(filled - total) > 0.005 * total:
                message = f"commuters to {zone} do not add up to its jobs"
                table.error(1, "persons", f"{filled:.0f}", f"{total:.0f} within .5 %", message)
            elif filled > 0:
                flow[:, z] *= total / filled
        flow[len(self.zones) :, len(self.zones) :] = 0.0
        return flow

    def _minutes(self) -> Floats:
        """Return travel times f8[Z+X, Z+X]; each pair is given once, missing pairs are an error."""
        table = self.tables["travel"]
        given = self._cube("travel", [self.nodes, self.nodes])
        both = np.maximum(given, given.T)
        for row in table.rows:
            a, b = row.cells["from"], row.cells["to"]
            if a in self.nodes and b in self.nodes and given[self.nodes.index(b), self.nodes.index(a)] > row.number:
                table.error(row.line, "minutes", f"{row.number:g}", "one time per pair", f"{b} - {a} takes longer")
        for i, a in enumerate(self.nodes):
            for j in range(i, len(self.nodes)):
                if both[i, j] <= 0:
                    table.error(1, "from", f"{a} - {self.nodes[j]}", "minutes above 0", "travel time is missing")
        return both

    def _anchors(self, private: Floats) -> tuple[Anchor, ...]:
        """Return the named anchors; those of one cell must have room among its private jobs."""
        anchors = self.header.anchors(self.codes)
        for z, s in sorted({(a.zone, a.industry) for a in anchors}):
            held = sum(a.jobs for a in anchors if (a.zone, a.industry) == (z, s))
            if held > private[z, s]:
                message = f"anchors in {self.zones[z]} {self.codes[s]} hold more than its private jobs"
                self.header.bad("anchors", f"{held:.0f}", f"at most {private[z, s]:.0f}", message)
        return anchors

    def _check_labour(self, labour: Floats) -> None:
        table = self.tables["labour"]
        for z, zone in enumerate(self.zones):
            if not 0 < labour[z, 2] < 0.5:
                table.error(1, "value", f"{labour[z, 2]}", "0 to .5", f"unemployment of {zone} is not a share")
            if labour[z, 1] <= 0:
                table.error(1, "value", f"{labour[z, 1]}", "above 0", f"{zone} has no employed residents")

    def _check_people(self, labour: Floats, population: Floats, commuting: Floats) -> None:
        """Report where ages, commuting and labour tell different stories."""
        if self.errors:
            return  # the sums mean nothing while rows are wrong
        grown = population[:, AGE_GROUPS.index(15) : AGE_GROUPS.index(75)].sum(axis=1)
        working = commuting[: len(self.zones)].sum(axis=1)
        for z, zone in enumerate(self.zones):
            for name, key, found, wanted in (
                ("people", "persons", grown[z], labour[z, 0]),
                ("commuting", "persons", working[z], labour[z, 1]),
            ):
                if abs(found - wanted) > _TOLERANCE * max(wanted, 1.0):
                    what = "people 15-74" if name == "people" else "employed residents"
                    message = f"{what} of {zone} do not add up to labour.csv"
                    self.tables[name].error(1, key, f"{found:.0f}", f"{wanted:.0f} within 5 %", message)

    def _figures(self) -> pd.DataFrame:
        rows = []
        for name, table in self.tables.items():
            for row in table.rows:
                where = {key: row.cells[key] for key in TABLES[name][0]}
                rows.append({
                    "table": name, "zone": where.get("zone", where.get("home", where.get("from", ""))),
                    "industry": where.get("industry", ""), "quantity": "/".join([TABLES[name][1], *where.values()]),
                    "value": row.number, "source": row.cells["source"], "year": int(row.cells["year"]),
                    "flag": row.cells["flag"],
                })  # fmt: skip
        return pd.DataFrame(rows)
