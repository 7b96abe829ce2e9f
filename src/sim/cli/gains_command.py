"""``sim gains``: who gains and who loses from each policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, put_json
from sim.cli.why_command import pairs_of, region_of
from sim.texts import signed, text

if TYPE_CHECKING:
    import pandas as pd

    from sim.region import Region

_DECIMALS = {"%": 2, "MNOK/yr": 1}


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("gains", epilog="Example:  sim gains results/demo --policy cluster-programme")(gains)


def gains(
    out: Path = typer.Argument(..., help="Result folder of sim run."),
    year: int = typer.Option(11, "--year", min=1, max=20, help="Year of the effect; 11 is the last year with money."),
    region: str = typer.Option(None, "--region", "-r", help="Region of the study; its first if left out."),
    policy: list[str] = typer.Option(None, "--policy", "-p", help="Only these policies; may be repeated."),
    seeds: int = typer.Option(10, "--seeds", min=1, help="Paired runs, from those of the study."),
    interval: float = typer.Option(0.90, "--interval", help="Probability of the intervals, e.g. 0.9."),
    as_json: bool = typer.Option(False, "--json", help="Print every row as JSON."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Show no progress."),
    language: str = typer.Option("nb", "--language", help="nb or en."),
) -> None:  # fmt: skip
    """Compare each firm with itself without the policy: by industry, size and municipality, and what leaks out."""
    from sim.compare.gains import gains as share_out
    from sim.experiment import Progress, Results
    from sim.experiment.twins import twin
    from sim.region import load_region

    with plain_errors(as_json):
        check_language(language, as_json)
        results = Results.open(out)
        place = region_of(results, region, as_json)
        pairs = pairs_of(results, policy or [], as_json)
        numbers = sorted(results.manifest["seeds"])[:seeds]
        tables, done = {}, 0
        with Meter(quiet or as_json, language) as meter:
            for scenario, base in pairs:
                twins = []
                for seed in numbers:
                    meter(Progress("runs", done, len(pairs) * len(numbers)))
                    twins.append(twin(place, scenario, base, seed, min(year, scenario.years)))
                    done += 1
                tables[scenario.name] = share_out(twins, load_region(place), interval)
    if as_json:
        put_json([{"scenario": name, **row} for name, t in tables.items() for row in t.to_dict("records")])
        return
    for name, table in tables.items():
        _show(table, results.title(name, language), load_region(place), year, interval, language)


def _show(table: pd.DataFrame, title: str, region: Region, year: int, interval: float, language: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    grid = Table(title=text("gains.title", language, policy=title, year=year))
    for key, side in (("who", "left"), ("what", "left"), ("change", "right")):
        grid.add_column(text(f"gains.{key}", language), justify=side)  # type: ignore[arg-type]
    for group, rows in table.groupby("group", sort=False):
        if group == "industry":  # the five that move most
            rows = rows.loc[rows["mean"].abs().sort_values(ascending=False).index[:5]]
        grid.add_section()
        grid.add_row(f"[bold]{text(f'gains.{group}', language)}[/bold]", "", "")
        for row in rows.to_dict("records"):
            decimals = _DECIMALS.get(row["unit"], 1)
            mean, low, high = (signed(row[key], decimals, language) for key in ("mean", "low", "high"))
            span = text("compare.interval", language, low=low, high=high)
            grid.add_row(_name(str(group), row["name"], region, language), _measure(row["measure"], language),
                         f"{mean} ({span})")  # fmt: skip
    console.print(grid)
    console.print(text("gains.note", language, runs=int(table["runs"].iloc[0]), percent=round(100 * interval)),
                  style="dim", highlight=False)  # fmt: skip


def _name(group: str, name: str, region: Region, language: str) -> str:
    if group == "industry":
        return str(region.industries.labels[language][region.industries.codes.index(name)])
    if group in ("municipality", "residents"):
        return region.zone_names[region.zones.index(name)]
    return text(f"gains.firms.{name}", language) if group == "firms" else name


def _measure(measure: str, language: str) -> str:
    return text("gains.measure." + measure.replace(" ", "_"), language)
