"""Runs the kept studies of ``sim where`` and ``sim sensitivity`` and writes their figures into docs, never typed.

``python -m pages.where_results where`` or ``sensitivity``; both are taken up where they stopped. ``--keep``
runs nothing and keeps what results/ holds; ``--fill`` only writes the pages anew.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from pages.blocks import ROOT, fill
from sim.compare.chart import save_chart
from sim.compare.sensitivity_words import contrast_words, parameter_label, parameter_value, sensitivity_sentences
from sim.compare.where_chart import map_chart
from sim.compare.where_words import percent, where_sentences
from sim.texts import number, signed, text

REGION = "nedre-glomma"
OUTCOMES = ("jobs", "value_added", "population")
#: How the kept studies were asked for; other words on the command line take their place.
WHERE = ("--seeds", "4")
SENSITIVITY = ("--shared-path", "--trajectories", "3", "--design", "90", "--seeds", "3")
#: What only the first two maps keep, so that the file stays small.
_BULKY = ("cells", "along")


def sim(*words: str) -> None:
    """Run a command of ``sim`` at low priority."""
    subprocess.run([*_nice(), sys.executable, "-c", "from sim.cli import main; main()", *words], check=True, cwd=ROOT)


def _nice() -> list[str]:
    return ["nice"] if shutil.which("nice") else []


def where(how: str, words: Sequence[str] = WHERE) -> None:
    """Run the map, keep it and its conditions, and fill docs/where.md."""
    out, kept = ROOT / "results" / "where", ROOT / "evidence" / "where"
    if how == "run":
        outcomes = [word for name in OUTCOMES for word in ("--outcome", name)]
        sim("where", "--out", str(out), "--language", "en", *outcomes, *words)
    if how != "fill":
        told = json.loads((out / "map.json").read_text(encoding="utf-8"))
        for each in told["maps"]:
            if each["outcome"] != OUTCOMES[0]:
                each.update((name, []) for name in _BULKY)
        (kept / "map.json").write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
        shutil.copyfile(out / "conditions.csv", kept / "conditions.csv")
    told = json.loads((kept / "map.json").read_text(encoding="utf-8"))
    save_chart(map_chart(told["maps"][0], told["titles"]["en"], "en"), ROOT / "docs" / "pictures" / "where.svg")
    fill(ROOT / "docs" / "where.md", "where", where_block(told), told["results"])


def where_block(told: dict[str, Any]) -> str:
    """Return what the map says as Markdown, in English and bokmål."""
    study, lines = told["study"], []
    lines.append(f"{study['conditions']} conditions, {study['seeds']} seeds in each, NOK {study['budget']:g} million a "
                 f"year to each policy, year {study['year']}.\n\n![Who leads](pictures/where.svg)\n")  # fmt: skip
    lines += _where_table(told)
    for language, head in (("en", "In words"), ("nb", "Med ord")):
        lines += [f"\n**{head}**\n"]
        for each in told["maps"][:2]:
            lines += [f"- {line}" for line in where_sentences(each, told["titles"][language], language)] + [""]
        control = told["control"]
        lines.append("- " + text("where.control", language, share=percent(control["chance"], language),
                                 led=percent(control["led"], language)))  # fmt: skip
    return "\n".join(lines) + "\n"


def _where_table(told: dict[str, Any]) -> list[str]:
    titles = told["titles"]["en"]
    lines = ["| what | policy | mean per MNOK ± se | chance of leading | chance of working | leads on the map | "
             "R² on left-out |", "|" + "---|" * 7]  # fmt: skip
    for each in told["maps"]:
        what = f"{text('where.outcome.' + each['outcome'], 'en')}, {text('where.basis.' + each['basis'], 'en')}"
        for name in each["names"]:
            row, error = each["overall"][name], each["errors"].get(name)
            effect = f"{signed(row['effect'], 3, 'en')} ± {number(row['se'], 3, 'en')}" if error else "0"
            lines.append(f"| {what} | {titles[name]} | {effect} | {percent(row['leads'], 'en')} | "
                         f"{percent(row['works'], 'en') if error else '–'} | {percent(row['map_led'], 'en')} | "
                         f"{number(error['r2'], 2, 'en') if error else '–'} |")  # fmt: skip
    return lines


def sensitivity(how: str, words: Sequence[str] = SENSITIVITY) -> None:
    """Run the study, keep it and fill docs/sensitivity.md."""
    out, kept = ROOT / "results" / f"sensitivity-{REGION}", ROOT / "evidence" / "sensitivity" / f"{REGION}.json"
    if how == "run":
        sim("sensitivity", "-r", REGION, "--out", str(out), "--language", "en", *words)
    if how != "fill":
        shutil.copyfile(out / "sensitivity.json", kept)
    told = json.loads(kept.read_text(encoding="utf-8"))
    fill(ROOT / "docs" / "sensitivity.md", "sensitivity", sensitivity_block(told), told["results"])


def sensitivity_block(told: dict[str, Any]) -> str:
    """Return the study as Markdown: screening, indices, flips and sentences."""
    study, titles, lines = told["study"], told["titles"]["en"], []
    digits = study["decimals"]
    lines.append(f"{study['region']}, NOK {study['budget']:g} million a year, {study['labels']['en'].lower()} in year "
                 f"{study['year']}; Morris: {study['trajectories']} trajectories over {study['parameters']} "
                 f"parameters; Sobol: {study['design']} points of {study['planned']} planned; {study['seeds']} paired "
                 "runs at each."
                 + (f" {text('sensitivity.shared_path', 'en')}" if study["shared_path"] else "") + "\n")  # fmt: skip
    for row, error in zip(told["contrasts"], told["emulators"], strict=True):
        lines += [f"**{contrast_words(row['contrast'], titles, 'en')}**. Emulator: R² {error['r2']:.2f} on points left "
                  f"out, error {error['rmse']:.{digits}f}, the runs' own noise {error['noise']:.{digits}f} "
                  f"{study['units']['en']}.\n"]  # fmt: skip
        lines += [*_sensitivity_table(told, row["contrast"], digits), ""]
    for language, head in (("en", "In words"), ("nb", "Med ord")):
        lines += [f"**{head}**\n"]
        for line in sensitivity_sentences(told, language):
            lines.append(("  - " if line.startswith(" ") else "- ") + line.strip())
        lines.append("")
    return "\n".join(lines)


def _sensitivity_table(told: dict[str, Any], contrast: list[str], digits: int) -> list[str]:
    lines = ["| parameter | Morris μ* (luck) | Sobol total | Sobol alone | at lowest | at highest | sign flips |",
             "|" + "---|" * 7]  # fmt: skip
    morris = {r["parameter"]: r for r in told["morris"] if r["contrast"] == contrast}
    flips = {r["parameter"]: r for r in told["flips"] if r["contrast"] == contrast}
    for index in (r for r in told["sobol"] if r["contrast"] == contrast):
        name = index["parameter"]
        flip, screen = flips[name], morris[name]
        verdict = text(f"sensitivity.is_{flip['verdict']}", "en", value=parameter_value(name, flip["value"], "en"),
                       low=parameter_value(name, flip["value_low"], "en"),
                       high=parameter_value(name, flip["value_high"], "en"))  # fmt: skip
        spans = [f"{index[k]:.2f} ({index[k + '_low']:.2f}–{index[k + '_high']:.2f})" for k in ("total", "first")]
        ends = [signed(flip[k], digits, "en") for k in ("at_low", "at_high")]
        lines.append(f"| {parameter_label(name, 'en')} | {screen['mu_star']:.{digits}f} ({screen['noise']:.{digits}f}) "
                     f"| {' | '.join(spans)} | {' | '.join(ends)} | {verdict} |")  # fmt: skip
    return lines


def main() -> None:
    """Run or fill what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("where", "sensitivity"))
    parser.add_argument("--keep", dest="how", action="store_const", const="keep", default="run", help="run nothing")
    parser.add_argument("--fill", dest="how", action="store_const", const="fill", help="only write what is kept")
    asked, words = parser.parse_known_args()
    {"where": where, "sensitivity": sensitivity}[asked.what](asked.how, *([words] if words else []))


if __name__ == "__main__":
    main()
