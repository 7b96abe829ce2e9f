"""``sim evaluate``: published programme evaluations replayed inside the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import Jobs, Json, Language, Quiet
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, put_json, say
from sim.texts import duration, number, text

if TYPE_CHECKING:
    from sim.evidence.evaluation import Draw
    from sim.evidence.evaluation_file import Evaluation
    from sim.evidence.evaluation_rows import RowResult


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("evaluate", epilog="Example:  sim evaluate V8 my-evaluation/ --runs 100 --json")(evaluate)


def evaluate(
    which: list[str] = typer.Argument(None, help="Built-in ids or folders with row.yaml; all built-in if left out."),
    runs: int = typer.Option(100, "--runs", "-n", min=1, max=100_000, help="Draws of luck and parameters for each."),
    out: Path = typer.Option(Path("results/evaluate"), "--out", "-o", help="Folder where draws are kept."),
    jobs: Jobs = None, as_json: Json = False, quiet: Quiet = False,
    dry_run: bool = typer.Option(False, "--dry-run", help="Check the files and tell what it would take."),
    language: Language = "nb",
) -> None:
    """Run programmes inside the model and apply the evaluators' own estimators; failures stay, with the reason."""
    from sim.evidence.evaluation import cost, make_draws
    from sim.evidence.evaluation_file import evaluation_names, read_evaluations
    from sim.evidence.evaluation_rows import rows_of
    from sim.experiment import Progress

    with plain_errors(as_json):
        check_language(language, as_json)
        evaluations = read_evaluations(which or evaluation_names())
        needed = cost(evaluations, runs, out)
        plan = text("evaluate.plan", language, evaluations=len(evaluations), draws=runs,
                    missing=f"{needed['missing']:.0f}", references=f"{needed['references']:.0f}",
                    time=duration(needed["seconds"], language))  # fmt: skip
        if dry_run:
            put_json(needed) if as_json else typer.echo(plan)
            return
        if not (quiet or as_json):
            say(plan)
        draws: list[Draw] = []
        with Meter(quiet or as_json, language) as meter:
            try:
                for draw in make_draws(evaluations, runs, out, jobs,
                                       progress=lambda stage, a, b: meter(Progress(stage, a, b))):  # fmt: skip
                    draws.append(draw)
            except KeyboardInterrupt:
                say(text("run.stopped", language, out=out))
                raise typer.Exit(130) from None
    mine = {e.keys.evaluation: [d for d in draws if d.evaluation == e.keys.evaluation] for e in evaluations}
    rows = {e.keys.evaluation: rows_of(e, mine[e.keys.evaluation]) for e in evaluations}
    failed = [draw for draw in draws if draw.error]
    if as_json:
        put_json([row_json(row, language) for found in rows.values() for row in found])
    else:
        _show(evaluations, rows, language)
    if failed:
        last = str(failed[-1].error).strip().splitlines()[-1]
        say(text("evaluate.failed", language, count=len(failed), error=last))
        raise typer.Exit(1)


def _show(evaluations: list[Evaluation], rows: dict[str, list[RowResult]], language: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=150)
    columns = ("row", "published", "accepted", "median", "true_effect", "bias", "power", "runs")
    for evaluation in evaluations:
        title = getattr(evaluation.keys.title, language)
        grid = Table(title=text("evaluate.title", language, id=evaluation.keys.evaluation, title=title))
        for name in columns:
            grid.add_column(text(f"evaluate.{name}", language), justify="left" if name == "row" else "right")
        grid.add_column("")
        for row in rows[evaluation.keys.evaluation]:
            verdict = text("evaluate.pass" if row.passed else "evaluate.fail", language)
            grid.add_row(*cells(row, language), f"{verdict}: {reason(row, language)}" if row.why else verdict)
        console.print(grid)
    every = [row for found in rows.values() for row in found]
    passed = sum(row.passed for row in every)
    console.print("• " + text("evaluate.sentence", language, passed=passed, rows=len(every)), highlight=False)
    console.print(text("evaluate.note", language), style="dim", highlight=False)


def cells(row: RowResult, language: str) -> list[str]:
    """Return the cells of a row as people read them, in the order of the table on screen."""
    unit = text(f"evaluate.{row.unit}", language)
    published = number(row.published, 2, language) if isinstance(row.published, float) else row.published
    ends = ["" if end is None else number(end, 2, language) for end in (row.low, row.high)]
    accepted = f"{ends[0]} – {ends[1]}" if row.rule == "median" else text(f"evaluate.{row.rule}_rule", language)
    if row.rule == "sign":
        accepted = (f"> {ends[0]}" if ends[0] else f"< {ends[1]}") + f" ({accepted})"
    figures = [number(value, 2, language) for value in (row.median, row.true_effect, row.bias, row.power)]
    return [f"{row.label[language]}, {unit}", published, accepted, *figures, str(row.n_runs)]


def reason(row: RowResult, language: str) -> str | None:
    """Return in words why a row fails, from what the runs show; None when it passes."""
    if row.why is None:
        return None
    shown = {"runs": 0, "found": 0, "share": 0}
    values = {name: value if isinstance(value, str) else number(value, shown.get(name, 2), language)
              for name, value in row.why.figures.items()}  # fmt: skip
    return text(f"evaluate.why_{row.why.kind}", language, **values)


def row_json(row: RowResult, language: str) -> dict[str, Any]:
    """Return a row as ``--json`` prints it."""
    out = {name: value for name, value in vars(row).items() if name not in ("passed", "why")}
    out |= {"label": row.label[language], "note": row.note[language] if row.note else None}
    return out | {"pass": row.passed, "reason": reason(row, language)}
