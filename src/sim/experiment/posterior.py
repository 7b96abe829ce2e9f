"""The calibrated posterior that ships: read from its folder, refused when it rests on other code than today's.

``sim calibrate`` writes it; ``sim.experiment.draws`` draws from it. Only parameters that the calibration
identified are in it; the others stay at their prior.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.reference import code_identity
from sim.experiment.shipped import evidence_folder

DRAWS, SUMMARY = "draws.csv", "summary.json"


class PosteriorError(ValueError):
    """There is no posterior, or it rests on other code than the code that would use it."""


@dataclass(frozen=True)
class Posterior:
    """Joint draws of the identified parameters.

    Attributes:
        names: the parameters. rows: values f8[draws, parameters], each in its own unit.
        digest: SHA-256 of the draws and of the code they rest on. summary: contraction, coverage, versions, seed.
    """

    names: tuple[str, ...]
    rows: NDArray[np.float64]
    digest: str
    summary: dict[str, Any]


def posterior_folder() -> Path:
    """Return where the posterior is: the shipped one, or the folder in ``KLYNGELAB_POSTERIOR``."""
    chosen = os.environ.get("KLYNGELAB_POSTERIOR")
    return Path(chosen) if chosen else evidence_folder("posterior")


def posterior_available() -> bool:
    """Tell whether there is a posterior that rests on the code as it is now."""
    try:
        posterior()
    except PosteriorError:
        return False
    return True


def posterior() -> Posterior:
    """Return the posterior.

    Raises:
        PosteriorError: there is none, it cannot be read, or it was made with code that gives other results.
    """
    from sim.experiment.identity import still_holds  # needs the rooms that need this one

    folder = posterior_folder()
    found = _READ.get(stamp := _stamp(folder))
    if found is None:
        found = _READ[stamp] = _read(folder)
    if not still_holds(found.summary):
        raise PosteriorError(
            f"the posterior in {folder.name}/ was made with model code that gives other results (code "
            f"{found.summary['code'][:12]}, here {code_identity()[:12]}) and is refused; make it anew with: "
            "sim calibrate, or draw from the prior: --source prior"
        )
    return found


_READ: dict[tuple[str, int, int], Posterior] = {}


def _stamp(folder: Path) -> tuple[str, int, int]:
    """Return what changes when the files do, so that a new posterior is read."""
    try:
        draws, summary = (folder / DRAWS).stat(), (folder / SUMMARY).stat()
    except OSError:
        raise PosteriorError(
            "there is no posterior; make one with: sim calibrate, or draw from the prior: --source prior"
        ) from None
    return str(folder), draws.st_mtime_ns, summary.st_mtime_ns


def _read(folder: Path) -> Posterior:
    text = (folder / DRAWS).read_text(encoding="utf-8")
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        lines = text.split()
        names = tuple(lines[0].split(",")) if lines else ()
        rows = np.array([[float(cell) for cell in line.split(",")] for line in lines[1:]], float)
        wanted = summary["draws_sha256"]
        code = str(summary["code"])
    except (ValueError, KeyError, TypeError) as error:
        raise PosteriorError(f"the posterior in {folder.name}/ cannot be read: {error}") from None
    if not names or rows.shape[1:] != (len(names),) or not np.isfinite(rows).all():
        raise PosteriorError(f"{DRAWS} of the posterior is not a table of numbers")
    if hashlib.sha256(text.encode()).hexdigest() != wanted:
        raise PosteriorError(f"{DRAWS} of the posterior is not the file its {SUMMARY} tells of; run sim calibrate")
    digest = hashlib.sha256(f"{wanted}|{code}".encode()).hexdigest()
    return Posterior(names, rows, digest, summary)
