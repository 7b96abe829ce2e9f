"""The tables of docs/calibration.md, made from the summary of the posterior, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

#: Standard deviations from which a target counts as missed in words.
FAR = 1.5
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def refresh(path: Path, told: Mapping[str, Any]) -> None:
    """Put the tables of a summary into the page, between its marks."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{figures(told)}{END}{after}", encoding="utf-8")


def figures(told: Mapping[str, Any]) -> str:
    """Return everything that is told in figures."""
    return "\n".join([_sentences(told), _parameters(told["parameters"]), _targets(told["targets"])])


def _sentences(told: Mapping[str, Any]) -> str:
    plan, points, cover = told["plan"], told["points"], told["coverage"]
    rows = told["parameters"]
    sure = [name for name, row in rows.items() if row["identified"]]
    rest = [name for name, row in rows.items() if not row["identified"]]
    left = " → ".join(_percent(share, 1) for share in told["not_ruled_out"])
    held = "" if cover["identified"] is None else f"; of the identified ones alone {_percent(cover['identified'])}"
    far = [f"{row['label']} ({row['distance']:.1f})" for row in told["targets"].values() if row["distance"] > FAR]
    lines = [
        f"Region {plan['region']}, seed {plan['seed']}: {points['design']} design points in "
        f"{len(plan['waves'])} waves and {points['truths']} known parameter sets, {points['failed']} without result, "
        f"{points['seconds'] / 60.0:.0f} processor minutes.",
        f"Share of the prior that history matching does not rule out, wave by wave: {left}.",
        f"On {cover['truths']} known parameter sets the {_percent(cover['interval'])} intervals cover "
        f"{_percent(cover['free'])} of the values (accepted: {_percent(cover['accepted'][0])} to "
        f"{_percent(cover['accepted'][1])}){held}.",
        f"Parameters that do not exist came out up to {_percent(told['chance'])} narrower by chance: a real one is "
        "called identified only above that.",
        f"**Identified ({len(sure)})**: {_names(sure)}.",
        f"**Not identified ({len(rest)}), drawn from the prior as before**: {_names(rest)}.",
        f"Targets still more than {FAR:g} standard deviations away after calibration, where figures pull against each "
        f"other or against the model: {', '.join(far) or 'none'}.",
    ]
    return "".join(f"- {line}\n" for line in lines)


def _parameters(rows: Mapping[str, Mapping[str, Any]]) -> str:
    head = ("parameter", "unit", "prior mean ± sd", "posterior mean ± sd", "90 % interval", "narrower by",
            "same, known sets (median)", "known value against estimate (r)", "coverage", "identified")  # fmt: skip
    body = [
        (name, row["unit"], f"{row['prior_mean']:g} ± {row['prior_sd']:g}", f"{row['mean']:g} ± {row['sd']:g}",
         f"{row['low']:g} – {row['high']:g}", _percent(row["contraction"]), _percent(row["contraction_of_truths"]),
         f"{row['recovered']:.2f}", _percent(row["coverage"]), "yes" if row["identified"] else "no: prior")
        for name, row in rows.items()
    ]  # fmt: skip
    return _table(head, body)


def _targets(rows: Mapping[str, Mapping[str, Any]]) -> str:
    head = ("target", "unit", "published ± tolerance", "prior", "posterior", "luck and emulator", "predicted, left out",
            "distance", "source")  # fmt: skip
    body = [
        (row["label"], row["unit"], f"{row['published']:g} ± {row['tolerance']:.3g}", f"{row['prior']:g}",
         f"{row['posterior']:g}", f"{row['noise']:g}", _percent(row["explained"]), f"{row['distance']:.1f}",
         row["source"])
        for row in rows.values()
    ]  # fmt: skip
    return _table(head, body)


def _table(head: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in body)]) + "\n"


def _percent(share: float, digits: int = 0) -> str:
    return f"{round(100.0 * share, digits) + 0.0:.{digits}f} %"


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
