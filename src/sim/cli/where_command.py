"""``sim where``: under which conditions each policy leads, at the same money, as a map with its uncertainty."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import CostOnly, Jobs, Json, Language, Quiet
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, problem, put_json, refuse, say, unknown
from sim.texts import duration, number, signed, text

if TYPE_CHECKING:
    from sim.evidence.where import WhereStudy

#: Where the map that comes with the program lies under ``evidence/``.
KEPT = ("where", "map.json")


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("where", epilog="Example:  sim where --out results/where --chart map.svg   ·   sim where --kept")(
        show_where
    )


def show_where(
    out: Path = typer.Option(Path("results/where"), "--out", "-o", help="Folder; finished conditions are kept there."),
    scenario: list[str] = typer.Option(None, "--scenario", help="Built-in scenario or file; may be repeated. "
                                       "Five policies if left out."),
    conditions: int = typer.Option(200, "--conditions", min=10, max=5000, help="Made-up regions."),
    seeds: int = typer.Option(8, "--seeds", min=2, max=200, help="Paired runs of each policy in each condition."),
    budget: float = typer.Option(5.0, "--budget", min=0.1, max=200, help="MNOK a year to each policy, year 2 on."),
    year: int = typer.Option(11, "--year", min=3, max=20, help="Year of the effect."),
    seed: int = typer.Option(1, "--seed", min=1, max=10_000, help="Seed of the design and of every run in it."),
    outcome: list[str] = typer.Option(["jobs"], "--outcome", help="jobs, job_years, value_added, population."),
    basis: list[str] = typer.Option(["granted", "spent"], "--basis", help="Effect per MNOK granted, or of all public "
                                    "money spent; outcomes after the first have the first basis only."),
    jobs: Jobs = None,
    chart: Path = typer.Option(None, "--chart", help="Write the first map as SVG or PNG."),
    table: Path = typer.Option(None, "--table", help="Write the first map as a table, CSV."),
    kept: bool = typer.Option(False, "--kept", help="Show the map that comes with the program; nothing is run."),
    dry_run: CostOnly = False, as_json: Json = False, quiet: Quiet = False, language: Language = "nb",
) -> None:  # fmt: skip
    """Map where each policy leads over made-up regions; what nobody knows about critical mass is drawn."""
    from sim.evidence.where import OUTCOMES, POLICIES, WhereStudy

    with plain_errors(as_json):
        check_language(language, as_json)
        for key, words, allowed in (("--outcome", outcome, OUTCOMES), ("--basis", basis, ("granted", "spent"))):
            for word in words:
                if word not in allowed:
                    unknown(key, word, allowed, as_json)
        for path, suffixes in ((chart, (".svg", ".png")), (table, (".csv",))):
            if path is not None and path.suffix not in suffixes:
                refuse([problem("--chart" if path is chart else "--table", path.name, ", ".join(suffixes),
                                "unknown kind of file")], as_json)  # fmt: skip
        study = WhereStudy(conditions, seeds, budget, year, seed, tuple(scenario or POLICIES))
        if kept:
            told = _kept(as_json, language)
        elif dry_run:
            _plan(study, out, jobs, as_json, language)
            return
        else:
            told = _run(study, out, jobs, outcome, basis, quiet or as_json, language)
        titles = told["titles"][language]
        if chart is not None:
            from sim.compare.chart import save_chart
            from sim.compare.where_chart import map_chart

            save_chart(map_chart(told["maps"][0], titles, language), chart)
        if table is not None:
            from sim.compare.where_chart import map_table

            map_table(told["maps"][0], titles, language).to_csv(table, index=False)
    if as_json:
        put_json(told)
    else:
        _show(told, language)
    if told.get("failed"):
        raise typer.Exit(1)


def _run(study: WhereStudy, out: Path, jobs: int | None, outcomes: list[str], bases: list[str], quiet: bool,
         language: str) -> dict[str, Any]:  # fmt: skip
    """Run what is missing, make the maps and keep them in the folder."""
    from sim.evidence.emulator import need_sklearn
    from sim.evidence.kept import write_json
    from sim.evidence.points import compute
    from sim.evidence.where import condition_rows, effects_of
    from sim.evidence.where_map import as_mapping, largest, make_map, permuted
    from sim.experiment.build import vocabulary
    from sim.experiment.identity import made_with
    from sim.scenario import read_scenarios

    need_sklearn()
    points = study.points()
    with Meter(quiet, language) as meter:
        try:
            found, failed = compute(points, out, jobs, meter)
        except KeyboardInterrupt:
            say(text("run.stopped", language, out=out))
            raise typer.Exit(130) from None
    if failed and not quiet:
        say(text("where.failed", language, count=len(failed), out=out))
    results = [found[point.key] for point in points if point.key in found]
    wanted = [(what, base) for what in outcomes for base in bases if what == outcomes[0] or base == bases[0]]
    maps = [make_map(effects_of(study, results, what, base)) for what, base in wanted]
    control = make_map(permuted(effects_of(study, results, outcomes[0], bases[0])), leave_out=False)
    named = read_scenarios(list(study.policies), vocabulary())
    titles = {code: {**{name: getattr(s.title, code) for name, s in zip(study.policies, named, strict=True)},
                     "baseline": text("where.nothing", code)} for code in ("nb", "en")}  # fmt: skip
    told = {
        **made_with(), "fresh": True, "failed": len(failed),
        "study": {"conditions": len(results), "seeds": study.seeds, "budget": study.budget, "year": study.year,
                  "seed": study.seed, "policies": list(study.policies)},
        "titles": titles, "maps": [as_mapping(each) for each in maps], "control": largest(control),
    }  # fmt: skip
    write_json(out / "map.json", told)
    _write_rows(out / "conditions.csv", condition_rows(study, results))
    return told


def _write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write one line per condition and policy, numbers with six digits."""
    from sim.evidence.kept import short
    from sim.experiment.whole import whole

    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(short(rows))


def _kept(as_json: bool, language: str) -> dict[str, Any]:
    """Return the map that comes with the program."""
    from sim.evidence.kept import read_kept

    told = read_kept(*KEPT)
    if told is None:
        refuse([problem("--kept", "", "", text("where.no_kept", language))], as_json)
    return {**told, "failed": 0}


def _plan(study: WhereStudy, out: Path, jobs: int | None, as_json: bool, language: str) -> None:
    """Say what the study would take on this machine."""
    from sim.evidence.conditions import make_region
    from sim.evidence.points import missing
    from sim.evidence.where import middle, pace

    left = len(missing(study.points(), out))
    quarters = left * study.quarters()
    seconds = quarters * pace(make_region(middle())) / (jobs or os.cpu_count() or 1)
    plan = {"conditions": study.conditions, "done": study.conditions - left, "quarters": quarters,
            "seconds": round(seconds, 1), "out": out.as_posix()}  # fmt: skip
    if as_json:
        put_json(plan)
        return
    say(text("where.plan", language, conditions=number(study.conditions, 0, language),
             worlds=1 + len(study.policies), seeds=study.seeds, ready=plan["done"],
             quarters=number(quarters, 0, language), time=duration(seconds, language)))  # fmt: skip


def _show(told: dict[str, Any], language: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from sim.compare.where_words import percent, where_sentences

    console, study, titles = Console(width=140), told["study"], told["titles"][language]
    for each in told["maps"]:
        grid = Table(title=text("where.title", language, conditions=study["conditions"], seeds=study["seeds"],
                                budget=number(study["budget"], 1, language)) + "\n"
                     + text("where.chart_title", language, outcome=text(f"where.outcome.{each['outcome']}", language),
                            basis=text(f"where.basis.{each['basis']}", language)))  # fmt: skip
        for key in ("policy", "effect", "leads_share", "works_share", "map_led", "error"):
            grid.add_column(text(f"where.{key}", language), justify="left" if key == "policy" else "right")
        for name in each["names"]:
            row, error = each["overall"][name], each["errors"].get(name, {})
            effect = f"{signed(row['effect'], 2, language)} ± {number(row['se'], 2, language)}" if error else "0"
            grid.add_row(titles[name], effect, percent(row["leads"], language),
                         percent(row["works"], language) if error else "–", percent(row["map_led"], language),
                         number(error.get("r2"), 2, language))  # fmt: skip
        console.print(grid)
        for line in where_sentences(each, titles, language):
            console.print("• " + line, highlight=False)
    control = told["control"]
    console.print("• " + text("where.control", language, share=percent(control["chance"], language),
                              led=percent(control["led"], language)), highlight=False)  # fmt: skip
    made = text("where.made", language, code=told["code"][:12], conditions=study["conditions"])
    console.print(made + ("" if told.get("fresh") else " " + text("where.moved", language)), style="dim",
                  highlight=False)  # fmt: skip
    console.print(text("where.made_up", language), style="dim", highlight=False)
