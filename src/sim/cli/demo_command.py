"""``sim demo``: the first answer, in one command."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from sim.cli.compare_command import show
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
    seeds: int = typer.Option(50, "--seeds", min=2, max=100_000, help="Number of paired runs per policy."),
    jobs: int = typer.Option(None, "--jobs", "-j", min=1, help="Worker processes; all processors if left out."),
    out: Path = typer.Option(Path("results/demo"), "--out", "-o", help="Result folder."),
    language: str = typer.Option("nb", "--language", help="nb or en."),
) -> None:  # fmt: skip
    """Compare cluster programme, broad innovation and residential attractiveness, 10 MNOK a year each."""
    from sim.compare import compare
    from sim.compare.chart import difference_chart, save_chart
    from sim.experiment import run_study, vocabulary
    from sim.model.indicators import INDICATORS
    from sim.region import load_region
    from sim.scenario import read_scenarios

    with plain_errors():
        check_language(language, False)
        scenarios = read_scenarios(list(POLICIES), vocabulary())
        titles = {scenario.name: getattr(scenario.title, language) for scenario in scenarios}
        named = ", ".join(titles.values())
        say(text("demo.intro", language, policies=named, region=load_region(region).title[language],
                 budget=number(BUDGET, 0, language), seeds=seeds))  # fmt: skip
        with Meter(False, language) as meter:
            results = run_study(scenarios, regions=[region], seeds=seeds, jobs=jobs, budget=BUDGET, out=out,
                                progress=meter, command=["sim", *sys.argv[1:]])  # fmt: skip
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
    say(text("app.open", language))
    finish(results, False, language, quiet=True)
