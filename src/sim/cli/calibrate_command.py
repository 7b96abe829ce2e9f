"""``sim calibrate``: from published figures to a posterior over the free parameters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from sim.cli.options import Jobs, Json, Language, Quiet
from sim.cli.run_command import check_language
from sim.cli.show import Meter, plain_errors, put_json, say
from sim.texts import duration, number, text

#: Processor seconds of one design point; measured, for the estimate only.
_SECONDS = 1.3


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("calibrate", epilog="Examples:  sim calibrate --minutes 20  ·  sim calibrate --show --language en  ·  "
                "sim calibrate --waves 60 --truths 50 --out mine/posterior")(calibrate)


def calibrate(
    region: str = typer.Option("grenland", "--region", "-r", help="Region the model is run in."),
    seed: int = typer.Option(1, "--seed", min=0, help="Everything follows from this number and the code."),
    waves: str = typer.Option(None, "--waves", help="Design points of each wave, e.g. 140,40."),
    truths: int = typer.Option(None, "--truths", min=2, help="Known parameters the calibration is tested on."),
    minutes: float = typer.Option(60.0, "--minutes", min=0, help="Begin no new point after this; call again to go on."),
    jobs: Jobs = None,
    out: Path = typer.Option(None, "--out", "-o", help="Folder of the posterior; the one in use if left out."),
    work: Path = typer.Option(Path("results/calibration"), "--work", help="Folder where points are kept."),
    references: int = typer.Option(None, "--references", min=1, help="Solve the reference paths of so many draws of "
                                   "the posterior in every built-in region, to ship them; no calibration."),
    recheck: bool = typer.Option(False, "--recheck", help="After a change of code that moves no results: note the new "
                                 "code in what ships; refused when results moved."),
    show: bool = typer.Option(False, "--show", help="Tell what the posterior in use says; compute nothing."),
    as_json: Json = False, quiet: Quiet = False,
    dry_run: bool = typer.Option(False, "--dry-run", help="Count the points and estimate the time only."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Calibrate free parameters to published figures, test it on known parameters, keep the posterior."""
    from sim.evidence.calibration.references import recheck as note_code
    from sim.evidence.calibration.references import ship_references
    from sim.evidence.calibration.work import Plan
    from sim.evidence.calibration.work import calibrate as compute
    from sim.experiment.posterior import posterior, posterior_folder

    with plain_errors(as_json):
        check_language(language, as_json)
        if show:
            _tell(posterior().summary, as_json, language)
            return
        if recheck:
            for path in note_code():
                say(str(path))
            return
        if references is not None:
            with Meter(quiet or as_json, language) as meter:
                written = ship_references(references, jobs=jobs, minutes=minutes, report=_meter(meter))
            if written is None:
                say(text("calibrate.unfinished", language, work="reference"))
                raise typer.Exit(3)
            return
        asked = {"waves": _waves(waves), "truths": truths}
        plan = Plan(region=region, seed=seed, **{k: v for k, v in asked.items() if v is not None})  # type: ignore[arg-type]
        if dry_run:
            _plan(plan, jobs, as_json, language)
            return
        with Meter(quiet or as_json, language) as meter:
            found = compute(plan, work, jobs=jobs, minutes=minutes, report=_meter(meter))
        if found is None:
            say(text("calibrate.unfinished", language, work=work))
            raise typer.Exit(3)
        from sim.evidence.calibration.page import refresh
        from sim.evidence.calibration.report import write

        told = write(found, out or posterior_folder())
        page = posterior_folder().parents[1] / "docs" / "calibration.md"
        if out is None and page.is_file():
            refresh(page, told)
        _tell(told, as_json, language)


def _meter(meter: Meter) -> Callable[[str, int, int], None]:
    """Return what takes (stage, done, total) and shows it."""
    from sim.experiment.runner import Progress

    return lambda stage, done, total: meter(Progress(stage, done, total))


def _waves(given: str | None) -> tuple[int, ...] | None:
    """Return the sizes of the waves.

    Raises:
        ValueError: they are not whole numbers above 0.
    """
    if given is None:
        return None
    try:
        sizes = tuple(int(word) for word in given.split(","))
    except ValueError:
        sizes = ()
    if not sizes or min(sizes) < 1:
        raise ValueError(f"--waves: {given!r} is not a list of whole numbers above 0, such as 140,40")
    return sizes


def _plan(plan: Any, jobs: int | None, as_json: bool, language: str) -> None:
    import os

    seconds = plan.points * _SECONDS / (jobs or os.cpu_count() or 1)
    if as_json:
        put_json({"points": plan.points, "seconds": round(seconds, 1)})
        return
    say(text("calibrate.plan", language, points=plan.points, time=duration(seconds, language)))


def _tell(told: dict[str, Any], as_json: bool, language: str) -> None:
    """Show parameters, what was learned of each, and what was not."""
    if as_json:
        put_json(told)
        return
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=text("calibrate.title", language))
    for key in ("parameter", "prior", "posterior", "contraction", "coverage", "learned"):
        side: Any = "left" if key in ("parameter", "learned") else "right"
        grid.add_column(text(f"calibrate.{key}", language), justify=side)
    for name, row in told["parameters"].items():
        sure = row["identified"]
        figures = [number(row[key], 3, language) for key in ("prior_mean", "prior_sd", "mean", "sd")]
        shares = [f"{number(100 * row[key], 0, language)} %" for key in ("contraction", "coverage")]
        after = f"{figures[2]} ± {figures[3]}" if sure else "–"
        learned = text("calibrate.yes" if sure else "calibrate.no", language)
        grid.add_row(f"{name} ({row['unit']})", f"{figures[0]} ± {figures[1]}", after, *shares, learned)
    console = Console(width=140)
    console.print(grid)
    share = number(100 * told["coverage"]["free"], 0, language)
    console.print("• " + text("calibrate.sentence", language, share=share, truths=told["coverage"]["truths"],
                              chance=number(100 * told["chance"], 0, language)), highlight=False)  # fmt: skip
