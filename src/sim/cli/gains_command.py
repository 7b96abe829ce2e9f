"""``sim gains``: who gains and who loses from each policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import Jobs, Language, Policies, Quiet, ResultFolder, RowsJson, StudyRegion, Year
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, put_json, say
from sim.cli.why_command import check_year, pairs_of, region_of, seeds_of, timed
from sim.texts import number, signed, text

if TYPE_CHECKING:
    import pandas as pd

    from sim.region import Region

_DECIMALS = {"%": 2, "MNOK/yr": 1}


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("gains", epilog="Example:  sim gains results/demo --policy cluster-programme")(gains)


def gains(
    out: ResultFolder, year: Year = 11, region: StudyRegion = None, policy: Policies = None,
    seeds: int = typer.Option(10, "--seeds", min=1, help="Paired runs, from those of the study."),
    interval: float = typer.Option(0.90, "--interval", min=0.5, max=0.999, help="Probability of the intervals."),
    jobs: Jobs = None,
    dry_run: bool = typer.Option(False, "--dry-run", help="Count the runs only."),
    as_json: RowsJson = False, quiet: Quiet = False, language: Language = "nb",
) -> None:  # fmt: skip
    """Compare each firm with itself without the policy: by industry, size and municipality, and what leaks out."""
    from sim.compare.gains import gains as share_out
    from sim.experiment import Results
    from sim.experiment.twins import twins
    from sim.region import load_region

    with plain_errors(as_json):
        check_language(language, as_json)
        results = Results.open(out)
        place = region_of(results, region, as_json)
        pairs = pairs_of(results, policy or [], as_json)
        check_year(pairs, year, as_json)
        numbers = seeds_of(results, seeds)
        runs = 2 * len(pairs) * len(numbers)
        if dry_run:
            put_json({"runs": runs}) if as_json else say(text("gains.plan", language, runs=runs))
            return
        with Meter(quiet or as_json, language) as meter:
            found = twins(place, pairs, numbers, year, jobs, timed(meter, "runs"))
        tables = {name: share_out(each, load_region(place), interval) for name, each in found.items()}
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
            grid.add_row(_name(str(group), row["name"], region, language), _measure(row["measure"], language),
                         _change(row, language))  # fmt: skip
    console.print(grid)
    console.print(text("gains.note", language, runs=int(table["runs"].iloc[0]), percent=round(100 * interval)),
                  style="dim", highlight=False)  # fmt: skip


def _change(row: Mapping[Any, Any], language: str) -> str:
    """Return a mean with its interval, or a count of firms without sign; one run has no interval."""
    if row["measure"] == "firms":
        return number(row["mean"], 0 if row["runs"] == 1 else 1, language)
    decimals = _DECIMALS.get(row["unit"], 1)
    mean, low, high = (signed(row[key], decimals, language) for key in ("mean", "low", "high"))
    return mean if row["runs"] == 1 else f"{mean} ({text('compare.interval', language, low=low, high=high)})"


def _name(group: str, name: str, region: Region, language: str) -> str:
    if group == "industry":
        return str(region.industries.labels[language][region.industries.codes.index(name)])
    if group in ("municipality", "residents"):
        return region.zone_names[region.zones.index(name)]
    if group == "leakage":
        return text(f"gains.node.{name}", language) if name in ("oslo", "ring") else name
    return text(f"gains.firms.{name}", language) if group == "firms" else name


def _measure(measure: str, language: str) -> str:
    return text("gains.measure." + measure.replace(" ", "_"), language)
