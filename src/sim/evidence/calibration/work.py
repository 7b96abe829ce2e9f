"""The calibration from beginning to end. Everything follows from the plan and the code; a kill loses one point.

1. Wave 1: design points fill the prior. 2. Later waves: where history matching rules nothing out. 3. Truths: points
nobody learns from. 4. Emulators of all targets. 5. Posterior. 6. The test on known parameters, which also says what
chance alone would contract. 7. Draws of what is identified, and the summary.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.evidence.calibration import matching
from sim.evidence.calibration.emulator import CalibrationError, Emulator, fit
from sim.evidence.calibration.inference import bank, sample
from sim.evidence.calibration.known import Known, try_known
from sim.evidence.calibration.points import Point, Report, compute, on_file
from sim.evidence.calibration.prior import Space, space
from sim.evidence.calibration.statistics import usual_path
from sim.evidence.calibration.targets import Target, targets
from sim.region import load_region

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """How much is computed; the results follow from these numbers and the code.

    Attributes:
        waves: design points of each wave. truths: known parameters of the test. draws: of the posterior.
        steps: of each of 64 walkers, for the posterior and for a truth. bank: draws from the prior.
    """

    region: str = "grenland"
    seed: int = 1
    waves: tuple[int, ...] = (140, 40)
    truths: int = 50
    draws: int = 1000
    steps: tuple[int, int] = (1500, 150)
    bank: int = 20_000

    @property
    def points(self) -> int:
        """Return how many design points and truths there are."""
        return sum(self.waves) + self.truths


@dataclass(frozen=True)
class Table:
    """Design points that gave every target: scores and statistics, and how many gave none."""

    scores: Floats
    statistics: Floats
    failed: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Calibration:
    """Everything that came of a plan, for the report."""

    plan: Plan
    space: Space
    targets: tuple[Target, ...]
    emulator: Emulator
    shares: tuple[float, ...]  # of the prior not ruled out, after each wave
    chain: Floats
    known: Known
    design: Table
    truths: Table


def calibrate(
    plan: Plan, folder: Path, *, jobs: int | None = None, minutes: float = 60.0, report: Report = lambda *_: None
) -> Calibration | None:
    """Compute what is missing and return the calibration, or None when the time is up: call again to go on.

    Args:
        folder: where design points are kept. minutes: after which no new point is begun.

    Raises:
        CalibrationError: too few points gave results, a library is missing or the folder cannot be written.
    """
    deadline = time.monotonic() + 60.0 * minutes
    where, wanted = space(), targets(plan.region)
    value, tolerance = np.array([t.value for t in wanted]), np.array([t.sd for t in wanted])
    starts = bank(len(where.learned), plan.bank, plan.seed)
    scores, shares = np.zeros((0, len(where.names))), []
    emulator: Emulator | None = None
    usual_path(load_region(plan.region))  # once, before several workers ask for it
    for number, size in enumerate(plan.waves):
        if emulator is None:
            scores = where.design(size, plan.seed)
        else:
            learned, share = matching.next_points(emulator, value, tolerance, starts, size)
            shares.append(share)
            fresh = where.design(len(learned), plan.seed + 1000 * number)
            fresh[:, : len(where.learned)] = learned
            scores = np.vstack([scores, fresh])
        if not compute(_points(plan, where, scores), folder, jobs, deadline, "wave", report):
            return None
        design = _table(plan, where, scores, folder, wanted)
        emulator = _emulator(design, where, wanted, plan.seed)
    assert emulator is not None
    final = matching.implausibility(emulator, starts, value, tolerance)
    shares.append(float(np.mean(final < matching.CUTOFF)))
    chosen = where.design(plan.truths, plan.seed + 500_000)
    if not compute(_points(plan, where, chosen, 500_000), folder, jobs, deadline, "truths", report):
        return None
    known = _table(plan, where, chosen, folder, wanted, 500_000)
    return conclude(plan, where, wanted, design, known, emulator, tuple(shares), report)


def conclude(
    plan: Plan, where: Space, wanted: Sequence[Target], design: Table, truths: Table, emulator: Emulator,
    shares: tuple[float, ...], report: Report = lambda *_: None,
) -> Calibration:  # fmt: skip
    """Return posterior and test from the tables; no model is run."""
    value, tolerance = np.array([t.value for t in wanted]), np.array([t.sd for t in wanted])
    starts = bank(len(where.learned), plan.bank, plan.seed)
    chain = sample(emulator, value, tolerance, starts, emulator.predict(starts), steps=plan.steps[0],
                   burn=plan.steps[0] // 3, seed=plan.seed)  # fmt: skip
    found = try_known(
        emulator, where.learned, truths.scores[:, : len(where.learned)], truths.statistics, tolerance, starts,
        seed=plan.seed + 1, steps=plan.steps[1], report=lambda done, total: report("known", done, total),
    )  # fmt: skip
    return Calibration(plan, where, tuple(wanted), emulator, shares, chain, found, design, truths)


def _points(plan: Plan, where: Space, scores: Floats, first: int = 0) -> list[Point]:
    """Return the points of a design, each with a seed of its own."""
    return [
        Point(plan.region, tuple(where.values(row).items()), plan.seed + first + k) for k, row in enumerate(scores)
    ]


def _table(
    plan: Plan, where: Space, scores: Floats, folder: Path, wanted: Sequence[Target], first: int = 0
) -> Table:  # fmt: skip
    """Return the points on file that gave every target."""
    rows, kept, seconds = [], [], 0.0
    for k, point in enumerate(_points(plan, where, scores, first)):
        found = on_file(folder, point) or {}
        seconds += float(str(found.get("seconds", 0.0)))
        values = found.get("statistics")
        if isinstance(values, dict):
            row = [float(values.get(name, np.nan)) for name in (t.name for t in wanted)]
            if np.isfinite(row).all():
                rows.append(row)
                kept.append(k)
    if len(rows) < len(scores) / 2:
        raise CalibrationError(f"only {len(rows)} of {len(scores)} design points gave every target; see {folder.name}/")
    table = np.array(rows)
    return Table(scores[kept], table, len(scores) - len(kept), seconds)


def _emulator(design: Table, where: Space, wanted: Sequence[Target], seed: int) -> Emulator:
    count = len(where.learned)
    return fit(design.scores[:, :count], design.scores[:, count:], design.statistics, [t.name for t in wanted], seed)
