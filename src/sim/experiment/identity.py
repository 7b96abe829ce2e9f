"""Which results this code gives: a digest that moves when results move, and not when a comment does.

Figures, posteriors and reference paths that ship with the project carry it, so that none outlives a change of results.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np

from sim.experiment.build import build_model, vocabulary
from sim.experiment.reference import cache_folder, code_identity
from sim.experiment.whole import write_text
from sim.experiment.worlds import BASELINE
from sim.model import Reference
from sim.region import load_region
from sim.scenario import built_in_names, read_scenarios

#: Outcomes that are looked at, and the runs: every scenario of the library in the small region, the rest in short.
LOOKED_AT = ("jobs", "job_years", "value_added", "population", "rd", "emissions", "spent_municipal", "spent_public")
LONG, SHORT = 20, 8


@cache
def results_identity() -> str:
    """Return a digest of what short runs give, to six digits; kept in the cache folder by the text of the code."""
    kept = cache_folder() / f"results-{code_identity()[:32]}"
    try:
        found = kept.read_text(encoding="ascii")
    except OSError:
        found = ""
    if len(found) != 16:
        found = _digest()
        with suppress(OSError):  # a folder that cannot be written only costs time
            write_text(kept, found)
    return found


def made_with() -> dict[str, str]:
    """Return what a result that is kept is to carry: the identity of the code's text and of the results it gives."""
    return {"code": code_identity(), "results": results_identity()}


def still_holds(made: Mapping[str, Any], *rooms: str) -> bool:
    """Tell whether this code gives what was made before: the same text of the rooms, or the same results.

    Args:
        made: with ``code`` and ``results``. rooms: as ``code_identity`` takes them.
    """
    return bool(made.get("code") == code_identity(*rooms) or made.get("results") == results_identity())


def _digest() -> str:
    library = read_scenarios(list(built_in_names()), vocabulary())
    digest = hashlib.sha256()
    for region, quarters in (("thin-town", LONG), ("grenland", SHORT), ("nedre-glomma", SHORT)):
        place = load_region(region)
        count = len(place.industries.codes)
        path = Reference(np.zeros(count), np.full(count, 0.025))
        for scenario in sorted(library, key=lambda s: s.name):
            if quarters == SHORT and scenario.name != BASELINE:
                continue
            rows = build_model(place, scenario, 1, reference=path).run(quarters).outcomes()
            some = [v for name, v in zip(rows["indicator"], rows["value"], strict=True) if name in LOOKED_AT]
            digest.update(" ".join(f"{value:.6g}" for value in some).encode())
    return digest.hexdigest()[:16]
