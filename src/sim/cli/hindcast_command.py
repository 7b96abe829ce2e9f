"""``sim hindcast``: the model started in the past and held against what happened."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from sim.cli.options import Json, Language, Quiet
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, put_json, unknown
from sim.texts import number, text

if TYPE_CHECKING:
    from sim.evidence.hindcast import Hindcast


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("hindcast", epilog="Example:  sim hindcast --region grenland --json")(show_hindcast)


def show_hindcast(
    region: list[str] = typer.Option(["nedre-glomma", "grenland"], "--region", "-r", help="Region; may be repeated."),
    seeds: int = typer.Option(20, "--seeds", min=2, max=1000, help="Number of runs."),
    as_json: Json = False, quiet: Quiet = False, language: Language = "nb",
) -> None:
    """Start in 2016 or 2017 with what was known then; losses against simple benchmarks are shown as they are."""
    from sim.evidence.hindcast import PERIODS, hindcast
    from sim.experiment import Progress

    with plain_errors(as_json):
        check_language(language, as_json)
        for name in region:
            if name not in PERIODS:
                unknown("--region", name, PERIODS, as_json)
        rows: list[Hindcast] = []
        with Meter(quiet or as_json, language) as meter:
            for name in region:
                rows += hindcast(name, seeds, lambda done, total: meter(Progress("runs", done, total)))
    if as_json:
        put_json([{**asdict(row), "errors": row.errors, "best": row.best} for row in rows])
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(width=140)
    for name in region:
        first, last = PERIODS[name]
        here = [row for row in rows if row.region == name]
        grid = Table(title=text("hindcast.title", language, region=name, first=first, last=last))
        for key in ("what", "before", "actual", "model", "no_change", "national", "best"):
            grid.add_column(text(f"hindcast.{key}", language), justify="left" if key in ("what", "best") else "right")
        for row in here:
            cells = [number(value, 0, language) for value in (row.before, row.actual)]
            errors = [f"{number(row.errors[key], 1, language)} %" for key in ("model", "no_change", "national")]
            span = f"{number(row.model, 0, language)} ({number(row.low, 0, language)}–{number(row.high, 0, language)})"
            what = f"{text(f'hindcast.{row.quantity}', language)}, {row.place}"
            best = text(f"hindcast.{row.best}", language)
            grid.add_row(what, *cells, f"{span}: {errors[0]}", *errors[1:], best)
        console.print(grid)
        wins = sum(row.best == "model" for row in here)
        console.print("• " + text("hindcast.sentence", language, wins=wins, rows=len(here)), highlight=False)
    console.print(text("hindcast.note", language), style="dim", highlight=False)
