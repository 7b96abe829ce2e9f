"""Where scenario files lie and how their bytes are read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.scenario.errors import ScenarioError, nearest
from sim.scenario.yaml_nodes import MAX_BYTES, decode

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class File:
    """A file with the name people know it by."""

    label: str
    path: Path | None  # None for a text that is not on disk

    @property
    def identity(self) -> str:
        """Return one text for every way to write the path."""
        return os.path.realpath(self.path) if self.path is not None else f"text:{self.label}"

    def is_file(self) -> bool:
        """Return whether there is such a file."""
        try:
            return self.path is not None and self.path.is_file()
        except (OSError, ValueError):
            return False


@cache
def built_in_folder() -> Path:
    """Return the folder of the scenarios that come with the package."""
    packaged = Path(__file__).parents[1] / "_data" / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def built_in_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package."""
    return tuple(sorted(path.stem for path in built_in_folder().glob("*.yaml")))


def built_in(name: str) -> File | None:
    """Return a scenario that comes with the package, or None."""
    if name not in built_in_names():
        return None
    return File(f"scenarios/{name}.yaml", built_in_folder() / f"{name}.yaml")


def expand(given: str) -> tuple[list[File], list[ScenarioError]]:
    """Return the files that a file, a folder or the name of a built-in scenario stands for.

    A folder gives every ``*.yaml`` and ``*.yml`` directly in it, sorted by name. A file on disk comes
    before a built-in scenario of the same name.
    """
    path = Path(given)
    try:
        if path.is_dir():
            found = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
            if not found:
                return [], [_error(given, "empty_folder", allowed="*.yaml or *.yml")]
            return [File(str(path / each.name), each) for each in found], []
        if not os.path.lexists(path):
            file = built_in(given)
            return ([file], []) if file else ([], [_missing(given, path)])
    except (OSError, ValueError) as error:
        return [], [_error(given, "unreadable", detail=_reason(error))]
    return [File(given, path)], []


def read_text(file: File) -> tuple[str | None, list[ScenarioError]]:
    """Return the text of a file, or what keeps it from being read."""
    assert file.path is not None
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):
            return None, [_error(file.label, "not_a_file")]
        with file.path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, [_missing(file.label, file.path)]
    except (OSError, ValueError) as error:
        return None, [_error(file.label, "unreadable", detail=_reason(error))]
    if len(data) > MAX_BYTES:
        return None, [_error(file.label, "too_large", allowed=f"at most {MAX_BYTES} bytes")]
    text, errors = decode(data, file.label)
    return (None, errors) if errors else (text, [])


def _missing(given: str, path: Path) -> ScenarioError:
    try:
        beside = [each.name for each in path.parent.iterdir() if each.suffix.lower() in SUFFIXES]
    except OSError:
        beside = []
    match = nearest(path.name, beside)
    if match is not None:
        return _error(given, "not_found", found=given, nearest=str(path.with_name(match)))
    names = built_in_names()
    return _error(given, "not_found", found=given, allowed=names, nearest=nearest(given, names))


def _error(
    file: str,
    kind: str,
    found: str | None = None,
    allowed: str | tuple[str, ...] | None = None,
    nearest: str | None = None,
    detail: str | None = None,
) -> ScenarioError:
    label = file.replace("\n", " ").replace("\0", "?")
    return ScenarioError(label, 1, 1, "", kind, found, allowed, nearest, detail)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
