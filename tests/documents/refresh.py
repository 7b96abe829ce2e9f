"""Builds the tables of docs/odd.md from the code; ``make refresh`` writes them into the document."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.instruments import catalogue
from sim.model import INDICATORS, RegionModel, parameter_table
from sim.model.firms import COLUMNS
from sim.model.parameters import OFF_BY_DEFAULT, SWITCHES
from sim.random_numbers import DECISIONS
from tests.documents import facts_page

ODD = Path(__file__).resolve().parents[2] / "docs" / "odd.md"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def schedule() -> list[tuple[str, str]]:
    """Return the stages of ``RegionModel.step`` in order with the first line of their docstrings."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(RegionModel.step)))
    calls = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    names = [c.func.attr for c in calls if isinstance(c, ast.Call) and isinstance(c.func, ast.Attribute)]
    return [(name, (inspect.getdoc(getattr(RegionModel, name)) or "").splitlines()[0]) for name in names]


def tables() -> dict[str, str]:
    """Return every generated table by name."""
    cards = []
    for instrument in catalogue().values():
        cards.append(f"**`{instrument.name}`** — {instrument.title['en']}. {instrument.summary['en']}\n")
        cards.append(_table(("value", "low", "mode", "high", "unit", "grade", "source"),
                            [(name, v.low, v.mode, v.high, v.unit, v.grade, v.source)
                             for name, v in instrument.card.items()]) + "\n")  # fmt: skip
    return {
        "columns": _table(("column", "type", "meaning"), [(k, t, m) for k, (t, m) in COLUMNS.items()]),
        "schedule": _table(("stage", "what it does"), schedule()),
        "switches": _table(("switch", "mechanism", "default"),
                           [(k, v, "off" if k in OFF_BY_DEFAULT else "on") for k, v in SWITCHES.items()]),
        "parameters": _table(
            ("name", "symbol", "what", "value", "range", "unit", "grade", "use", "source"),
            [(p.name, p.symbol, p.label, f"{p.value:g}", f"{p.low:g} – {p.high:g}", p.unit, p.grade, p.use, p.source)
             for p in parameter_table().values()]),
        "instruments": "\n".join(cards).strip(),
        "indicators": _table(("indicator", "unit", "direction", "over the year", "nb", "en"),
                             [(i.name, i.unit, i.direction, i.over_year, i.label["nb"], i.label["en"])
                              for i in INDICATORS.values()]),
        "decisions": ", ".join(f"`{name}`" for name in DECISIONS),
    }  # fmt: skip


def filled(text: str) -> str:
    """Return the document with every generated table put between its markers.

    Raises:
        ValueError: a table has no place in the document.
    """
    for name, table in tables().items():
        begin, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
        if begin not in text or end not in text:
            raise ValueError(f"docs/odd.md has no place for the table {name!r}")
        head, rest = text.split(begin, 1)
        text = f"{head}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}"
    return text


def main() -> None:
    """Write the tables into docs/odd.md and docs/facts.md."""
    ODD.write_text(filled(ODD.read_text(encoding="utf-8")), encoding="utf-8")
    facts_page.main()


if __name__ == "__main__":
    main()
