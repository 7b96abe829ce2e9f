"""Measures the goals for speed in one run, as ratios: C limit, growth with size, memory, two processes, common luck.

``python -m bench.limits``; parts: ``c growth memory processes luck answer``. A C compiler is needed for ``c``.
"""

from __future__ import annotations

import ctypes
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.twins import enlarged
from sim.experiment import baseline, build_model, scenario_reference, vocabulary
from sim.experiment.executor import execute
from sim.experiment.study import make_study
from sim.model import Reference, firms, innovation, labour, market
from sim.region import load_region
from sim.scenario import read_scenarios

HERE = Path(__file__).parent


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


def best(work: Callable[[], Any], times: int = 7) -> float:
    """Return the shortest of some timings, seconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def c_limit() -> None:
    """Time four kernels against scalar C on the same arrays, and hold their results together."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "scalar.so"
        command = ["cc", "-O3", "-march=native", "-ffp-contract=off", "-fno-tree-vectorize", "-shared", "-fPIC",
                   "-o", library, HERE / "scalar.c", "-lm"]  # fmt: skip
        subprocess.run(command, check=True)
        c = ctypes.CDLL(str(library))
    m = grown(13.0)
    f, s = m.firms, m.industries
    n = len(f)

    def ref(*arrays: Any) -> list[Any]:
        return [a if isinstance(a, ctypes._SimpleCData) else a.ctypes.data_as(ctypes.c_void_p) for a in arrays]

    def key(name: str) -> Any:
        return m._key(name)

    def u(x: Any) -> Any:
        return ctypes.c_uint64(int(x))

    names, w = m._p(market.JUMP_NAMES), m._p(market.WEIGHT_NAMES)
    inno, fill = m._p(innovation.NAMES), np.ones(m.cells)
    keys = np.array([key(k) for k in ("innovation.success", "innovation.step", "innovation.kind",
                                      "productivity.noise", "position.drift")], np.uint64)  # fmt: skip
    va, order = m.region.industries.value_added, np.arange(n)[np.arange(n) % 50 != 0]
    size, many = ctypes.c_int64(n), ctypes.c_int64(s)
    empty = np.zeros(0)

    def copies() -> dict[str, Any]:
        return {k: v.copy() for k, v in f.arrays().items()}

    def weigh(a: dict[str, Any], native: bool) -> None:
        if native:
            c.weigh(size, u(key("demand.jump")), u(key("demand.size")), *ref(
                a["id"], a["industry"], a["zone"], a["jobs"], a["productivity"], a["appeal"], a["customers"], a["age"],
                a["emissions"], a["weight"], m.reference.drift, many, m.inputs.elasticity, m.start_mean, m.unit_cost,
                names, w))  # fmt: skip
        else:
            market.weigh(key("demand.jump"), key("demand.size"), a["id"], a["industry"], a["zone"], a["jobs"],
                         a["productivity"], a["appeal"], a["customers"], a["age"], a["emissions"], a["weight"],
                         m.reference.drift, m.inputs.elasticity, m.start_mean, m.unit_cost, names, w)  # fmt: skip

    def innovate(a: dict[str, Any], native: bool) -> None:
        counts = np.zeros(m.cells)
        if native:
            c.innovate(size, ctypes.c_int64(m.quarter), *ref(
                keys, a["id"], a["industry"], a["zone"], a["jobs"], a["productivity"], a["appeal"], a["capacity"],
                a["research"], a["emissions"], a["output"], a["funding"], a["innovated"], a["position0"],
                a["position1"], a["position2"], m.pool, m.mean_productivity, m.start_mean, many, m.unit_cost, counts,
                inno))  # fmt: skip
        else:
            innovation.innovate(m.quarter, keys, a["id"], a["industry"], a["zone"], a["jobs"], a["productivity"],
                                a["appeal"], a["capacity"], a["research"], a["emissions"], a["output"], a["funding"],
                                a["innovated"], a["position0"], a["position1"], a["position2"], m.pool,
                                m.mean_productivity, m.start_mean, m.unit_cost, counts, inno)  # fmt: skip

    def hire(a: dict[str, Any], native: bool) -> None:
        if native:
            c.hire(size, *ref(a["industry"], a["zone"], a["jobs"], a["productivity"], a["weight"], a["speed"], many,
                              m.bracket, va, fill), ctypes.c_double(0.5))  # fmt: skip
        else:
            labour.hire(a["industry"], a["zone"], a["jobs"], a["productivity"], a["weight"], a["speed"], m.bracket,
                        va, fill, 0.5)  # fmt: skip

    def take(a: dict[str, Any], native: bool) -> None:
        if native:
            out = np.empty(order.size)
            c.take(ctypes.c_int64(order.size), *ref(a["jobs"], empty, order, out))
            a["jobs"] = out
        else:
            a["jobs"] = firms._take(a["jobs"], empty, order)

    total = {True: 0.0, False: 0.0}
    for name, kernel in (("weigh", weigh), ("innovate", innovate), ("hire", hire), ("take", take)):
        one, other = copies(), copies()
        kernel(one, False)
        kernel(other, True)
        worst = max(float(np.nanmax(np.abs(one[k] - other[k]) / (1e-9 + np.abs(one[k])))) for k in one if
                    one[k].dtype == float and one[k].size)  # fmt: skip
        took = {native: _timed(kernel, copies(), native) for native in (False, True)}
        weight = 34 if name == "take" else 1  # a quarter takes every column
        for native, seconds in took.items():
            total[native] += weight * seconds
        say(f"  {name:9s} kernel {1e9 * took[False] / n:6.1f} ns a firm, C {1e9 * took[True] / n:6.1f}, "
            f"speed of C {took[True] / took[False]:.2f}, results differ by {worst:.1e}")  # fmt: skip
    whole = best(m.step, 5)
    say(f"  together {total[True] / total[False]:.2f} of the speed of C; these four are "
        f"{100 * total[False] / whole:.0f} % of a quarter of {n} firms")  # fmt: skip


def _timed(kernel: Callable[[dict[str, Any], bool], None], arrays: dict[str, Any], native: bool) -> float:
    return best(lambda: kernel(dict(arrays), native))


def peak() -> int:
    """Return the largest memory this process has used, kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def growth() -> None:
    """Time a quarter at 5,000 to 1,000,000 firms."""
    found = []
    for times in (1.29, 12.9, 129.0, 258.0):
        m = grown(times, 2)
        n = len(m.firms)
        quarters = 3 if n > 300_000 else 10
        begun = time.perf_counter()
        m.run(quarters)
        found.append(1e9 * (time.perf_counter() - begun) / quarters / n)
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
    columns = sum(x.itemsize * (x.shape[1] if x.ndim > 1 else 1) for x in firms.Firms(1).arrays().values())
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
    """Time 20 paired runs of two policies, 15 years, warm, two workers."""
    specs = _specs(20)
    list(execute(specs, 2))
    took = best(lambda: list(execute(specs, 2)), 3)
    say(f"  20 seeds x 2 policies of Nedre Glomma, two workers, warm: {took:.2f} s")


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
    for name, ratio in zip(names, independent / paired, strict=True):
        say(f"  {name:12s} variance {ratio:7.1f} times lower with the same luck")


PARTS = {"c": c_limit, "growth": growth, "memory": memory, "processes": processes, "luck": luck, "answer": answer}


def main() -> None:
    """Run the parts named on the command line, or all."""
    for name in sys.argv[1:] or PARTS:
        say(f"{name}:")
        PARTS[name]()


if __name__ == "__main__":
    main()
