"""Anchors: large firms with will and ability (vilje og evne), and what their head offices decide.

Switch M7. ODD section 7.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.random_numbers import decision_index, uniform

if TYPE_CHECKING:
    from sim.model.region_model import RegionModel

_HEADQUARTERS = decision_index("anchor.headquarters")
#: Willingness of an anchor whose head office has turned away.
TURNED_AWAY = 0.2
#: Anchors at which the pull on recruitment and suppliers is full.
FULL_PULL = 4.0


@njit(cache=True, error_model="numpy")
def ability(capacity, jobs):
    """Return ability (evne), of one firm or f8[K] of many: capacity raised a little by size, at most 1."""
    return np.minimum(capacity * (1.0 + 0.1 * np.log(np.maximum(jobs, 1.0))), 1.0)


def anchors(model: RegionModel, industries: NDArray[np.bool_], zones: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows i8[K] of firms in some industries bool[S] and zones bool[Z] that are anchors.

    An anchor is large, willing and able enough.
    """
    threshold = model.parameters["anchor_threshold"]
    found: NDArray[np.int64] = _anchors(model.firms.table, model.large, industries, zones, threshold)
    return found


def pull(model: RegionModel, rows: NDArray[np.int64]) -> float:
    """Return how strongly some anchors pull, 0-1; exactly 0 when M7 is off."""
    return float(model.parameters.on("M7") * min(1.0, rows.size / FULL_PULL))


def supplier_lift(model: RegionModel, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the added project score f8[S] of industries that sell to the anchors in ``rows``."""
    lift = 0.5 * model.parameters["anchor_pull"] * pull(model, rows)
    found: NDArray[np.float64] = _lift_suppliers(model.firms.table, rows, model.region.industries.inputs, lift)
    return found


@njit(cache=True, error_model="numpy")
def _anchors(table, large, industries, zones, threshold):
    rows, found = np.empty(large.size, np.int64), 0
    for row in large:
        f = table[row]
        rows[found] = row
        found += industries[f.industry] and zones[f.zone] and f.will * ability(f.capacity, f.jobs) > threshold
    return rows[:found]


def large_firms(model: RegionModel) -> NDArray[np.int64]:
    """Return the rows i8[K] of firms with as many employees as an anchor has."""
    found: NDArray[np.int64] = _larger(model.firms.table, model.parameters["anchor_size"])
    return found


@njit(cache=True, error_model="numpy")
def _larger(table, size):
    rows, found = np.empty(table.size, np.int64), 0
    for i in range(table.size):
        if table[i].jobs > size:
            rows[found] = i
            found += 1
    return rows[:found].copy()


@njit(cache=True, error_model="numpy")
def _lift_suppliers(table, rows, inputs, lift):
    out = np.zeros(inputs.shape[1])
    for row in rows:
        for s in range(out.size):
            if inputs[table[row].industry, s] > 0.0:
                out[s] = lift
    return out


def headquarters(model: RegionModel) -> None:
    """Let foreign head offices decide: some turn away from the region and the will of their anchor falls."""
    f, p = model.firms, model.parameters
    if not p.switches["M7"]:
        return
    turn_away(f.id, f.table, model.large, model.keys, 1.0 - (1.0 - p["headquarters"]) ** 0.25)


@njit(cache=True, error_model="numpy")
def turn_away(ids, table, large, keys, chance):
    """Lower the will of the anchors whose foreign head office turns away, in place; large: rows i8[K]."""
    for i in large:
        f = table[i]
        if f.owner == 2 and uniform(keys[_HEADQUARTERS], ids[i]) < chance:
            f.will_own = min(f.will_own, TURNED_AWAY)
            f.will = min(f.will, TURNED_AWAY)
