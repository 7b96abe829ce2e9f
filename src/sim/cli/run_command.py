"""``sim run``: run scenario files or folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import Dask, Jobs, Json, Language, Quiet, ResultFolder, Shard, SummaryJson
from sim.cli.show import Meter, plain_errors, problem, put_json, refuse, say, unknown
from sim.texts import duration, text

if TYPE_CHECKING:
    from sim.experiment import Results, Study
    from sim.scenario import Scenario

#: Seconds a run takes per firm-quarter, and to solve one reference path; measured, for time estimates only.
_SECONDS_PER_RUN, _SECONDS_PER_REFERENCE = 0.15, 5.0


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("run", epilog="Examples:  sim run scenarios/ --region nedre-glomma --seeds 50 --budget 10  ·  "
                "sim run studies/uncertainty.yaml --shard 1/4 --out results/u")(run)
    cli.command("resume", epilog="Example:  sim resume results/mine")(resume)
    cli.command("extend", epilog="Example:  sim extend results/mine --seeds 200 --draws 50")(extend)
    cli.command("digest", epilog="Example:  sim digest results/mine")(show_digest)
    cli.command("export", epilog="Example:  sim export results/mine --csv outcomes.csv --xlsx outcomes.xlsx")(export)


def run(
    files: list[Path] = typer.Argument(None, help="A study file; or scenario files, folders or built-in names."),
    region: list[str] = typer.Option(None, "--region", "-r", help="Region by name or folder; may be repeated. "
                                     "Left out: the scenario's own, else nedre-glomma."),
    seeds: int = typer.Option(None, "--seeds", min=1, max=1_000_000, help="Paired runs per scenario; 20 if left out."),
    draws: int = typer.Option(None, "--draws", min=0, help="Parameter draws; 0, the defaults only, if left out."),
    drawn: list[str] = typer.Option(None, "--draw", help="Parameter to draw, or all, or free; may be repeated."),
    source: str = typer.Option(None, "--source", help="Where draws come from: prior, or posterior (sim calibrate); "
                               "the posterior if left out and it fits this version."),
    own_luck: bool = typer.Option(False, "--own-luck", help="Give each draw seeds of its own: less luck in the mean."),
    panel: bool = typer.Option(False, "--panel", help="Keep every firm in every quarter."),
    part: Shard = "1/1", dask: Dask = None, jobs: Jobs = None,
    budget: float = typer.Option(None, "--budget", min=0, help="Give every scenario this budget, MNOK a year."),
    out: Path = typer.Option(None, "--out", "-o", help="Result folder; results/<names> if left out."),
    as_json: SummaryJson = False, quiet: Quiet = False,
    dry_run: bool = typer.Option(False, "--dry-run", help="Check, count the runs and estimate the time only."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Run scenarios with paired seeds and draws; finished runs are kept and never computed twice."""
    with plain_errors(as_json):
        check_language(language, as_json)
        asked = {"seeds": seeds, "draws": draws, "drawn": drawn or None, "panel": panel or None, "budget": budget,
                 "source": check_source(source, as_json), "own_luck": own_luck or None}  # fmt: skip
        study, name = _asked(files or [], region or [], {k: v for k, v in asked.items() if v is not None}, as_json)
        go(study, out or Path("results") / (name or _folder_name(study, budget)), jobs, _share(part, as_json), dry_run,
           as_json, quiet, language, dask)  # fmt: skip


def resume(
    out: ResultFolder, part: Shard = "1/1", dask: Dask = None, jobs: Jobs = None, as_json: SummaryJson = False,
    quiet: Quiet = False,
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what is left and estimate the time only."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Run what is missing in a result folder; nothing else is needed than the folder."""
    from sim.experiment.resume import study_of

    with plain_errors(as_json):
        check_language(language, as_json)
        go(study_of(out), out, jobs, _share(part, as_json), dry_run, as_json, quiet, language, dask)


def extend(
    out: ResultFolder,
    seeds: int = typer.Option(None, "--seeds", min=1, max=1_000_000, help="Paired runs in all."),
    draws: int = typer.Option(None, "--draws", min=1, help="Parameter draws in all."),
    drawn: list[str] = typer.Option(None, "--draw", help="What to draw when the study drew nothing: names, all, free."),
    part: Shard = "1/1", dask: Dask = None, jobs: Jobs = None, as_json: SummaryJson = False, quiet: Quiet = False,
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what is left and estimate the time only."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Add seeds or parameter draws to a result folder; what is there is kept."""
    from sim.experiment.resume import larger, study_of

    with plain_errors(as_json):
        check_language(language, as_json)
        study = larger(study_of(out), seeds, draws, names_of(drawn or []))
        go(study, out, jobs, _share(part, as_json), dry_run, as_json, quiet, language, dask)


def show_digest(
    out: ResultFolder, as_json: Json = False,
) -> None:
    """Print the SHA-256 of the sorted results: equal results have equal digests on every machine."""
    from sim.experiment import Results
    from sim.experiment.resume import digest

    with plain_errors(as_json):
        results = Results.open(out)
        found, done = digest(results), int(results.runs["finished"].sum())
    put_json({"digest": found, "runs": done}) if as_json else typer.echo(f"{found}  {done}")


def export(
    out: ResultFolder,
    csv: Path = typer.Option(None, "--csv", help="Every outcome of every run; its SHA-256 is the digest."),
    xlsx: Path = typer.Option(None, "--xlsx", help="A workbook with runs and outcomes of whole regions."),
) -> None:
    """Write the outcomes to CSV or a workbook."""
    from sim.experiment import Results
    from sim.experiment.resume import write_csv, write_xlsx

    with plain_errors():
        if csv is None and xlsx is None:
            refuse([problem("--csv", "nothing", "--csv FILE or --xlsx FILE", "nothing to write")], False)
        results = Results.open(out)
        for path, write in ((csv, write_csv), (xlsx, write_xlsx)):
            if path is not None:
                write(results, path)
                say(str(path))


def go(
    study: Study, out: Path, jobs: int | None, part: tuple[int, int], dry_run: bool, as_json: bool, quiet: bool,
    language: str, dask: str | None = None,
) -> None:  # fmt: skip
    """Run a study into a folder with progress, or tell what it would take."""
    from sim.experiment.distributed import on_dask
    from sim.experiment.runner import run as run_it

    if dry_run:
        _plan(study, out, jobs, part, as_json, language)
        return
    with on_dask(dask) as executor, Meter(quiet or as_json, language) as meter:
        try:
            results = run_it(study, jobs=jobs, out=out, executor=executor, progress=meter, part=part,
                             command=["sim", *sys.argv[1:]])  # fmt: skip
        except KeyboardInterrupt:
            say(text("run.stopped", language, out=out))
            raise typer.Exit(130) from None
    finish(results, as_json, language, quiet)


def _asked(
    files: list[Path], regions: list[str], asked: dict[str, Any], as_json: bool
) -> tuple[Study, str | None]:
    """Return the study that files and options ask for, and its name when a study file gives one."""
    from sim.experiment import make_study, vocabulary
    from sim.experiment.draws import usual_source
    from sim.scenario import is_study, read_study

    if len(files) == 1 and is_study(files[0]):
        found = read_study(files[0], vocabulary())
        keys = found.keys
        given = {"seeds": keys.seeds, "draws": keys.draws, "budget": keys.budget, "panel": keys.panel,
                 "source": keys.source, "own_luck": keys.own_luck} | asked  # fmt: skip
        names = asked.get("drawn", found.drawn)
        given["drawn"] = names_of([names] if isinstance(names, str) else list(names))
        study = make_study(found.scenarios, regions or found.regions, draw_seed=keys.draw_seed, **given)
        return study, keys.study
    scenarios = read(files, as_json)
    places = regions or sorted({s.region for s in scenarios if s.region}) or ["nedre-glomma"]
    given = {"seeds": 20} | ({"source": usual_source()} if asked.get("draws") else {}) | asked
    given["drawn"] = names_of(asked.get("drawn", ["all"] if asked.get("draws") else []))
    return make_study(scenarios, places, **given), None


def names_of(drawn: list[str]) -> tuple[str, ...]:
    """Return the parameters that names and groups stand for."""
    from sim.experiment.draws import GROUPS, drawable

    names = [name for word in drawn for name in (drawable(word) if word in GROUPS else (word,))]
    return tuple(dict.fromkeys(names))


def check_source(source: str | None, as_json: bool) -> str | None:
    """Refuse a source of draws that is not there."""
    from sim.scenario.study_file import SOURCES

    if source is not None and source not in SOURCES:
        unknown("--source", source, SOURCES, as_json)
    return source


def _share(part: str, as_json: bool) -> tuple[int, int]:
    """Return (i, n) from ``i/n``."""
    try:
        first, last = (int(word) for word in part.split("/"))
    except ValueError:
        first, last = 0, 0
    if not 1 <= first <= last:
        refuse([problem("--shard", part, "i/n with i from 1 to n, e.g. 2/4", "not a share")], as_json)
    return first, last


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


def _plan(
    study: Study, out: Path, jobs: int | None, part: tuple[int, int], as_json: bool, language: str
) -> None:  # fmt: skip
    """Say how many runs there are, how many are done and about how long the rest takes."""
    import os

    from sim.experiment import Store
    from sim.experiment.executor import has_reference
    from sim.experiment.study import shard

    specs = shard(study.runs(), *part)
    left = [spec for spec in specs if not Store(out).done(spec.run_id, study.panel)]
    missing, ready = len(left), len(specs) - len(left)
    paths = {(spec.region, spec.values, str(spec.scenario.parameters), str(spec.scenario.switches)): spec
             for spec in left}  # fmt: skip
    unsolved = sum(not has_reference(spec) for spec in paths.values())
    seconds = missing * _SECONDS_PER_RUN + _SECONDS_PER_REFERENCE * unsolved
    seconds /= jobs or os.cpu_count() or 1
    if as_json:
        put_json({"runs": len(specs), "done": ready, "references": unsolved, "seconds": round(seconds, 1),
                  "out": out.as_posix()})  # fmt: skip
        return
    say(text("run.plan", language, runs=len(specs), scenarios=len(study.scenarios), regions=len(study.regions),
             seeds=len(study.seeds), draws=len(study.draws), ready=ready,
             time=duration(seconds, language)))  # fmt: skip
