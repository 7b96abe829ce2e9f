"""One scenario file on its own: every key checked, before its base is laid under it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sim.scenario.entry import EntryDraft, check_entry
from sim.scenario.errors import MAX_ERRORS, ScenarioError, nearest
from sim.scenario.event import EventDraft, check_event
from sim.scenario.explain import allowed_by, nearest_value, validate
from sim.scenario.scenario import Slug, Words, Year
from sim.scenario.vocabulary import Vocabulary
from sim.scenario.yaml_nodes import Node, not_finite, parse, scalar, to_data

#: Keys whose values are names or codes: 3107 and 0301 stay as they are written.
CODES = frozenset({"name", "based_on", "region", "instrument", "event", "industries", "target", "zones"})


class FileKeys(BaseModel):
    """The keys of a scenario file. All may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[Slug | None, Field(description="Name; the file's name if left out")] = None
    title: Annotated[Words | None, Field(description="Title on screen and in reports")] = None
    description: Annotated[Words | None, Field(description="A sentence on what the scenario is")] = None
    based_on: Annotated[str | None, Field(description="Name or relative file of another scenario")] = None
    region: Annotated[str | None, Field(description="Region to run in when none is asked for")] = None
    years: Annotated[Year | None, Field(description="Length of a run in years")] = None
    instruments: Annotated[list[Any] | None, Field(description="Replaces the instruments of the base")] = None
    events: Annotated[list[Any] | None, Field(description="Replaces the events of the base")] = None
    parameters: Annotated[dict[str, Any] | None, Field(description="Values that differ from the model's")] = None
    switches: Annotated[dict[str, Any] | None, Field(description="Mechanisms turned on or off")] = None


@dataclass
class Draft:
    """What one file says. ``instruments`` and ``events`` are None when the file has none of its own."""

    file: str
    root: Node
    keys: FileKeys
    instruments: list[EntryDraft] | None = None
    events: list[EventDraft] | None = None
    parameters: dict[str, float] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)

    def place(self, key: str) -> tuple[int, int]:
        """Return line and column of the value of a top-level key, or of the file's start."""
        node = self.root.get(key) or self.root
        return node.line, node.column


def read_draft(text: str, file: str, vocabulary: Vocabulary) -> tuple[Draft | None, list[ScenarioError]]:
    """Check the text of one file. The draft is None only when there is no mapping to read."""
    root, errors = parse(text, file)
    if root is None:
        return None, errors
    if root.kind != "mapping":
        empty = root.kind == "scalar" and root.plain and scalar(root.text, True) is None
        kind = "empty" if empty else "wrong_type"
        allowed = "a mapping of keys such as title, based_on and instruments"
        errors.append(ScenarioError(file, root.line, root.column, "", kind, root.found(), allowed))
        return None, errors
    for path, node in not_finite(root, CODES):
        errors.append(ScenarioError(file, node.line, node.column, path, "not_finite", node.found()))
        node.plain = False  # a text from here on
    draft, found = _check(root, file, vocabulary)
    told = {(error.line, error.column) for error in errors}
    return draft, errors + [error for error in found if (error.line, error.column) not in told]


def slug(text: str) -> str:
    """Return a text as a scenario name: lower-case a-z, digits and hyphens."""
    text = text.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:64].strip("-") or "scenario"


def _check(root: Node, file: str, vocabulary: Vocabulary) -> tuple[Draft, list[ScenarioError]]:
    data = {key: value for key, value in to_data(root, CODES).items() if value is not None}
    keys, errors = validate(FileKeys, data, root, file)
    if keys is None:  # go on with the keys that are right, so that their values are checked too
        wrong = {re.split(r"[.\[]", error.key)[0] for error in errors}
        sound = {key: data[key] for key in FileKeys.model_fields if key in data and key not in wrong}
        keys, _ = validate(FileKeys, sound, root, file)
    errors = [_with_slug(error, root) for error in errors]
    draft = Draft(file, root, keys or FileKeys())
    known, place = draft.keys.region, root.get("region")
    if known is not None and place is not None and known not in vocabulary.regions:
        match = nearest(known, vocabulary.regions)
        errors.append(_error(draft, place, "region", "not_allowed", vocabulary.regions, match))
        known = None
    entries = root.get("instruments")
    if entries is not None and entries.kind == "list":
        draft.instruments = []
        for index, node in enumerate(entries.items):
            if len(errors) > MAX_ERRORS:
                break
            entry, found = check_entry(node, file, f"instruments[{index}]", vocabulary, known)
            errors += found
            if entry is not None:
                draft.instruments.append(entry)
    happenings = root.get("events")
    if happenings is not None and happenings.kind == "list":
        draft.events = []
        for index, node in enumerate(happenings.items):
            if len(errors) > MAX_ERRORS:
                break
            event, found = check_event(node, file, f"events[{index}]", vocabulary, known)
            errors += found
            if event is not None:
                draft.events.append(event)
    errors += _parameters(draft, vocabulary)
    errors += _switches(draft, vocabulary)
    return draft, errors


def _with_slug(error: ScenarioError, root: Node) -> ScenarioError:
    node = root.get("name")
    if error.key != "name" or node is None or error.kind != "not_allowed":
        return error
    allowed = "lower-case letters a-z, digits and hyphens, at most 64"
    return ScenarioError(
        error.file, error.line, error.column, "name", "not_allowed", node.found(), allowed, slug(node.text)
    )


def _table(draft: Draft, key: str, allowed: tuple[str, ...]) -> tuple[list[tuple[str, Node]], list[ScenarioError]]:
    """Return the known names of a mapping with their values, and errors for the unknown."""
    table = draft.root.get(key)
    if table is None or table.kind != "mapping":
        return [], []
    known: list[tuple[str, Node]] = []
    errors: list[ScenarioError] = []
    for name, value in table.pairs:
        if len(errors) > MAX_ERRORS:
            break
        if name.text in allowed:
            known.append((name.text, value))
        else:
            path, match = f"{key}.{name.found()}", nearest(name.text, allowed)
            errors.append(_error(draft, name, path, "unknown_key", allowed, match))
    return known, errors


def _parameters(draft: Draft, vocabulary: Vocabulary) -> list[ScenarioError]:
    known, errors = _table(draft, "parameters", tuple(vocabulary.parameters))
    for name, node in known:
        low, high, unit = vocabulary.parameters[name]
        value = to_data(node)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and low <= value <= high:
            draft.parameters[name] = float(value)
            continue
        allowed = str(allowed_by({"type": "number", "minimum": low, "maximum": high}))
        allowed += f" {unit}" if unit not in ("", "-") else ""
        kind = "out_of_range" if number else "wrong_type"
        match = nearest_value(node.text, allowed, "number")
        errors.append(_error(draft, node, f"parameters.{name}", kind, allowed, match))
    return errors


def _switches(draft: Draft, vocabulary: Vocabulary) -> list[ScenarioError]:
    known, errors = _table(draft, "switches", vocabulary.switches)
    for name, node in known:
        value = to_data(node)
        if isinstance(value, bool):
            draft.switches[name] = value
            continue
        allowed = ("true", "false")
        match = nearest_value(node.text, allowed, "boolean")
        errors.append(_error(draft, node, f"switches.{name}", "wrong_type", allowed, match))
    return errors


def _error(
    draft: Draft, node: Node, key: str, kind: str, allowed: str | tuple[str, ...], match: str | None
) -> ScenarioError:
    return ScenarioError(draft.file, node.line, node.column, key, kind, node.found(), allowed, match)
