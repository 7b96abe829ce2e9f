"""``sim why``: through which mechanisms each policy works."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import Jobs, Language, Policies, Quiet, ResultFolder, StudyRegion, Year
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, problem, put_json, refuse, say, unknown
from sim.texts import duration, number, signed, text

if TYPE_CHECKING:
    from sim.experiment import Results
    from sim.scenario import Scenario

#: Outcomes kept for every set of mechanisms.
_KEPT = ("jobs", "job_years", "value_added", "productivity", "innovations", "rd", "population", "emissions",
         "unemployment", "municipal_net", "spent_public")  # fmt: skip
#: Seconds of one run and of one reference path near the default one; measured, for time estimates only.
_SECONDS_PER_RUN, _SECONDS_PER_REFERENCE = 0.15, 3.5
#: More seeds than this are not used unless asked for.
_MOST_SEEDS = 10


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("why", epilog="Example:  sim why results/demo --indicator jobs --json")(why)


def why(
    out: ResultFolder,
    indicator: str = typer.Option("jobs", "--indicator", "-i", help=f"One of {', '.join(_KEPT)}."),
    year: Year = 11, region: StudyRegion = None, policy: Policies = None,
    permutations: int = typer.Option(64, "--permutations", min=2, max=5000, help="Orders of switching on."),
    seeds: int = typer.Option(None, "--seeds", min=1, help=f"Paired runs; those of the study, at most {_MOST_SEEDS}."),
    jobs: Jobs = None,
    dry_run: bool = typer.Option(False, "--dry-run", help="Count the runs and estimate the time only."),
    as_json: bool = typer.Option(False, "--json", help="Print the shares as JSON."),
    quiet: Quiet = False, language: Language = "nb",
) -> None:  # fmt: skip
    """Share each effect out over mechanisms (Shapley); every set of mechanisms has its own reference path.

    Finished sets are kept in the result folder, so the command can be stopped and given again.
    """
    from sim.compare import attribution
    from sim.experiment import Results
    from sim.experiment.attribution import SwitchSet, mechanisms, run_sets

    with plain_errors(as_json):
        check_language(language, as_json)
        if indicator not in _KEPT:
            unknown("--indicator", indicator, _KEPT, as_json)
        results = Results.open(out)
        place = region_of(results, region, as_json)
        pairs = pairs_of(results, policy or [], as_json)
        check_year(pairs, year, as_json)
        numbers = seeds_of(results, seeds or _MOST_SEEDS)
        names = mechanisms(scenario for scenario, _ in pairs)
        chosen = attribution.orders(names, permutations)
        sets = attribution.coalitions(names, chosen)
        work = [SwitchSet(place, tuple(pairs), on, numbers, _KEPT) for on in sets]
        folder = out / "why"
        ready = sum((folder / f"{each.identity}.json").exists() for each in work)
        _tell_cost(place, work, ready, jobs, quiet or as_json, dry_run, as_json, language)
        if dry_run:
            return
        with Meter(quiet or as_json, language) as meter:
            found = dict(
                (each.on, effect)
                for each, effect in run_sets(work, folder, jobs, None, timed(meter, "sets", ready))
            )
        rows = attribution.table(found, names, chosen, indicator, year)
    if as_json:
        put_json(rows)
    else:
        _show(results, rows, indicator, year, len(numbers), language)


def seeds_of(results: Results, count: int) -> tuple[int, ...]:
    """Return the seeds of the study, at most ``count``; a study of draws has few, and gets the numbers after them."""
    own = sorted(results.manifest["seeds"])[:count]
    draws = results.manifest.get("study", {}).get("draws", [0])
    more = range(own[-1] + 1, own[-1] + 1 + count - len(own)) if len(draws) > 1 else ()
    return (*own, *more)


def region_of(results: Results, region: str | None, as_json: bool) -> str:
    """Return the region to run in: by name, or a folder whose region has a name of the study."""
    from sim.region import load_region, region_names

    names = list(results.manifest["regions"])
    place = region or names[0]
    if place in names and place not in region_names():
        refuse([problem("--region", place, "the folder of the region", "this region is not built in")], as_json)
    if load_region(place).name not in names:
        unknown("--region", place, names, as_json)
    return place


def pairs_of(results: Results, wanted: list[str], as_json: bool) -> list[tuple[Scenario, Scenario]]:
    """Return each policy of the study with what it is compared with."""
    from sim.experiment import vocabulary
    from sim.scenario import read_scenarios

    scenarios = {s.name: s for s in read_scenarios(results.store.folder / "scenarios", vocabulary())}
    own = results.manifest.get("baselines", {})
    policies = [name for name in own if scenarios[name].instruments]
    for name in wanted:
        if name not in policies:
            unknown("--policy", name, policies, as_json)
    pairs = [(scenarios[name], scenarios[own[name]]) for name in wanted or policies]
    if not pairs:
        refuse([problem("", "", "", "the study has no policy")], as_json)
    return pairs


def check_year(pairs: list[tuple[Scenario, Scenario]], year: int, as_json: bool) -> None:
    """Refuse a year that some policy of the study does not reach."""
    last = min(scenario.years for scenario, _ in pairs)
    if year > last:
        refuse([problem("--year", year, f"1 to {last}", "the study does not last that long")], as_json)


def timed(meter: Meter, stage: str, ready: int = 0) -> Callable[[int, int], None]:
    """Return a report of progress that also tells the time left, from what was done since now."""
    from sim.experiment import Progress

    begun = time.monotonic()

    def tell(done: int, total: int) -> None:
        fresh = done - ready
        left = (time.monotonic() - begun) / fresh * (total - done) if fresh > 0 else None
        meter(Progress(stage, done, total, seconds_left=left))

    return tell


def _tell_cost(
    place: str, work: Any, ready: int, jobs: int | None, silent: bool, dry: bool, as_json: bool, language: str
) -> None:  # fmt: skip
    import os

    from sim.experiment.build import region_firms
    from sim.region import load_region

    missing = len(work) - ready
    runs = missing * len(work[0].seeds) * (len(work[0].pairs) + len({base.identity() for _, base in work[0].pairs}))
    size = 0.15 + 0.85 * len(region_firms(load_region(place)).jobs) / 3_886  # relative to Nedre Glomma
    seconds = size * (runs * _SECONDS_PER_RUN + missing * _SECONDS_PER_REFERENCE) / (jobs or os.cpu_count() or 1)
    if as_json and dry:
        put_json({"sets": len(work), "done": ready, "runs": runs, "seconds": round(seconds, 1)})
    elif not silent or dry:
        say(text("why.plan", language, sets=len(work), ready=ready, runs=runs, time=duration(seconds, language)))


def _show(results: Results, rows: list[dict[str, Any]], indicator: str, year: int, seeds: int, language: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from sim.model import INDICATORS

    console, row_of = Console(), INDICATORS[indicator]
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        here = [row for row in rows if row["scenario"] == scenario]
        whole = sum(row["shapley"] for row in here)
        title = text("why.title", language, policy=results.title(scenario, language),
                     indicator=row_of.label[language].lower(), year=year)  # fmt: skip
        grid = Table(title=title, show_lines=False)
        for key, justify in (("mechanism", "left"), ("share", "right"), ("se", "right"), ("off", "right")):
            grid.add_column(text(f"why.{key}", language, unit=row_of.units[language]), justify=justify)  # type: ignore[arg-type]
        for row in sorted(here, key=lambda row: -abs(row["shapley"])):
            words = [signed(row[key], row_of.decimals + 1, language) for key in ("shapley", "switch_off")]
            spread = [number(row[key], row_of.decimals + 1, language) for key in ("se", "switch_off_se")]
            cells = [words[0], f"± {spread[0]}", f"{words[1]} ± {spread[1]}"]
            grid.add_row(text(f"mechanism.{row['mechanism']}", language), *cells)
        grid.add_section()
        grid.add_row(text("why.whole", language), signed(whole, row_of.decimals + 1, language), "", "")
        console.print(grid)
        console.print("• " + _sentence(results.title(scenario, language), here, whole, language), highlight=False)
    console.print(text("why.note", language, seeds=seeds), style="dim", highlight=False)


def _sentence(title: str, rows: list[dict[str, Any]], whole: float, language: str) -> str:
    """Return which mechanisms clearly matter, in words."""
    clear = [row for row in rows if abs(row["shapley"]) > 2.0 * row["se"] and abs(row["shapley"]) > 0.05 * abs(whole)]
    clear.sort(key=lambda row: -abs(row["shapley"]))
    if not clear:
        return text("why.unclear", language, policy=title)
    names = ", ".join(text(f"mechanism.{row['mechanism']}", language).lower() for row in clear[:3])
    return text("why.clear", language, policy=title, mechanisms=names)


