"""Blocks of a document that a program fills; each carries the identity of the results it was made with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.experiment.identity import results_identity

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = ROOT / "evidence"


def mark(name: str, results: str | None = None) -> str:
    """Return the line that begins a block and ties it to the results it was made with, today's when left out."""
    return f"<!-- {name}:start results={results or results_identity()} -->"


def fill(page: Path, name: str, content: str, results: str | None = None) -> None:
    """Put content between the markers of a block.

    Args:
        results: identity of the results the content rests on; today's when None.

    Raises:
        ValueError: the page has no such block.
    """
    now = page.read_text(encoding="utf-8")
    pattern = re.compile(rf"<!-- {name}:start[^>]*-->.*?<!-- {name}:end -->", re.S)
    if not pattern.search(now):
        raise ValueError(f"{page.name} has no block {name!r}")
    block = f"{mark(name, results)}\n{content.strip()}\n<!-- {name}:end -->"
    page.write_text(pattern.sub(lambda _: block, now, count=1), encoding="utf-8")


def blocks(page: Path) -> dict[str, str]:
    """Return the identity of results that each block of a page carries, empty where it was never filled."""
    return dict(re.findall(r"<!-- (\w+):start(?: results=(\w+))? -->", page.read_text(encoding="utf-8")))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def keep(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Keep rows as ``evidence/<name>.json`` with the identity of the results they rest on."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    content = f'{{"results": "{results_identity()}", "rows": [\n{lines}\n]}}\n'
    (EVIDENCE / f"{name}.json").write_text(content, encoding="utf-8")


def kept(name: str) -> dict[str, Any]:
    """Return kept rows with the identity of their results.

    Raises:
        FileNotFoundError: they were never made.
    """
    found: dict[str, Any] = json.loads((EVIDENCE / f"{name}.json").read_text(encoding="utf-8"))
    return found
