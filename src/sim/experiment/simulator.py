"""The model as a plain function, which calibration and sensitivity libraries plug into without adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.experiment.build import build_model, scenario_parameters, scenario_reference, vocabulary
from sim.experiment.worlds import baseline
from sim.model import parameter_table
from sim.region import load_region
from sim.scenario import Scenario, read_scenarios

Simulator = Callable[[Sequence[float], int, int], NDArray[np.float64]]


def bounds(names: Sequence[str]) -> list[tuple[float, float]]:
    """Return the range of each parameter."""
    return [(parameter_table()[name].low, parameter_table()[name].high) for name in names]


def simulator(
    region: str, scenario: str | Scenario | None = None, *, parameters: Sequence[str],
    indicators: Sequence[str] = ("jobs",), own_reference: bool = True,
) -> Simulator:  # fmt: skip
    """Return ``f(parameters, quarters, seed) -> array`` f8[years, indicators] of yearly levels of the whole region.

    Args:
        region: name or folder. scenario: built-in name, file or object; the baseline when None.
        parameters: names of the values in the order they are given to the function.
        own_reference: solve the reference path of each set of values (seconds each, kept by content); with
            False the path of the defaults serves all, and levels may drift.
    """
    place = load_region(region)
    chosen = _scenario(scenario)
    usual = scenario_reference(place, chosen)
    names = list(parameters)

    def simulate(values: Sequence[float] | Mapping[str, float], quarters: int, seed: int) -> NDArray[np.float64]:
        given = dict(values) if isinstance(values, Mapping) else dict(zip(names, map(float, values), strict=True))
        path = scenario_reference(place, chosen, drawn=given) if own_reference else usual
        model = build_model(place, chosen, seed, reference=path, parameters=scenario_parameters(chosen, given))
        rows = model.run(quarters).outcomes()
        series = {name: [] for name in indicators}  # type: dict[str, list[float]]
        for name, zone, family, value in zip(*[rows[k] for k in ("indicator", "zone", "family", "value")], strict=True):
            if name in series and zone == family == "all":
                series[name].append(value)
        return np.array([series[name] for name in indicators]).T

    return simulate


def _scenario(scenario: str | Scenario | None) -> Scenario:
    if scenario is None:
        return baseline(20)
    return scenario if isinstance(scenario, Scenario) else read_scenarios([scenario], vocabulary())[0]
