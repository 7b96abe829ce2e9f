"""Reads region.yaml: name, title, municipalities, external nodes and named anchors, with line numbers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.region.errors import RegionError, nearest
from sim.region.region import Anchor

FILE = "region.yaml"
KEYS = ("name", "title", "base_year", "fictional", "zones", "externals", "anchors", "notes")
_ANCHOR = "name, zone, industry, jobs above 0, owner (0, 1 or 2), source"


class Header:
    """What region.yaml says; everything wrong with it goes to ``errors``."""

    def __init__(self, folder: Path, errors: list[RegionError]) -> None:
        self.errors = errors
        self.head: dict[str, Any] = self._load(folder / FILE)
        if not self.head:
            return
        for key in self.head:
            if key not in KEYS:
                self.bad(str(key), key, ", ".join(KEYS), "unknown key", nearest(str(key), KEYS))
        for key in ("name", "title", "base_year", "zones"):
            if key not in self.head:
                self.bad(key, "nothing", key, "the key is missing")
        self.name = self._name()
        self.title = self._title()
        self.base_year = self._year()
        self.fictional = self._fictional()
        self.zones, self.zone_names = self._zones()
        self.externals = self._externals()

    def bad(self, key: str, found: Any, allowed: str, message: str, near: str | None = None) -> None:
        """Add one error at the line of a key."""
        line, column = self._place(key)
        self.errors.append(RegionError(FILE, line, column, key, str(found)[:200], allowed, near, message))

    def _place(self, key: str) -> tuple[int, int]:
        try:
            line, column = self.head.lc.key(key)  # type: ignore[attr-defined]
        except (AttributeError, KeyError, TypeError):
            return 1, 1
        return int(line) + 1, int(column) + 1

    def _load(self, path: Path) -> dict[str, Any]:
        try:
            head = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8-sig"))
        except (YAMLError, UnicodeDecodeError, OSError, ValueError, RecursionError) as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            problem = "too many levels" if isinstance(error, RecursionError) else getattr(error, "problem", None)
            message = str(problem or error) or "cannot be read"
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.errors.append(RegionError(FILE, line, column, FILE, "", "YAML in UTF-8", None, message))
            return {}
        if not isinstance(head, dict) or not head:
            found = type(head).__name__
            self.errors.append(RegionError(FILE, 1, 1, FILE, found, "a mapping", None, "the file holds no mapping"))
            return {}
        return head

    def _name(self) -> str:
        name = self.head.get("name", "-")
        if not _word(name):
            self.bad("name", name, "a word", "not a name")
        return str(name)

    def _title(self) -> dict[str, str]:
        title = self.head.get("title", {"nb": "-", "en": "-"})
        if not (isinstance(title, dict) and all(_word(title.get(language)) for language in ("nb", "en"))):
            self.bad("title", title, "nb and en", "a title in both languages")
            return {}
        return {str(language): str(text) for language, text in title.items()}

    def _year(self) -> int:
        year = self.head.get("base_year", 2022)
        if isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year < 2100:
            self.bad("base_year", year, "a year such as 2022", "not a year")
            return 0
        return int(year)

    def _fictional(self) -> bool:
        found = self.head.get("fictional", False)
        if not isinstance(found, bool):
            self.bad("fictional", found, "true, false", "neither true nor false")
        return bool(found)

    def _zones(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        rows = self.head.get("zones", [{"code": "-", "name": "-"}])
        rows = rows if isinstance(rows, list) else []
        fine = all(isinstance(row, dict) and _word(row.get("code")) and _word(row.get("name")) for row in rows)
        if not rows or not fine:
            self.bad("zones", self.head.get("zones"), "a list of {code, name}", "municipalities are missing")
            return (), ()
        codes = tuple(str(row["code"]) for row in rows)
        for row in rows:
            if isinstance(row["code"], int) and row["code"] < 1000:
                self.bad("zones", row["code"], 'quoted, such as "0301"', "a number without quotes loses its zero")
        self._once("zones", codes)
        return codes, tuple(str(row["name"]) for row in rows)

    def _externals(self) -> tuple[str, ...]:
        rows = self.head.get("externals") or []
        if not isinstance(rows, list) or not all(_word(row) for row in rows):
            self.bad("externals", rows, "a list of names", "not a list of names")
            return ()
        names = tuple(map(str, rows))
        self._once("externals", (*self.zones, *names) if len(set(self.zones)) == len(self.zones) else names)
        return names

    def _once(self, key: str, words: tuple[str, ...]) -> None:
        for word in sorted({word for word in words if words.count(word) > 1}):
            self.bad(key, word, "each name once", "the same name stands twice")

    def anchors(self, codes: tuple[str, ...]) -> tuple[Anchor, ...]:
        """Return the named anchors; ``codes`` are the industries there are."""
        rows = self.head.get("anchors") or []
        if not isinstance(rows, list):
            self.bad("anchors", rows, "a list", "not a list")
            return ()
        found = [anchor for row in rows if (anchor := self._anchor(row, codes)) is not None]
        self._once("anchors", tuple(f"{a.name}, {self.zones[a.zone]}, {codes[a.industry]}" for a in found))
        return tuple(found)

    def _anchor(self, row: Any, codes: tuple[str, ...]) -> Anchor | None:
        try:
            zone, code = str(row["zone"]), str(row["industry"])
            if zone not in self.zones or code not in codes:
                word, words = (zone, self.zones) if zone not in self.zones else (code, codes)
                self.bad("anchors", word, ", ".join(words), "unknown value", nearest(word, words))
                return None
            jobs, owner = float(row["jobs"]), row["owner"]
            fine = 0 < jobs < math.inf and not isinstance(owner, bool) and owner in (0, 1, 2)
            if fine and _word(row["name"]) and _word(row["source"]):
                where = self.zones.index(zone), codes.index(code)
                return Anchor(str(row["name"]), *where, jobs, int(owner), str(row["source"]))
        except (KeyError, ValueError, TypeError, OverflowError):
            pass
        self.bad("anchors", row, _ANCHOR, "not an anchor")
        return None


def _word(found: Any) -> bool:
    return isinstance(found, str | int) and not isinstance(found, bool) and bool(str(found).strip())
