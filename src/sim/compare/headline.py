"""The headline of a comparison: one row per policy with what councillors ask first."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sim.compare.present_value import PRICE_YEAR, Discounting
from sim.compare.spread import LEAST_DRAWS
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


def told_apart(row: pd.Series) -> bool:
    """Tell whether a row says what assumptions do, apart from luck."""
    return not math.isnan(row["draw_low"])


def sign_is_clear(row: pd.Series) -> bool:
    """Tell whether neither what is not known nor luck leaves the sign open."""
    spans = [(row["draw_low"], row["draw_high"])] if told_apart(row) else []
    if not (spans and math.isnan(row["low"])):
        spans.append((row["low"], row["high"]))
    return all(low * high > 0 for low, high in spans)


def sentence(title: str, row: pd.Series, language: str) -> str:
    """Return what the jobs of one policy say, in plain words."""
    apart = told_apart(row)
    if int(row["runs"]) < 2:
        key = "single"
    else:
        key = "unsure" if not sign_is_clear(row) else "more" if row["mean"] > 0 else "fewer"
        key += "_draws" if apart else ""
    low, high = row["low"], row["high"]
    return text(
        f"sentence.{key}", language, policy=title, mean=signed(row["mean"], 0, language),
        low=signed(low, 0, language), high=signed(high, 0, language), year=int(row["year"]),
        times=times(row, language), luck=luck(row, 0, language), unknown=unknown(row, 0, language),
    )  # fmt: skip


def times(row: pd.Series, language: str) -> str:
    """Return in how many of the runs, or futures when parameters are drawn, an outcome is better."""
    better, runs = round(float(row["share_better"]) * int(row["runs"])), int(row["runs"])
    key = "compare.futures" if int(row["draws"]) > 1 else "compare.better"
    return text(key, language, better=number(better, 0, language), runs=number(runs, 0, language))


def unknown(row: pd.Series, decimals: int, language: str) -> str:
    """Return between which values what is not known leaves an effect; a dash where that is not computed."""
    low, high = row["draw_low"], row["draw_high"]
    if math.isnan(low):
        return "–"
    return text("compare.no_more", language) if low == high else _span(low, high, decimals, language, signed)


def luck(row: pd.Series, decimals: int, language: str) -> str:
    """Return how far luck moves a mean: ± half its interval, or that it cannot be told."""
    half = (row["high"] - row["low"]) / 2.0
    if 0.0 < half < 0.5 * 10.0**-decimals:
        decimals += 1  # little luck is not no luck
    return text("compare.luck_untold", language) if math.isnan(half) else f"± {number(half, decimals, language)}"


def spread_words(row: pd.Series, decimals: int, language: str) -> str:
    """Return a mean with what is not known in brackets and luck behind; with one draw luck in brackets."""
    mean = signed(row["mean"], decimals, language)
    apart = told_apart(row)
    low, high = (row["draw_low"], row["draw_high"]) if apart else (row["low"], row["high"])
    if math.isnan(low):
        return mean
    span = "" if apart and low == high else f" ({_span(low, high, decimals, language, signed)})"
    return mean + span + (f" {luck(row, decimals, language)}" if apart and not math.isnan(row["low"]) else "")


def _span(low: float, high: float, decimals: int, language: str, write: Callable[[float, int, str], str]) -> str:
    if math.isinf(high):
        return text("compare.no_upper", language, low=write(low, decimals, language))
    return text("compare.interval", language, low=write(low, decimals, language), high=write(high, decimals, language))


def _cells(title: str, rows: Mapping[str, pd.Series], language: str) -> dict[str, str]:
    def spread(name: str, decimals: int = 0) -> str:
        return spread_words(rows[name], decimals, language) if name in rows else "–"

    jobs = rows["jobs"]
    return {
        "policy": title,
        "jobs": spread("jobs"),
        "jobs_mean": signed(jobs["mean"], 0, language),
        "jobs_draws": unknown(jobs, 0, language),
        "jobs_luck": "–" if math.isnan(jobs["low"]) else _span(jobs["low"], jobs["high"], 0, language, signed),
        "share_better": times(jobs, language),
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
    """Return a cost per job-year in words: a number with its intervals, harm, or that it cannot be told."""
    if row is None or row["measure"] == "not determinable":
        return text("compare.not_determinable", language)
    by_luck = _span(row["low"], row["high"], 2, language, number)
    cost = number(row["mean"], 2, language)
    if told_apart(row) and row["draw_low"] < row["draw_high"]:
        spans = _span(row["draw_low"], row["draw_high"], 2, language, number)
        cost = text("compare.cost_draws", language, value=cost, draws=spans, luck=by_luck)
    else:
        cost = f"{cost} ({by_luck})"
    return text("compare.harm", language, value=cost) if row["measure"] == "harm" else cost


def notes(
    results: Results, table: pd.DataFrame, language: str = "nb", discounting: Discounting = Discounting()  # noqa: B008
) -> list[str]:
    """Return what must be said beside any comparison: intervals, prices, placeholders, no forecast."""
    said = [intervals_note(results, table, language)]
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


def intervals_note(results: Results, table: pd.DataFrame, language: str) -> str:
    """Return what the intervals hold: luck alone, or what is not known apart from luck, and where draws come from."""
    differences = table[table["measure"] == "difference"]
    runs = int(differences["runs"].max()) if len(differences) else 0
    draws = int(differences["draws"].max()) if len(differences) else 0
    percent = number(100 * float(table["interval"].iloc[0]), 0, language)
    said = {"percent": percent, "runs": number(runs, 0, language), "draws": number(draws, 0, language)}
    if draws <= 1:
        return text("compare.luck_only", language, **said)
    if draws < LEAST_DRAWS:
        return text("compare.few_draws", language, least=LEAST_DRAWS, **said)
    note = text("compare.draws_note" if runs > draws else "compare.one_seed_note", language, **said)
    source = results.manifest.get("study", {}).get("source", "prior")
    return f"{note} {text(f'compare.source_{source}', language)}"
