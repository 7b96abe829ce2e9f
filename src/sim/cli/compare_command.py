"""``sim compare`` and ``sim indicators``: what a study says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.options import Json, Language, ResultFolder, RowsJson
from sim.cli.regret_command import show_regret_table
from sim.cli.run_command import check_language
from sim.cli.show import plain_errors, put_json, say, unknown
from sim.texts import text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.compare import Discounting, Headline
    from sim.experiment import Results

#: Policies side by side in one table, at most.
_WIDE = 3
#: Rows of the headline table, by section: what comes of it, and what it costs.
_ROWS = (("jobs", "share_better", "job_years", "value_added", "population"),
         ("spent", "spent_public", "cost_municipal", "cost_public"))  # fmt: skip

#: Rows told for the last year too, when money stopped before it.
_LATER = ("jobs", "job_years", "cost_public")
#: Rows told for the last year only.
_LAST = ("present_value", "present_value_public")


def register(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.command("compare", epilog="Examples:  sim compare results/demo --goal 50  ·  "
                "sim compare results/demo --json > comparison.json")(compare)
    cli.command("indicators", epilog="Example:  sim indicators --json")(indicators)


def compare(
    out: ResultFolder, as_json: RowsJson = False,
    csv: Path = typer.Option(None, "--csv", help="Write every row to a CSV file."),
    baseline: str = typer.Option("baseline", "--baseline", help="Scenario the others are compared with."),
    interval: float = typer.Option(0.90, "--interval", help="Probability of the intervals, e.g. 0.9."),
    rate: float = typer.Option(0.04, "--discount-rate", min=0, max=1, help="Real rate of present values, a year."),
    funds: float = typer.Option(0.0, "--cost-of-funds", min=0, max=1, help="Loss per public krone, e.g. 0.2."),
    indicator: list[str] = typer.Option(None, "--indicator", "-i", help="Only these indicators; may be repeated."),
    goal: float = typer.Option(None, "--goal", help="Difference that counts as reached, e.g. 50: adds the regret table "
                               "and the share of futures that reach it."),
    goal_indicator: str = typer.Option("jobs", "--goal-indicator", help="What the goal is about."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Compare scenarios with the baseline: what is not known and luck told apart, and costs per job-year."""
    from sim.compare import Discounting
    from sim.compare import compare as compare_results
    from sim.compare.headline import headline_year
    from sim.compare.regret import regret
    from sim.experiment import Results
    from sim.model import INDICATORS

    with plain_errors(as_json):
        check_language(language, as_json)
        results = Results.open(out)
        if baseline not in results.manifest["scenarios"]:
            unknown("--baseline", baseline, results.manifest["scenarios"], as_json)
        if goal_indicator not in INDICATORS:
            unknown("--goal-indicator", goal_indicator, INDICATORS, as_json)
        how = Discounting(rate, funds)
        whole = compare_results(results, baseline=baseline, interval=interval, discounting=how)
        table = _only(whole, indicator or [], as_json)
        robust = regret(results, goal_indicator, headline_year(whole), goal) if goal is not None else None
        if csv is not None:
            table.to_csv(csv, index=False)
    if as_json:
        more = {} if robust is None else {"regret": robust.to_dict("records")}
        put_json({"schema": 1, "rows": table.to_dict("records"), **more})
        return
    show(results, whole, language, how)
    if robust is not None:
        show_regret_table(results, robust, goal, language)
    if csv is not None:
        say(str(csv))


def _only(table: pd.DataFrame, wanted: list[str], as_json: bool) -> pd.DataFrame:
    """Keep the wanted indicators; an unknown one is refused with the nearest."""
    known = set(table["indicator"])
    for name in wanted:
        if name not in known:
            unknown("--indicator", name, known, as_json)
    return table[table["indicator"].isin(wanted)] if wanted else table


def show(results: Results, table: pd.DataFrame, language: str, how: Discounting | None = None) -> None:
    """Print a table of headlines, a sentence for each policy and what must be said beside it."""
    from rich.console import Console

    from sim.compare import headlines, notes
    from sim.compare.answer import answer
    from sim.compare.headline import headline_year

    console = Console()
    year, last = headline_year(table), int(table["year"].max())
    rows = headlines(results, table, language)
    later = {(row.region, row.scenario): row.cells for row in headlines(results, table, language, last)}
    for region in dict.fromkeys(row.region for row in rows):
        here = [row for row in rows if row.region == region]
        wide = -(-len(here) // -(-len(here) // _WIDE))  # as even as can be: four policies are two and two
        for first in range(0, len(here), wide):
            some = here[first : first + wide]
            console.print(_grid(results, region, some, later, (year, last), language))
        for row in here:
            console.print(f"• {row.sentence}", highlight=False)
        if short := answer(results, table, region, language):
            console.print(text("answer.title", language) + ":", style="bold", highlight=False)
            for line in short:
                console.print(f"• {line}", highlight=False)
    for line in notes(results, table, language, *([how] if how else [])):
        console.print(line, style="dim", highlight=False)


def _grid(
    results: Results, region: str, rows: list[Headline], later: dict[tuple[str, str], dict[str, str]],
    years: tuple[int, int], language: str,
) -> Table:  # fmt: skip
    """Return the table of headlines of some policies in one region."""
    from rich.table import Table

    year, last = years
    title = results.manifest["regions"][region]["title"][language]
    grid = Table(title=text("compare.title", language, region=title, year=year))
    grid.add_column("")
    for row in rows:
        grid.add_column(row.cells["policy"], justify="right", overflow="fold")
    for section in _ROWS:
        for name in section:
            label = text(f"compare.{name}", language)
            if name == "jobs":  # read most: what is not known and luck on lines of their own
                grid.add_row(label, *[row.cells["jobs_mean"] for row in rows])
                for part in ("jobs_draws", "jobs_luck"):
                    if any(row.cells[part] != "–" for row in rows):
                        grid.add_row(f"  {text(f'compare.{part}', language)}", *[row.cells[part] for row in rows])
            else:
                grid.add_row(label, *[row.cells[name].replace("; ", "\n") for row in rows])
        grid.add_section()
    for name in (*(_LATER if last > year else ()), *_LAST):
        label = text("compare.last_year", language, label=text(f"compare.{name}", language), year=last)
        grid.add_row(label, *[later[row.region, row.scenario][name].replace("; ", "\n") for row in rows])
    return grid


def indicators(as_json: Json = False) -> None:
    """List every indicator with unit, direction and how it is summed over a year."""
    from sim.model.indicators import INDICATORS

    rows = [
        {"indicator": i.name, "unit": i.unit, "direction": i.direction, "over_year": i.over_year, "nb": i.label["nb"],
         "en": i.label["en"], "zones": i.zones, "families": i.families}
        for i in INDICATORS.values()
    ]  # fmt: skip
    for payer, nb, en in (("municipal", "Kommunal", "Municipal"), ("public", "Offentlig", "Public")):
        rows.append({"indicator": f"cost_per_job_year_{payer}", "unit": "MNOK/job-year", "direction": -1,
                     "over_year": "last", "nb": f"{nb} kostnad per årsverk", "en": f"{en} cost per job-year",
                     "zones": False, "families": False})  # fmt: skip
        rows.append({"indicator": f"present_value_{payer}", "unit": "MNOK, 2022 prices", "direction": 1,
                     "over_year": "last", "nb": f"Nåverdi, {nb.lower()} regnskap",
                     "en": f"Present value, {en.lower()} account", "zones": False, "families": False})  # fmt: skip
    if as_json:
        put_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['indicator']:28} {row['unit']:42} {row['nb']} / {row['en']}")
