"""Short ways to run the tiny region in tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from sim.instruments import Use, catalogue
from sim.model import Institute, Parameters, Reference, RegionModel, make_parameters
from sim.region.region import Region, SyntheticFirms
from tests.tiny import tiny_firms, tiny_region

#: A flat-enough path for the tiny region; tests that need an exact one solve it.
DRIFT = np.array([0.0019, -0.0009, 0.0039, 0.0057])
ENTRY = np.array([0.0202, 0.0160, 0.0210, 0.0252])


@cache
def town(scale: float = 2.0) -> tuple[Region, SyntheticFirms]:
    """Return the tiny region and its firms."""
    region = tiny_region(scale)
    return region, tiny_firms(region)


def use(name: str, budget: float = 10.0, groups: Any = (), start: int = 4, stop: int = 44, **options: Any) -> Use:
    """Return one instrument as a scenario would resolve it."""
    return Use(name, budget, start, stop, groups, (), catalogue()[name].Options(**options))


def model(
    *uses: Use,
    seed: int = 1,
    scale: float = 2.0,
    switches: Mapping[str, bool] | None = None,
    values: Mapping[str, float] | None = None,
    rule: str = "own",
    parameters: Parameters | None = None,
    place: tuple[Region, SyntheticFirms] | None = None,
    reference: Reference | None = None,
) -> RegionModel:
    """Return a model of the tiny region with the given instruments."""
    region, firms = place or town(scale)
    chosen = parameters or make_parameters(values, switches)
    instruments = [catalogue()[u.instrument](u) for u in uses]
    return RegionModel(
        region, firms, chosen, reference or Reference(DRIFT, ENTRY), seed,
        [Institute((0.0, 0.0, 0.0), 0.6, np.zeros(len(region.industries.codes)))],
        lambda m: [o for i in instruments for o in i.organisations(m, rule)],
    )  # fmt: skip


def state(m: RegionModel) -> dict[str, np.ndarray]:
    """Return every array of the economy, without the books of the programmes."""
    arrays = dict(m.firms.arrays())
    people = m.population
    arrays |= {"wage": m.wage, "flow": m.flow, "persons": people.persons, "price": people.house_price}
    arrays |= {"homes": people.dwellings, "unemployment": people.unemployment}
    return arrays


def digest(m: RegionModel) -> str:
    """Return the SHA-256 of the economy's state."""
    out = hashlib.sha256()
    for name, array in sorted(state(m).items()):
        out.update(name.encode() + np.ascontiguousarray(array).tobytes())
    return out.hexdigest()


def same(a: RegionModel, b: RegionModel) -> bool:
    """Tell whether two economies are equal bit for bit."""
    return digest(a) == digest(b)


def series(m: RegionModel, name: str) -> np.ndarray:
    """Return the yearly levels of an indicator for the whole region."""
    rows = m.outcomes()
    keep = [
        value
        for indicator, zone, family, value in zip(
            rows["indicator"], rows["zone"], rows["family"], rows["value"], strict=True
        )
        if (indicator, zone, family) == (name, "all", "all")
    ]
    return np.array(keep)
