"""``sim regret``: which policy is safest when nobody knows which future comes."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.run_command import check_language
from sim.cli.show import plain_errors, put_json, unknown
from sim.texts import number, signed, text


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("regret", epilog="Example:  sim regret results/u --indicator jobs --goal 50")(show_regret)


def show_regret(
    out: Path = typer.Argument(..., help="Result folder of sim run; best with parameter draws."),
    indicator: str = typer.Option("jobs", "--indicator", "-i", help="An indicator that is good or bad by itself."),
    year: int = typer.Option(11, "--year", min=1, help="Year of the effect; 11 is the last year with money."),
    goal: float = typer.Option(None, "--goal", help="Difference from no new policy that counts as reached."),
    as_json: bool = typer.Option(False, "--json", help="Print as JSON."),
    language: str = typer.Option("nb", "--language", help="nb or en."),
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
    from rich.console import Console
    from rich.table import Table

    console, shown = Console(), INDICATORS[indicator]
    for region, rows in table.groupby("region", sort=False):
        title = results.manifest["regions"][region]["title"][language]
        first = rows.iloc[0]
        kind = text(f"regret.{first['kind']}", language)
        grid = Table(title=text("regret.title", language, region=title, indicator=shown.label[language].lower(),
                                year=int(first["year"]), futures=int(first["futures"]), kind=kind))  # fmt: skip
        keys = ("policy", "mean", "worst", "mean_regret", "largest_regret", "share_best", "share_goal")
        for key in keys if goal is not None else keys[:-1]:
            grid.add_column(text(f"regret.{key}", language, unit=shown.units[language], goal=number(goal, 0, language)),
                            justify="left" if key == "policy" else "right")  # fmt: skip
        for row in rows.to_dict("records"):
            cells = [signed(row[key], shown.decimals, language) for key in ("mean", "worst")]
            cells += [number(row[key], shown.decimals, language) for key in ("mean_regret", "largest_regret")]
            cells.append(f"{number(100 * row['share_best'], 0, language)} %")
            if goal is not None:
                cells.append(f"{number(100 * row['share_goal'], 0, language)} %")
            grid.add_row(results.title(row["policy"], language), *cells)
        console.print(grid)
        best = results.title(first["policy"], language)
        console.print("• " + text("regret.sentence", language, policy=best, unit=shown.units[language],
                                  largest=number(first["largest_regret"], shown.decimals, language)),
                      highlight=False)  # fmt: skip
    console.print(text("compare.not_forecast", language), style="dim", highlight=False)
