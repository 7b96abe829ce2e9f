"""Regenerates all evidence: says what it costs first, takes up what is on file, and writes the pages.

``make evidence``; ``python -m pages.evidence facts councillor`` does some steps only. A step that is stopped goes on
where it was when it is asked for again. Costs are the most minutes each step has
taken, in evidence/cost.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable

from pages import councillor, evaluations, first_result, studies, where_results
from pages.blocks import EVIDENCE, ROOT

COST = EVIDENCE / "cost.json"


def sim(*words: str) -> None:
    """Run a command of ``sim``."""
    subprocess.run([sys.executable, "-c", "from sim.cli import main; main()", *words], check=True, cwd=ROOT)


def calibration() -> None:
    """Calibrate, and solve the reference paths that ship with the posterior."""
    sim("calibrate", "--language", "en")
    sim("calibrate", "--references", "40")


STEPS: dict[str, Callable[[], None]] = {
    "calibration": calibration,
    "first": first_result.main,
    "facts": first_result.facts_page,
    "hindcast": first_result.hindcast_page,
    "evaluations": lambda: evaluations.main(evaluations.RUNS),
    "where": lambda: where_results.where("run"),
    "sensitivity": lambda: where_results.sensitivity("run"),
    "studies": studies.main,
    "councillor": councillor.main,
}


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def costs() -> dict[str, float]:
    """Return the most minutes each step has taken."""
    found: dict[str, float] = json.loads(COST.read_text(encoding="utf-8")) if COST.is_file() else {}
    return found


def main() -> None:
    """Print the cost, then do the steps named on the command line, or all.

    Raises:
        SystemExit: there is no such step.
    """
    wanted = sys.argv[1:] or list(STEPS)
    unknown = [name for name in wanted if name not in STEPS]
    if unknown:
        raise SystemExit(f"no step {unknown[0]!r}; there is {', '.join(STEPS)}")
    took = costs()
    for name in wanted:
        say(f"{name:12} " + (f"{took[name]:.0f} minutes" if name in took else "not measured yet"))
    say(f"in all about {sum(took.get(name, 0.0) for name in wanted):.0f} minutes on two cores, as last measured")
    for name in wanted:
        say(f"-- {name}")
        begun = time.perf_counter()
        STEPS[name]()
        minutes = round((time.perf_counter() - begun) / 60.0, 1)
        COST.write_text(json.dumps({**costs(), name: max(minutes, costs().get(name, 0.0))}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
