"""Results of long computations that come with the program, with the identity of the code they rest on."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.experiment.identity import results_identity
from sim.experiment.reference import code_identity
from sim.experiment.whole import write_text


def kept_folder() -> Path:
    """Return the folder ``evidence`` of the source tree or of the installed package."""
    packed = Path(str(files("sim"))) / "_data" / "evidence"
    return packed if packed.is_dir() else Path(str(files("sim"))).parents[1] / "evidence"


def read_kept(*names: str) -> dict[str, Any] | None:
    """Return a kept JSON result by its place under ``evidence``, None when there is none.

    ``fresh`` tells whether the code still gives the results it was made with: the same text, or the same digest of
    short runs (which takes some seconds the first time).
    """
    try:
        found = json.loads(kept_folder().joinpath(*names).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    fresh = found.get("code") == code_identity() or found.get("results") == results_identity()
    return {**found, "fresh": fresh}


def made_with() -> dict[str, Any]:
    """Return what a result is to carry: the identity of the code's text and of the results it gives."""
    return {"code": code_identity(), "results": results_identity(), "fresh": True}


def write_json(path: Path, content: Any) -> None:
    """Write a result whole or not at all, numbers with six digits, so that a file stays small and stable."""
    write_text(path, json.dumps(short(content), ensure_ascii=False) + "\n")


def short(value: Any) -> Any:
    """Return the same with every number at six digits and None for what is not a number."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if value == value and abs(value) != float("inf") else None
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [short(item) for item in value]
    return value.item() if hasattr(value, "item") else value
