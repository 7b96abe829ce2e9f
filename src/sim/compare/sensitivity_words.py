"""What a sensitivity study says, in sentences made from its rows by rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.model import parameter_table
from sim.texts import keys, number, signed, text

#: A parameter with at least this share of the variation is told of by itself.
MATTERS = 0.05
#: An emulator that explains less than this on points it has not seen is said to be weak.
WEAK = 0.5


def parameter_label(name: str, language: str) -> str:
    """Return what a parameter is called: its words where the language has them, and its symbol."""
    row = parameter_table()[name]
    words = text(f"parameter.{name}", language) if f"parameter.{name}" in keys(language) else row.label
    return words if row.symbol == "-" else f"{words} ({row.symbol})"


def parameter_value(name: str, value: float | None, language: str) -> str:
    """Return a value of a parameter with two digits of its range and its unit."""
    row = parameter_table()[name]
    if value is None:
        return "–"
    if 0 < row.high < 1e-3:
        return f"{number(1e6 * value, 1, language)}·10⁻⁶"
    decimals = next(d for d in range(6) if 10.0**-d <= (row.high - row.low) / 20.0 or d == 5)
    unit = "" if row.unit in ("-", "share", "ratio", "0-1") else f" {row.unit}"
    return number(value, decimals, language) + unit


def sensitivity_sentences(told: Mapping[str, Any], language: str) -> list[str]:
    """Return sentences: what each answer hangs on, which conclusions flip at which value, how good the emulator is.

    Args:
        told: what ``sim sensitivity --json`` gives.
    """
    titles, lines = told["titles"][language], []
    for row in told["contrasts"]:
        lines.append(_answer(row, titles, told, language))
        lines.append(_hangs_on(row["contrast"], told, language))
        lines += _flips(row["contrast"], told, language)
    errors = [row for row in told["emulators"] if not row["r2"] >= WEAK]
    if errors:
        named = "; ".join(contrast_words(row["contrast"], titles, language) for row in errors)
        lines.append(text("sensitivity.weak", language, named=named, limit=number(WEAK, 1, language)))
    return lines


def contrast_words(contrast: Sequence[str], titles: Mapping[str, str], language: str) -> str:
    """Return a contrast in words."""
    return text("sensitivity.against", language, a=titles[contrast[0]], b=titles[contrast[1]])


def _answer(row: Mapping[str, Any], titles: Mapping[str, str], told: Mapping[str, Any], language: str) -> str:
    study = told["study"]
    key = "unsure" if row["sure"] < 0.9 else ("more" if row["default"] > 0 else "fewer")
    decimals = study["decimals"]
    return text(f"sensitivity.{key}", language, contrast=contrast_words(row["contrast"], titles, language),
                mean=signed(row["default"], decimals, language), low=signed(row["default_low"], decimals, language),
                high=signed(row["default_high"], decimals, language), unit=study["units"][language],
                share=f"{number(100 * row['share_above'], 0, language)} %")  # fmt: skip


def _hangs_on(contrast: Sequence[str], told: Mapping[str, Any], language: str) -> str:
    rows = [row for row in told["sobol"] if row["contrast"] == contrast and row["total"] >= MATTERS][:3]
    if not rows:
        return text("sensitivity.nothing", language)
    parts = [
        f"{parameter_label(row['parameter'], language)} {number(100 * row['total'], 0, language)} % "
        f"({number(100 * row['total_low'], 0, language)}–{number(100 * row['total_high'], 0, language)})"
        for row in rows
    ]
    return text("sensitivity.hangs_on", language, parts="; ".join(parts))


def _flips(contrast: Sequence[str], told: Mapping[str, Any], language: str) -> list[str]:
    rows = [row for row in told["flips"] if row["contrast"] == contrast]
    turned = [row for row in rows if row["verdict"] == "flips"]
    lines = [
        text("sensitivity.flips", language, what=parameter_label(row["parameter"], language),
             **{key: parameter_value(row["parameter"], row[key], language)
                for key in ("value", "value_low", "value_high", "default", "low", "high")})
        for row in turned
    ]  # fmt: skip
    steady = sum(row["verdict"] == "does_not_flip" for row in rows)
    unsure = len(rows) - steady - len(turned)
    lines.append(text("sensitivity.steady", language, steady=steady, unsure=unsure, count=len(rows)))
    return lines
