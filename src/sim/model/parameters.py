"""Parameters: every value with unit, range, source and evidence grade, read from parameters.yaml.

Kernels take plain float arrays made by ``Parameters.pack(names)``; each kernel file states the order
of its own names. ODD section 7.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

#: The mechanisms that can be switched off one by one. Off makes the term exactly zero.
SWITCHES: dict[str, str] = {
    "M1": "own-industry spillover",
    "M2": "labour pooling",
    "M3": "suppliers",
    "M4": "cooperation and broker",
    "M4b": "joint market access",
    "M5": "rivalry",
    "M6": "entry and spinoffs",
    "M7": "anchors",
    "M8": "congestion",
    "M8a": "convergence and lock-in",
    "M9": "related variety",
}
#: Joint market access is the least founded term and is off unless a scenario asks for it.
OFF_BY_DEFAULT = frozenset({"M4b"})


@dataclass(frozen=True)
class Parameter:
    """One value with what is known about it."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    grade: str  # published, official, calibrated or judgement
    use: str  # free, fixed or prior
    symbol: str
    label: str
    source: str


@cache
def parameter_table() -> dict[str, Parameter]:
    """Return every parameter by name, in the order of parameters.yaml."""
    text = files("sim.model").joinpath("parameters.yaml").read_text(encoding="utf-8")
    rows = YAML(typ="safe", pure=True).load(text)
    return {
        name: Parameter(name=name, **{**row, **{k: float(row[k]) for k in ("value", "low", "high")}})
        for name, row in rows.items()
    }


@dataclass(frozen=True)
class Parameters:
    """The values and switches of one run."""

    values: Mapping[str, float]
    switches: Mapping[str, bool]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def on(self, switch: str) -> float:
        """Return 1.0 when a mechanism is on and 0.0 when it is off."""
        return 1.0 if self.switches[switch] else 0.0

    def pack(self, names: Iterable[str]) -> NDArray[np.float64]:
        """Return the named values f8[len(names)]; a name such as ``M1`` gives its switch."""
        return np.array([self.on(n) if n in SWITCHES else self.values[n] for n in names])

    @cached_property
    def identity(self) -> str:
        """Return the SHA-256 of all values and switches."""
        content = json.dumps([dict(sorted(self.values.items())), dict(sorted(self.switches.items()))])
        return hashlib.sha256(content.encode()).hexdigest()


def make_parameters(
    values: Mapping[str, float] | None = None, switches: Mapping[str, bool] | None = None
) -> Parameters:
    """Return the default parameters with the given values and switches replaced.

    Raises:
        KeyError: a name that is not a parameter or a switch.
        ValueError: a value outside its range.
    """
    table = parameter_table()
    merged = {name: row.value for name, row in table.items()}
    for name, value in (values or {}).items():
        row = table[name]
        if not row.low <= value <= row.high:
            raise ValueError(f"{name}: {value} is outside [{row.low}, {row.high}] {row.unit}")
        merged[name] = float(value)
    chosen = {name: name not in OFF_BY_DEFAULT for name in SWITCHES}
    for name, state in (switches or {}).items():
        if name not in chosen:
            raise KeyError(name)
        chosen[name] = bool(state)
    return Parameters(merged, chosen)
