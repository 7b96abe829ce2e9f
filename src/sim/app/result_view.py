"""The result of a comparison on screen: cards, sentences, charts with table twins, who pays, caveats."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from sim.app.job import Question
from sim.compare import Headline, compare, headlines, notes
from sim.compare.chart import difference_chart, dot_chart
from sim.compare.headline import headline_year
from sim.experiment import Results
from sim.model.indicators import INDICATORS
from sim.texts import signed, text

#: Indicators one may look at, most asked first.
SHOWN = ("jobs", "value_added", "productivity", "innovators", "rd", "population", "net_commuting", "unemployment",
         "emissions", "municipal_net")  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=8)
def comparison(folder: str, stamp: str) -> pd.DataFrame:
    """Return the comparison of a result folder; ``stamp`` says which content."""
    return compare(Results.open(folder))


def draw_result(results: Results, question: Question, language: str) -> None:
    """Draw everything about one finished study."""
    stamp = ",".join(results.runs["run_id"])
    table = comparison(str(results.store.folder), stamp)
    year = headline_year(table)
    rows = headlines(results, table, language)
    for line in notes(results, table, language)[1:-1]:
        st.warning(line)
    for column, row in zip(st.columns(len(rows)), rows, strict=True):
        with column.container(border=True):
            mean, span = row.cells["jobs"].split(" (", 1)
            st.metric(f"{row.cells['policy']}: {text('app.result.jobs', language, year=year)}", mean)
            st.markdown(f"({span}")
            st.markdown(text("app.result.better", language, times=row.cells["share_better"]))
    for row in rows:
        st.markdown(f"- {row.sentence}")
    _charts(results, table, year, language)
    _who_pays(rows, language)
    for line in (notes(results, table, language)[0], notes(results, table, language)[-1]):
        st.markdown(line)
    st.subheader(text("app.result.carry", language), anchor=False)
    rows_csv = table.to_csv(index=False).encode()
    st.download_button(text("app.result.csv", language), rows_csv, "klyngelab.csv", "text/csv")
    st.markdown(text("app.result.reproduce", language))
    st.code(question.command() + "\nsim compare results/app", language="bash", wrap_lines=True)


def _charts(results: Results, table: pd.DataFrame, year: int, language: str) -> None:
    """Draw the time chart and the dots of one indicator and place, each with its table."""
    left, right = st.columns(2)
    shown = {n: f"{INDICATORS[n].label[language]} ({INDICATORS[n].units[language]})" for n in SHOWN}
    name = left.selectbox(text("app.result.indicator", language), SHOWN, key="indicator",
                          format_func=shown.__getitem__)  # fmt: skip
    region = next(iter(results.manifest["regions"].values()))
    zones = {"all": text("app.result.whole", language), **region["zones"]}
    zone = right.selectbox(text("app.result.place", language), list(zones), format_func=zones.__getitem__, key="zone")
    here = table[(table["measure"] == "difference") & (table["indicator"] == name) & (table["family"] == "all")]
    place = zone if (here["zone"] == zone).any() else "all"
    if place != zone:
        st.info(text("app.result.only_region", language))
    here = here[here["zone"] == place]
    titles = {scenario: results.title(scenario, language) for scenario in dict.fromkeys(here["scenario"])}
    indicator = INDICATORS[name]
    axis = text("compare.difference_axis", language, unit=indicator.units[language])
    st.subheader(text("app.result.over_time", language), anchor=False)
    st.altair_chart(
        difference_chart(here, titles, year_label=text("compare.year", language), value_label=axis, language=language,
                         width="container", height=380), width="stretch", theme=None)  # fmt: skip
    with st.expander(text("app.result.table", language)):
        show_table(_wide(here, titles, indicator.decimals, language), text("app.result.over_time", language))
    st.subheader(text("app.result.dots", language, year=year), anchor=False)
    dots = paired(results, name, place, year)
    st.altair_chart(dot_chart(dots, here[here["year"] == year], titles, value_label=axis, language=language),
                    width="stretch", theme=None)  # fmt: skip
    with st.expander(text("app.result.dots_table", language)):
        runs = dots.assign(scenario=dots["scenario"].map(titles)).pivot(index="seed", columns="scenario", values="x")
        shown_runs = runs.map(lambda value: signed(value, indicator.decimals, language))
        show_table(shown_runs, text("app.result.dots", language, year=year))


def show_table(frame: pd.DataFrame, label: str) -> None:
    """Show a table that can be scrolled by keyboard on a narrow screen, with a name for screen readers."""
    plain = frame.rename_axis(columns=None)
    body = plain.reset_index(names=frame.index.name or "").to_html(index=False, border=0, justify="left")
    st.html(
        f'<style>.sim-table{{overflow-x:auto}} .sim-table td,.sim-table th{{padding:.35rem .6rem;'
        f'border-bottom:1px solid #cbd5e1;text-align:left;font-size:.95rem}}</style>'
        f'<div class="sim-table" tabindex="0" role="region" aria-label="{html.escape(label)}">{body}</div>'
    )


def paired(results: Results, indicator: str, zone: str, year: int) -> pd.DataFrame:
    """Return scenario minus baseline per seed: columns scenario, seed, x."""
    v = results.values
    v = v[(v["indicator"] == indicator) & (v["zone"] == zone) & (v["family"] == "all") & (v["year"] == year)]
    base = v[v["scenario"] == "baseline"].set_index("seed")["value"]
    policy = v[v["scenario"] != "baseline"]
    return pd.DataFrame({
        "scenario": policy["scenario"], "seed": policy["seed"], "x": policy["value"] - policy["seed"].map(base)
    })  # fmt: skip


def _wide(here: pd.DataFrame, titles: dict[str, str], decimals: int, language: str) -> pd.DataFrame:
    """Return a table of mean and interval: a row per year, a column per policy."""
    cells = here.assign(
        policy=here["scenario"].map(titles),
        cell=[
            f"{signed(m, decimals, language)} ({signed(a, decimals, language)} … {signed(b, decimals, language)})"
            for m, a, b in zip(here["mean"], here["low"], here["high"], strict=True)
        ],
    )
    wide = cells.pivot(index="year", columns="policy", values="cell")
    wide.index.name = text("compare.year", language)
    return wide


def _who_pays(rows: list[Headline], language: str) -> None:
    """Draw who pays and what an additional job-year costs."""
    st.subheader(text("app.result.who_pays", language), anchor=False)
    names = ("spent", "spent_public", "job_years", "cost_municipal", "cost_public")
    frame = pd.DataFrame(
        {row.cells["policy"]: [row.cells[name] for name in names] for row in rows},
        index=[text(f"compare.{name}", language) for name in names],
    )
    show_table(frame, text("app.result.who_pays", language))
    st.markdown(text("app.result.pays_note", language))


