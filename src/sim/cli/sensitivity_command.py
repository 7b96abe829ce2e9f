"""``sim sensitivity``: which assumptions the answers hang on, and which conclusions flip at which value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import CostOnly, Jobs, Json, Language, Quiet
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, problem, put_json, refuse, say, unknown
from sim.texts import duration, number, signed, text

if TYPE_CHECKING:
    from sim.evidence.points import Point
    from sim.evidence.sensitivity import SensitivityStudy

#: Where the study that comes with the program lies under ``evidence/``, a file per region.
KEPT = "sensitivity"
#: Fewest points of the Sobol step that an answer may rest on.
LEAST = 20


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("sensitivity", epilog="Example:  sim sensitivity -r nedre-glomma --out results/sensitivity   ·   "
                "sim sensitivity --kept")(show_sensitivity)  # fmt: skip


def show_sensitivity(
    region: str = typer.Option("nedre-glomma", "--region", "-r", help="Region."),
    out: Path = typer.Option(None, "--out", "-o", help="Folder; finished points are kept there. "
                             "results/sensitivity-REGION if left out."),
    scenario: list[str] = typer.Option(None, "--scenario", help="Built-in scenario or file; may be repeated. "
                                       "Cluster, broad innovation and residential if left out."),
    budget: float = typer.Option(10.0, "--budget", min=0.1, help="MNOK a year to each policy."),
    indicator: str = typer.Option("jobs", "--indicator", "-i", help="What is compared."),
    year: int = typer.Option(11, "--year", min=2, max=20, help="Year of the effect; 11 is the last with money."),
    seeds: int = typer.Option(4, "--seeds", min=2, max=200, help="Paired runs of each policy at each point."),
    trajectories: int = typer.Option(4, "--trajectories", min=2, max=100, help="Morris trajectories."),
    design: int = typer.Option(160, "--design", min=20, max=5000, help="Points the emulator is fitted to."),
    most: int = typer.Option(10, "--most", min=1, max=10, help="Parameters in the Sobol step."),
    parameter: list[str] = typer.Option(None, "--parameter", help="Parameters to move; all free and prior ones if "
                                        "left out."),
    shared_path: bool = typer.Option(False, "--shared-path", help="Screen on the reference path of the defaults: a "
                                     "third of the cost of Morris."),
    seed: int = typer.Option(1, "--seed", min=1, help="Seed of designs and indices."),
    jobs: Jobs = None,
    finished: bool = typer.Option(False, "--finished", help="Answer from the points of the Sobol step that are on "
                                  "file (at least 20); compute no more of them."),
    kept: bool = typer.Option(False, "--kept", help="Show the study that comes with the program; nothing is run."),
    dry_run: CostOnly = False, as_json: Json = False, quiet: Quiet = False, language: Language = "nb",
) -> None:  # fmt: skip
    """Morris over every parameter that is not fixed, Sobol on the strongest, and which conclusions flip where."""
    from sim.evidence.sensitivity import POLICIES, SensitivityStudy
    from sim.experiment.draws import drawable
    from sim.model import INDICATORS

    with plain_errors(as_json):
        check_language(language, as_json)
        if indicator not in INDICATORS:
            unknown("--indicator", indicator, INDICATORS, as_json)
        for name in parameter or ():
            if name not in drawable("all"):
                unknown("--parameter", name, drawable("all"), as_json)
        study = SensitivityStudy(region, tuple(scenario or POLICIES), budget, indicator, year, seeds, trajectories,
                                 design, most, seed, tuple(parameter or ()), shared_path)  # fmt: skip
        folder = out or Path(f"results/sensitivity-{Path(region).name}")
        if kept:
            told = _kept(region, as_json, language)
        elif dry_run:
            _plan(study, folder, jobs, as_json, language)
            return
        else:
            told = _run(study, folder, jobs, quiet or as_json, language, finished)
    if as_json:
        put_json(told)
    else:
        _show(told, language)


def _run(study: SensitivityStudy, out: Path, jobs: int | None, quiet: bool, language: str,
         finished: bool) -> dict[str, Any]:  # fmt: skip
    """Run both steps, taking up what is on file, and keep the answer in the folder."""
    from sim.evidence import sensitivity as s
    from sim.evidence.emulator import need_sklearn
    from sim.evidence.kept import write_json
    from sim.evidence.sensitivity_flips import contrast_rows, flip_rows
    from sim.experiment import vocabulary
    from sim.experiment.identity import made_with
    from sim.model import INDICATORS
    from sim.scenario import read_scenarios

    s.need_salib()
    need_sklearn()
    trajectories = s.morris_shares(study)
    screened = _computed(study.points(study.names, trajectories, screening=True), out, jobs, quiet, language)
    morris = s.morris_rows(study, trajectories, screened)
    names = s.strongest(study, morris)
    shares = s.sobol_shares(study, names)
    points = study.points(names, shares, screening=False)
    if finished:
        there = _on_file(points, out)
        points, shares = [points[k] for k in there], shares[there]
    spread = _computed(points, out, jobs, quiet, language)
    found = s.surfaces(study, names, shares, spread)
    named = read_scenarios(list(study.policies), vocabulary())
    shown = INDICATORS[study.indicator]
    titles = {code: {**{name: getattr(each.title, code) for name, each in zip(study.policies, named, strict=True)},
                     "baseline": text("where.nothing", code)} for code in ("nb", "en")}  # fmt: skip
    told = {
        **made_with(), "fresh": True,
        "study": {"region": study.region, "policies": list(study.policies), "budget": study.budget,
                  "indicator": study.indicator, "units": dict(shown.units), "labels": dict(shown.label),
                  "decimals": shown.decimals + 1, "year": study.year, "seeds": study.seeds,
                  "trajectories": study.trajectories, "design": len(points), "planned": study.design,
                  "seed": study.seed, "parameters": len(study.names),
                  "shared_path": study.shared_path, "strongest": list(names)},
        "titles": titles, "morris": morris, "sobol": s.sobol_rows(study, found),
        "emulators": s.emulator_rows(found), "contrasts": contrast_rows(found, study.seed), "flips": flip_rows(found),
    }  # fmt: skip
    write_json(out / "sensitivity.json", told)
    return told


def _on_file(points: list[Point], out: Path) -> list[int]:
    """Return the places of the points that are on file.

    Raises:
        ValueError: there are too few of them to fit an emulator to.
    """
    from sim.evidence.points import missing

    left = {point.key for point in missing(points, out)}
    there = [k for k, point in enumerate(points) if point.key not in left]
    if len(there) < LEAST:
        raise ValueError(f"{len(there)} points of the Sobol step are on file, {LEAST} are needed; leave --finished out")
    return there


def _computed(points: list[Point], out: Path, jobs: int | None, quiet: bool, language: str) -> list[dict[str, Any]]:
    """Return the result of every point in order.

    Raises:
        ValueError: a point failed; designs are of no use with holes in them.
    """
    from sim.evidence.points import compute

    with Meter(quiet, language) as meter:
        try:
            found, failed = compute(points, out, jobs, meter)
        except KeyboardInterrupt:
            say(text("run.stopped", language, out=out))
            raise typer.Exit(130) from None
    if failed:
        last = next(iter(failed.values())).strip().splitlines()[-1]
        raise ValueError(f"{len(failed)} of {len(points)} points failed, see {out}/failures; the first: {last}")
    return [found[point.key] for point in points]


def _kept(region: str, as_json: bool, language: str) -> dict[str, Any]:
    """Return the study that comes with the program."""
    from sim.evidence.kept import read_kept

    told = read_kept(KEPT, f"{region}.json")
    if told is None:
        refuse([problem("--kept", region, "", text("sensitivity.no_kept", language))], as_json)
    return told


def _plan(study: SensitivityStudy, out: Path, jobs: int | None, as_json: bool, language: str) -> None:
    """Say what the study would take on this machine."""
    from sim.evidence.points import missing
    from sim.evidence.sensitivity import morris_shares, need_salib
    from sim.evidence.where import pace
    from sim.region import load_region

    need_salib()
    screening = study.points(study.names, morris_shares(study), screening=True)
    points = len(screening) + study.design
    unscreened = len(missing(screening, out))
    left = unscreened + study.design
    quarters = unscreened * study.quarters(True) + study.design * study.quarters(False)
    seconds = quarters * pace(load_region(study.region)) / (jobs or os.cpu_count() or 1)
    if as_json:
        put_json({"points": points, "morris": len(screening), "sobol": study.design, "at_most_left": left,
                  "quarters": quarters, "seconds": round(seconds, 1), "out": out.as_posix()})  # fmt: skip
        return
    say(text("sensitivity.plan", language, morris=len(screening), sobol=study.design,
             parameters=len(study.names), quarters=number(quarters, 0, language),
             time=duration(seconds, language)))  # fmt: skip


def _show(told: dict[str, Any], language: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from sim.compare.sensitivity_words import contrast_words, parameter_label, parameter_value, sensitivity_sentences

    console, study, titles = Console(width=140), told["study"], told["titles"][language]
    decimals = study["decimals"]
    for row, error in zip(told["contrasts"], told["emulators"], strict=True):
        contrast = row["contrast"]
        grid = Table(title=text("sensitivity.title", language, contrast=contrast_words(contrast, titles, language),
                                indicator=study["labels"][language].lower(), unit=study["units"][language],
                                year=study["year"], r2=number(error["r2"], 2, language),
                                rmse=number(error["rmse"], decimals, language),
                                noise=number(error["noise"], decimals, language)))  # fmt: skip
        for key in ("parameter", "morris", "total", "first", "at_low", "at_high", "verdict"):
            grid.add_column(text(f"sensitivity.{key}", language),
                            justify="left" if key in ("parameter", "verdict") else "right")  # fmt: skip
        morris = {r["parameter"]: r for r in told["morris"] if r["contrast"] == contrast}
        flips = {r["parameter"]: r for r in told["flips"] if r["contrast"] == contrast}
        for index in (r for r in told["sobol"] if r["contrast"] == contrast):
            name = index["parameter"]
            flip, screen = flips[name], morris[name]
            words = text(f"sensitivity.is_{flip['verdict']}", language,
                         value=parameter_value(name, flip["value"], language),
                         low=parameter_value(name, flip["value_low"], language),
                         high=parameter_value(name, flip["value_high"], language))  # fmt: skip
            size, luck = (number(screen[key], decimals, language) for key in ("mu_star", "noise"))
            grid.add_row(parameter_label(name, language), f"{size} ({luck})",
                         _interval(index, "total", language), _interval(index, "first", language),
                         signed(flip["at_low"], decimals, language), signed(flip["at_high"], decimals, language),
                         words)  # fmt: skip
        console.print(grid)
    for line in sensitivity_sentences(told, language):
        console.print("• " + line, highlight=False)
    note = text("sensitivity.note", language, points=study["design"], parameters=study["parameters"],
                trajectories=study["trajectories"], seeds=study["seeds"], code=told["code"][:12])  # fmt: skip
    if study["shared_path"]:
        note += " " + text("sensitivity.shared_path", language)
    console.print(note + ("" if told.get("fresh") else " " + text("where.moved", language)), style="dim",
                  highlight=False)  # fmt: skip


def _interval(row: dict[str, Any], key: str, language: str) -> str:
    """Return an index with its interval."""
    low, high = (number(row[f"{key}_{end}"], 2, language) for end in ("low", "high"))
    return f"{number(row[key], 2, language)} ({low}–{high})"
