"""The answer in three sentences: which policy gives most jobs and how sure that is, at what cost, and for whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.compare.headline import headline_year, rows_at, sign_is_clear, spread_words
from sim.compare.regret import policies
from sim.compare.spread import LEAST_DRAWS, spread
from sim.experiment import Results
from sim.texts import number, text

_SKILLS = ("jobs_basic", "jobs_vocational", "jobs_higher")


def answer(results: Results, table: pd.DataFrame, region: str, language: str = "nb") -> list[str]:
    """Return the short answer for one region; empty when there is no policy."""
    year, interval = headline_year(table), float(table["interval"].iloc[0])
    rows = {name: rows_at(table, region, name, year) for name in policies(results)}
    rows = {name: row for name, row in rows.items() if "jobs" in row}
    if not rows:
        return []
    order = sorted(rows, key=lambda name: -float(rows[name]["jobs"]["mean"]))
    said = [_most(results, rows, order, region, year, interval, language)]
    said += _cost(results, rows, language)
    if sign_is_clear(rows[order[0]]["jobs"]) and rows[order[0]]["jobs"]["mean"] > 0:
        said += _whom(results, table, rows[order[0]], region, order[0], year, language)
    return said


def _most(
    results: Results, rows: dict[str, dict[str, pd.Series]], order: list[str], region: str, year: int, interval: float,
    language: str,
) -> str:  # fmt: skip
    """Return which policy gives most jobs, and whether that is sure."""
    best = order[0]
    shown = {"policy": results.title(best, language), "year": year,
             "jobs": spread_words(rows[best]["jobs"], 0, language)}  # fmt: skip
    if len(order) == 1:
        return text("answer.only", language, **shown)
    gains = _runs(results, order, region, year)
    wins = int((gains[best] >= gains.max(axis=1)).sum())
    key = "compare.futures" if int(rows[best]["jobs"]["draws"]) > 1 else "compare.better"
    shown["times"] = text(key, language, better=number(wins, 0, language), runs=number(len(gains), 0, language))
    clear = _ahead(gains[best] - gains[order[1]], interval)
    return text("answer.clear" if clear else "answer.unclear", language, second=results.title(order[1], language),
                **shown)  # fmt: skip


def _runs(results: Results, names: list[str], region: str, year: int) -> pd.DataFrame:
    """Return jobs of each policy less its baseline, one row per draw and seed that all have."""
    v, own = results.values, policies(results)
    v = v[(v["indicator"] == "jobs") & (v["zone"] == "all") & (v["family"] == "all")]
    v = v[(v["year"] == year) & (v["region"] == region)]
    wide = v.pivot(index=["draw", "seed"], columns="scenario", values="value")
    return pd.DataFrame({name: wide[name] - wide[own[name]] for name in names}).dropna()


def _ahead(difference: pd.Series, interval: float) -> bool:
    """Tell whether neither what is not known nor luck leaves open which of two policies is ahead."""
    from sim.compare.spread import cube

    table = difference.rename("x").reset_index().assign(place=0)
    _, x, shared = cube(table, ["place"], "x")
    found = spread(x, shared, interval)
    bounds = [found.low[0]] if not np.isnan(found.low[0]) else []
    bounds += [found.draw_low[0]] if x.shape[1] >= LEAST_DRAWS else []
    return bool(bounds) and min(bounds) > 0.0


def _cost(results: Results, rows: dict[str, dict[str, pd.Series]], language: str) -> list[str]:
    """Return where a job-year costs the public least, and what is paid in all."""
    costs = {name: row["cost_per_job_year_public"] for name, row in rows.items() if "cost_per_job_year_public" in row}
    costs = {name: row for name, row in costs.items() if row["measure"] == "cost"}
    if not costs:
        return [text("answer.no_cost", language)]
    least = min(costs, key=lambda name: float(costs[name]["mean"]))
    spent, public = (rows[least][f"spent_{payer}"]["mean"] for payer in ("municipal", "public"))
    return [text("answer.cost", language, policy=results.title(least, language),
                 cost=number(costs[least]["mean"], 2, language), public=number(public, 0, language),
                 municipal=number(spent, 0, language))]  # fmt: skip


def _whom(
    results: Results, table: pd.DataFrame, row: dict[str, pd.Series], region: str, name: str, year: int, language: str
) -> list[str]:  # fmt: skip
    """Return which municipality and which skills get the jobs."""
    total = float(row["jobs"]["mean"])
    here = table[(table["region"] == region) & (table["scenario"] == name) & (table["year"] == year)]
    here = here[(here["measure"] == "difference") & (here["indicator"] == "jobs") & (here["family"] == "all")]
    zones = here[here["zone"] != "all"].set_index("zone")["mean"]
    skills = [float(row[skill]["mean"]) for skill in _SKILLS if skill in row]
    if zones.empty or len(skills) < len(_SKILLS) or sum(skills) <= 0:
        return []
    named = results.manifest["regions"][region]["zones"]
    parts = {skill.removeprefix("jobs_"): number(100 * value / sum(skills), 0, language)
             for skill, value in zip(_SKILLS, skills, strict=True)}  # fmt: skip
    top = str(zones.idxmax())
    return [text("answer.whom", language, policy=results.title(name, language), place=named.get(top, top),
                 share=number(100 * float(zones[top]) / total, 0, language), **parts)]  # fmt: skip
