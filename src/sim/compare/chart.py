"""Charts of paired differences: a line with its interval over the years for each policy (Altair)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from sim.texts import text

#: Dark enough for text and lines on white; each policy also has its own dash and point shape.
COLOURS = ("#0b5394", "#b45309", "#166534", "#7e22ce", "#9f1239", "#334155")
DASHES = ([1, 0], [8, 3], [2, 2], [10, 3, 2, 3], [5, 5], [12, 4])
#: Long titles on two lines, broken at the first space past the middle.
_FOLDED = "length(datum.label) > 16 ? split(datum.label, ' ') : datum.label"
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
    """Return mean differences over the years: a band for what is not known, a bar at each year for luck.

    With one draw nothing is known of the first, and the band is luck.

    Args:
        table: rows of one indicator, region and place with columns scenario, year, mean, low, high, draw_low,
            draw_high.
        titles: scenario name -> title shown. value_label: with the unit.
    """
    data, apart = _plotted(table, titles)
    names = list(dict.fromkeys(data["policy"]))
    years = alt.Scale(domain=[data["year"].min() - 0.4, data["year"].max() + 0.4], nice=False)
    x = alt.X("year:Q", title=year_label, axis=alt.Axis(format="d", tickMinStep=1), scale=years)
    at = alt.X("at:Q", title=year_label)
    colour = _scale("color", names, list(COLOURS))
    base = alt.Chart(data)
    y = alt.Y("mean:Q", title=value_label)
    band = base.mark_area(opacity=0.14).encode(x, alt.Y("from:Q", title=value_label), alt.Y2("to:Q"), colour)
    line = base.mark_line(strokeWidth=2.4).encode(x, y, colour, _scale("strokeDash", names, list(DASHES)))
    point = base.mark_point(size=55, filled=True).encode(
        at, y, colour, _scale("shape", names, list(SHAPES)), tooltip=_tooltip(apart, language)
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color="#333").encode(y="zero:Q")
    layers = [zero, band, line]
    if apart:
        layers.append(base.mark_rule(strokeWidth=2.2).encode(at, alt.Y("low:Q", title=value_label), alt.Y2("high:Q"),
                                                             colour))  # fmt: skip
    chart = alt.layer(*layers, point).properties(width=width, height=height)
    if title:
        chart = chart.properties(title=title)
    return _styled(chart, language).configure_legend(
        labelFontSize=13, titleFontSize=13, orient="bottom", columns=1, labelLimit=280, symbolOpacity=1.0,
        symbolSize=140, symbolStrokeWidth=2,
    )  # fmt: skip


def _plotted(table: pd.DataFrame, titles: dict[str, str]) -> tuple[pd.DataFrame, bool]:
    """Return the rows with the bounds of the band and a place on the axis beside those of other policies."""
    apart = bool(table["draw_low"].notna().any())
    data = table.assign(policy=table["scenario"].map(titles))
    data["from"], data["to"] = (data["draw_low"], data["draw_high"]) if apart else (data["low"], data["high"])
    place = {name: index for index, name in enumerate(dict.fromkeys(data["policy"]))}
    data["at"] = data["year"] + 0.12 * (data["policy"].map(place) - (len(place) - 1) / 2.0)
    return data[["policy", "year", "at", "mean", "low", "high", "from", "to"]], apart


def _tooltip(apart: bool, language: str) -> list[alt.Tooltip]:
    words = {"policy": "policy", "year": "year", "mean": "mean"}
    words |= {"from": "draws_from", "to": "draws_to"} if apart else {}
    words |= {"low": "luck_from", "high": "luck_to"}
    form: dict[str, Any] = {"policy": alt.Undefined, "year": "d"}
    return [alt.Tooltip(f"{name}:{'N' if name == 'policy' else 'Q'}", title=text(f"chart.{key}", language),
                        format=form.get(name, ",.2f")) for name, key in words.items()]  # fmt: skip


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
    """Return one dot per paired run, the mean, a thin bar for what is not known and a thick one for luck.

    Args:
        dots: columns scenario, run, x. means: columns scenario, mean, low, high, draw_low, draw_high.
    """
    names = [titles[name] for name in dict.fromkeys(means["scenario"])]
    rows = alt.Y("policy:N", sort=names, title=None, axis=alt.Axis(labelLimit=200, labelExpr=_FOLDED))
    colour = _scale("color", names, list(COLOURS), legend=False)
    number = dots.groupby("scenario").cumcount()
    data = dots.assign(policy=dots["scenario"].map(titles), up=number % 9 - 4)
    lines = means.assign(policy=means["scenario"].map(titles))
    lines_of_title = value_label.replace(" (", "\n(").split("\n")  # a narrow screen cuts a long line
    axis = alt.X("x:Q", title=lines_of_title, axis=alt.Axis(tickCount=8, labelOverlap=True))
    points = alt.Chart(data).mark_point(size=36, opacity=0.65).encode(
        axis, rows, alt.YOffset("up:O"), colour, _scale("shape", names, list(SHAPES), legend=False),
        tooltip=[alt.Tooltip("policy:N", title=text("chart.policy", language)),
                 alt.Tooltip("run:N", title=text("chart.run", language)),
                 alt.Tooltip("x:Q", title=value_label, format=",.2f")],
    )  # fmt: skip
    bar = alt.Chart(lines).mark_rule(color="#111")
    unknown = bar.encode(alt.X("draw_low:Q"), alt.X2("draw_high:Q"), rows, size=alt.value(1.6))
    span = bar.encode(alt.X("low:Q"), alt.X2("high:Q"), rows, size=alt.value(5))
    mean = alt.Chart(lines).mark_tick(thickness=4, size=26, color="#111").encode(alt.X("mean:Q"), rows)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color="#333", strokeDash=[3, 3]).encode(x="zero:Q")
    if not lines["draw_low"].notna().any():
        unknown = span
    chart = alt.layer(zero, points, unknown, span, mean).properties(width="container", height=70 * len(names) + 40)
    return _styled(chart, language)
