"""Results of long computations that come with the program, with the identity of the code they rest on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.experiment.identity import still_holds
from sim.experiment.shipped import evidence_folder
from sim.experiment.whole import write_text


def read_kept(*names: str) -> dict[str, Any] | None:
    """Return a kept JSON result by its place under ``evidence``, None when there is none.

    ``fresh`` tells whether the code still gives the results it was made with: the same text, or the same digest of
    short runs (which takes some seconds the first time).
    """
    try:
        found = json.loads(evidence_folder(*names).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return {**found, "fresh": still_holds(found)}


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
