"""Measures the goals for speed in one run, side by side, as ratios.

Against the plain twin, against scalar C, growth with size, memory, two processes, common luck, first answer.
``python -m bench.limits``; parts: ``twin c growth memory processes luck answer stages``; ``c`` needs a C compiler.
"""

from __future__ import annotations

import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.native import Kernels, native_kernels
from bench.twins import enlarged, ratio
from sim.experiment import baseline, build_model, scenario_reference, vocabulary
from sim.experiment.executor import execute
from sim.experiment.study import make_study
from sim.model import Reference, firms
from sim.region import load_region
from sim.scenario import read_scenarios

#: Stages of a quarter, as ``RegionModel.step`` takes them.
STAGES = ("policy_clock", "organisations_act", "knowledge_pools", "joint_projects", "innovation", "demand",
          "hiring_and_production", "entry", "people", "municipal_accounts", "record")  # fmt: skip


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def grown(times: float, quarters: int = 4) -> Any:
    """Return a model of Nedre Glomma made larger, some quarters old; its path is not solved, which costs nothing."""
    region = enlarged("nedre-glomma", times)
    count = len(region.industries.codes)
    path = Reference(np.zeros(count), np.full(count, 0.025))
    return build_model(region, baseline(), 1, reference=path).run(quarters)


def quickest(work: Callable[[], Any], times: int = 7) -> float:
    """Return the shortest of some timings, seconds of processor time."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def c_limit() -> None:
    """Time the kernels over firms against scalar C on the same firms, and hold their results together.

    Kernels, C and whole quarters take turns, so that what else the machine does strikes all alike; medians.
    """
    with tempfile.TemporaryDirectory() as folder:
        scalar = native_kernels(Path(folder))
    for times in (1.0, 2.6, 13.0):
        model = grown(times)
        work, n = Kernels(model, scalar), len(model.firms)
        ours: dict[str, list[float]] = {}
        theirs: dict[str, list[float]] = {}
        share, whole = [], []
        worst = {name: work.difference(name) for name in work.names}
        for _ in range(60):
            for name in work.names:
                theirs.setdefault(name, []).append(work.time(name, native=True))
                ours.setdefault(name, []).append(work.time(name, native=False))
            whole.append(quickest(model.step, 1))
            share.append(sum(ours[name][-1] for name in work.names) / whole[-1])
        middle = [{name: statistics.median(took[name]) for name in work.names} for took in (ours, theirs)]
        for name in work.names:
            say(f"  {name:14s} kernel {1e9 * middle[0][name] / n:6.1f} ns a firm, C {1e9 * middle[1][name] / n:6.1f}, "
                f"speed of C {middle[1][name] / middle[0][name]:.2f}, results differ by {worst[name]:.0e}")  # fmt: skip
        speed = sum(middle[1].values()) / sum(middle[0].values())
        part, step = statistics.median(share), statistics.median(whole)
        say(f"  {n} firms: together {speed:.2f} of the speed of C; they are {100 * part:.0f} % of a quarter of "
            f"{1e9 * step / n:.0f} ns a firm")  # fmt: skip


def peak() -> int:
    """Return the largest memory this process has used, kB; ``getrusage`` would count that of a large parent too."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def growth() -> None:
    """Time a quarter at 5,000 to 1,000,000 firms, in processor time; the shortest of some quarters."""
    found = []
    for times in (1.29, 12.9, 129.0, 258.0):
        m = grown(times, 2)
        n = len(m.firms)
        found.append(1e9 * quickest(m.step, 4 if n > 300_000 else 40) / n)
        say(f"  {n:9d} firms: {found[-1]:6.0f} ns per firm-quarter, {found[-1] / found[0]:.2f} of the smallest")
        del m


def memory() -> None:
    """Measure the slope of peak memory from 100,000 to 1,000,000 firms, each in a process of its own."""
    peaks = []
    for times in (25.8, 258.0):
        code = f"from bench.limits import grown, peak; m = grown({times}, 4); print(len(m.firms), peak())"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        count, used = map(int, done.stdout.split())
        peaks.append((count, used * 1024.0))
        say(f"  {count:9d} firms: peak {used / 1024:.0f} MB")
    (a, low), (b, high) = peaks
    columns = firms.RECORD.itemsize + 8
    say(f"  {(high - low) / (b - a):.0f} bytes a firm at the peak; the firm table itself holds {columns} bytes a firm")


def _specs(seeds: int) -> list[Any]:
    policies = read_scenarios(["cluster-programme", "broad-innovation"], vocabulary())
    study = make_study(policies, ["nedre-glomma"], seeds)
    scenario_reference(load_region("nedre-glomma"), baseline())
    return [spec for spec in study.runs() if spec.scenario.name != "baseline"]


def processes() -> None:
    """Compare one worker with two on a longer ensemble, both warm."""
    list(execute(_specs(2), 2))
    specs, took = _specs(60), {}
    for workers in (1, 2, 1, 2):
        begun = time.perf_counter()
        failed = [run for run in execute(specs, workers) if run.error]
        took[workers] = min(took.get(workers, 1e9), time.perf_counter() - begun)
        if failed:
            say("  FAILED RUNS")
    say(f"  {len(specs)} runs: one process {took[1]:.1f} s, two {took[2]:.1f} s, "
        f"efficiency {took[1] / 2 / took[2]:.2f}")  # fmt: skip


def answer() -> None:
    """Time 20 paired runs of two policies, 15 years, warm, two workers: by the clock, and the processor time of it."""
    specs, took = _specs(20), []
    for _ in range(4):
        begun = time.perf_counter()
        failed = [run for run in execute(specs, 2) if run.error]
        took.append(time.perf_counter() - begun)
        if failed:
            say("  FAILED RUNS")
    begun = time.process_time()
    list(execute(specs, 1))
    half = (time.process_time() - begun) / 2.0
    say(f"  20 seeds x 2 policies of Nedre Glomma, two workers, warm: {min(took[1:]):.2f} s by the clock; "
        f"half the processor time of one worker, what two free processors need: {half:.2f} s")  # fmt: skip


def luck() -> None:
    """Compare the variance of paired differences with that of independent seeds at year 10."""
    region = load_region("nedre-glomma")
    [policy] = read_scenarios(["broad-innovation"], vocabulary())
    path = scenario_reference(region, policy)
    values: dict[str, list[list[float]]] = {"base": [], "policy": []}
    names = ("jobs", "value_added", "population", "innovators", "rd")
    for seed in range(1, 41):
        for kind, scenario in (("base", baseline()), ("policy", policy)):
            rows = build_model(region, scenario, seed, reference=path).run(40).outcomes()
            last = {i: v for i, z, g, y, v in zip(*rows.values(), strict=True) if z == g == "all" and y == 10}
            values[kind].append([last[name] for name in names])
    base, changed = np.array(values["base"]), np.array(values["policy"])
    paired = (changed - base).var(axis=0, ddof=1)
    independent = base.var(axis=0, ddof=1) + changed.var(axis=0, ddof=1)
    for name, times in zip(names, independent / paired, strict=True):
        say(f"  {name:12s} variance {times:7.1f} times lower with the same luck")


def stages() -> None:
    """Show where the time of a quarter goes: the stages of runs of 15 years, the shortest of some runs of each."""
    region = load_region("nedre-glomma")
    for policy in (baseline(), *read_scenarios(["cluster-programme", "broad-innovation"], vocabulary())):
        path, best = scenario_reference(region, policy), dict.fromkeys(STAGES, math.inf)
        for _ in range(8):
            model, took = build_model(region, policy, 1, reference=path), dict.fromkeys(STAGES, 0.0)
            for _ in range(60):
                for stage in STAGES:
                    took[stage] += quickest(getattr(model, stage), 1)
                model.quarter += 1
            best = {stage: min(best[stage], took[stage]) for stage in STAGES}
        parts = ", ".join(f"{stage} {1e6 * seconds / 60:.0f}" for stage, seconds in best.items())
        say(f"  {policy.name}: {1e6 * sum(best.values()) / 60:.0f} us a quarter: {parts}")


def twin() -> None:
    """Time the model against its plain twin at 10,000 firms."""
    count, theirs, ours = ratio(enlarged("nedre-glomma", 2.6))
    say(f"  {count} firms, medians of turns: twin {1000 * theirs:.1f} ms a quarter, model {1000 * ours:.2f} ms, "
        f"ratio {theirs / ours:.0f}")  # fmt: skip


PARTS = {"twin": twin, "c": c_limit, "growth": growth, "memory": memory, "processes": processes, "luck": luck,
         "answer": answer, "stages": stages}  # fmt: skip


def main() -> None:
    """Run the parts named on the command line, or all."""
    for name in sys.argv[1:] or PARTS:
        say(f"{name}:")
        PARTS[name]()


if __name__ == "__main__":
    main()
