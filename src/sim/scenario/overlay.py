"""A scenario file laid over its base.

``name``, ``title`` and ``description`` are a file's own. ``region`` and ``years`` come from the file, else
from its base. ``parameters`` and ``switches`` are merged name by name and the file wins. ``instruments``
replaces the whole list of the base; a file without that key keeps the base's list, and
``instruments: []`` empties it. ``events`` does the same with the events of the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.scenario.draft import Draft
from sim.scenario.entry import EntryDraft
from sim.scenario.errors import ScenarioError, nearest
from sim.scenario.event import EventDraft
from sim.scenario.scenario import DEFAULT_YEARS
from sim.scenario.vocabulary import Vocabulary
from sim.scenario.yaml_nodes import Node


@dataclass
class Layers:
    """Everything a file and its bases say, the file's own on top."""

    region: str | None = None
    years: int = DEFAULT_YEARS
    instruments: list[EntryDraft] = field(default_factory=list)
    events: list[EventDraft] = field(default_factory=list)
    parameters: dict[str, float] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)


def overlay(drafts: Sequence[Draft]) -> Layers:
    """Return the drafts laid over each other, the first at the bottom."""
    layers = Layers()
    for draft in drafts:
        layers.region = draft.keys.region if draft.keys.region is not None else layers.region
        layers.years = draft.keys.years if draft.keys.years is not None else layers.years
        layers.instruments = draft.instruments if draft.instruments is not None else layers.instruments
        layers.events = draft.events if draft.events is not None else layers.events
        layers.parameters |= draft.parameters
        layers.switches |= draft.switches
    return layers


def check_together(draft: Draft, layers: Layers, vocabulary: Vocabulary) -> list[ScenarioError]:
    """Check what only shows with the base in place: years within the run, zones within the region.

    An error in an entry that came from a base is told at the key of ``draft`` that does not fit it.
    """
    errors: list[ScenarioError] = []
    zones = vocabulary.zones_of(layers.region)
    timed: list[tuple[EntryDraft | EventDraft, bool, dict[str, int | None]]] = [
        (e, draft.instruments is None, {"start_year": e.keys.start_year, "stop_year": e.keys.stop_year})
        for e in layers.instruments
    ]
    timed += [(event, draft.events is None, {"year": event.keys.year}) for event in layers.events]
    for entry, inherited, years in timed:
        for key, year in years.items():
            if year is not None and year > layers.years:
                place = _place(draft, "years") if inherited else entry.node.get(key) or entry.node
                path = "years" if inherited else f"{entry.path}.{key}"
                allowed = f"at most {layers.years}"
                errors.append(_error(draft, place, path, "after_end", f"{key} {year}", allowed))
        given = entry.node.get("zones")
        for index, item in enumerate(given.items if given is not None else []):
            if item.text not in zones:
                place = _place(draft, "region") if inherited else item
                path = "region" if inherited else f"{entry.path}.zones[{index}]"
                match = nearest(item.text, zones)
                errors.append(_error(draft, place, path, "not_in_region", item.found(), zones, match))
    return errors


def _place(draft: Draft, key: str) -> Node:
    return draft.root.get(key) or draft.root


def _error(
    draft: Draft,
    place: Node,
    path: str,
    kind: str,
    found: str,
    allowed: str | tuple[str, ...],
    match: str | None = None,
) -> ScenarioError:
    return ScenarioError(draft.file, place.line, place.column, path, kind, found, allowed, match)
