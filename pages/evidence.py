"""Regenerates all evidence: says what it costs first, takes up what is on file, and writes the pages.

``make evidence``; ``make evidence STEPS="facts pages"`` runs some steps only. Costs are the seconds each step took the
last time, kept in evidence/cost.json; a step whose result belongs to the results of today's code is not run again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pages import councillor, first_result
from pages.blocks import ROOT
from sim.experiment.identity import results_identity
from sim.texts import duration

EVIDENCE, WORK = ROOT / "evidence", ROOT / "results" / "evidence"
COST = EVIDENCE / "cost.json"


@dataclass(frozen=True)
class Step:
    """One piece of evidence: the command that prints it as JSON, or a function, and where it is kept."""

    name: str
    command: tuple[str, ...] = ()
    kept: str = ""  # below evidence/
    work: Callable[[], None] | None = None


STEPS = (
    Step("calibration", ("calibrate", "--out", str(WORK / "calibration")), ""),
    Step("facts", ("facts", "--json"), "facts.json"),
    Step("hindcast", ("hindcast", "--json"), "hindcast.json"),
    Step("evaluations", ("evaluate", "--json", "--out", str(WORK / "evaluations")), "evaluations.json"),
    Step("sensitivity", ("sensitivity", "--json", "--out", str(WORK / "sensitivity")), "sensitivity/nedre-glomma.json"),
    Step("where", ("where", "--json", "--out", str(WORK / "where")), "where/map.json"),
    Step("first", work=first_result.main),
    Step("pages", work=councillor.main),
)


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def costs() -> dict[str, float]:
    """Return the seconds each step took the last time, by name."""
    found: dict[str, float] = json.loads(COST.read_text(encoding="utf-8")) if COST.is_file() else {}
    return found


def run(step: Step) -> None:
    """Run one step and keep its answer and its cost."""
    begun = time.perf_counter()
    if step.work is not None:
        step.work()
    else:
        code = "from sim.cli import main; main()"
        done = subprocess.run([sys.executable, "-c", code, *step.command], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        if step.kept:
            keep(EVIDENCE / step.kept, json.loads(done.stdout))
    COST.write_text(json.dumps({**costs(), step.name: round(time.perf_counter() - begun)}, indent=1) + "\n")


def keep(path: Path, answer: object) -> None:
    """Keep an answer with the identity of the results it rests on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"results": results_identity(), "answer": answer}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Print the cost, then run the steps named on the command line, or all."""
    wanted = [step for step in STEPS if not sys.argv[1:] or step.name in sys.argv[1:]]
    known = costs()
    for step in wanted:
        took = duration(known[step.name], "en") if step.name in known else "not measured yet"
        say(f"{step.name:12} {took}")
    say(f"{'in all':12} about {duration(sum(known.get(step.name, 0.0) for step in wanted), 'en')}, as last measured; "
        "a step that is stopped goes on where it was when it is asked for again")  # fmt: skip
    for step in wanted:
        say(f"-- {step.name}")
        run(step)


if __name__ == "__main__":
    main()
