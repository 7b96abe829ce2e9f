"""Slow studies. ``make study`` prints what they cost, runs them and writes docs/studies.md.

Thin town under every assumption about critical mass: the cluster programme and broad innovation support with
10 MNOK a year, for each steepness and each floor of project value, 100 paired runs.
"""

from __future__ import annotations

import itertools
import sys

import pandas as pd

from pages.blocks import ROOT, fill
from sim.compare import compare
from sim.experiment import baseline, run_study, vocabulary
from sim.scenario import Scenario, read_scenarios
from sim.texts import signed

REGIONS = ("thin-town",)
STEEPNESS, FLOORS, SEEDS, YEAR = (1, 2, 4), (0.0, 0.1, 0.5), 100, 11
POLICIES = ("cluster-programme", "broad-innovation")


def main() -> None:
    """Print the cost, run, and write the page."""
    grid = list(itertools.product(REGIONS, STEEPNESS, FLOORS))
    runs = len(grid) * SEEDS * (1 + len(POLICIES))
    sys.stdout.write(f"{runs} runs and {len(grid)} reference paths: about {(0.07 * runs + 12 * len(grid)) / 60:.0f} "
                     "minutes on two cores\n")  # fmt: skip
    policies = read_scenarios(list(POLICIES), vocabulary())
    lines = ["| region | steepness ν | floor cm0 | " + " | ".join(f"{name}: jobs | jobs per MNOK" for name in POLICIES)
             + " | cluster: jobs per member |", "|" + "---|" * (4 + 2 * len(POLICIES))]  # fmt: skip
    for place, steepness, floor in grid:
        drawn = {"parameters": {"threshold": float(steepness), "mass_floor": floor}}
        scenarios: list[Scenario] = [s.model_copy(update=drawn) for s in [baseline(YEAR), *policies]]
        scenarios = [s.model_copy(update={"years": YEAR}) for s in scenarios]
        results = run_study(scenarios, regions=[place], seeds=SEEDS, budget=10.0)
        lines.append(f"| {place} | {steepness} | {floor:g} | " + " | ".join(cells(compare(results))) + " |")
        sys.stdout.write(lines[-1] + "\n")
    fill(ROOT / "docs" / "studies.md", "first", "\n".join(lines) + "\n")


def cells(table: pd.DataFrame) -> list[str]:
    """Return jobs, jobs per MNOK of each policy and jobs per member of the cluster, with intervals."""
    whole = (table["measure"] == "difference") & (table["zone"] == "all") & (table["family"] == "all")
    rows = table[whole & (table["year"] == YEAR)].set_index(["scenario", "indicator"])
    out = []
    for name in POLICIES:
        jobs, spent = rows.loc[(name, "jobs")], rows.loc[(name, "spent_municipal")]["mean"]
        out += [span(jobs, 1.0, 0), span(jobs, spent, 2)]
    members = rows.loc[("cluster-programme", "members")]["mean"]
    out.append(span(rows.loc[("cluster-programme", "jobs")], members, 2) if members > 0 else "no member")
    return out


def span(row: pd.Series, per: float, decimals: int) -> str:
    """Return mean and interval divided by ``per``."""
    mean, low, high = (signed(row[name] / per, decimals, "en") for name in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


if __name__ == "__main__":
    main()
