"""Blocks of a document that a program fills; each carries the identity of the results it was made with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.experiment.identity import results_identity

ROOT = Path(__file__).resolve().parents[1]
#: Pages whose blocks must belong to the results of the code; a test holds them to it.
PAGES = ("README.md", "docs/facts.md", "docs/hindcast.md", "docs/skeptisk.md", "docs/sceptical.md")


def mark(name: str) -> str:
    """Return the line that begins a block and ties it to the results it was made with."""
    return f"<!-- {name}:start results={results_identity()} -->"


def marks(page: Path) -> dict[str, str]:
    """Return the identity each block of a page carries, by name of the block; empty when it was never filled."""
    found = re.findall(r"<!-- (\w+):start(?: results=(\w+))? -->", page.read_text(encoding="utf-8"))
    return dict(found)


def fill(page: Path, name: str, content: str) -> None:
    """Put content between the markers of a block.

    Raises:
        ValueError: the page has no such block.
    """
    now = page.read_text(encoding="utf-8")
    pattern = re.compile(rf"<!-- {name}:start[^>]*-->.*?<!-- {name}:end -->", re.S)
    if not pattern.search(now):
        raise ValueError(f"{page.name} has no block {name!r}")
    block = f"{mark(name)}\n{content.strip()}\n<!-- {name}:end -->"
    page.write_text(pattern.sub(lambda _: block, now, count=1), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
