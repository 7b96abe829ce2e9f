"""From region, scenario and seed to a model ready to run: the only place that knows all rooms below it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from sim.events import EVENTS, Event, Happening
from sim.experiment.reference import reference_path
from sim.instruments import Instrument, Use, catalogue
from sim.model import (
    SWITCHES,
    Institute,
    Parameters,
    Reference,
    RegionModel,
    make_parameters,
    parameter_table,
)
from sim.model.panel import Panel
from sim.organisations import Organisation
from sim.region import Region, SyntheticFirms, load_region, region_names, synthesise
from sim.scenario import EventEntry, InstrumentEntry, Scenario, Vocabulary
from sim.scenario.targets import family_ranking, resolve_targets


@cache
def vocabulary() -> Vocabulary:
    """Return every word a scenario file may use with the built-in regions and instruments."""
    ranges = {name: (row.low, row.high, row.unit) for name, row in parameter_table().items()}
    return Vocabulary.of(map(load_region, region_names()), catalogue(), ranges, SWITCHES, EVENTS)


def scenario_parameters(scenario: Scenario, drawn: Mapping[str, float] | None = None) -> Parameters:
    """Return the parameters and switches of a scenario; its own values win over drawn ones."""
    return make_parameters({**(drawn or {}), **scenario.parameters}, scenario.switches)


_FIRMS: dict[str, SyntheticFirms] = {}


def region_firms(region: Region) -> SyntheticFirms:
    """Return the synthetic firms of a region, made once per process."""
    identity = region.identity
    if identity not in _FIRMS:
        _FIRMS[identity] = synthesise(region)
    return _FIRMS[identity]


def scenario_reference(
    region: Region, scenario: Scenario, progress: Any = None, drawn: Mapping[str, float] | None = None
) -> Reference:
    """Return the reference path of a region under a scenario's parameters and switches, or a draw of them."""
    return reference_path(region, region_firms(region), scenario_parameters(scenario, drawn), progress)


def build_model(
    region: Region,
    scenario: Scenario,
    seed: int,
    *,
    reference: Reference | None = None,
    parameters: Parameters | None = None,
    rules: Mapping[str, str] | None = None,
    panel: bool = False,
) -> RegionModel:
    """Return a model ready to run.

    Args:
        reference: solved and kept by content when not given.
        parameters: the scenario's own when not given.
        panel: keep every firm in every quarter in ``model.panel``.
        rules: kind of organisation -> ``own`` or ``accept_all``; ``own`` where nothing is said.

    Raises:
        LookupError: the scenario aims at a family or zone the region does not have.
    """
    chosen = parameters or scenario_parameters(scenario)
    path = reference or reference_path(region, region_firms(region), chosen)
    uses = [_use(region, entry) for entry in scenario.instruments if entry.budget > 0]
    instruments = [catalogue_cached()[use.instrument](use) for use in uses]

    def organisations(model: RegionModel) -> list[Organisation]:
        return [
            organisation
            for instrument in instruments
            for organisation in instrument.organisations(model, (rules or {}).get(instrument.name, "own"))
        ]

    model = RegionModel(region, region_firms(region), chosen, path, seed, _institutes(region), organisations,
                        [_event(region, entry) for entry in scenario.events])  # fmt: skip
    model.panel = Panel() if panel else None
    model.resolved = {
        f"{index}:{use.instrument}": {
            "industries": [[region.industries.codes[s] for s in group] for group in use.groups],
            "zones": [region.zones[z] for z in use.zones],
        }
        for index, use in enumerate(uses)
    }
    return model


@lru_cache(maxsize=1)
def catalogue_cached() -> dict[str, type[Instrument]]:
    """Return the catalogue of instruments, found once per process."""
    return catalogue()


def _use(region: Region, entry: InstrumentEntry) -> Use:
    instrument = catalogue_cached()[entry.instrument]
    options = instrument.Options(**entry.options)
    codes = {code: index for index, code in enumerate(region.industries.codes)}
    return Use(
        instrument=entry.instrument,
        budget=entry.budget,
        start_quarter=entry.start_quarter,
        stop_quarter=entry.stop_quarter,
        groups=tuple(tuple(codes[code] for code in group) for group in _groups(region, entry, instrument, options)),
        zones=_zones(region, entry.instrument, entry.zones),
        options=options,
    )


def _event(region: Region, entry: EventEntry) -> Event:
    kind = EVENTS[entry.event]
    aimed = resolve_targets(entry, family_ranking(region)).resolved or ()
    industries = tuple(region.industries.codes.index(code) for code in aimed)
    zones = _zones(region, entry.event, entry.zones)
    return kind(Happening(entry.event, entry.quarter, industries, zones, kind.Options(**entry.options)))


def _zones(region: Region, name: str, wanted: tuple[str, ...] | None) -> tuple[int, ...]:
    """Return the zones named by their codes; empty = all."""
    codes = [code for code in wanted or () if code != "all"]
    unknown = [code for code in codes if code not in region.zones]
    if unknown:
        raise LookupError(f"{name}: {region.name} has no municipality {', '.join(unknown)}")
    return tuple(region.zones.index(code) for code in codes)


def _groups(
    region: Region, entry: InstrumentEntry, instrument: type[Instrument], options: Any
) -> list[tuple[str, ...]]:
    """Return the groups of industries an entry is aimed at, one per cluster when aimed at the strongest."""
    ranking = family_ranking(region)
    if entry.target == "strongest_family":
        count = instrument.groups_wanted(entry.budget, options)
        return [tuple(codes) for _, codes in ranking[:count]]
    aimed = resolve_targets(entry, ranking).resolved
    return [tuple(aimed)] if aimed else []


def _institutes(region: Region) -> list[Institute]:
    """Return the R&D institute within reach: its knowledge lies at the mean of the tradable industries."""
    table = region.industries
    weight = table.export_share / table.export_share.sum()
    place = weight @ table.position
    return [Institute((float(place[0]), float(place[1]), float(place[2])), 0.6, 0.0 * weight)]
