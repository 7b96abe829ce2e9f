"""What a calibration comes to: the draws that ship, and a summary that says what was learned and what was not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.calibration.known import INTERVAL
from sim.evidence.calibration.prior import DUMMIES, natural
from sim.evidence.calibration.work import Calibration
from sim.experiment.identity import made_with
from sim.experiment.posterior import DRAWS, SUMMARY
from sim.experiment.whole import write_text
from sim.model import parameter_table

Floats = NDArray[np.float64]

#: Coverage of a 90 % interval that is accepted.
ACCEPTED = (0.80, 0.97)


def write(found: Calibration, folder: Path) -> dict[str, Any]:
    """Write draws and summary into a folder and return the summary."""
    names, rows = drawn(found)
    text = ",".join(names) + "\n" + "".join(",".join(f"{cell:.6g}" for cell in row) + "\n" for row in rows)
    told = summary(found) | {"draws_sha256": hashlib.sha256(text.encode()).hexdigest()}
    write_text(folder / DRAWS, text)
    write_text(folder / SUMMARY, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return told


def identified(found: Calibration) -> tuple[str, ...]:
    """Return the free parameters whose spread shrank by more than chance shrinks that of the dummies."""
    chance, gained = found.known.chance, contraction(found)
    return tuple(name for name in found.space.free if gained[name] > chance)


def contraction(found: Calibration) -> dict[str, float]:
    """Return 1 - posterior spread / prior spread of every learned column, in its own unit."""
    return _contraction(found)


@lru_cache(maxsize=2)
def _contraction(found: Calibration) -> dict[str, float]:
    names = found.space.learned
    wide = natural(names, _prior(found)).std(axis=0)
    narrow = natural(names, found.chain).std(axis=0)
    return {name: float(1.0 - b / a) for name, a, b in zip(names, wide, narrow, strict=True)}


def _prior(found: Calibration) -> Floats:
    return np.random.default_rng(found.plan.seed).standard_normal((50_000, len(found.space.learned)))


def drawn(found: Calibration) -> tuple[tuple[str, ...], Floats]:
    """Return the identified parameters and joint draws of them f8[draws, parameters], thinned from the chain.

    Raises:
        ValueError: the targets identify nothing.
    """
    names = identified(found)
    if not names:
        raise ValueError("the targets identify no parameter; there is no posterior to draw from")
    pick = np.linspace(0, len(found.chain) - 1, found.plan.draws).astype(int)
    columns = [found.space.learned.index(name) for name in names]
    rows = natural(found.space.learned, found.chain[pick])[:, columns]
    return names, np.random.default_rng(found.plan.seed).permutation(rows)


def summary(found: Calibration) -> dict[str, Any]:
    """Return everything that is told about a calibration, as plain numbers and words."""
    known, sure = found.known, identified(found)
    spread = {name: known.coverage([name]) for name in found.space.free}
    return {
        **made_with(),
        "versions": _versions(),
        "plan": asdict(found.plan),
        "points": {"design": len(found.design.scores), "truths": len(found.truths.scores),
                   "failed": found.design.failed + found.truths.failed,
                   "seconds": round(found.design.seconds + found.truths.seconds, 1)},
        "not_ruled_out": [round(share, 4) for share in found.shares],
        "chance": round(known.chance, 4),
        "coverage": {"interval": INTERVAL, "accepted": list(ACCEPTED), "truths": len(known.covered),
                     "free": round(known.coverage(found.space.free), 4),
                     "identified": round(known.coverage(sure), 4) if sure else None},
        "parameters": {name: _parameter(found, name, name in sure, spread[name]) for name in found.space.free},
        "dummies": {name: round(contraction(found)[name], 4) for name in DUMMIES},
        "targets": _targets(found),
    }  # fmt: skip


def _parameter(found: Calibration, name: str, sure: bool, covered: float) -> dict[str, Any]:
    column = found.space.learned.index(name)
    row = parameter_table()[name]
    prior = natural((name,), _prior(found)[:, [column]])[:, 0]
    after = natural((name,), found.chain[:, [column]])[:, 0]
    edges = np.quantile(after, [0.05, 0.95])
    return {
        "label": row.label, "symbol": row.symbol, "unit": row.unit, "default": row.value,
        "prior_mean": _short(prior.mean()), "prior_sd": _short(prior.std()),
        "mean": _short(after.mean()), "sd": _short(after.std()), "low": _short(edges[0]), "high": _short(edges[1]),
        "contraction": round(contraction(found)[name], 4), "identified": sure, "coverage": round(covered, 4),
        "contraction_of_truths": round(float(np.median(found.known.contraction[:, column])), 4),
        "recovered": round(float(found.known.recovered[column]), 4),
    }  # fmt: skip


def _targets(found: Calibration) -> dict[str, Any]:
    rng = np.random.default_rng(found.plan.seed)
    before = found.emulator.predict(_prior(found)[:2000])
    after = found.emulator.predict(found.chain[rng.integers(len(found.chain), size=2000)])
    spread = np.sqrt(np.diag(found.emulator.noise()))
    return {
        t.name: {
            "label": t.label, "unit": t.unit, "source": t.source, "published": t.value, "tolerance": t.sd,
            "explained": round(float(found.emulator.explained()[k]), 4),
            "within": round(float(found.emulator.surprise()[k]), 4), "noise": _short(spread[k]),
            "prior": _short(before[:, k].mean()), "posterior": _short(after[:, k].mean()),
            "distance": round(float(abs(after[:, k].mean() - t.value) / np.hypot(spread[k], t.sd)), 3),
        }
        for k, t in enumerate(found.targets)
    }  # fmt: skip


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("klyngelab", "numpy", "scipy", "scikit-learn", "emcee")}


def passes(told: Mapping[str, Any]) -> bool:
    """Tell whether the intervals of the free parameters cover the truths as often as they should."""
    low, high = told["coverage"]["accepted"]
    shares = [told["coverage"]["free"], told["coverage"]["identified"]]
    return all(low <= share <= high for share in shares if share is not None)
