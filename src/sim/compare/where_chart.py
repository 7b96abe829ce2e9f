"""The map of conditions as a chart: colour and letter say the favourite, a strong cell that it leads (Altair)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from sim.compare.chart import COLOURS, _styled
from sim.compare.where_words import axis_label, axis_value
from sim.texts import text

#: One letter per policy, in their order; doing nothing has a sign of its own.
LETTERS = "ABCDEFGHIJ"
NONE = "–"


def letters(told: Mapping[str, Any]) -> dict[str, str]:
    """Return the letter of each policy on the map."""
    last = len(told["names"]) - 1
    return {name: NONE if k == last else LETTERS[k] for k, name in enumerate(told["names"])}


def map_table(told: Mapping[str, Any], titles: Mapping[str, str], language: str) -> pd.DataFrame:
    """Return the map as a table with a row per cell: the twin of the chart for those who cannot see it."""
    rows = []
    for cell in told["cells"]:
        row: dict[str, Any] = {axis_label(n, language): axis_value(n, v, language) for n, v in cell["place"].items()}
        row[text("where.leader", language)] = titles[cell["leader"]] if cell["leader"] else text("where.none", language)
        row[text("where.favourite", language)] = titles[cell["favourite"]]
        row[text("where.chance", language)] = round(100.0 * cell["leads"][cell["favourite"]])
        rows.append(row)
    return pd.DataFrame(rows)


def map_chart(told: Mapping[str, Any], titles: Mapping[str, str], language: str = "nb") -> alt.FacetChart:
    """Return the map: a panel per level of the third condition; capital letters and full colour where one leads."""
    x, y, z = told["chosen"]
    sign = letters(told)
    shown = {name: f"{sign[name]}  {titles[name]}" for name in told["names"]}
    data = pd.DataFrame([
        {"x": cell["place"][x], "y": cell["place"][y], "z": f"{axis_label(z, language)}: "
         f"{axis_value(z, cell['place'][z], language)}",
         "x_label": axis_value(x, cell["place"][x], language), "y_label": axis_value(y, cell["place"][y], language),
         "policy": shown[cell["favourite"]], "chance": cell["leads"][cell["favourite"]],
         "sign": sign[cell["favourite"]] if cell["leader"] else sign[cell["favourite"]].lower(),
         "leads": 1 if cell["leader"] else 0}
        for cell in told["cells"]
    ])  # fmt: skip
    columns = list(dict.fromkeys(data.sort_values("x")["x_label"]))
    rows = list(dict.fromkeys(data.sort_values("y", ascending=False)["y_label"]))
    panels = list(dict.fromkeys(data["z"]))
    names = [shown[name] for name in told["names"]]
    across = alt.X("x_label:O", sort=columns, title=_broken(axis_label(x, language)), axis=alt.Axis(labelAngle=-45))
    up = alt.Y("y_label:O", sort=rows, title=_broken(axis_label(y, language)))
    base = alt.Chart().encode(across, up)
    cells = base.mark_rect(stroke="#fff").encode(
        alt.Color("policy:N", sort=names, title=None,
                  scale=alt.Scale(domain=names, range=[*COLOURS[: len(names) - 1], "#6b7280"])),
        alt.Opacity("leads:Q", scale=alt.Scale(domain=[0, 1], range=[0.22, 1.0]), legend=None),
        tooltip=["policy:N", alt.Tooltip("chance:Q", format=".0%"), "x_label:O", "y_label:O"],
    )  # fmt: skip
    signs = base.mark_text(fontSize=12).encode(
        text="sign:N", color=alt.condition("datum.leads == 1", alt.value("#fff"), alt.value("#111"))
    )
    chart = alt.layer(cells, signs, data=data).properties(width=230, height=230)
    header = alt.Header(labelFontSize=12, labelLimit=260)
    faceted = chart.facet(column=alt.Column("z:N", sort=panels, title=None, header=header))
    key = text("where.chart_key", language)
    title = text("where.chart_title", language, outcome=text(f"where.outcome.{told['outcome']}", language),
                 basis=text(f"where.basis.{told['basis']}", language))  # fmt: skip
    styled: Any = _styled(faceted.properties(title=alt.TitleParams(title, subtitle=key, fontSize=14)), language)
    out: alt.FacetChart = styled.configure_legend(labelFontSize=13, orient="bottom", columns=3, labelLimit=320)
    return out


def _broken(label: str) -> list[str]:
    """Return a long label on two lines."""
    words, half = label.split(), len(label) / 2
    first: list[str] = []
    while words and sum(map(len, first)) + len(first) < half:
        first.append(words.pop(0))
    return [" ".join(first), " ".join(words)] if words else [label]
