"""Replays every published evaluation and writes the table of docs/evaluations.md; prints its cost first.

Draws are kept in results/evaluate: a run that was stopped goes on. ``python -m pages.evaluations 100``
"""

from __future__ import annotations

import sys
from pathlib import Path

from pages.blocks import ROOT, fill, keep
from sim.cli.evaluate_command import cells, reason, row_json
from sim.evidence.evaluation import cost, make_draws
from sim.evidence.evaluation_file import Evaluation, evaluation_names, read_evaluations
from sim.evidence.evaluation_rows import RowResult, rows_of
from sim.texts import number, text

RUNS = 100
PAGE = ROOT / "docs" / "evaluations.md"
HEAD = ("row", "published", "accepted", "median", "true_effect", "bias", "power", "runs")


def table(found: list[tuple[Evaluation, list[RowResult]]], runs: int) -> str:
    """Return the rows as Markdown, with the sentence that counts them."""
    heads = ["", *(text(f"evaluate.{name}", "en") for name in HEAD), "in range or sign", "treated, controls", ""]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for evaluation, rows in found:
        for row in rows:
            share = f"{number(100 * row.share_in_sign, 0, 'en')} %"
            groups = f"{number(row.n_treated, 0, 'en')}, {number(row.n_control, 0, 'en')}"
            verdict = "pass" if row.passed else f"**FAIL**: {reason(row, 'en')}"
            line = [evaluation.keys.evaluation, *cells(row, "en"), share, groups, verdict]
            lines.append("| " + " | ".join(line) + " |")
    every = [row for _, rows in found for row in rows]
    said = text("evaluate.sentence", "en", passed=sum(row.passed for row in every), rows=len(every))
    noted = [(e.keys.evaluation, row) for e, rows in found for row in rows if row.note]
    notes = [f"- {name}, {row.label['en']}: {row.note['en']}" for name, row in noted if row.note]
    return "\n".join([*lines, "", f"{said} {runs} draws of each.", "", *notes, ""])


def main(runs: int) -> None:
    """Print the cost, replay what is missing, and write the page."""
    evaluations, out = read_evaluations(evaluation_names()), Path("results") / "evaluate"
    needed = cost(evaluations, runs, out)
    sys.stdout.write(f"{needed['missing']:.0f} draws and {needed['references']:.0f} reference paths: about "
                     f"{needed['seconds'] / 60:.0f} minutes of one processor\n")  # fmt: skip
    draws = list(make_draws(evaluations, runs, out))
    for draw in draws:
        if draw.error:
            sys.stdout.write(draw.error)
    found = [(e, rows_of(e, [d for d in draws if d.evaluation == e.keys.evaluation])) for e in evaluations]
    keep("evaluations", [{**row_json(row, "en"), "nb": row_json(row, "nb")} for _, rows in found for row in rows])
    fill(PAGE, "first", table(found, runs))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
