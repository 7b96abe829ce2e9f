"""The JSON Schema of scenario files, for completion and checks in editors."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.scenario.draft import FileKeys
from sim.scenario.entry import EntryKeys, aims_of
from sim.scenario.event import EventKeys
from sim.scenario.explain import schema_of
from sim.scenario.scenario import ALL_ZONES, STRONGEST_FAMILY
from sim.scenario.vocabulary import Vocabulary

if TYPE_CHECKING:
    from sim.events import Event
    from sim.instruments.instrument import Instrument

    Kind = Instrument | Event

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    Each instrument is a branch of its own with its own keys, told apart by ``instrument``. What spans
    several keys or files (bases, years against the length, zones against the region) is left to ``sim
    check``.
    """
    file = copy.deepcopy(schema_of(FileKeys))
    definitions: dict[str, Any] = file.pop("$defs", {})
    properties: dict[str, Any] = file["properties"]
    properties["region"] = _or_null(_words(vocabulary.regions), properties["region"])
    branches = []
    for name, instrument in vocabulary.instruments.items():
        definitions[f"instrument_{name}"] = _entry(name, instrument, vocabulary, definitions)
        branches.append({"$ref": f"#/$defs/instrument_{name}"})
    entries = {"type": "array", "items": {"oneOf": branches} if branches else False}
    properties["instruments"] = _or_null(entries, properties["instruments"])
    happenings = []
    for name, event in vocabulary.events.items():
        definitions[f"event_{name}"] = _entry(name, event, vocabulary, definitions, "event")
        happenings.append({"$ref": f"#/$defs/event_{name}"})
    items = {"type": "array", "items": {"oneOf": happenings} if happenings else False}
    properties["events"] = _or_null(items, properties["events"])
    properties["parameters"] = _or_null(
        _table(
            {
                name: {"type": "number", "minimum": low, "maximum": high, "description": unit}
                for name, (low, high, unit) in vocabulary.parameters.items()
            }
        ),
        properties["parameters"],
    )
    switches = _table({name: {"type": "boolean"} for name in vocabulary.switches})
    properties["switches"] = _or_null(switches, properties["switches"])
    return {
        "$schema": _DIALECT,
        "title": "Klyngelab scenario",
        "description": "A scenario file: one alternative, told as what differs from its base.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }


def _entry(
    name: str, kind: type[Kind], vocabulary: Vocabulary, definitions: dict[str, Any], key: str = "instrument"
) -> dict[str, Any]:
    """Return the branch of one instrument or event, told apart by ``key``."""
    own = copy.deepcopy(schema_of(EntryKeys if key == "instrument" else EventKeys))["properties"]
    industries = {"type": "array", "items": _codes(vocabulary.industries), **_SET}
    zones = {"type": "array", "items": _codes(vocabulary.zones_of(None)), **_SET}
    aims = {
        "industries": _or_null(industries, own["industries"]),
        "target": _or_null(_words((STRONGEST_FAMILY, *vocabulary.families)), own["target"]),
        "zones": {**own["zones"], "anyOf": [zones, {"const": ALL_ZONES}, {"type": "null"}]},
    }
    taken = aims_of(kind)
    options, inner = _prefixed(copy.deepcopy(schema_of(kind.Options)), name)
    definitions.update(inner)
    times = {name: own[name] for name in ("budget", "start_year", "stop_year", "year") if name in own}
    if "stop_year" in times:
        times["stop_year"] = {name: value for name, value in own["stop_year"].items() if name != "default"}
    properties = {
        key: {"const": name, "description": _sentence(kind)},
        **times,
        **{aim: aims[aim] for aim in taken},
        **options.get("properties", {}),
    }
    branch: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": [key, "budget" if key == "instrument" else "year", *options.get("required", [])],
        "properties": properties,
    }
    if len(taken) > 1:
        pairs = [(one, other) for i, one in enumerate(taken) for other in taken[i + 1 :]]
        branch["allOf"] = [{"not": {"required": list(pair)}} for pair in pairs]
    return branch


_SET: dict[str, Any] = {"minItems": 1, "uniqueItems": True}


def _codes(codes: Iterable[str]) -> dict[str, Any]:
    """Allow a code as text and, where YAML reads it as one, as a number."""
    words: list[str | int] = list(codes)
    return {"enum": [*words, *(int(code) for code in words if str(code).isdecimal() and str(int(code)) == code)]}


def _words(words: Iterable[str]) -> dict[str, Any]:
    listed = list(words)
    return {"type": "string", "enum": listed} if listed else {"type": "string"}


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _or_null(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that allows a key without a value, with the description the key has."""
    return {"anyOf": [schema, {"type": "null"}], "description": described.get("description", "")}


def _sentence(kind: type[Kind]) -> str:
    summary = getattr(kind, "summary", {})
    return " / ".join(str(summary[language]) for language in ("nb", "en") if language in summary)


def _prefixed(schema: dict[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a schema and its definitions, renamed so that instruments cannot collide."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: f"#/$defs/{name}_{str(inner).rsplit('/', 1)[-1]}" if key == "$ref" else renamed(inner)
                for key, inner in value.items()
            }
        return [renamed(inner) for inner in value] if isinstance(value, list) else value

    definitions = schema.pop("$defs", {})
    return renamed(schema), {f"{name}_{key}": renamed(value) for key, value in definitions.items()}
