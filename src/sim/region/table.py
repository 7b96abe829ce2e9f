"""Reads one CSV table of the contract with line numbers, collecting every error."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.region.errors import RegionError, nearest
from sim.region.region import FLAGS

#: A region table larger than this is not read.
MAX_BYTES = 8_000_000


@dataclass(frozen=True)
class Row:
    """One row: text cells by column, the number it carries, and where it stands."""

    line: int
    cells: dict[str, str]
    number: float


class Table:
    """A CSV table: key columns, one number column, then source, year and flag."""

    def __init__(self, path: Path, keys: Sequence[str], number: str, errors: list[RegionError]) -> None:
        self.path, self.errors, self.number = path, errors, number
        self.columns = [*keys, number, "source", "year", "flag"]
        self.rows: list[Row] = []
        text = self._text()
        if text is not None:
            self._read(text, keys)

    def error(self, line: int, key: str, found: str, allowed: str, message: str, near: str | None = None) -> None:
        """Add one error about this table."""
        column = self.columns.index(key) + 1 if key in self.columns else 1
        self.errors.append(RegionError(self.path.name, line, column, key, found, allowed, near, message))

    def check(self, row: Row, key: str, allowed: Sequence[str]) -> bool:
        """Report a cell that is not among the allowed words; return whether it is."""
        found = row.cells[key]
        if found in allowed:
            return True
        self.error(row.line, key, found, ", ".join(allowed), "unknown value", nearest(found, allowed))
        return False

    def _text(self) -> str | None:
        try:
            if self.path.stat().st_size > MAX_BYTES:
                self.error(1, self.path.name, "a larger file", f"at most {MAX_BYTES} bytes", "the table is too large")
                return None
            return self.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.path.read_bytes()[: error.start].count(b"\n") + 1
            self.error(line, self.path.name, "other bytes", "UTF-8", "the file is not UTF-8; save it as UTF-8")
        except OSError as error:
            self.error(1, self.path.name, "nothing", "a readable file", error.strerror or "cannot be read")
        return None

    def _read(self, text: str, keys: Sequence[str]) -> None:
        try:
            lines = list(csv.reader(text.splitlines(), strict=True))
        except csv.Error as error:
            self.error(1, self.path.name, "a broken row", "comma-separated, quoted with \"", str(error))
            return
        head = [cell.strip() for cell in lines[0]] if lines else []
        if missing := [name for name in self.columns if name not in head]:
            near = nearest(missing[0], head)
            self.error(1, missing[0], ", ".join(head), ", ".join(self.columns), "a column is missing", near)
            return
        seen: dict[tuple[str, ...], int] = {}
        for line, cells in enumerate(lines[1:], start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                self.error(line, self.columns[0], f"{len(cells)} cells", f"{len(head)} cells", "wrong number of cells")
                continue
            row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
            name = tuple(row[key] for key in keys)
            if name in seen:
                self.error(line, keys[0], "/".join(name), "once", f"the same row stands on line {seen[name]}")
                continue
            seen[name] = line
            number = self._number(line, row)
            if number is not None:
                self.rows.append(Row(line, row, number))

    def _number(self, line: int, row: dict[str, str]) -> float | None:
        if not row["source"]:
            self.error(line, "source", "", "where the number is from", "a number needs a source")
        if row["flag"] not in FLAGS:
            near = nearest(row["flag"], FLAGS)
            self.error(line, "flag", row["flag"], ", ".join(FLAGS), "a number needs a flag", near)
        if not row["year"].isdigit():
            self.error(line, "year", row["year"], "a year such as 2022", "a number needs a year")
        try:
            value = float(row[self.number])
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < 0:
            self.error(line, self.number, row[self.number], "a number from 0 up, decimal point", "not a number")
            return None
        return value
