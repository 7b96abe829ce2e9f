"""``sim facts``: the model held against published facts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from sim.cli.options import Json, Language
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, put_json
from sim.texts import number, text

if TYPE_CHECKING:
    from sim.evidence import Fact


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("facts", epilog="Example:  sim facts --region grenland --seeds 20")(show_facts)


def show_facts(
    region: list[str] = typer.Option(
        ["nedre-glomma", "grenland", "thin-town"], "--region", "-r",
        help="Region; may be repeated. A made-up region is held to the rows that name it only.",
    ),
    seeds: int = typer.Option(20, "--seeds", min=2, max=1000, help="Number of runs."),
    jobs: int = typer.Option(None, "--jobs", "-j", min=1, help="Worker processes; all processors when left out."),
    definitions: bool = typer.Option(False, "--definitions", help="Also say how each figure is made."),
    as_json: Json = False,
    quiet: bool = typer.Option(False, "--quiet", "-q", help="No progress."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Hold the model against published facts: pass or fail, failures left standing."""
    from sim.evidence import facts
    from sim.experiment import Progress
    from sim.region import load_region

    check_language(language, as_json)
    rows = []
    with plain_errors(as_json), Meter(as_json or quiet, language) as meter:
        for name in region:
            rows += facts(load_region(name), seeds, lambda done, total: meter(Progress("runs", done, total)), jobs)
    if as_json:
        put_json([_record(row) for row in rows])
        return
    _show(rows, language, definitions)


def _record(row: Fact) -> dict[str, object]:
    """Return a row as it stands in JSON."""
    record = asdict(row)
    record["pass"] = record.pop("passed")
    return record


def _show(rows: list[Fact], language: str, definitions: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=text("facts.title", language))
    names = ("region", "fact", "model", "se", "published", "accepted", "verdict", "source")
    for column in names:
        grid.add_column(text(f"facts.{column}", language) if column != "verdict" else "",
                        justify="right" if column in ("model", "se", "published", "accepted") else "left")  # fmt: skip
    for row in rows:
        verdict = text("facts.pass" if row.passed else "facts.fail", language)
        said = f"{row.label} ({row.unit})" + (f"\n{row.definition}" if definitions else "")
        grid.add_row(row.region, said + (f"\n→ {row.reason}" if row.reason else ""), number(row.simulated, 3, language),
                     number(row.se, 3, language), number(row.published, 2, language), _span(row, language), verdict,
                     row.source + (f" ({text('facts.recalled', language)})" if row.recalled else ""))  # fmt: skip
    Console(width=160).print(grid)


def _span(row: Fact, language: str) -> str:
    """Return what is accepted, in words for rows that ask for a sign or for nothing."""
    if row.rule == "zero":
        return text("facts.zero", language)
    if row.rule == "sign":
        return text("facts.above" if row.published > 0 else "facts.below", language)
    return f"{number(row.low, 2, language)} – {number(row.high, 2, language)}"
