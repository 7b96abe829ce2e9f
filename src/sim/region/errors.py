"""Errors of region folders: every one with file, line, column and key, all at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class RegionError:
    """One thing wrong in a region folder."""

    file: str
    line: int
    column: int
    key: str
    found: str
    allowed: str
    nearest: str | None
    message: str

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.key}: {self.message}; found {self.found!r}"
        text += f"; allowed: {self.allowed}" if self.allowed else ""
        return text + (f"; did you mean {self.nearest!r}?" if self.nearest else "")


class RegionErrors(ValueError):
    """Everything wrong in a region folder."""

    def __init__(self, errors: Iterable[RegionError]) -> None:
        self.errors = list(errors)
        super().__init__("\n".join(map(str, self.errors)))

    def as_json(self) -> dict[str, Any]:
        """Return ``{"errors": [...]}`` as the command line prints it."""
        return {"errors": [asdict(error) for error in self.errors]}


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the nearest allowed word, or None when nothing is near."""
    found = difflib.get_close_matches(word, list(words), 1, 0.5)
    return found[0] if found else None
