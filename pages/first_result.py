"""Measures the first result, the facts and the hindcasts and writes them into README.md and docs."""

from __future__ import annotations

from dataclasses import asdict
from itertools import combinations

import pandas as pd

from pages.blocks import ROOT, fill, keep
from sim.cli.demo_command import BUDGET, POLICIES
from sim.compare import compare, headlines
from sim.compare.chart import difference_chart, save_chart
from sim.evidence import Fact, facts
from sim.evidence.facts import bands
from sim.evidence.hindcast import PERIODS, hindcast
from sim.experiment import Results, run_study, vocabulary
from sim.experiment.usual import USUAL
from sim.region import load_region
from sim.scenario import read_scenarios
from sim.texts import text

FACT_SEEDS = 20
FACT_REGIONS = ("nedre-glomma", "grenland", "thin-town")
CELLS = ("policy", "jobs", "share_better", "job_years", "spent", "spent_public", "cost_municipal", "cost_public")


def block(results: Results, table: pd.DataFrame, language: str = "en") -> str:
    """Return the table of headlines of every region as Markdown."""
    rows = headlines(results, table, language)
    lines = []
    for region in dict.fromkeys(row.region for row in rows):
        title = results.manifest["regions"][region]["title"][language]
        lines += [text("compare.title", language, region=f"**{title}**", year=11), ""]
        lines.append("| " + " | ".join(text(f"compare.{name}", language) for name in CELLS) + " |")
        lines.append("|" + "---|" * len(CELLS))
        lines += ["| " + " | ".join(row.cells[name] for name in CELLS) + " |" for row in rows if row.region == region]
        lines += ["", *ahead(results, region, language), ""]
    return "\n".join(lines)


#: How pairs of policies are told of.
AHEAD = {"nb": "- {a} gir flere arbeidsplasser enn {b} i {won} av {all} framtider.",
         "en": "- {a} gives more jobs than {b} in {won} of {all} futures."}  # fmt: skip


def ahead(results: Results, region: str, language: str, year: int = 11) -> list[str]:
    """Return in how many futures each policy gives more jobs than each other: the same draw and the same luck."""
    rows = results.values
    rows = rows[(rows["indicator"] == "jobs") & (rows["zone"] == "all") & (rows["family"] == "all")]
    rows = rows[(rows["region"] == region) & (rows["year"] == year)]
    jobs = rows.pivot(index=["draw", "seed"], columns="scenario", values="value")
    said = []
    for a, b in combinations(POLICIES, 2):
        gap = (jobs[a] - jobs[b]).dropna()
        first, second = (a, b) if (gap > 0).mean() >= 0.5 else (b, a)
        won = int(max((gap > 0).sum(), (gap < 0).sum()))
        said.append(AHEAD[language].format(a=results.title(first, language), b=results.title(second, language).lower(),
                                           won=won, all=len(gap)))  # fmt: skip
    return said


def facts_table() -> str:
    """Return the facts of both real regions as Markdown."""
    lines = ["| fact | unit | published | accepted | " + " | ".join(FACT_REGIONS) + " | source |"]
    lines.append("|" + "---|" * (5 + len(FACT_REGIONS)))
    found: dict[str, dict[str, Fact]] = {}
    for name in FACT_REGIONS:
        for fact in facts(load_region(name), FACT_SEEDS):
            found.setdefault(fact.id, {})[fact.region] = fact
    keep("facts", [asdict(fact) for by_region in found.values() for fact in by_region.values()])
    for by_region in (found[name] for name in bands() if name in found):
        cells = []
        for name in FACT_REGIONS:
            row = by_region.get(name)
            cells.append(f"{row.simulated:.3f} ± {row.se:.3f} {'pass' if row.passed else '**FAIL**'}" if row else "–")
        first = next(iter(by_region.values()))
        span = "interval holds 0" if first.rule == "zero" else f"{first.low:g} – {first.high:g}"
        lines.append(f"| {first.label} | {first.unit} | {first.published:g} | {span} | " + " | ".join(cells)
                     + f" | {first.source} |")  # fmt: skip
    every = [fact for by_region in found.values() for fact in by_region.values()]
    held = {name: [fact.passed for fact in every if fact.region == name] for name in FACT_REGIONS}
    said = "; ".join(f"{name} {sum(rows)} of {len(rows)}" for name, rows in held.items())
    return "\n".join([*lines, "", f"Rows that hold: {said}.", ""])


def hindcast_table() -> str:
    """Return the hindcasts as Markdown."""
    rows = [row for name in PERIODS for row in hindcast(name, FACT_SEEDS)]
    keep("hindcast", [{**asdict(row), "errors": row.errors, "best": row.best} for row in rows])
    lines = ["| region | what | start | actual | model (5-95 %) | error | no change | national | closest |"]
    lines.append("|" + "---|" * 9)
    for row in rows:
        errors = [f"{row.errors[key]:.1f} %" for key in ("model", "no_change", "national")]
        lines.append(f"| {row.region} | {row.quantity.replace('_', ' ')}, {row.place} | {row.before:,.0f} | "
                     f"{row.actual:,.0f} | {row.model:,.0f} ({row.low:,.0f} to {row.high:,.0f}) | {errors[0]} | "
                     f"{errors[1]} | {errors[2]} | {row.best.replace('_', ' ')} |")  # fmt: skip
    wins = {name: sum(row.best == name for row in rows) for name in ("model", "no_change", "national")}
    said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in wins.items())
    return "\n".join([*lines, "", f"Closest in {len(rows)} rows: {said}.", ""])


def main() -> None:
    """Run the demo's comparison in three regions; write README.md, its picture and the answer for a sceptic."""
    scenarios = read_scenarios(list(POLICIES), vocabulary())
    out = ROOT / "results" / "first"
    regions = ["nedre-glomma", "grenland", "thin-town"]
    results = run_study(scenarios, regions=regions, budget=BUDGET, out=out, **USUAL.axes)
    table = compare(results)
    titles = {scenario.name: scenario.title.en for scenario in scenarios}
    rows = table[(table["indicator"] == "jobs") & (table["measure"] == "difference") & (table["zone"] == "all")]
    rows = rows[(rows["family"] == "all") & (rows["region"] == "nedre-glomma")]
    chart = difference_chart(rows, titles, year_label=text("compare.year", "en"), language="en",
                             value_label="Jobs: " + text("compare.difference_axis", "en", unit="persons"))  # fmt: skip
    picture = ROOT / "docs" / "pictures" / "demo.png"
    picture.parent.mkdir(exist_ok=True)
    save_chart(chart, picture)
    fill(ROOT / "README.md", "first", block(results, table))
    for language, page in (("nb", "skeptisk.md"), ("en", "sceptical.md")):
        fill(ROOT / "docs" / page, "answer", block(results, table, language))


def facts_page() -> None:
    """Measure the facts and write docs/facts.md."""
    fill(ROOT / "docs" / "facts.md", "first", facts_table())


def hindcast_page() -> None:
    """Measure the hindcasts and write docs/hindcast.md."""
    fill(ROOT / "docs" / "hindcast.md", "first", hindcast_table())


if __name__ == "__main__":
    main()
