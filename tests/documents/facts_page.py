"""Builds the tables of docs/facts.md that do not depend on results; ``make refresh`` writes them into the page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.evidence.facts import bands
from sim.evidence.facts.evidence_use import evidence_use
from sim.evidence.facts.table import reasons

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "facts.md"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def tables() -> dict[str, str]:
    """Return every generated table by name."""
    with (ROOT / "docs" / "evidence.csv").open(encoding="utf-8") as file:
        quantity = {row["id"]: row["quantity"] for row in csv.DictReader(file)}
    used = evidence_use()

    def rows(use: str) -> list[tuple[str, str, str]]:
        return [(row, quantity[row], used[row].why) for row in quantity if used[row].use == use]

    return {
        "definitions": _table(("row", "what", "definition"),
                              [(f"`{n}`", b["label"], b["definition"]) for n, b in bands().items()]),
        "reasons": _table(("row", "what", "why it fails, or nearly"),
                          [(f"`{n}`", bands()[n]["label"], why) for n, why in reasons().items()]),
        "evaluations": _table(("id", "published", "replayed as"), rows("evaluation")),
        "inputs": _table(("id", "published", "what it sets"), rows("input")),
        "unusable": _table(("id", "published", "why not"), rows("unusable")),
    }  # fmt: skip


def filled(text: str) -> str:
    """Return the page with every generated table put between its markers.

    Raises:
        ValueError: a table has no place on the page.
    """
    for name, table in tables().items():
        begin, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
        if begin not in text or end not in text:
            raise ValueError(f"docs/facts.md has no place for the table {name!r}")
        head, rest = text.split(begin, 1)
        text = f"{head}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}"
    return text


def main() -> None:
    """Write the tables into docs/facts.md."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
