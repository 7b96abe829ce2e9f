"""Scenario files as text: a commented one to start from, and any scenario written back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.scenario.entry import aims_of
from sim.scenario.explain import allowed_by, schema_of
from sim.scenario.scenario import STRONGEST_FAMILY, Scenario
from sim.scenario.vocabulary import Vocabulary
from sim.scenario.yaml_nodes import scalar

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.events import Event
    from sim.instruments.instrument import Instrument

_HEAD = """\
# Et scenario: ett alternativ, sagt som det som skiller det fra basisen.
# A scenario: one alternative, told as what differs from its base.
# Sjekk med / check with: sim check FILE      Kjør med / run with: sim run FILE

# name: mitt-scenario  # filnavnet når det utelates / the file's name if left out
title:  # vises på skjerm og i rapporter / shown on screen and in reports
  nb: Mitt scenario
  en: My scenario
description:  # én setning / one sentence
  nb: Et første forsøk.
  en: A first attempt.

based_on: baseline  # basisen / the base
"""
_INSTRUMENTS = """\
# budget: millioner kroner i året / NOK million a year
# start_year, stop_year: første og siste år med penger; år 1 er det første simulerte
#                        first and last year with money; year 1 is the first simulated
# industries: [koder / codes]
# target: strongest_family eller en familie / or a family: {families}
# zones: [kommunenumre / municipality codes] eller / or all
instruments:
"""
_EVENTS = """\

# Hendelser utenfra, like med og uten virkemidler / external events, the same with and without instruments
# year: første år de merkes / first year they are felt
events:
"""
_TAIL = """\

# Verdier som avviker fra modellens (sim schema viser alle) / values that differ from the model's
parameters:
{parameters}
# Mekanismer av (false) eller på (true) / mechanisms off (false) or on (true)
switches:
{switches}"""


def template(vocabulary: Vocabulary, region: str | None = None, instrument: str | None = None) -> str:
    """Return a commented scenario file that can be read and run as it is.

    Parameters
    ----------
    vocabulary : Vocabulary
        What the file may say.
    region : str, optional
        The region to run in; the first one if left out.
    instrument : str, optional
        The instrument in use; the first one if left out. The others stand as comments.

    Raises
    ------
    LookupError
        If there is no such region or instrument.
    """
    if region is not None and region not in vocabulary.regions:
        raise LookupError(f"no region {region!r}; there is {', '.join(vocabulary.regions)}")
    if instrument is not None and instrument not in vocabulary.instruments:
        raise LookupError(f"no instrument {instrument!r}; there is {', '.join(vocabulary.instruments)}")
    region = region or next(iter(vocabulary.regions), None)
    used = instrument or next(iter(vocabulary.instruments), None)
    lines = [_HEAD.rstrip("\n")]
    if region is not None:
        lines.append(f"region: {_scalar(region)}  # {' | '.join(vocabulary.regions[:8])}")
    lines.append("years: 15  # hvor lenge / how long: 1-20\n")
    lines.append(_INSTRUMENTS.format(families=", ".join(vocabulary.families)).rstrip("\n"))
    if used is None:
        lines[-1] += " []"
    for name in sorted(vocabulary.instruments, key=lambda each: each != used):
        entry = _entry(name, vocabulary.instruments[name])
        lines += entry if name == used else ["", *(f"# {line}" for line in entry)]
    if vocabulary.events:
        lines.append(_EVENTS.rstrip("\n"))
    for name, kind in vocabulary.events.items():
        lines += [f"# {line}" for line in _event_entry(name, kind)]
    parameters = [
        f"  # {name}: {low:g}  # {low:g} – {high:g} {unit}".removesuffix(" -")
        for name, (low, high, unit) in list(vocabulary.parameters.items())[:3]
    ]
    switches = [f"  # {name}: false" for name in vocabulary.switches]
    tail = _TAIL.format(parameters="".join(f"{line}\n" for line in parameters), switches="\n".join(switches))
    return "\n".join(lines) + "\n" + tail.rstrip("\n") + "\n"


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario as YAML, complete and without a base; it reads back with the same identity."""
    return "".join(f"{line}\n" for line in _mapping(scenario.as_mapping(), ""))


def _entry(name: str, instrument: type[Instrument]) -> list[str]:
    titles = getattr(instrument, "title", {})
    title = " / ".join(str(titles[language]) for language in ("nb", "en") if language in titles)
    lines = [f"  - instrument: {_scalar(name)}" + (f"  # {_comment(title)}" if title else "")]
    lines.append("    budget: 10")
    lines.append("    start_year: 2")
    lines.append("    stop_year: 11")
    aims = aims_of(instrument)
    if "target" in aims:
        # An instrument that says how many groups its money is for is made to be aimed; others serve all.
        aimed = f"target: {STRONGEST_FAMILY}"
        own = "groups_wanted" in vars(instrument)
        lines.append(f"    {aimed}" if own else f"    # {aimed}  # utelatt: alle næringer / left out: every industry")
    elif "zones" in aims:
        lines.append("    zones: all")
    return lines + _options(instrument.Options)


def _event_entry(name: str, kind: type[Event]) -> list[str]:
    lines = [f"  - event: {_scalar(name)}  # {_comment(' / '.join(kind.title[each] for each in ('nb', 'en')))}"]
    lines.append("    year: 5")
    return lines + _options(kind.Options)


def _options(kind: type[BaseModel]) -> list[str]:
    """Return the keys of an instrument's or event's own with their defaults and what they mean."""
    lines = []
    schema = schema_of(kind)
    for key, option in schema.get("properties", {}).items():
        option = _referred(option, schema)
        value = option["default"] if "default" in option else _sample(option)
        allowed = allowed_by(option)
        words = " | ".join(allowed) if isinstance(allowed, tuple) else allowed or ""
        note = " – ".join(part for part in (words, str(option.get("description", ""))) if part)
        lines.append(f"    {_scalar(key)}: {_flow(value)}" + (f"  # {_comment(note)}" if note else ""))
    return lines


def _sample(option: Mapping[str, Any]) -> Any:
    """Return some value that an option without a default may have."""
    if option.get("enum") or "const" in option:
        return option["enum"][0] if option.get("enum") else option["const"]
    if "anyOf" in option:
        return _sample(option["anyOf"][0])
    low = option.get("minimum", option.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in option))
    samples = {"integer": low, "number": low, "boolean": False, "array": [], "object": {}}
    return samples.get(str(option.get("type")), "")


def _referred(option: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    name = str(option.get("$ref", "")).rsplit("/", 1)[-1]
    return {**schema.get("$defs", {}).get(name, {}), **option}


def _mapping(values: Mapping[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            lines += [f"{indent}{_scalar(key)}:", *_mapping(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines.append(f"{indent}{_scalar(key)}:")
            for item in value:
                first, *rest = _mapping(item, indent + "    ")
                lines += [f"{indent}  - {first.strip()}", *rest]
        else:
            lines.append(f"{indent}{_scalar(key)}: {_flow(value)}")
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return _scalar(value) if isinstance(value, str) else json.dumps(value)


def _scalar(text: str) -> str:
    """Return a text plain where that is safe, else in double quotes."""
    safe = text.replace("_", "").replace("-", "").replace(" ", "").isalnum() and text.strip() == text
    safe = safe and not text.startswith("-") and isinstance(scalar(text, True), str)
    return text if safe else _quoted(text)


def _quoted(text: str) -> str:
    # A JSON text is a YAML text in double quotes.
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return " ".join(text.split())
