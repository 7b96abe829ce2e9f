"""The canonical industry list, its crosswalk from NACE and its national figures."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from sim.region.region import Floats, Industries

_QUANTITIES = ("value_added", "wage", "export_share", "consumption_share", "public_share", "rd_share",
               "rd_intensity", "emissions")  # fmt: skip


def _read(name: str) -> list[dict[str, str]]:
    text = files("sim.region").joinpath("industries", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _divisions(text: str) -> Iterator[int]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def frozen(array: Floats) -> Floats:
    """Return an array that cannot be written to."""
    array.setflags(write=False)
    return array


@cache
def canonical_industries() -> Industries:
    """Return the built-in industry list; national figures are judgements and say so."""
    rows = _read("industries.csv")
    codes = tuple(row["code"] for row in rows)
    place = {code: k for k, code in enumerate(codes)}
    figures = pd.DataFrame(_read("figures.csv")).astype({"value": float, "year": int})
    value = figures.pivot(index="industry", columns="quantity", values="value").loc[list(codes)]
    inputs = np.zeros((len(codes), len(codes)))
    for row in _read("inputs.csv"):
        inputs[place[row["user"]], place[row["supplier"]]] = float(row["share"])
    positions = {row["industry"]: [float(row[axis]) for axis in "xyz"] for row in _read("positions.csv")}
    columns = {name: frozen(value[name].to_numpy(float).copy()) for name in _QUANTITIES}
    return Industries(
        codes=codes,
        labels={language: tuple(row[language] for row in rows) for language in ("nb", "en")},
        divisions=tuple(tuple(_divisions(row["divisions"])) for row in rows),
        family=tuple(row["family"] for row in rows),
        family_labels={row["family"]: {"nb": row["nb"], "en": row["en"]} for row in _read("families.csv")},
        price_year=2022,
        skill=frozen(value[["skill_basic", "skill_vocational", "skill_higher"]].to_numpy(float).copy()),
        inputs=frozen(inputs),
        position=frozen(np.array([positions[code] for code in codes])),
        figures=figures,
        **columns,
    )


def wanted_distances() -> Floats:
    """Return the stylised distances between industries f8[S, S] that the positions are made from."""
    place = {code: k for k, code in enumerate(canonical_industries().codes)}
    out = np.zeros((len(place), len(place)))
    for row in _read("distances.csv"):
        a, b = place[row["industry"]], place[row["other"]]
        out[a, b] = out[b, a] = float(row["distance"])
    return out


def nace_to_industry(division: int) -> str:
    """Return the canonical code of a two-digit NACE rev. 2 (SN2007) division; 0 means unspecified.

    Raises:
        KeyError: no industry holds the division.
    """
    table = canonical_industries()
    for code, divisions in zip(table.codes, table.divisions, strict=True):
        if division in divisions:
            return code
    raise KeyError(f"no industry holds division {division:02d}; divisions are 01 to 99")
