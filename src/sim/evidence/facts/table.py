"""Accepted bands and rows: what the model gives, what is published, and whether it passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from sim.region import Region

#: Two-sided 95 % of a normal.
_WIDE = 1.96


@dataclass(frozen=True)
class Fact:
    """One row: what the model gives, what is published, and whether it passes."""

    id: str
    region: str
    label: str
    unit: str
    simulated: float
    se: float  # standard error over the seeds
    published: float  # 1 or -1 in rows that ask for a sign only
    low: float
    high: float
    passed: bool
    source: str
    definition: str = ""
    rule: str = "band"  # band, sign or zero
    recalled: bool = False  # the published figure is from memory
    reason: str = ""  # why a row that fails does so, as far as is known


@cache
def bands() -> Mapping[str, Mapping[str, Any]]:
    """Return the accepted bands by fact."""
    return dict(_yaml("bands.yaml"))


@cache
def reasons() -> Mapping[str, str]:
    """Return what is known about why rows fail."""
    return dict(_yaml("facts/reasons.yaml"))


def _yaml(*path: str) -> Any:
    text = files("sim.evidence").joinpath(*path[0].split("/")).read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)


def rows_for(region: Region) -> list[str]:
    """Return the rows a region is held to: made-up regions only to rows that name them."""
    return [name for name, band in bands().items() if _applies(band, region)]


def _applies(band: Mapping[str, Any], region: Region) -> bool:
    only = band.get("only")
    return region.name in only if only else not region.fictional


def judge(name: str, region: Region, values: NDArray[np.float64]) -> Fact:
    """Return the row of a statistic from its values by seed; values that do not exist are left out."""
    band, there = bands()[name], values[np.isfinite(values)]
    mean = float(there.mean()) if there.size else float("nan")
    se = float(there.std(ddof=1) / np.sqrt(there.size)) if there.size > 1 else float("nan")
    rule = str(band.get("rule", "band"))
    passed = passes(rule, mean, se, float(band["low"]), float(band["high"]))
    return Fact(
        name, region.name, str(band["label"]), str(band["unit"]), mean, se, float(band["published"]),
        float(band["low"]), float(band["high"]), passed, str(band["source"]), str(band["definition"]), rule,
        bool(band.get("recalled", False)), "" if passed else reasons().get(name, ""),
    )  # fmt: skip


def passes(rule: str, mean: float, se: float, low: float, high: float) -> bool:
    """Tell whether a statistic passes.

    Args:
        rule: ``band``: the mean lies in the band. ``sign``: it also differs from zero at 5 %.
            ``zero``: it does not differ from zero at 5 %.

    Raises:
        ValueError: the rule is not one of these.
    """
    if rule == "zero":
        return bool(abs(mean) <= _WIDE * se)
    inside = bool(low <= mean <= high)
    if rule == "sign":
        return inside and bool(abs(mean) > _WIDE * se)
    if rule != "band":
        raise ValueError(f"unknown rule {rule!r} of a fact; allowed: band, sign, zero")
    return inside
