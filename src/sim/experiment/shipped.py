"""Evidence that ships: where it is, and solved reference paths looked up by what they rest on.

A path is found only for the inputs it was solved for. Its file says which code it was solved with; with code that gives
other results nothing in the file is found, and the path is solved anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.experiment.whole import write_text

FOLDER = "references"


def evidence_folder(*names: str) -> Path:
    """Return the place of shipped evidence: beside the source, or inside an installed package."""
    root = Path(str(files("sim")))
    packed = root / "_data" / "evidence"
    return (packed if packed.is_dir() else root.parents[1] / "evidence").joinpath(*names)


def shipped_paths(region: str) -> Mapping[str, Any]:
    """Return the file of solved reference paths of a region, with ``code``, ``results`` and ``paths``; may be empty."""
    path = evidence_folder(FOLDER, f"{region}.json")
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return {"code": "", "results": "", "paths": {}}


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Mapping[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def write_paths(folder: Path, region: str, code: str, results: str, paths: Mapping[str, Any]) -> Path:
    """Write the solved reference paths of a region, by key; numbers in full."""
    lines = ",\n".join(f'"{key}": {json.dumps(paths[key])}' for key in sorted(paths))
    path = folder / f"{region}.json"
    write_text(path, f'{{"code": "{code}", "results": "{results}", "paths": {{\n{lines}\n}}}}\n')
    return path
