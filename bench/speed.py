"""Times one region, 15 years, 20 seeds x 2 policies, warm, and a plain loop beside it, in one run.

Absolute times are of this machine; the ratio is what to quote. ``python -m bench.speed``
"""

from __future__ import annotations

import random
import sys
import time

from bench.plain import make, step
from sim.experiment import baseline, build_model, scenario_reference, vocabulary
from sim.experiment.build import region_firms
from sim.experiment.executor import execute
from sim.experiment.study import make_study
from sim.region import load_region
from sim.scenario import read_scenarios

REGION, SEEDS, QUARTERS = "nedre-glomma", 20, 60


def main() -> None:
    """Measure and print."""
    region = load_region(REGION)
    policies = read_scenarios(["cluster-programme", "broad-innovation"], vocabulary())
    plain = baseline()
    reference = scenario_reference(region, plain)
    build_model(region, policies[0], 0, reference=reference).run(8)  # warm: compiled and cached
    firms = len(region_firms(region).id)
    own = min(_model(region, plain, reference, seed) for seed in (1, 2, 3))
    loop = min(_plain(region, seed) for seed in (1, 2))
    say(f"{REGION}: {firms} firms at the start, {QUARTERS} quarters")
    say(f"one run of the model          {own:8.3f} s  {1e9 * own / firms / QUARTERS:7.0f} ns per firm-quarter")
    say(f"one run of a plain loop       {loop:8.3f} s  (innovation, market and survival only)")
    say(f"ratio plain loop / model      {loop / own:8.1f}")
    study = make_study(policies, [REGION], SEEDS)
    specs = [spec for spec in study.runs() if spec.scenario.name != "baseline"]
    for workers in (1, 2):
        begun = time.perf_counter()
        failed = [run for run in execute(specs, workers) if run.error]
        took = time.perf_counter() - begun
        note = "; FAILED RUNS" if failed else ""
        say(f"{SEEDS} seeds x 2 policies, {workers} worker(s) {took:7.2f} s  ({took / len(specs):.3f} s a run, "
            f"start-up of workers included{note})")  # fmt: skip


def _model(region, scenario, reference, seed: int) -> float:  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    build_model(region, scenario, seed, reference=reference).run(QUARTERS).outcomes()
    return time.perf_counter() - begun


def _plain(region, seed: int) -> float:  # type: ignore[no-untyped-def]
    chance = random.Random(seed)
    firms = make([float(n) for n in region_firms(region).jobs], chance)
    begun = time.perf_counter()
    for _ in range(QUARTERS):
        step(firms, chance)
    return time.perf_counter() - begun


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
