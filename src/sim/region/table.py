"""Reads one CSV table of the contract with line numbers, collecting every error."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.region.errors import RegionError, nearest
from sim.region.region import FLAGS

#: A region table larger than this is not read.
MAX_BYTES = 8_000_000
#: No number in a region is larger: there are fewer employed in the country.
MAX_NUMBER = 3_000_000.0
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


@dataclass(frozen=True)
class Row:
    """One row: text cells by column, the number it carries, and where it stands."""

    line: int
    cells: dict[str, str]
    number: float


class Table:
    """A CSV table: key columns, one number column, then source, year and flag.

    ``aliases`` gives the word to read in place of another, such as the number a municipality has now.
    """

    def __init__(self, path: Path, keys: Sequence[str], number: str, errors: list[RegionError],
                 aliases: Mapping[str, str] | None = None) -> None:  # fmt: skip
        self.path, self.errors, self.number = path, errors, number
        self.aliases = aliases or {}
        self.columns = [*keys, number, "source", "year", "flag"]
        self.rows: list[Row] = []
        self.refused: set[tuple[str, ...]] = set()  # rows that stand there with a number that is wrong
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

    def _lines(self, text: str) -> list[tuple[int, list[str]]]:
        """Return the line each row starts on and its cells; a row that cannot be read ends the table."""
        reader = csv.reader(io.StringIO(text, newline=None), strict=True)
        out: list[tuple[int, list[str]]] = []
        start = 1
        try:
            for cells in reader:
                out.append((start, cells))
                start = reader.line_num + 1
        except csv.Error as error:
            self.error(start, self.path.name, "a broken row", 'comma-separated, quoted with "', str(error))
            return []
        if not out:
            self.error(1, self.columns[0], "an empty file", ", ".join(self.columns), "the table is empty")
        return out

    def _read(self, text: str, keys: Sequence[str]) -> None:
        lines = self._lines(text)
        if not lines:
            return
        head = [cell.strip() for cell in lines[0][1]]
        if missing := [name for name in self.columns if name not in head]:
            message = "separate columns with commas" if ";" in "".join(head) else "a column is missing"
            near = nearest(missing[0], head)
            self.error(lines[0][0], missing[0], ", ".join(head), ", ".join(self.columns), message, near)
            return
        if len(set(head)) < len(head):
            self.error(lines[0][0], head[0], ", ".join(head), "each column once", "two columns have the same name")
            return
        seen: dict[tuple[str, ...], int] = {}
        for line, cells in lines[1:]:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                self.error(line, self.columns[0], f"{len(cells)} cells", f"{len(head)} cells", "wrong number of cells")
                continue
            row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
            row |= {key: self.aliases[row[key]] for key in keys if row[key] in self.aliases}
            name = tuple(row[key] for key in keys)
            if name in seen:
                self.error(line, keys[0], "/".join(name), "once", f"the same row stands on line {seen[name]}")
                continue
            seen[name] = line
            number = self._number(line, row)
            if number is not None:
                self.rows.append(Row(line, row, number))
            else:
                self.refused.add(name)

    def _number(self, line: int, row: dict[str, str]) -> float | None:
        if not row["source"]:
            self.error(line, "source", "", "where the number is from", "a number needs a source")
        if row["flag"] not in FLAGS:
            near = nearest(row["flag"], FLAGS)
            self.error(line, "flag", row["flag"], ", ".join(FLAGS), "a number needs a flag", near)
        if not _YEAR.fullmatch(row["year"]):
            self.error(line, "year", row["year"], "a year such as 2022", "a number needs a year")
        value = float(row[self.number]) if _NUMBER.fullmatch(row[self.number]) else math.nan
        if not math.isfinite(value) or value < 0:
            self.error(line, self.number, row[self.number], "a number from 0 up, decimal point", "not a number")
            return None
        if value > MAX_NUMBER:
            self.error(line, self.number, row[self.number], f"at most {MAX_NUMBER:.0f}", "the number is too large")
            return None
        return value
