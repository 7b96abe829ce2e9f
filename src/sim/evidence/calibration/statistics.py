"""What one set of parameters gives: a path of its own, a baseline, a plant that opens, a cluster programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence.facts.baseline_run import statistics_of
from sim.evidence.facts.experiments import TRADABLE, _Opening, _plant
from sim.evidence.facts.observation import observe
from sim.experiment import baseline, build_model
from sim.experiment.build import region_firms
from sim.experiment.reference import reference_path, solve
from sim.model import Parameters, Reference, RegionModel, make_parameters
from sim.region import Region
from sim.scenario import InstrumentEntry, Scenario

#: Years of the baseline of a design point; quarters of the run with the programme; quarters to the member effect.
YEARS, PROGRAMME, HORIZON = 10, 28, 12
#: The plant: quarter it opens, quarters over which what it did is averaged, fewest tradable jobs it is divided by.
OPENS, SEEN, FEWEST = 3, slice(20, 40), 40.0
#: Rounds and seeds of the short path, begun from the region's own; drift is part of what comes back.
ROUNDS, SEEDS = 3, 2


@dataclass(frozen=True)
class Cluster:
    """The programme whose members are looked at, as in the row ``member_jobs`` of the facts."""

    budget: float = 10.0
    level: str = "nce"


def short_path(region: Region, parameters: Parameters) -> Reference:
    """Return a reference path good enough for statistics: a few runs on from the region's own path."""
    near = usual_path(region)
    return solve(region, region_firms(region), parameters, near=near, rounds=ROUNDS, seeds=SEEDS)


def usual_path(region: Region) -> Reference:
    """Return the region's own reference path, solved when it is not on file."""
    return reference_path(region, region_firms(region), make_parameters())


def point_statistics(region: Region, values: Mapping[str, float], seed: int) -> dict[str, float]:
    """Return every statistic one set of parameters gives with one seed, by the names in ``bands.yaml``.

    ``member_jobs`` and ``member_turnover`` are what membership truly did: the change of members less that of the same
    firms in the twin world without the programme. The published figures are shrunk for selection before they are
    calibrated to, so it is a belief about the true effect that the true effect is held against.
    """
    parameters = make_parameters(values)
    path = short_path(region, parameters)
    plain = build_model(region, baseline(YEARS), seed, reference=path, parameters=parameters, panel=True)
    found = statistics_of(observe(plain, 4 * YEARS))
    found["multiplier"] = _multiplier(region, seed, path, parameters, plain)
    programme = build_model(region, _programme(Cluster()), seed, reference=path, parameters=parameters, panel=True)
    programme.run(PROGRAMME)
    return found | _members(programme, plain)


def _multiplier(region: Region, seed: int, path: Reference, parameters: Parameters, plain: RegionModel) -> float:
    """Return local jobs per tradable job after a plant has opened, mean of years 6 to 10.

    The plant is that of the facts; the mean is over five years, since luck drowns one quarter of one pair of runs.
    """
    plant = build_model(region, baseline(YEARS), seed, reference=path, parameters=parameters)
    for quarter in range(4 * YEARS):
        plant.organisations = [_Opening(plant, _plant(region, seed))] if quarter == OPENS else []  # type: ignore[list-item]
        plant.step()
    traded = region.industries.export_share >= TRADABLE
    change = _private(plant) - _private(plain)
    return float(change[~traded].sum() / max(change[traded].sum(), FEWEST))


def _private(model: RegionModel) -> NDArray[np.float64]:
    """Return private jobs by industry over the quarters that are looked at f8[S]."""
    data = np.array(model.recorder.quarters["private_jobs"][SEEN])
    return np.asarray(data.reshape(-1, model.zones, model.industries).mean(axis=0).sum(axis=0))


def _programme(cluster: Cluster) -> Scenario:
    entry = InstrumentEntry(instrument="cluster_programme", budget=cluster.budget, start_year=2, stop_year=7,
                            target="strongest_family", options={"level": cluster.level})  # fmt: skip
    return baseline(YEARS).model_copy(update={"name": "members", "instruments": (entry,)})


def _members(programme: RegionModel, plain: RegionModel) -> dict[str, float]:
    """Return what membership did to jobs and turnover after three years, % points, survivors of both worlds."""
    there, twin = (_quarters(model) for model in (programme, plain))
    first: dict[int, int] = {}
    for quarter, part in enumerate(there):
        for firm in part["firm"][part["cluster"] > 0]:
            first.setdefault(int(firm), quarter)
    joined = np.array(sorted(first), np.int64)
    begun = np.array([first[int(firm)] for firm in joined], np.int64)
    gaps: dict[str, list[NDArray[np.float64]]] = {"jobs": [], "turnover": []}
    for quarter in np.unique(begun[begun + HORIZON < PROGRAMME]):
        firms = joined[begun == quarter]
        for outcome, found in gaps.items():
            grown = [_change(world, firms, outcome, int(quarter)) for world in (there, twin)]
            found.append(grown[0] - grown[1])
    return {f"member_{outcome}": 100.0 * _mean(found) for outcome, found in gaps.items()}


def _quarters(model: RegionModel) -> list[dict[str, NDArray[np.float64]]]:
    assert model.panel is not None
    return [dict(part) for part in model.panel.parts[:PROGRAMME]]


def _change(
    world: list[dict[str, NDArray[np.float64]]], firms: NDArray[np.int64], outcome: str, quarter: int
) -> NDArray[np.float64]:
    """Return log change from the quarter before joining to the horizon; not a number for firms not there at both."""
    logs = []
    for when in (quarter - 1, quarter + HORIZON):
        ids, values = world[when]["firm"], world[when][outcome]
        at = np.minimum(np.searchsorted(ids, firms), len(ids) - 1)
        logs.append(np.where((ids[at] == firms) & (values[at] > 0.0), np.log(np.maximum(values[at], 1e-9)), np.nan))
    return np.asarray(logs[1] - logs[0])


def _mean(parts: list[NDArray[np.float64]]) -> float:
    every = np.concatenate(parts) if parts else np.zeros(0)
    return float(np.nanmean(every)) if np.isfinite(every).any() else float("nan")
