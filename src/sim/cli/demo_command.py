"""``sim demo``: the first answer, in one command."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from sim.cli.compare_command import show
from sim.cli.options import Jobs, Language
from sim.cli.run_command import check_language, finish
from sim.cli.show import Meter, plain_errors, say
from sim.texts import number, text

POLICIES = ("cluster-programme", "broad-innovation", "residential-attractiveness")
BUDGET = 10.0


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("demo", epilog="Example:  sim demo --language en")(demo)


def demo(
    region: str = typer.Option("nedre-glomma", "--region", "-r", help="Region by name or folder."),
    draws: int = typer.Option(25, "--draws", min=0, max=100_000, help="Draws of what is not known; 0: luck only."),
    seeds: int = typer.Option(None, "--seeds", min=2, max=10_000, help="Paired runs of each draw: 4, or 50 with no "
                              "draws, if left out."),
    jobs: Jobs = None,
    out: Path = typer.Option(Path("results/demo"), "--out", "-o", help="Result folder."),
    language: Language = "nb",
) -> None:  # fmt: skip
    """Compare cluster programme, broad innovation and residential attractiveness, 10 MNOK a year each."""
    from sim.compare import compare
    from sim.compare.chart import difference_chart, save_chart
    from sim.experiment import run_study, vocabulary
    from sim.experiment.usual import SEEDS, Sample
    from sim.model.indicators import INDICATORS
    from sim.region import load_region
    from sim.scenario import read_scenarios

    with plain_errors():
        check_language(language, False)
        scenarios = read_scenarios(list(POLICIES), vocabulary())
        titles = {scenario.name: getattr(scenario.title, language) for scenario in scenarios}
        sample = Sample(draws, seeds or (SEEDS if draws else 50))
        named = ", ".join(titles.values())
        said = {"runs": number(sample.seeds * max(draws, 1), 0, language), "draws": number(draws, 0, language)}
        say(text("demo.intro", language, policies=named, region=load_region(region).title[language],
                 budget=number(BUDGET, 0, language)) + " "
            + text("demo.futures" if draws else "demo.luck_only", language, **said))  # fmt: skip
        with Meter(False, language) as meter:
            results = run_study(scenarios, regions=[region], jobs=jobs, budget=BUDGET, out=out, progress=meter,
                                command=["sim", *sys.argv[1:]], **sample.axes)  # fmt: skip
        table = compare(results)
        show(results, table, language)
        jobs_rows = table[(table["indicator"] == "jobs") & (table["measure"] == "difference")]
        jobs_rows = jobs_rows[(jobs_rows["zone"] == "all") & (jobs_rows["family"] == "all")]
        jobs_rows = jobs_rows[jobs_rows["scenario"].isin(titles)]
        jobs_shown = INDICATORS["jobs"]
        axis = f"{jobs_shown.label[language]}: "
        axis += text("compare.difference_axis", language, unit=jobs_shown.units[language])
        chart = difference_chart(jobs_rows, titles, year_label=text("compare.year", language), value_label=axis,
                                 language=language)  # fmt: skip
        for suffix in (".svg", ".png"):
            save_chart(chart, out / f"jobs{suffix}")
        table.to_csv(out / "comparison.csv", index=False)
    say(text("demo.saved", language, out=out, chart=out / "jobs.png"))
    say(text("demo.next", language, out=out))
    finish(results, False, language, quiet=True)
