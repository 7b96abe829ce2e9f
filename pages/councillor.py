"""Fills the pages for a sceptical councillor, in bokmål and English, from what the evidence commands have kept.

``python -m pages.councillor``. Nothing is run: what a block rests on is named in its marker.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pages.blocks import EVIDENCE, ROOT, fill, kept, table
from sim.compare.sensitivity_words import parameter_label, sensitivity_sentences
from sim.compare.where_words import where_sentences
from sim.instruments import catalogue
from sim.model import parameter_table
from sim.region import load_region, placeholder_share, region_names
from sim.texts import number

PAGES = {"nb": ROOT / "docs" / "skeptisk.md", "en": ROOT / "docs" / "sceptical.md"}
GRADES = ("published", "official", "calibrated", "judgement")
WORDS: dict[str, dict[str, str]] = {
    "nb": {
        "published": "publisert", "official": "offisiell", "calibrated": "kalibrert", "judgement": "skjønn",
        "grade": "karakter", "parameters": "parametere i modellen", "cards": "verdier på virkemidlenes kort",
        "region": "region", "placeholder": "andel av arbeidsplassene som hviler på plassholdere",
        "made_up": "oppdiktet", "fact": "hva", "model": "modellen", "accepted": "godtatt",
        "passed": "Innenfor båndet: {passed} av {rows} rader i {region}.", "missed": "Dette bommet den på:",
        "evaluated": "{passed} av {rows} rader holder. Hver er kjørt {runs} ganger, med egne tilfeldigheter og egne "
        "forutsetninger.", "row": "rad", "published_value": "publisert", "true": "sann virkning i modellen",
        "result": "utfall", "ok": "treffer", "no": "bommer", "hindcast": "Modellen var nærmest fasit i {model} av "
        "{rows} rader, «ingen endring» i {no_change} og «vekst som i landet» i {national}. Største bom: {what} "
        "({region}), {error} %.", "learned": "Av {free} parametere som kunne justeres, lærte fortidstallene noe om "
        "{count}: {names}. Resten står på utgangsspennet sitt og trekkes derfra.", "nothing_learned": "Fortidstallene "
        "lærte ikke modellen noe sikkert om noen av de {free} parameterne som kunne justeres. Alle trekkes fra "
        "utgangsspennet sitt.", "covered": "Prøvd på {truths} kjente fasiter: intervaller som skal dekke {interval} %, "
        "dekket {free} % av gangene. Hvor mye smalere hver ble:", "parameter": "parameter",
        "contraction": "smalere enn før", "identified": "lært", "yes": "ja", "not": "nei",
        "nothing": "finner ingenting",
        "small > large": "små > store", "positive": "positiv", "credit > grant": "fradrag > tilskudd",
        "mostly": "det meste",
    },
    "en": {
        "published": "published", "official": "official", "calibrated": "calibrated", "judgement": "judgement",
        "grade": "grade", "parameters": "parameters of the model", "cards": "values on the instruments' cards",
        "region": "region", "placeholder": "share of jobs that rests on placeholders", "made_up": "made up",
        "fact": "what", "model": "the model", "accepted": "accepted",
        "passed": "Within the band: {passed} of {rows} rows in {region}.", "missed": "It missed these:",
        "evaluated": "{passed} of {rows} rows hold. Each was run {runs} times, with its own luck and its own "
        "assumptions.", "row": "row", "published_value": "published", "true": "true effect in the model",
        "result": "outcome", "ok": "holds", "no": "misses", "hindcast": "The model was nearest to what happened in "
        "{model} of {rows} rows, “no change” in {no_change} and “growth as in the country” in {national}. Largest "
        "miss: {what} ({region}), {error} %.", "learned": "Of {free} parameters that could be adjusted, figures of the "
        "past taught something about {count}: {names}. The others stay at their range and are drawn from it.",
        "nothing_learned": "Figures of the past taught the model nothing certain about any of the {free} parameters "
        "that could be adjusted. All are drawn from their range.", "covered": "Tried on {truths} known truths: "
        "intervals that should cover {interval} % covered {free} % of the time. How much narrower each became:",
        "parameter": "parameter", "contraction": "narrower than before", "identified": "learned", "yes": "yes",
        "not": "no", "nothing": "finds nothing",
    },
}  # fmt: skip


def known(language: str) -> str:
    """Return how many values are known and how many are judgement, and what regions rest on."""
    words = WORDS[language]
    parameters = Counter(row.grade for row in parameter_table().values())
    cards = Counter(value.grade for instrument in catalogue().values() for value in instrument.card.values())
    grades = [g for g in GRADES if parameters[g] or cards[g]]
    first = table((words["grade"], words["parameters"], words["cards"]),
                  [(words[g], parameters[g], cards[g]) for g in grades])  # fmt: skip
    rows = []
    for region in map(load_region, region_names()):
        share = words["made_up"] if region.fictional else f"{number(100 * placeholder_share(region), 0, language)} %"
        rows.append((region.title[language], share))
    return f"{first}\n\n{table((words['region'], words['placeholder']), rows)}"


@cache
def _facts_nb() -> dict[str, str]:
    return dict(YAML(typ="safe", pure=True).load(Path(__file__).with_name("facts_nb.yaml").read_text("utf-8")))


def facts(told: Mapping[str, Any], language: str) -> str:
    """Return how many facts the baseline meets, and every one it misses."""
    words, rows = WORDS[language], told["rows"]
    lines = []
    for region in dict.fromkeys(row["region"] for row in rows):
        here = [row for row in rows if row["region"] == region]
        title = load_region(region).title[language]
        lines.append("- " + words["passed"].format(passed=sum(r["passed"] for r in here), rows=len(here), region=title))
    missed: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if not row["passed"]:
            missed.setdefault(row["id"], []).append(row)
    body = []
    for each in missed.values():
        figures = [f"{_place(row['region'], language)} {_figure(row['simulated'], language)}" for row in each]
        body.append((_fact_label(each[0], language), "; ".join(figures), _accepted(each[0], language)))
    head = (words["fact"], words["model"], words["accepted"])
    return "\n".join([*lines, "", words["missed"], "", table(head, body)])


def _fact_label(row: Mapping[str, Any], language: str) -> str:
    return _facts_nb()[row["id"]] if language == "nb" else str(row["label"])


def _place(region: str, language: str) -> str:
    """Return the short name of a region."""
    return load_region(region).title[language].split(" (")[0]


def _accepted(row: Mapping[str, Any], language: str) -> str:
    """Return what is accepted: a range, or a sign."""
    if row["rule"] == "sign":
        return "> 0" if row["low"] >= 0 else "< 0"
    return f"{_figure(row['low'], language)} – {_figure(row['high'], language)}"


def _figure(value: float | None, language: str) -> str:
    """Return a figure with three digits."""
    if value is None:
        return "–"
    size = abs(value)
    return number(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3, language)


def evaluations(told: Mapping[str, Any], language: str) -> str:
    """Return every row of the replayed evaluations with what the model says."""
    words = WORDS[language]
    rows = [{**row, **row["nb"]} if language == "nb" else row for row in told["rows"]]
    lead = words["evaluated"].format(passed=sum(r["pass"] for r in rows), rows=len(rows),
                                     runs=max((r["n_runs"] for r in rows), default=0))  # fmt: skip
    body = []
    for row in rows:
        ends = _range(row, language)
        verdict = words["ok"] if row["pass"] else f"**{words['no']}**: {row['reason']}"
        published = row["published"]
        published = _figure(published, language) if isinstance(published, float) else words.get(published, published)
        body.append((f"{row['id']}: {row['label']}", published, ends, _figure(row["median"], language),
                     _figure(row["true_effect"], language), verdict))  # fmt: skip
    head = ("row", "published_value", "accepted", "model", "true", "result")
    return f"{lead}\n\n{table([words[k] for k in head], body)}"


def _range(row: Mapping[str, Any], language: str) -> str:
    """Return what is accepted of an evaluation's row: a range, a sign, or that nothing is found."""
    if row["rule"] == "not_significant":
        return WORDS[language]["nothing"]
    if row["low"] is None or row["high"] is None:
        return "> 0" if row["high"] is None else "< 0"
    return f"{_figure(row['low'], language)} – {_figure(row['high'], language)}"


def hindcast(told: Mapping[str, Any], language: str) -> str:
    """Return who was nearest to what happened, and the largest miss."""
    from sim.texts import text

    rows = told["rows"]
    best = Counter(row["best"] for row in rows)
    worst = max(rows, key=lambda row: row["errors"]["model"])
    what = f"{text('hindcast.' + worst['quantity'], language)}, {worst['place']}"
    return WORDS[language]["hindcast"].format(
        rows=len(rows), what=what, region=worst["region"], error=number(worst["errors"]["model"], 0, language),
        **{name: best[name] for name in ("model", "no_change", "national")},
    )  # fmt: skip


def calibration(told: Mapping[str, Any], language: str) -> str:
    """Return what was learned of each free parameter, and how well intervals cover known truths."""
    words, rows = WORDS[language], told["parameters"]
    sure = [name for name, row in rows.items() if row["identified"]]
    labels = "; ".join(parameter_label(name, language) for name in sure)
    key = "learned" if sure else "nothing_learned"
    lead = words[key].format(free=len(rows), count=len(sure), names=labels)
    cover = told["coverage"]
    test = words["covered"].format(truths=cover["truths"], interval=number(100 * cover["interval"], 0, language),
                                   free=number(100 * cover["free"], 0, language))  # fmt: skip
    body = [(parameter_label(name, language), f"{number(100 * row['contraction'], 0, language)} %",
             words["yes" if row["identified"] else "not"])
            for name, row in sorted(rows.items(), key=lambda item: -item[1]["contraction"])]  # fmt: skip
    return f"{lead}\n\n{test}\n\n{table([words[k] for k in ('parameter', 'contraction', 'identified')], body)}"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(("  - " if line.startswith(" ") else "- ") + line.strip() for line in lines)


def _read(*names: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EVIDENCE.joinpath(*names).read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write every block of both pages but the answer, which ``pages.first_result`` writes."""
    from sim.experiment.identity import results_identity

    found = {name: kept(name) for name in ("facts", "evaluations", "hindcast")}
    posterior, flips = _read("posterior", "summary.json"), _read("sensitivity", "nedre-glomma.json")
    where = _read("where", "map.json")
    for language, page in PAGES.items():
        blocks = {
            "known": (known(language), results_identity()),
            "facts": (facts(found["facts"], language), found["facts"]["results"]),
            "evaluations": (evaluations(found["evaluations"], language), found["evaluations"]["results"]),
            "hindcast": (hindcast(found["hindcast"], language), found["hindcast"]["results"]),
            "calibration": (calibration(posterior, language), posterior["results"]),
            "flips": (_bullets(sensitivity_sentences(flips, language)), flips["results"]),
            "where": (_bullets(where_sentences(where["maps"][0], where["titles"][language], language)),
                      where["results"]),
        }  # fmt: skip
        for name, (content, results) in blocks.items():
            fill(page, name, content, results)


if __name__ == "__main__":
    main()
