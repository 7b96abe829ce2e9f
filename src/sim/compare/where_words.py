"""What a map of conditions says, in sentences made from its numbers by rules; no policy has sentences of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.texts import number, signed, text

#: How values of an axis are shown: factor, decimals, unit.
SHOWN: dict[str, tuple[float, int, str]] = {
    "core_jobs": (1, 0, ""), "related": (100, 0, " %"), "distance": (1, 2, ""), "anchor_will": (1, 2, ""),
    "anchor_ability": (1, 2, ""), "unemployment": (100, 1, " %"), "minutes_between": (1, 0, " min"),
    "minutes_outside": (1, 0, " min"), "land": (1, 0, ""), "price_outside": (100, 0, " %"), "threshold": (1, 1, ""),
    "mass_floor": (1, 2, ""), "half_pool": (1, 0, ""), "market_access": (1, 4, ""),
}  # fmt: skip
#: Values with two digits are told to the nearest ten, hundred and so on from here up.
_ROUGH = 100.0
#: Below this chance everywhere it makes no sense to tell where it is highest.
NEVER = 0.05


def axis_value(name: str, value: float, language: str) -> str:
    """Return a value of an axis with its unit; large ones rounded to two digits."""
    factor, decimals, unit = SHOWN[name]
    shown = factor * value
    if abs(shown) >= _ROUGH:
        shown = float(f"{shown:.2g}")
    return number(shown, decimals, language) + unit


def axis_label(name: str, language: str) -> str:
    """Return what an axis is called."""
    return text(f"where.axis.{name}", language)


def box_words(box: Mapping[str, Any], language: str) -> str:
    """Return the bounds of a box in words; the whole map when it has none."""
    parts = []
    for name, (low, high) in box["bounds"].items():
        for key, bound in (("over", low), ("under", high)):
            if bound is not None:
                parts.append(text(f"where.{key}", language, what=axis_label(name, language),
                                  value=axis_value(name, bound, language)))  # fmt: skip
    if not parts:
        return text("where.everywhere", language)
    return text("where.there", language, conditions=text("where.and", language).join(parts))


def percent(share: float, language: str) -> str:
    """Return a share as a whole per cent; what is not quite none or all says so."""
    shown = 100.0 * share
    if 0.0 < shown < 1.0:
        return text("where.below", language, value=number(1, 0, language))
    if 99.0 < shown < 100.0:
        return text("where.above", language, value=number(99, 0, language))
    return f"{number(shown, 0, language)} %"


def where_sentences(told: Mapping[str, Any], titles: Mapping[str, str], language: str) -> list[str]:
    """Return sentences on where each policy leads and works, what decides it and how sure the map is.

    Args:
        told: one map as ``sim where --json`` gives it. titles: policy -> title in the language.
    """
    outcome = text(f"where.outcome.{told['outcome']}", language)
    basis = text(f"where.basis.{told['basis']}", language)
    lines = [text("where.said", language, outcome=outcome, basis=basis)]
    lines += [_leads(told, name, titles[name], language) for name in told["names"]]
    lines.append(text("where.no_leader", language, share=percent(told["no_leader"], language)))
    lines += [_works(told, name, titles[name], language) for name in told["works"]]
    conditions = sorted(told["chosen"], key=lambda name: -told["swing"][name])
    most = [text("where.swing", language, what=axis_label(name, language),
                 share=percent(told["swing"][name], language)) for name in conditions]  # fmt: skip
    lines.append(text("where.decides", language, conditions=_listed(most, language)))
    unknown = sorted(told["drawn"], key=lambda name: -told["swing"][name])
    lines.append(text("where.unknown", language, what=axis_label(unknown[0], language),
                      share=percent(told["swing"][unknown[0]], language)))  # fmt: skip
    if told.get("check"):
        lines.append(text("where.check", language, said=percent(told["check"]["said"], language),
                          led=percent(told["check"]["led"], language)))  # fmt: skip
    return lines


def _leads(told: Mapping[str, Any], name: str, title: str, language: str) -> str:
    box = told["leads"][name]
    if box is None:
        top = told["highest"][name]
        if top["chance"] < NEVER:
            return text("where.leads_never", language, policy=title, share=percent(top["chance"], language))
        place = _listed([f"{axis_label(axis, language)} {axis_value(axis, value, language)}"
                         for axis, value in top["place"].items()], language)  # fmt: skip
        return text("where.leads_nowhere", language, policy=title, share=percent(top["chance"], language),
                    place=place)  # fmt: skip
    return text("where.leads", language, policy=title, where=box_words(box, language),
                share=percent(told["overall"][name]["map_led"], language))  # fmt: skip


def _works(told: Mapping[str, Any], name: str, title: str, language: str) -> str:
    row, box = told["overall"][name], told["works"][name]
    values = {"policy": title, "effect": signed(row["effect"], 2, language), "se": number(row["se"], 2, language),
              "outcome": text(f"where.outcome.{told['outcome']}", language),
              "basis": text(f"where.basis.{told['basis']}", language)}  # fmt: skip
    if box is None:
        return text("where.works_nowhere", language, **values)
    return text("where.works", language, where=box_words(box, language), **values)


def _listed(words: list[str], language: str) -> str:
    """Return words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + text("where.and", language) + words[-1]
