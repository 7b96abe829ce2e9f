"""The reference path: drift and entry per industry that keep the region flat without any policy.

Solved by a fixed point for (region, parameters, switches) and kept by content: a path never serves
other inputs than those it was solved for. ODD section 9.4.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import platformdirs

from sim.experiment.shipped import shipped_paths
from sim.experiment.whole import read_json, write_text
from sim.model import Parameters, Reference, RegionModel, make_parameters
from sim.model.outside import Event
from sim.region import Region, SyntheticFirms

#: Rounds of the fixed point, seeds in each round and quarters of each run.
ROUNDS, SEEDS, QUARTERS = 7, 10, 60
#: The same for other parameters and switches than the default ones, which start from the default path.
NEAR_ROUNDS, NEAR_SEEDS = 4, 6
_FIRST_SEED = 1_000_001
#: Paths this process has used, by cache folder and identity.
_KNOWN: dict[tuple[str, str], Reference] = {}


class ReferenceError(ValueError):
    """A stored reference path does not match its inputs."""


@cache
def code_identity(*rooms: str) -> str:
    """Return the SHA-256 of elementary functions, chance and the given rooms (all that move results by default)."""
    digest = hashlib.sha256()
    root = files("sim")
    for name in ("elementary.py", "random_numbers.py"):
        digest.update(name.encode() + root.joinpath(name).read_bytes().replace(b"\r\n", b"\n"))
    for room in rooms or ("region", "model", "organisations", "instruments", "events"):
        for entry in sorted(root.joinpath(room).iterdir(), key=lambda e: e.name):
            if entry.name.endswith((".py", ".yaml")):
                digest.update(entry.name.encode() + entry.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def reference_identity(region: Region, parameters: Parameters) -> str:
    """Return the SHA-256 of what the reference path rests on."""
    parts = (path_key(region, parameters), code_identity("region", "model"))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def path_key(region: Region, parameters: Parameters) -> str:
    """Return what names a path among those of one version of the code."""
    solver = str((ROUNDS, SEEDS, QUARTERS, NEAR_ROUNDS, NEAR_SEEDS))
    parts = (region.identity, parameters.identity, solver)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def reference_path(
    region: Region,
    firms: SyntheticFirms,
    parameters: Parameters,
    progress: Callable[[int, int], None] | None = None,
) -> Reference:
    """Return the reference path, from the store when it was solved before.

    Args:
        progress: called with (rounds done, rounds in all) while solving.
    """
    identity = reference_identity(region, parameters)
    known = str(cache_folder()), identity
    if remembered := _KNOWN.get(known):
        return remembered
    found = _load(identity) or _shipped(region, parameters, identity)
    if found is None:
        usual = make_parameters()
        near = None if parameters == usual else reference_path(region, firms, usual, progress)
        found = solve(region, firms, parameters, identity, progress, near)
        _store(found)
    if len(_KNOWN) > 1000:
        _KNOWN.clear()
    return _KNOWN.setdefault(known, found)


def stored_reference(region: Region, parameters: Parameters) -> bool:
    """Tell whether a reference path is on file."""
    identity = reference_identity(region, parameters)
    return (_load(identity) or _shipped(region, parameters, identity)) is not None


def solve(
    region: Region,
    firms: SyntheticFirms,
    parameters: Parameters,
    identity: str = "",
    progress: Callable[[int, int], None] | None = None,
    near: Reference | None = None,
    growth: np.ndarray | float = 0.0,
    events: Sequence[Event] = (),
    rounds: int | None = None,
    seeds: int | None = None,
) -> Reference:
    """Solve the fixed point: move drift and entry against the trend of jobs and firms per industry.

    Args:
        near: a path to start from; fewer rounds and seeds are then enough.
        growth: trend of private jobs and firms f8[S] to aim at, log per quarter; flat when left out.
        events: what happens from outside along the path.
        rounds, seeds: of the fixed point, where fewer than usual are enough.
    """
    count = len(region.industries.codes)
    export = region.industries.export_share
    usual = (ROUNDS, SEEDS) if near is None else (NEAR_ROUNDS, NEAR_SEEDS)
    rounds, seeds = rounds or usual[0], seeds or usual[1]
    drift = np.zeros(count) if near is None else near.drift
    entry = np.full(count, parameters["entry_rate"]) if near is None else near.entry
    for done in range(rounds):
        if progress:
            progress(done, rounds)
        jobs = np.zeros((QUARTERS, count))
        number = np.zeros((QUARTERS, count))
        for seed in range(_FIRST_SEED, _FIRST_SEED + seeds):
            model = RegionModel(region, firms, parameters, Reference(drift, entry), seed, events=events).run(QUARTERS)
            jobs += _by_industry(model, "private_jobs")
            number += _by_industry(model, "firms")
        damping = 0.8 if done < rounds - 2 else 0.5
        drift = drift - damping * (_slope(jobs) - growth) / (export + 0.6 * (1.0 - export))
        entry = entry * np.exp(np.clip(-20.0 * (_slope(number) - growth), -0.3, 0.3))
    if progress:
        progress(rounds, rounds)
    return Reference(drift, entry, identity)


def _by_industry(model: RegionModel, name: str) -> np.ndarray:
    data = np.array(model.recorder.quarters[name])
    return data.reshape(len(data), model.zones, model.industries).sum(axis=1)


def _slope(series: np.ndarray) -> np.ndarray:
    """Return the trend of the log of each column per quarter, 0 where a column is empty."""
    full = series.min(axis=0) > 0
    logs = np.log(np.where(full, series, 1.0))
    time = np.arange(len(series)) - (len(series) - 1) / 2.0
    return (time[:, None] * logs).sum(axis=0) / (time**2).sum()


def cache_folder() -> Path:
    """Return the folder that what can be computed again is kept in; ``KLYNGELAB_CACHE`` changes it."""
    chosen = os.environ.get("KLYNGELAB_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("klyngelab", appauthor=False))


def _folder() -> Path:
    return cache_folder() / "reference"


def _load(identity: str) -> Reference | None:
    path = _folder() / f"{identity}.json"
    row = read_json(path)
    if row is None:
        return None
    if row.get("identity") != identity:
        raise ReferenceError(f"the stored reference path {path.name} was solved for other inputs; delete it")
    return Reference(np.array(row["drift"]), np.array(row["entry"]), identity)


def _shipped(region: Region, parameters: Parameters, identity: str) -> Reference | None:
    """Return a path that ships with this version of the code."""
    from sim.experiment.identity import still_holds  # needs the rooms that need this one

    held = shipped_paths(region.name)
    row = held["paths"].get(path_key(region, parameters))
    if row is None or not still_holds(held, "region", "model"):
        return None
    return Reference(np.array(row["drift"]), np.array(row["entry"]), identity)


def _store(reference: Reference) -> None:
    """Keep a path; a folder that cannot be written only costs time."""
    content = {"identity": reference.identity, "drift": list(reference.drift), "entry": list(reference.entry)}
    with suppress(OSError):
        write_text(_folder() / f"{reference.identity}.json", json.dumps(content))
