"""The start: traits of initial firms, entrants, spinoffs and attracted establishments. ODD sections 5 and 13."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.firms import Firms
from sim.model.parameters import Parameters
from sim.random_numbers import bits64, decision_key, normals, uniforms
from sim.region.region import Industries

Floats = NDArray[np.float64]

#: Ranges of permanent ids: initial firms below 2**61, then entrants and spinoffs, then attracted ones.
ENTRANT_IDS, ATTRACTED_IDS, ID_RANGE = 2**61, 2**61 + 2**60, 2**60


def draw_traits(firms: Firms, seed: int, industries: Industries, p: Parameters) -> None:
    """Draw every trait that does not depend on the state of the economy, in place.

    Draws are keyed by permanent id at quarter 0, so a firm has the same traits in every scenario.
    """
    ids, s = firms.id, firms.industry

    def normal(decision: str, lane: int = 0) -> Floats:
        return normals(decision_key(seed, decision, 0), ids, lane)

    def uniform(decision: str, lane: int = 0) -> Floats:
        return uniforms(decision_key(seed, decision, 0), ids, lane)

    size = np.log(np.maximum(firms.jobs, 1.0))
    performs = performer_chance(firms.jobs, industries.rd_share[s], np.full(len(firms), 0.5))
    level = industries.rd_intensity[s] * np.exp(0.5 * normal("firm.research_level") - 0.125)
    active = uniform("firm.research") < performs
    firms.research_own[:] = level
    firms.research[:] = np.where(active, level, 0.0)
    skilled = industries.skill[s, 2] - 0.35
    score = -1.0 + 0.2 * size + 0.8 * active + 1.5 * skilled + 0.4 * normal("firm.capacity")
    firms.capacity[:] = 1.0 / (1.0 + np.exp(-score))
    firms.will_own[:] = uniform("firm.willingness") ** 0.8
    firms.will[:] = firms.will_own
    firms.liquidity[:] = np.clip(0.6 + 0.2 * normal("firm.liquidity"), -1.0, 2.0)
    firms.emissions[:] = industries.emissions[s] * np.exp(0.3 * normal("firm.emissions") - 0.045)
    for k in range(3):
        place = industries.position[s, k] + p["position_spread"] * normal("firm.position", k)
        getattr(firms, f"position{k}")[:] = place


def performer_chance(jobs: Floats, share: Floats, capacity: Floats) -> Floats:
    """Return the chance that a firm does R&D, from the industry's share among firms with 10 or more."""
    return np.minimum(0.9, share * np.minimum(1.0, np.sqrt(jobs / 30.0)) * (0.5 + capacity))


def initial_firms(synthetic: Any, seed: int, industries: Industries, p: Parameters) -> Firms:
    """Return the firms of the start with traits drawn; appeal and customers are set by the model."""
    firms = Firms(synthetic.id.size)
    firms.id[:] = synthetic.id
    firms.zone[:] = synthetic.zone
    firms.industry[:] = synthetic.industry
    firms.jobs[:] = synthetic.jobs
    firms.owner[:] = synthetic.owner
    draw_traits(firms, seed, industries, p)
    size = np.log(np.maximum(firms.jobs, 1.0))
    noise = normals(decision_key(seed, "firm.productivity", 0), firms.id)
    tilt = 0.15 * (size - 1.5) / 1.1  # correlation .15 with log size, whose mean and spread are about these
    firms.productivity[:] = p["productivity_spread"] * (tilt + np.sqrt(1 - 0.15**2) * noise)
    life = uniforms(decision_key(seed, "firm.age", 0), firms.id)
    firms.age[:] = -np.log(life) * 40.0 * (1.0 + 0.3 * size)
    return firms


@njit(cache=True)
def candidate_ids(cell_keys, quarter, counts):
    """Return permanent ids and cells of this quarter's potential entrants, i8[K] and i8[K]."""
    total = 0
    for c in range(counts.size):
        total += counts[c]
    ids = np.empty(total, np.int64)
    cells = np.empty(total, np.int64)
    k = 0
    for c in range(counts.size):
        for ordinal in range(counts[c]):
            bits = bits64(cell_keys[c], quarter * 1048576 + ordinal, 0)
            ids[k] = np.int64(bits >> np.uint64(4)) + 2305843009213693952
            cells[k] = c
            k += 1
    return ids, cells


def newcomers(
    ids: NDArray[np.int64], cells: NDArray[np.int64], seed: int, industries: Industries, p: Parameters,
    mean: Floats,
) -> Firms:  # fmt: skip
    """Return entrants sorted by id, with size, traits and productivity around the industry mean f8[S]."""
    order = np.argsort(ids, kind="stable")
    firms = Firms(ids.size)
    firms.id[:] = ids[order]
    count = len(industries.codes)
    firms.zone[:] = cells[order] // count
    firms.industry[:] = cells[order] % count
    size = uniforms(decision_key(seed, "entry.size", 0), firms.id)
    firms.jobs[:] = 1.0 - (p["entry_size"] - 1.0) * np.log(size)
    draw_traits(firms, seed, industries, p)
    noise = normals(decision_key(seed, "firm.productivity", 0), firms.id)
    firms.productivity[:] = mean[firms.industry] + p["entry_gap"] + p["productivity_spread"] * noise
    return firms


def inherit(
    newborn: Firms, parents: Firms, rows: NDArray[np.int64], spin: NDArray[np.bool_], industries: Industries,
    p: Parameters, mean: Floats,
) -> None:  # fmt: skip
    """Make some newcomers spinoffs: they inherit knowledge and part of the parent's advantage, in place.

    Args:
        rows: i8[K] row of the parent in ``parents``, -1 where the cell has none. spin: bool[K].
    """
    child = np.flatnonzero(spin & (rows >= 0))
    row, s = rows[child], newborn.industry[child]
    newborn.productivity[child] += 0.10 + p["spinoff_inherits"] * (parents.productivity[row] - mean[s])
    for k in range(3):
        own, place = getattr(newborn, f"position{k}"), getattr(parents, f"position{k}")
        own[child] = place[row] + 0.2 * (own[child] - industries.position[s, k])


def arrivals(wanted: list[Any], seed: int, industries: Industries, p: Parameters, mean: Floats) -> Firms:
    """Return attracted establishments sorted by id: foreign-owned, at the mean of outside knowledge."""
    wanted = sorted(wanted, key=lambda arrival: arrival.identity)
    firms = Firms(len(wanted))
    firms.id[:] = [a.identity for a in wanted]
    firms.zone[:] = [a.zone for a in wanted]
    firms.industry[:] = [a.industry for a in wanted]
    firms.jobs[:] = [a.jobs for a in wanted]
    draw_traits(firms, seed, industries, p)
    firms.owner[:] = 2
    firms.age[:] = 20.0
    noise = normals(decision_key(seed, "firm.productivity", 0), firms.id)
    firms.productivity[:] = mean[firms.industry] + p["productivity_spread"] * noise
    return firms
