"""``sim regret``: which policy is safest when nobody knows which future comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.options import Json, Language, Year
from sim.cli.run_command import check_language
from sim.cli.show import plain_errors, put_json, unknown
from sim.texts import number, signed, text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Results


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("regret", epilog="Example:  sim regret results/u --indicator jobs --goal 50")(show_regret)


def show_regret(
    out: Path = typer.Argument(..., help="Result folder of sim run; best with parameter draws."),
    indicator: str = typer.Option("jobs", "--indicator", "-i", help="An indicator that is good or bad by itself."),
    year: Year = 11,
    goal: float = typer.Option(None, "--goal", help="Difference from no new policy that counts as reached."),
    as_json: Json = False, language: Language = "nb",
) -> None:  # fmt: skip
    """Show regret over futures and the share of futures that reach a goal of yours."""
    from sim.compare.regret import regret
    from sim.experiment import Results
    from sim.model import INDICATORS

    with plain_errors(as_json):
        check_language(language, as_json)
        if indicator not in INDICATORS:
            unknown("--indicator", indicator, INDICATORS, as_json)
        results = Results.open(out)
        table = regret(results, indicator, year, goal)
    if as_json:
        put_json(table.to_dict("records"))
        return
    show_regret_table(results, table, goal, language)
    typer.echo(text("regret.note", language))
    typer.echo(text("compare.not_forecast", language))


def show_regret_table(results: Results, table: pd.DataFrame, goal: float | None, language: str) -> None:
    """Print the regret table of each region and the sentences that read it out."""
    from rich.console import Console
    from rich.table import Table

    from sim.compare.regret import regret_cells, regret_words
    from sim.model import INDICATORS

    console, shown = Console(), INDICATORS[str(table["indicator"].iloc[0])]
    for region, rows in table.groupby("region", sort=False):
        title = results.manifest["regions"][region]["title"][language]
        first = rows.iloc[0]
        grid = Table(title=text("regret.title", language, region=title, indicator=shown.label[language].lower(),
                                year=int(first["year"]), futures=number(int(first["futures"]), 0, language),
                                kind=text(f"regret.{first['kind']}", language)))  # fmt: skip
        keys = ["mean", "worst", "mean_regret", "largest_regret", "share_best"]
        keys += ["share_goal"] if goal is not None else []
        grid.add_column(text("regret.policy", language), overflow="fold")
        for key in keys:
            grid.add_column(text(f"regret.{key}", language, unit=shown.units[language],
                                 goal=signed(goal, shown.decimals, language)), justify="right")  # fmt: skip
        for _, row in rows.iterrows():
            cells = regret_cells(row, language)
            grid.add_row(results.title(row["policy"], language), *[cells[key] for key in keys])
        console.print(grid)
        for line in regret_words(results, rows, goal, language):
            console.print(f"• {line}", highlight=False)
