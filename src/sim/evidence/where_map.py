"""The map of where each policy leads, with its uncertainty: smooth surfaces over conditions, compared point by point.

A policy leads where the chance that its effect is the largest, over everything that is not on the map (the other
conditions, what nobody knows, the surfaces' own error), is at least ``LEADS``. No policy is told apart by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.conditions import Axis, axes
from sim.evidence.emulator import Emulator, fit
from sim.evidence.where import Effects

Floats = NDArray[np.float64]

#: The chance from which a policy is said to lead, or to work.
LEADS = 0.8
#: Doing nothing takes part with effect 0; this is its name.
NOTHING = "baseline"
#: Cells of the map along its two axes and the levels of the third; points behind each cell; levels along one axis.
CELLS, LEVELS, BEHIND, ALONG = 10, 3, 128, 8
#: Draws of the surfaces' error at each point.
_DRAWS = 48


@dataclass(frozen=True)
class Box:
    """Where something holds: per axis of the map a lower and an upper value, None where there is no bound."""

    bounds: dict[str, tuple[float | None, float | None]]
    share: float  # of the map, 0-1


@dataclass(frozen=True)
class WhereMap:
    """The map of one outcome on one basis.

    Attributes:
        names: policies, and doing nothing last. chosen: the axes of the map, most important first.
        swing: axis -> how much of the chance of leading it moves, at most over the policies, 0-1.
        cells: one row per cell: values of the chosen axes, chance of leading and of working, mean effect and spread.
        along: one row per axis, level and policy. leads, works: policy -> box, None where there is none.
        overall: policy -> means over all conditions. beats: chance that one policy beats another, over everything.
        check: how the surfaces' favourite fared in conditions they had not seen.
    """

    outcome: str
    basis: str
    names: tuple[str, ...]
    chosen: tuple[str, ...]
    swing: dict[str, float]
    cells: list[dict[str, Any]]
    along: list[dict[str, Any]]
    leads: dict[str, Box | None]
    works: dict[str, Box | None]
    overall: dict[str, dict[str, float]]
    beats: dict[str, dict[str, float]]
    no_leader: float
    errors: dict[str, dict[str, float]]
    check: dict[str, float]


def make_map(effects: Effects, seed: int = 1, leave_out: bool = True) -> WhereMap:
    """Return the map of effects over conditions.

    Args:
        seed: seed of the points behind the cells and of the draws of the surfaces' error.
        leave_out: measure the surfaces' error on conditions left out.
    """
    surfaces = [_surface(effects, k, seed, leave_out) for k in range(len(effects.policies))]
    names = (*effects.policies, NOTHING)
    rng = np.random.default_rng(seed)
    behind = _spread(len(axes()), BEHIND, seed)
    along, swing = _along(surfaces, names, behind, rng)
    conditions = [axis.name for axis in axes() if axis.kind == "condition"]
    chosen = tuple(sorted(conditions, key=lambda name: -swing[name])[:3])
    cells = _cells(surfaces, names, chosen, behind, rng)
    led = np.array([[cell["leads"][name] for name in names] for cell in cells])
    works = np.array([[cell["works"][name] for name in effects.policies] for cell in cells])
    grid = (CELLS, CELLS, LEVELS)
    everywhere = _compare(surfaces, _spread(len(axes()), 16 * BEHIND, seed + 1), rng)
    return WhereMap(
        effects.outcome, effects.basis, names, chosen, swing, cells, along,
        {name: _box(led[:, k].reshape(grid) >= LEADS, chosen) for k, name in enumerate(names)},
        {name: _box(works[:, k].reshape(grid) >= LEADS, chosen) for k, name in enumerate(effects.policies)},
        _overall(effects, names, led, everywhere),
        {a: {b: float(everywhere.beats[i, j]) for j, b in enumerate(names) if i != j} for i, a in enumerate(names)},
        float((led.max(axis=1) < LEADS).mean()),
        {name: {"r2": s.r2, "rmse": s.rmse, "noise": s.noise, "covered": s.covered, "nugget": s.nugget}
         for name, s in zip(effects.policies, surfaces, strict=True)},
        _check(effects, surfaces, rng) if leave_out else {},
    )  # fmt: skip


def as_mapping(found: WhereMap) -> dict[str, Any]:
    """Return a map as plain mappings and lists, as ``sim where --json`` and the kept result hold it."""
    tops = {name: max(found.cells, key=lambda cell: float(cell["leads"][name])) for name in found.names}
    highest = {name: {"chance": cell["leads"][name], "place": cell["place"]} for name, cell in tops.items()}
    return {**asdict(found), "highest": highest, "names": list(found.names), "chosen": list(found.chosen),
            "cells_across": CELLS, "levels": LEVELS, "limit": LEADS,
            "drawn": [axis.name for axis in axes() if axis.kind == "parameter"]}


def largest(found: WhereMap) -> dict[str, float]:
    """Return the highest chance of leading anywhere on a map, doing nothing left out, and how much of it is led."""
    tops = [max(chance for name, chance in cell["leads"].items() if name != NOTHING) for cell in found.cells]
    led = sum(cell["leader"] not in (None, NOTHING) for cell in found.cells)
    return {"chance": max(tops), "led": led / len(found.cells)}


def permuted(effects: Effects, seed: int = 1) -> Effects:
    """Return effects with the policies' labels shuffled in every condition: no policy can lead in these."""
    rng = np.random.default_rng(seed)
    order = np.array([rng.permutation(len(effects.policies)) for _ in range(len(effects.effect))])
    rows = np.arange(len(order))[:, None]
    return Effects(effects.policies, effects.shares, effects.effect[rows, order], effects.se[rows, order],
                   effects.outcome, effects.basis)  # fmt: skip


def _surface(effects: Effects, policy: int, seed: int, leave_out: bool) -> Emulator:
    there = np.isfinite(effects.effect[:, policy])
    return fit(effects.shares[there], effects.effect[there, policy], effects.se[there, policy], seed, leave_out)


def _spread(dimensions: int, count: int, seed: int) -> Floats:
    """Return points f8[count, dimensions] spread evenly over the unit cube."""
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(dimensions, seed=seed).random(count), float)


@dataclass(frozen=True)
class _Chances:
    """Per point: chance that each leads f8[points, names], that each policy is above 0, and means and spreads."""

    leads: Floats
    works: Floats
    mean: Floats
    spread: Floats
    beats: Floats  # [names, names] over all points


def _compare(surfaces: Sequence[Emulator], shares: Floats, rng: np.random.Generator) -> _Chances:
    """Return how policies compare at shares f8[points, axes], doing nothing last."""
    mean, spread = (np.array(part).T for part in
                    zip(*[s.mean_and_spread(shares) for s in surfaces], strict=True))  # fmt: skip
    return _chances(mean, spread, rng)


def _chances(mean: Floats, spread: Floats, rng: np.random.Generator) -> _Chances:
    points, count = mean.shape
    leads, works = np.zeros((points, count + 1)), np.zeros((points, count))
    beats = np.zeros((count + 1, count + 1))
    rows = np.arange(points)
    for _ in range(_DRAWS):
        drawn = np.column_stack([mean + spread * rng.standard_normal(mean.shape), np.zeros(points)])
        leads[rows, drawn.argmax(axis=1)] += 1.0 / _DRAWS
        works += (drawn[:, :-1] > 0.0) / _DRAWS
        beats += (drawn[:, :, None] > drawn[:, None, :]).mean(axis=0) / _DRAWS
    return _Chances(leads, works, mean, spread, beats)


def _along(
    surfaces: Sequence[Emulator], names: Sequence[str], behind: Floats, rng: np.random.Generator
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Return the chances along each axis, all else spread over its range, and how far each axis moves them."""
    rows, swing = [], {}
    levels = (np.arange(ALONG) + 0.5) / ALONG
    for index, axis in enumerate(axes()):
        shares = np.tile(behind, (ALONG, 1))
        shares[:, index] = np.repeat(levels, len(behind))
        found = _compare(surfaces, shares, rng)
        by_level = found.leads.reshape(ALONG, len(behind), -1).mean(axis=1)
        works = found.works.reshape(ALONG, len(behind), -1).mean(axis=1)
        mean = found.mean.reshape(ALONG, len(behind), -1).mean(axis=1)
        spread = _whole_spread(found, ALONG, len(behind))
        swing[axis.name] = float(np.ptp(by_level, axis=0).max())
        rows += [
            {"axis": axis.name, "value": float(axis.value(levels[at])), "policy": name,
             "leads": float(by_level[at, k]), "works": float(works[at, k]) if k < len(surfaces) else None,
             "effect": float(mean[at, k]) if k < len(surfaces) else 0.0,
             "spread": float(spread[at, k]) if k < len(surfaces) else 0.0}
            for at in range(ALONG) for k, name in enumerate(names)
        ]  # fmt: skip
    return rows, swing


def _whole_spread(found: _Chances, groups: int, size: int) -> Floats:
    """Return the standard deviation within groups of points: the surfaces' error and the differences of points."""
    mean, error = found.mean.reshape(groups, size, -1), found.spread.reshape(groups, size, -1)
    return np.asarray(np.sqrt(mean.var(axis=1) + (error**2).mean(axis=1)), float)


def _cells(
    surfaces: Sequence[Emulator], names: Sequence[str], chosen: Sequence[str], behind: Floats,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the cells of the map, first axis slowest."""
    known = {axis.name: (index, axis) for index, axis in enumerate(axes())}
    levels = [(np.arange(n) + 0.5) / n for n in (CELLS, CELLS, LEVELS)]
    places = list(product(*levels))
    shares = np.tile(behind, (len(places), 1))
    for name, column in zip(chosen, zip(*places, strict=True), strict=True):
        shares[:, known[name][0]] = np.repeat(column, len(behind))
    found = _compare(surfaces, shares, rng)
    size = (len(places), len(behind), -1)
    leads, works = found.leads.reshape(size).mean(axis=1), found.works.reshape(size).mean(axis=1)
    mean, spread = found.mean.reshape(size).mean(axis=1), _whole_spread(found, len(places), len(behind))
    policies = names[: len(surfaces)]
    return [
        {
            "place": {name: float(known[name][1].value(share)) for name, share in zip(chosen, place, strict=True)},
            "leader": names[int(leads[i].argmax())] if leads[i].max() >= LEADS else None,
            "favourite": names[int(leads[i].argmax())],
            "leads": dict(zip(names, map(float, leads[i]), strict=True)),
            "works": dict(zip(policies, map(float, works[i]), strict=True)),
            "effect": dict(zip(policies, map(float, mean[i]), strict=True)),
            "spread": dict(zip(policies, map(float, spread[i]), strict=True)),
        }
        for i, place in enumerate(places)
    ]


def _box(holds: NDArray[np.bool_], chosen: Sequence[str]) -> Box | None:
    """Return the largest box of cells, each axis whole or cut once, in which something holds in every cell."""
    known = {axis.name: axis for axis in axes()}
    cuts = [[slice(0, n), *(slice(0, c) for c in range(1, n)), *(slice(c, n) for c in range(1, n))]
            for n in holds.shape]  # fmt: skip
    best: tuple[int, Any] = (0, None)
    for box in product(*cuts):
        inside = holds[box]
        if inside.size > best[0] and inside.all():
            best = (inside.size, box)
    if best[1] is None:
        return None
    bounds = {name: _bounds(known[name], cut, n)
              for name, cut, n in zip(chosen, best[1], holds.shape, strict=True)}  # fmt: skip
    return Box(bounds, best[0] / holds.size)


def _bounds(axis: Axis, cut: slice, count: int) -> tuple[float | None, float | None]:
    low = float(axis.value(cut.start / count)) if cut.start > 0 else None
    return low, float(axis.value(cut.stop / count)) if cut.stop < count else None


def _overall(effects: Effects, names: Sequence[str], led: Floats, everywhere: _Chances) -> dict[str, dict[str, float]]:
    """Return means over all conditions and how much of the map each leads."""
    out = {}
    for k, name in enumerate(names):
        row = {"leads": float(everywhere.leads[:, k].mean()), "map_led": float((led[:, k] >= LEADS).mean())}
        if k < len(effects.policies):
            there = effects.effect[np.isfinite(effects.effect[:, k]), k]
            row |= {"effect": float(there.mean()), "se": float(there.std(ddof=1) / np.sqrt(there.size)),
                    "conditions": float(there.size), "works": float(everywhere.works[:, k].mean())}  # fmt: skip
        out[name] = row
    return out


def _check(effects: Effects, surfaces: Sequence[Emulator], rng: np.random.Generator) -> dict[str, float]:
    """Return how sure the surfaces were of their favourite in conditions left out, and how often it did lead.

    The runs' own noise is added to what the surfaces say, since what the favourite is held against has it.
    """
    there = np.isfinite(effects.effect)
    whole = there.all(axis=1)
    left = np.full((2, *effects.effect.shape), np.nan)
    for k, surface in enumerate(surfaces):
        left[:, there[:, k], k] = surface.left_out
    noise = np.array([surface.noise for surface in surfaces])
    found = _chances(left[0][whole], np.sqrt(left[1][whole] ** 2 + noise**2), rng)
    actual = np.column_stack([effects.effect[whole], np.zeros(int(whole.sum()))])
    favourite = found.leads.argmax(axis=1)
    rows = np.arange(len(favourite))
    return {"conditions": float(whole.sum()), "said": float(found.leads[rows, favourite].mean()),
            "led": float((actual.argmax(axis=1) == favourite).mean())}  # fmt: skip
