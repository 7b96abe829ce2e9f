"""``sim facts``: the baseline held against published facts."""

from __future__ import annotations

from dataclasses import asdict

import typer

from sim.cli.show import Meter, plain_errors, put_json
from sim.texts import number


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("facts", epilog="Example:  sim facts --region grenland --seeds 20")(show_facts)


def show_facts(
    region: list[str] = typer.Option(["nedre-glomma", "grenland"], "--region", "-r", help="Region; may be repeated."),
    seeds: int = typer.Option(20, "--seeds", min=2, max=1000, help="Number of runs."),
    as_json: bool = typer.Option(False, "--json", help="Print as JSON."),
) -> None:
    """Hold the baseline against published facts: pass or fail, failures left standing."""
    from sim.evidence import facts
    from sim.experiment import Progress
    from sim.region import load_region

    rows = []
    with plain_errors(as_json), Meter(as_json) as meter:
        for name in region:
            rows += facts(load_region(name), seeds, lambda done, total: meter(Progress("runs", done, total)))
    if as_json:
        keys = ("id", "region", "simulated", "se", "published", "low", "high", "source")
        put_json([{k: asdict(row)[k] for k in keys} | {"pass": row.passed} for row in rows])
        return
    from rich.console import Console
    from rich.table import Table

    grid = Table(title="Fakta: modellen mot publiserte tall / facts: the model against published figures")
    for column in ("region", "fact", "model", "± se", "published", "accepted", "", "source"):
        grid.add_column(column, justify="right" if column in ("model", "± se", "published", "accepted") else "left")
    for row in rows:
        grid.add_row(row.region, f"{row.label} ({row.unit})", number(row.simulated, 3), number(row.se, 3),
                     number(row.published, 2), f"{number(row.low, 2)} – {number(row.high, 2)}",
                     "pass" if row.passed else "FAIL", row.source)  # fmt: skip
    Console(width=150).print(grid)
