"""One entry of ``instruments:`` in a file, checked against the instrument's own keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sim.scenario.errors import MAX_ERRORS, ScenarioError, nearest
from sim.scenario.explain import schema_of, validate
from sim.scenario.scenario import (
    ALL_ZONES,
    DEFAULT_START_YEAR,
    DEFAULT_STOP_YEAR,
    STRONGEST_FAMILY,
    Budget,
    InstrumentEntry,
    Year,
)
from sim.scenario.vocabulary import Vocabulary
from sim.scenario.yaml_nodes import Node, to_data

if TYPE_CHECKING:
    from sim.events import Event
    from sim.instruments.instrument import Instrument

    Kind = Instrument | Event

_CODES = frozenset({"instrument", "industries", "target", "zones"})
AIM_KEYS = ("industries", "target", "zones")


class EntryKeys(BaseModel):
    """The keys every instrument takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instrument: Annotated[str, Field(description="Name of the instrument")]
    budget: Annotated[Budget, Field(description="MNOK a year, gross")]
    start_year: Annotated[Year, Field(description="First year with money")] = DEFAULT_START_YEAR
    stop_year: Annotated[Year | None, Field(description="Last year with money; 11 if left out")] = None
    industries: Annotated[list[str] | None, Field(description="Industry codes, in order of priority")] = None
    target: Annotated[str | None, Field(description="strongest_family or the name of a family")] = None
    zones: Annotated[list[str] | str | None, Field(description="Municipality codes, or all")] = None


@dataclass
class EntryDraft:
    """A checked entry; ``stop_year`` may still be None, since it depends on the scenario's length."""

    file: str
    node: Node
    path: str
    keys: EntryKeys
    options: dict[str, Any]

    def finished(self, years: int) -> InstrumentEntry:
        """Return the entry in a scenario of some years."""
        keys, zones = self.keys, self.keys.zones
        stop = keys.stop_year if keys.stop_year is not None else min(DEFAULT_STOP_YEAR, years)
        return InstrumentEntry(
            instrument=keys.instrument,
            budget=keys.budget,
            start_year=keys.start_year,
            stop_year=stop,
            industries=tuple(keys.industries) if keys.industries is not None else None,
            target=keys.target,
            zones=(ALL_ZONES,) if isinstance(zones, str) else tuple(zones) if zones is not None else None,
            options=self.options,
        )


def aims_of(kind: type[Kind]) -> tuple[str, ...]:
    """Return which of industries, target and zones an instrument or event takes."""
    targets = str(getattr(kind, "targets", ""))
    return tuple(aim for aim in AIM_KEYS if ("zones" if aim == "zones" else "industries") in targets)


def own_keys(kind: type[Kind]) -> tuple[str, ...]:
    """Return the own keys of an instrument or event in a file."""
    return tuple(schema_of(kind.Options).get("properties", kind.Options.model_fields))


def check_entry(
    node: Node, file: str, path: str, vocabulary: Vocabulary, region: str | None
) -> tuple[EntryDraft | None, list[ScenarioError]]:
    """Check one entry.

    Parameters
    ----------
    node : Node
        The entry.
    file, path : str
        The file's name and the entry's key, for errors.
    vocabulary : Vocabulary
        What is allowed.
    region : str or None
        The file's own region, whose municipalities come first in messages.
    """
    if node.kind != "mapping":
        allowed = "a mapping with instrument, budget, …"
        return None, [ScenarioError(file, node.line, node.column, path, "wrong_type", node.found(), allowed)]
    names = tuple(vocabulary.instruments)
    named = node.get("instrument")
    instrument = vocabulary.instruments.get(named.text) if named and named.kind == "scalar" else None
    own = {key: value for key, value in to_data(node, _CODES).items() if key in EntryKeys.model_fields}
    options = {key: value for key, value in to_data(node).items() if key not in EntryKeys.model_fields}
    keys, errors = validate(EntryKeys, own, node, file, path)
    errors = unknown_name(errors, node, "instrument", file, path, names, instrument is not None)
    errors += unknown_keys(node, file, path, EntryKeys, vocabulary.instruments, instrument)
    errors += aim_errors(node, file, path, vocabulary, instrument, region)
    filled: dict[str, Any] = {}
    if instrument is not None:
        known = own_keys(instrument)
        chosen = {key: value for key, value in options.items() if key in known}
        model, found = validate(instrument.Options, chosen, node, file, path)
        errors += found
        filled = model.model_dump(mode="json") if model is not None else {}
    if keys is not None:
        errors += _years(keys, node, file, path)
    if keys is None or errors:
        return None, errors
    return EntryDraft(file, node, path, keys, filled), []


def _years(keys: EntryKeys, node: Node, file: str, path: str) -> list[ScenarioError]:
    if keys.stop_year is not None and keys.stop_year < keys.start_year:
        allowed = f"{keys.start_year} or later"
        return [_at(_value(node, "stop_year"), file, f"{path}.stop_year", "years_reversed", allowed)]
    if keys.stop_year is None and keys.start_year > DEFAULT_STOP_YEAR:
        allowed = f"{DEFAULT_STOP_YEAR} or earlier, or a stop_year"
        return [_at(_value(node, "start_year"), file, f"{path}.start_year", "years_reversed", allowed)]
    return []


def unknown_name(
    errors: list[ScenarioError], node: Node, key: str, file: str, path: str, names: tuple[str, ...], known: bool
) -> list[ScenarioError]:
    """Return the errors with what is allowed for the key that names the instrument or event."""
    named = node.get(key)
    if named is not None and named.kind == "scalar" and not known:
        errors = [error for error in errors if error.key != f"{path}.{key}"]
        errors.append(_not_allowed(named, file, f"{path}.{key}", names))
    return [_with_names(error, f"{path}.{key}", names) for error in errors]


def unknown_keys(
    node: Node,
    file: str,
    path: str,
    shared: type[BaseModel],
    kinds: Mapping[str, type[Kind]],
    kind: type[Kind] | None,
) -> list[ScenarioError]:
    """Report keys that neither all (``shared``) nor this kind takes (any kind, if this is unknown)."""
    candidates = [kind] if kind is not None else list(kinds.values())
    own = [key for key in shared.model_fields if key not in AIM_KEYS or kind is None]
    own += [aim for aim in AIM_KEYS if kind is not None and aim in aims_of(kind)]
    allowed = tuple(dict.fromkeys([*own, *(key for each in candidates for key in own_keys(each))]))
    errors: list[ScenarioError] = []
    for key in node.keys().values():
        if len(errors) > MAX_ERRORS:
            break
        if key.text not in allowed and key.text not in shared.model_fields:
            where = f"{path}.{key.found()}"
            errors.append(_at(key, file, where, "unknown_key", allowed, nearest(key.text, allowed)))
    return errors


def aim_errors(
    node: Node,
    file: str,
    path: str,
    vocabulary: Vocabulary,
    kind: type[Kind] | None,
    region: str | None,
) -> list[ScenarioError]:
    """Report what is wrong with industries, target and zones."""
    errors: list[ScenarioError] = []
    taken = aims_of(kind) if kind is not None else AIM_KEYS
    keys = node.keys()
    given = [aim for aim in keys if aim in AIM_KEYS and to_data(_value(node, aim)) is not None]
    for aim in given:
        key = keys[aim]
        if aim not in taken:
            errors.append(_at(key, file, f"{path}.{aim}", "wrong_target", taken or None))
        elif aim != next(each for each in given if each in taken):
            errors.append(_at(key, file, f"{path}.{aim}", "two_targets"))
    if "industries" in given:
        place = _value(node, "industries")
        errors += _codes(place, file, f"{path}.industries", vocabulary.industries)
    if "target" in given and (place := _value(node, "target")).kind == "scalar":
        words = (STRONGEST_FAMILY, *vocabulary.families)
        if place.text not in words:
            errors.append(_not_allowed(place, file, f"{path}.target", words))
    if "zones" in given:
        place = _value(node, "zones")
        zones = vocabulary.zones_of(region)
        if place.kind == "scalar" and place.text != ALL_ZONES:
            errors.append(_not_allowed(place, file, f"{path}.zones", (ALL_ZONES, *zones)))
        errors += _codes(place, file, f"{path}.zones", zones, vocabulary.zones_of(None))
    return errors


def _codes(
    place: Node, file: str, path: str, allowed: tuple[str, ...], elsewhere: tuple[str, ...] = ()
) -> list[ScenarioError]:
    """Check a list of codes: at least one, none unknown, none twice."""
    if place.kind != "list":
        return []
    if not place.items:
        return [_at(place, file, path, "not_allowed", allowed)]
    errors: list[ScenarioError] = []
    seen: set[str] = set()
    known = frozenset(allowed)
    for index, item in enumerate(place.items):
        where = f"{path}[{index}]"
        if len(errors) > MAX_ERRORS:
            break
        if item.kind != "scalar" or to_data(item) is None:
            continue  # reported by type
        if item.text in seen:
            errors.append(_at(item, file, where, "repeated"))
        elif item.text not in known:
            kind = "not_in_region" if item.text in elsewhere else "not_allowed"
            errors.append(_at(item, file, where, kind, allowed, nearest(item.text, allowed)))
        seen.add(item.text)
    return errors


def _with_names(error: ScenarioError, path: str, names: Iterable[str]) -> ScenarioError:
    """Say which names there are when the key ``path`` is missing or of a wrong type."""
    if error.key != path:
        return error
    return ScenarioError(
        error.file, error.line, error.column, error.key, error.kind, error.found, tuple(names), error.nearest
    )


def _value(node: Node, key: str) -> Node:
    return node.get(key) or node


def _not_allowed(node: Node, file: str, path: str, allowed: tuple[str, ...]) -> ScenarioError:
    return _at(node, file, path, "not_allowed", allowed, nearest(node.text, allowed))


def _at(
    node: Node,
    file: str,
    path: str,
    kind: str,
    allowed: str | tuple[str, ...] | None = None,
    match: str | None = None,
) -> ScenarioError:
    return ScenarioError(file, node.line, node.column, path, kind, node.found(), allowed, match)
