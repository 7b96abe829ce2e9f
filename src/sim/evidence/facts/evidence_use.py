"""What each row of docs/evidence.csv is used for, so that none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from sim.evidence.facts.table import bands

#: Ways a row that is no fact can be used.
USES = ("input", "evaluation", "unusable")
_ID = re.compile(r"\b[ABCFIL]\d\d\b")


@dataclass(frozen=True)
class Use:
    """What a row of evidence is used for: ``fact`` and which ones, or one of ``USES`` and why."""

    use: str
    why: str


@cache
def evidence_use() -> Mapping[str, Use]:
    """Return the use of every row of evidence by id.

    Raises:
        ValueError: a row has an unknown use, or is listed although it is the source of a fact.
    """
    found: dict[str, list[str]] = {}
    for name, band in bands().items():
        for row in _ID.findall(str(band["source"])):
            found.setdefault(row, []).append(name)
    out = {row: Use("fact", ", ".join(names)) for row, names in found.items()}
    text = files("sim.evidence").joinpath("facts", "evidence_use.yaml").read_text(encoding="utf-8")
    for row, said in YAML(typ="safe", pure=True).load(text).items():
        if said["use"] not in USES:
            raise ValueError(f"evidence_use.yaml: {row}: unknown use {said['use']!r}; allowed: {', '.join(USES)}")
        if row in out:
            raise ValueError(f"evidence_use.yaml: {row} is the source of {out[row].why}; take it off the list")
        out[row] = Use(said["use"], str(said["why"]))
    return out
