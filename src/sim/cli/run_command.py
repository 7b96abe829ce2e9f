"""``sim run``: run scenario files or folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.show import Meter, plain_errors, problem, put_json, refuse, say
from sim.texts import duration, text

if TYPE_CHECKING:
    from sim.experiment import Results, Study
    from sim.scenario import Scenario

#: Seconds a run takes per firm-quarter, and to solve one reference path; measured, for time estimates only.
_SECONDS_PER_RUN, _SECONDS_PER_REFERENCE = 0.15, 15.0


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("run", epilog="Example:  sim run scenarios/ --region nedre-glomma --seeds 50 --budget 10")(run)


def run(
    files: list[Path] = typer.Argument(None, help="Scenario files, folders with them, or built-in names."),
    region: list[str] = typer.Option(None, "--region", "-r", help="Region by name or folder; may be repeated. "
                                     "Left out: the scenario's own, else nedre-glomma."),
    seeds: int = typer.Option(20, "--seeds", min=1, max=100_000, help="Number of paired runs per scenario."),
    jobs: int = typer.Option(None, "--jobs", "-j", min=1, help="Worker processes; all processors if left out."),
    budget: float = typer.Option(None, "--budget", min=0, help="Give every scenario this budget, MNOK a year."),
    out: Path = typer.Option(None, "--out", "-o", help="Result folder; results/<names> if left out."),
    as_json: bool = typer.Option(False, "--json", help="Print a summary, or the errors, as JSON."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Show no progress."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Check, count the runs and estimate the time only."),
    language: str = typer.Option("nb", "--language", help="nb or en."),
) -> None:  # fmt: skip
    """Run scenarios with paired seeds; finished runs are kept and never computed twice."""
    from sim.experiment import make_study, run_study

    with plain_errors(as_json):
        check_language(language, as_json)
        scenarios = read(files or [], as_json)
        regions = region or sorted({s.region for s in scenarios if s.region}) or ["nedre-glomma"]
        study = make_study(scenarios, regions, seeds, budget)
        folder = out or Path("results") / _folder_name(study, budget)
        if dry_run:
            _plan(study, folder, jobs, as_json, language)
            return
        with Meter(quiet or as_json, language) as meter:
            try:
                results = run_study(
                    scenarios, regions=regions, seeds=seeds, jobs=jobs, budget=budget, out=folder,
                    progress=meter, command=["sim", *sys.argv[1:]],
                )  # fmt: skip
            except KeyboardInterrupt:
                say(text("run.stopped", language, out=folder))
                raise typer.Exit(130) from None
    finish(results, as_json, language, quiet)


def _folder_name(study: Study, budget: float | None) -> str:
    """Return a name that tells studies of other regions, scenarios or budgets apart."""
    names = [s.name for s in study.scenarios if s.name != "baseline"] or ["baseline"]
    words = [*(Path(place).name for place in study.regions), *names]
    return "-".join(words)[:80] + (f"-{budget:g}-mnok" if budget is not None else "")


def read(files: list[Path], as_json: bool) -> list[Scenario]:
    """Return the scenarios in files, folders or built-in names."""
    from sim.experiment import vocabulary
    from sim.scenario import read_scenarios

    if not files:
        refuse([problem("FILE", "nothing", "scenario files, folders or built-in names", "no scenario given")], as_json)
    return read_scenarios(files, vocabulary())


def check_language(language: str, as_json: bool) -> None:
    """Refuse a language that is not there."""
    if language not in ("nb", "en"):
        refuse([problem("--language", language, "nb, en", "unknown language")], as_json)


def finish(results: Results, as_json: bool, language: str, quiet: bool = False) -> None:
    """Tell what came of a study and leave with 1 when a run failed."""
    done, failed = int(results.runs["finished"].sum()), len(results.failures)
    if as_json:
        put_json({"out": results.store.folder.as_posix(), "runs": len(results.runs), "finished": done,
                  "failures": results.failures, "warnings": results.manifest["warnings"]})  # fmt: skip
    else:
        if results.manifest["warnings"]:
            say(text("run.warning_budget", language, detail="; ".join(results.manifest["warnings"][:3])))
        if failed:
            say(text("run.failed", language))
            say(next(iter(results.failures.values())).strip().splitlines()[-1])
        if not quiet:
            say(text("run.done", language, done=done, failed=failed, out=results.store.folder))
    if failed:
        raise typer.Exit(1)


def _plan(study: Study, out: Path, jobs: int | None, as_json: bool, language: str) -> None:
    """Say how many runs there are, how many are done and about how long the rest takes."""
    import os

    from sim.experiment import Store

    specs = study.runs()
    ready = sum(Store(out).has(spec.run_id) for spec in specs)
    missing = len(specs) - ready
    seconds = missing * _SECONDS_PER_RUN / (jobs or os.cpu_count() or 1)
    seconds += _SECONDS_PER_REFERENCE * len(study.regions) if missing else 0
    if as_json:
        put_json({"runs": len(specs), "done": ready, "seconds": round(seconds, 1), "out": out.as_posix()})
        return
    say(text("run.plan", language, runs=len(specs), scenarios=len(study.scenarios), regions=len(study.regions),
             seeds=len(study.seeds), ready=ready, time=duration(seconds, language)))  # fmt: skip
