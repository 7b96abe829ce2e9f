"""Charts of paired differences: a line with its interval over the years for each policy (Altair)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

#: Dark enough for text and lines on white; each policy also has its own dash and point shape.
COLOURS = ("#0b5394", "#b45309", "#166534", "#7e22ce", "#9f1239", "#334155")
DASHES = ([1, 0], [8, 3], [2, 2], [10, 3, 2, 3], [5, 5], [12, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_NORWEGIAN: dict[str, Any] = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", " kr"]}
_ENGLISH: dict[str, Any] = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["NOK ", ""]}


def difference_chart(
    table: pd.DataFrame,
    titles: dict[str, str],
    *,
    year_label: str,
    value_label: str,
    title: str = "",
    language: str = "nb",
    width: int | str = 620,
    height: int = 320,
) -> alt.LayerChart:
    """Return mean differences over the years with a band for the interval.

    Args:
        table: rows of one indicator, region and place with columns scenario, year, mean, low, high.
        titles: scenario name -> title shown. value_label: with the unit.
    """
    data = table.assign(policy=table["scenario"].map(titles))[["policy", "year", "mean", "low", "high"]]
    names = [titles[name] for name in dict.fromkeys(table["scenario"])]
    x = alt.X("year:Q", title=year_label, axis=alt.Axis(format="d", tickMinStep=1))
    colour = _scale("color", names, list(COLOURS))
    base = alt.Chart(data)
    band = base.mark_area(opacity=0.16).encode(x, alt.Y("low:Q", title=value_label), alt.Y2("high:Q"), colour)
    line = base.mark_line(strokeWidth=2.4).encode(
        x, alt.Y("mean:Q", title=value_label), colour, _scale("strokeDash", names, list(DASHES))
    )
    point = base.mark_point(size=55, filled=True).encode(
        x,
        alt.Y("mean:Q", title=value_label),
        colour,
        _scale("shape", names, list(SHAPES)),
        tooltip=[alt.Tooltip(f"{c}", format=".2f") if c != "policy" else "policy:N" for c in data.columns],
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color="#333").encode(y="zero:Q")
    chart = alt.layer(zero, band, line, point).properties(width=width, height=height)
    if title:
        chart = chart.properties(title=title)
    return _styled(chart, language).configure_legend(
        labelFontSize=13, titleFontSize=13, orient="bottom", columns=2, labelLimit=320, symbolOpacity=1.0,
        symbolSize=140, symbolStrokeWidth=2,
    )  # fmt: skip


def _styled(chart: Any, language: str) -> alt.LayerChart:
    styled: alt.LayerChart = chart.configure(locale=_locale(language), font="sans-serif").configure_axis(
        labelFontSize=13, titleFontSize=13, labelColor="#111", titleColor="#111"
    )
    return styled


def _scale(channel: str, names: list[str], values: list[Any], legend: bool = True) -> Any:
    kind = {"color": alt.Color, "strokeDash": alt.StrokeDash, "shape": alt.Shape}[channel]
    scale = alt.Scale(domain=names, range=values[: len(names)])
    shown = alt.Undefined if legend else None
    return kind("policy:N", scale=scale, sort=names, title=None, legend=shown)


def _locale(language: str) -> Any:
    return alt.Locale(number=alt.NumberLocale(**(_NORWEGIAN if language == "nb" else _ENGLISH)))


def save_chart(chart: alt.TopLevelMixin, path: Path) -> None:
    """Write a chart as SVG or PNG by the file's suffix, without a browser."""
    chart.save(str(path), scale_factor=2.0 if path.suffix == ".png" else 1.0)


def dot_chart(
    dots: pd.DataFrame, means: pd.DataFrame, titles: dict[str, str], *, value_label: str, language: str = "nb"
) -> alt.LayerChart:
    """Return one dot per paired run and the mean with its interval, a row per policy.

    Args:
        dots: columns scenario, seed, x. means: columns scenario, mean, low, high.
    """
    names = [titles[name] for name in dict.fromkeys(means["scenario"])]
    rows = alt.Y("policy:N", sort=names, title=None, axis=alt.Axis(labelLimit=260))
    colour = _scale("color", names, list(COLOURS), legend=False)
    data = dots.assign(policy=dots["scenario"].map(titles), up=dots["seed"] % 9 - 4)
    lines = means.assign(policy=means["scenario"].map(titles))[["policy", "mean", "low", "high"]]
    points = alt.Chart(data).mark_point(size=36, opacity=0.65).encode(
        alt.X("x:Q", title=value_label, axis=alt.Axis(tickCount=8, labelOverlap=True)),
        rows, alt.YOffset("up:O"), colour,
        _scale("shape", names, list(SHAPES), legend=False),
        tooltip=["policy:N", "seed:Q", alt.Tooltip("x:Q", format=".2f")],
    )  # fmt: skip
    span = alt.Chart(lines).mark_rule(strokeWidth=4, color="#111").encode(alt.X("low:Q"), alt.X2("high:Q"), rows)
    mean = alt.Chart(lines).mark_tick(thickness=4, size=26, color="#111").encode(alt.X("mean:Q"), rows)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color="#333", strokeDash=[3, 3]).encode(x="zero:Q")
    chart = alt.layer(zero, points, span, mean).properties(width="container", height=70 * len(names) + 40)
    return _styled(chart, language)
