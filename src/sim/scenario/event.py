"""One entry of ``events:`` in a file: what happens from outside, when and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sim.scenario.entry import AIM_KEYS, ALL_ZONES, aim_errors, own_keys, unknown_keys, unknown_name
from sim.scenario.errors import ScenarioError
from sim.scenario.explain import validate
from sim.scenario.scenario import EventEntry, Year
from sim.scenario.vocabulary import Vocabulary
from sim.scenario.yaml_nodes import Node, to_data

_CODES = frozenset({"event", *AIM_KEYS})


class EventKeys(BaseModel):
    """The keys every event takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: Annotated[str, Field(description="Name of the event")]
    year: Annotated[Year, Field(description="The year in whose first quarter it happens")]
    industries: Annotated[list[str] | None, Field(description="Industry codes")] = None
    target: Annotated[str | None, Field(description="strongest_family or the name of a family")] = None
    zones: Annotated[list[str] | str | None, Field(description="Municipality codes, or all")] = None


@dataclass
class EventDraft:
    """A checked event."""

    file: str
    node: Node
    path: str
    keys: EventKeys
    options: dict[str, Any]

    def finished(self) -> EventEntry:
        """Return the event in a scenario."""
        keys, zones = self.keys, self.keys.zones
        return EventEntry(
            event=keys.event,
            year=keys.year,
            industries=tuple(keys.industries) if keys.industries is not None else None,
            target=keys.target,
            zones=(ALL_ZONES,) if isinstance(zones, str) else tuple(zones) if zones is not None else None,
            options=self.options,
        )


def check_event(
    node: Node, file: str, path: str, vocabulary: Vocabulary, region: str | None
) -> tuple[EventDraft | None, list[ScenarioError]]:
    """Check one event; arguments as in ``check_entry``."""
    if node.kind != "mapping":
        allowed = "a mapping with event, year, …"
        return None, [ScenarioError(file, node.line, node.column, path, "wrong_type", node.found(), allowed)]
    named = node.get("event")
    kind = vocabulary.events.get(named.text) if named and named.kind == "scalar" else None
    data = to_data(node, _CODES)
    keys, errors = validate(EventKeys, {k: v for k, v in data.items() if k in EventKeys.model_fields}, node, file, path)
    errors = unknown_name(errors, node, "event", file, path, tuple(vocabulary.events), kind is not None)
    errors += unknown_keys(node, file, path, EventKeys, vocabulary.events, kind)
    errors += aim_errors(node, file, path, vocabulary, kind, region)
    filled: dict[str, Any] = {}
    if kind is not None:
        chosen = {key: value for key, value in to_data(node).items() if key in own_keys(kind)}
        model, found = validate(kind.Options, chosen, node, file, path)
        errors += found
        filled = model.model_dump(mode="json") if model is not None else {}
    if keys is None or errors:
        return None, errors
    return EventDraft(file, node, path, keys, filled), []
