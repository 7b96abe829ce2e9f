"""Loads a region folder: region.yaml and six CSV tables in which every number has source, year and flag."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.region.errors import RegionError, RegionErrors, nearest
from sim.region.industries import canonical_industries, frozen
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
_HEAD = ("name", "title", "base_year", "fictional", "zones", "externals", "anchors", "notes")


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
    if not (folder / "region.yaml").is_file():
        names = region_names()
        message = "no such region; a region is a built-in name or a folder with region.yaml"
        raise RegionErrors([RegionError(text, 1, 1, "region", text, ", ".join(names), nearest(text, names), message)])
    return _load(str(folder.resolve()))


@lru_cache(maxsize=32)
def _load(folder: str) -> Region:
    return _Reader(Path(folder)).region()


class _Reader:
    """Reads one folder and collects errors."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[RegionError] = []
        self.head = self._head()
        self._stop()
        self.zones = [str(zone["code"]) for zone in self.head["zones"]]
        self.nodes = [*self.zones, *map(str, self.head.get("externals") or ())]
        self.codes = canonical_industries().codes
        self.tables = {
            name: Table(folder / f"{name}.csv", keys, number, self.errors) for name, (keys, number) in TABLES.items()
        }

    def region(self) -> Region:
        """Return the region or raise every error found."""
        jobs, placeholder, official = self._jobs()
        establishments = self._cube("establishments", [self.zones, list(self.codes), list(SIZE_CLASSES)])
        population = self._cube("people", [self.zones, [str(a) for a in AGE_GROUPS]])
        labour = self._cube("labour", [self.zones, list(_LABOUR)])
        commuting = self._commuting(jobs)
        minutes = self._minutes()
        anchors = self._anchors()
        self._check_labour(labour)
        self._stop()
        table = canonical_industries()
        public = jobs * table.public_share
        arrays = (jobs, public, establishments, official, placeholder, population, commuting, minutes)
        for array in (*arrays, labour):
            frozen(array)
        return Region(
            name=str(self.head["name"]), title=dict(self.head["title"]), base_year=int(self.head["base_year"]),
            fictional=bool(self.head.get("fictional", False)), zones=tuple(self.zones),
            zone_names=tuple(str(zone["name"]) for zone in self.head["zones"]),
            externals=tuple(self.nodes[len(self.zones) :]), industries=table, jobs=arrays[0], public=arrays[1],
            establishments=arrays[2], official=arrays[3], placeholder=arrays[4], population=arrays[5],
            working_age=labour[:, 0], employed_residents=labour[:, 1], unemployment=labour[:, 2],
            commuting=arrays[6], minutes=arrays[7], land=labour[:, 3], anchors=anchors, figures=self._figures(),
        )  # fmt: skip

    def _stop(self) -> None:
        if self.errors:
            raise RegionErrors(self.errors)

    def _bad(self, key: str, found: Any, allowed: str, message: str, near: str | None = None, line: int = 1) -> None:
        self.errors.append(RegionError("region.yaml", line, 1, key, str(found), allowed, near, message))

    def _head(self) -> dict[str, Any]:
        """Return region.yaml; its own errors are collected."""
        try:
            head = YAML(typ="safe", pure=True).load((self.folder / "region.yaml").read_text(encoding="utf-8-sig"))
        except (YAMLError, UnicodeDecodeError, OSError, ValueError) as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            problem = getattr(error, "problem", None) or str(error)
            self._bad("region.yaml", "", "YAML in UTF-8", problem, line=mark.line + 1 if mark else 1)
            return {}
        if not isinstance(head, dict):
            self._bad("region.yaml", type(head).__name__, "a mapping", "the file holds no mapping")
            return {}
        for key in head:
            if key not in _HEAD:
                self._bad(str(key), key, ", ".join(_HEAD), "unknown key", nearest(str(key), _HEAD))
        for key in ("name", "title", "base_year", "zones"):
            if key not in head:
                self._bad(key, "nothing", key, "the key is missing")
        title, zones, year = head.get("title"), head.get("zones"), head.get("base_year")
        if "title" in head and not (isinstance(title, dict) and {"nb", "en"} <= set(title)):
            self._bad("title", title, "nb and en", "a title in both languages")
        if "base_year" in head and not isinstance(year, int):
            self._bad("base_year", year, "a year such as 2022", "not a year")
        rows = zones if isinstance(zones, list) else []
        fine = bool(rows) and all(isinstance(z, dict) and {"code", "name"} <= set(z) for z in rows)
        if "zones" in head and not fine:
            self._bad("zones", zones, "a list of {code, name}", "municipalities are missing")
        if not isinstance(head.get("externals") or [], list):
            self._bad("externals", head["externals"], "a list of names", "not a list")
        if not isinstance(head.get("anchors") or [], list):
            self._bad("anchors", head["anchors"], "a list", "not a list")
        return head

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
        for i, a in enumerate(self.nodes):
            for j in range(i, len(self.nodes)):
                if both[i, j] <= 0:
                    table.error(1, "from", f"{a} - {self.nodes[j]}", "minutes above 0", "travel time is missing")
        return both

    def _anchors(self) -> tuple[Anchor, ...]:
        out = []
        for row in self.head.get("anchors") or ():
            try:
                zone, industry = self.zones.index(str(row["zone"])), self.codes.index(str(row["industry"]))
                out.append(Anchor(str(row["name"]), zone, industry, float(row["jobs"]), int(row["owner"]),
                                  str(row["source"])))  # fmt: skip
            except (KeyError, ValueError, TypeError) as error:
                self._bad("anchors", row, "name, zone, industry, jobs, owner (0-2), source", f"not an anchor: {error}")
        return tuple(out)

    def _check_labour(self, labour: Floats) -> None:
        table = self.tables["labour"]
        for z, zone in enumerate(self.zones):
            if not 0 < labour[z, 2] < 0.5:
                table.error(1, "value", f"{labour[z, 2]}", "0 to .5", f"unemployment of {zone} is not a share")
            if labour[z, 1] <= 0:
                table.error(1, "value", f"{labour[z, 1]}", "above 0", f"{zone} has no employed residents")

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


def region_identity(region: Region) -> str:
    """Return the SHA-256 of the numbers and names that results rest on, whatever the files look like."""
    digest = hashlib.sha256()
    table = region.industries
    names = (region.name, region.base_year, region.zones, region.externals, table.codes, table.family)
    digest.update(repr(names).encode())
    digest.update(repr([(a.name, a.zone, a.industry, a.jobs, a.owner) for a in region.anchors]).encode())
    for owner in (region, table):
        for name, value in sorted(vars(owner).items()):
            if isinstance(value, np.ndarray):
                digest.update(name.encode() + str(value.shape).encode() + np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()
