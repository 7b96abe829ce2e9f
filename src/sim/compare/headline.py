"""The headline of a comparison: one row per policy with what councillors ask first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.compare.present_value import PRICE_YEAR, Discounting
from sim.experiment import Results
from sim.texts import number, signed, text

#: Year at whose end money stops when nothing else is said.
PROGRAMME_END = 11


@dataclass(frozen=True)
class Headline:
    """One policy in one region: the cells of its row and the sentence that reads it out."""

    region: str
    scenario: str
    cells: dict[str, str]
    sentence: str


def rows_at(table: pd.DataFrame, region: str, scenario: str, year: int) -> dict[str, pd.Series]:
    """Return differences and costs of one policy for the whole region in one year, by indicator."""
    here = table[(table["region"] == region) & (table["scenario"] == scenario) & (table["year"] == year)]
    here = here[(here["zone"] == "all") & (here["family"] == "all") & (here["measure"] != "level")]
    return {str(row["indicator"]): row for _, row in here.iterrows()}


def headline_year(table: pd.DataFrame) -> int:
    """Return the year headlines are about: the end of the programme, or the last year before it."""
    return int(min(PROGRAMME_END, table["year"].max()))


def headlines(results: Results, table: pd.DataFrame, language: str = "nb", year: int | None = None) -> list[Headline]:
    """Return one headline per region and policy."""
    chosen = year or headline_year(table)
    out = []
    differences = table[table["measure"] == "difference"]
    for region, scenario in differences[["region", "scenario"]].drop_duplicates().itertuples(index=False):
        rows = rows_at(table, region, scenario, chosen)
        title = results.title(scenario, language)
        out.append(Headline(region, scenario, _cells(title, rows, language), sentence(title, rows["jobs"], language)))
    return out


def sentence(title: str, row: pd.Series, language: str) -> str:
    """Return what the jobs of one policy say, in plain words."""
    if int(row["runs"]) < 2:
        key = "single"
    else:
        key = "unsure" if not row["low"] * row["high"] > 0 else "more" if row["mean"] > 0 else "fewer"
    return text(
        f"sentence.{key}", language, policy=title, mean=signed(row["mean"], 0, language),
        low=signed(row["low"], 0, language), high=signed(row["high"], 0, language), year=int(row["year"]),
        better=_times(row), runs=int(row["runs"]),
    )  # fmt: skip


def _times(row: pd.Series) -> int:
    return round(float(row["share_better"]) * int(row["runs"]))


def _cells(title: str, rows: Mapping[str, pd.Series], language: str) -> dict[str, str]:
    def spread(name: str, decimals: int = 0) -> str:
        if name not in rows:
            return "–"
        row = rows[name]
        span = text("compare.interval", language, low=signed(row["low"], decimals, language),
                    high=signed(row["high"], decimals, language))  # fmt: skip
        return f"{signed(row['mean'], decimals, language)} ({span})"

    jobs = rows["jobs"]
    return {
        "policy": title,
        "jobs": spread("jobs"),
        "share_better": text("compare.better", language, better=_times(jobs), runs=int(jobs["runs"])),
        "job_years": spread("job_years"),
        "value_added": spread("value_added"),
        "population": spread("population"),
        "spent": number(rows["spent_municipal"]["mean"], 1, language),
        "spent_public": number(rows["spent_public"]["mean"], 1, language),
        "cost_municipal": cost_words(rows.get("cost_per_job_year_municipal"), language),
        "cost_public": cost_words(rows.get("cost_per_job_year_public"), language),
        "present_value": spread("present_value_municipal", 1),
        "present_value_public": spread("present_value_public", 1),
    }


def cost_words(row: pd.Series | None, language: str) -> str:
    """Return a cost per job-year in words: a number with its interval, harm, or that it cannot be told."""
    if row is None or row["measure"] == "not determinable":
        return text("compare.not_determinable", language)
    span = text("compare.interval", language, low=number(row["low"], 2, language),
                high=number(row["high"], 2, language))  # fmt: skip
    cost = f"{number(row['mean'], 2, language)} ({span})"
    return text("compare.harm", language, value=cost) if row["measure"] == "harm" else cost


def notes(
    results: Results, table: pd.DataFrame, language: str = "nb", discounting: Discounting = Discounting()  # noqa: B008
) -> list[str]:
    """Return what must be said beside any comparison: interval, prices, placeholders, no forecast."""
    differences = table[table["measure"] == "difference"]
    runs = int(differences["runs"].max()) if len(differences) else 0
    percent = number(100 * float(table["interval"].iloc[0]), 0, language)
    said = [text("compare.interval_note", language, percent=percent, runs=runs)]
    said[0] += " " + text("compare.prices", language, year=PRICE_YEAR, rate=number(100 * discounting.rate, 1, language),
                          cost=number(100 * discounting.cost_of_funds, 0, language))  # fmt: skip
    for row in results.manifest["regions"].values():
        title = row["title"][language]
        if row["fictional"]:
            said.append(text("compare.fictional", language, region=title))
        elif row["placeholder_share"] > 0:
            share = number(100 * row["placeholder_share"], 0, language)
            said.append(text("compare.placeholder", language, share=share, region=title))
    if warnings := results.manifest.get("warnings"):
        said.append(text("run.warning_budget", language, detail="; ".join(warnings[:3])))
    return [*said, text("compare.not_forecast", language)]
