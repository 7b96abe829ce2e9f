"""Holds the kernels against their plain twin: agreement of the headline indicators, and the ratio of their speed.

``python -m bench.twins`` prints a table; the same functions serve a short test.
"""

from __future__ import annotations

import dataclasses
import math
import sys
import time

import numpy as np

from bench.twin import Twin
from sim.experiment import baseline, build_model, scenario_reference
from sim.experiment.build import region_firms
from sim.model import make_parameters
from sim.region import Region, load_region

INDICATORS = ("jobs", "value_added", "rd", "emissions", "population", "unemployment", "firms", "entries", "exits",
              "innovations", "projects", "innovators")  # fmt: skip


def enlarged(name: str, times: float) -> Region:
    """Return a region with jobs, firms and people multiplied."""
    region = load_region(name)
    many = {field: getattr(region, field) * times for field in
            ("jobs", "public", "population", "working_age", "employed_residents", "commuting", "land")}  # fmt: skip
    establishments = np.round(region.establishments * times)
    return dataclasses.replace(region, name=f"{name}-{times:g}", establishments=establishments, **many)


def samples(region: Region, seeds: int, years: int) -> tuple[np.ndarray, np.ndarray]:
    """Return last-year outcomes f8[seeds, indicators] of the model and of the twin."""
    plain = baseline(max(years, 1))
    reference, parameters, firms = scenario_reference(region, plain), make_parameters(), region_firms(region)
    ours, theirs = [], []
    for seed in range(1, seeds + 1):
        rows = build_model(region, plain, seed, reference=reference).run(4 * years).outcomes()
        last = {i: v for i, z, f, y, v in zip(*rows.values(), strict=True) if z == f == "all" and y == years}
        ours.append([last[name] for name in INDICATORS])
        found = Twin(region, firms, parameters, reference, 100_000 + seed).run(4 * years).outcomes()
        theirs.append([found[name][-1] for name in INDICATORS])
    return np.array(ours), np.array(theirs)


def agreement(ours: np.ndarray, theirs: np.ndarray) -> list[tuple[str, float, float, float]]:
    """Return name, mean of the model, mean of the twin and z of the difference, per indicator."""
    out = []
    for k, name in enumerate(INDICATORS):
        a, b = ours[:, k], theirs[:, k]
        error = math.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)
        out.append((name, float(a.mean()), float(b.mean()), float((a.mean() - b.mean()) / error)))
    return out


def ratio(region: Region, quarters: int = 8) -> tuple[int, float, float]:
    """Return firms, and seconds per quarter of the twin and of the model, warm."""
    plain, firms = baseline(5), region_firms(region)
    reference = scenario_reference(region, plain)
    build_model(region, plain, 1, reference=reference).run(4)
    begun = time.perf_counter()
    build_model(region, plain, 2, reference=reference).run(10 * quarters)
    ours = (time.perf_counter() - begun) / (10 * quarters)
    twin = Twin(region, firms, make_parameters(), reference, 2)
    begun = time.perf_counter()
    twin.run(quarters)
    return firms.id.size, (time.perf_counter() - begun) / quarters, ours


def main() -> None:
    """Print agreement at about 2,000 firms and the ratio at about 10,000."""
    region = enlarged("thin-town", 3.2)
    sys.stdout.write(f"agreement, {region_firms(region).id.size} firms, 30 seeds each, year 3\n")
    for name, ours, theirs, z in agreement(*samples(region, 30, 3)):
        sys.stdout.write(f"  {name:14s} model {ours:12.3f}  twin {theirs:12.3f}  "
                         f"difference {100 * (ours / theirs - 1):+6.2f} %  z {z:+5.2f}\n")  # fmt: skip
    count, twin, ours = ratio(enlarged("nedre-glomma", 2.6))
    sys.stdout.write(f"speed, {count} firms: twin {1000 * twin:.1f} ms a quarter, model {1000 * ours:.2f} ms, "
                     f"ratio {twin / ours:.0f}\n")  # fmt: skip


if __name__ == "__main__":
    main()
