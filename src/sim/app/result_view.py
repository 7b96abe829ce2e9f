"""The result of a comparison on screen: cards, sentences, charts with table twins, who pays, caveats."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sim.app.job import Question
from sim.app.regret_view import draw_regret
from sim.app.tables import show_table
from sim.compare import Headline, compare, headlines, notes
from sim.compare.answer import answer
from sim.compare.chart import difference_chart, dot_chart
from sim.compare.differences import baselines
from sim.compare.headline import headline_year, spread_words, told_apart
from sim.experiment import Results
from sim.experiment.usual import Sample
from sim.model.indicators import INDICATORS
from sim.texts import signed, text

#: Indicators one may look at, most asked first.
SHOWN = ("jobs", "value_added", "productivity", "innovators", "rd", "population", "net_commuting", "unemployment",
         "emissions", "municipal_net")  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=8)
def comparison(folder: str, stamp: str) -> pd.DataFrame:
    """Return the comparison of a result folder; ``stamp`` says which content."""
    return compare(Results.open(folder))


def draw_result(results: Results, question: Question, sample: Sample, language: str) -> None:
    """Draw everything about one finished study; ``sample`` is what it rests on."""
    stamp = ",".join(results.runs["run_id"])
    with st.spinner(text("app.result.wait", language)):
        table = comparison(str(results.store.folder), stamp)
    year = headline_year(table)
    rows = headlines(results, table, language)
    said = notes(results, table, language)
    for line in said[1:-1]:
        st.warning(line)
    st.subheader(text("answer.title", language), anchor=False)
    for line in answer(results, table, next(iter(results.manifest["regions"])), language):
        st.markdown(f"- {line}")
    _cards(rows, year, language)
    for row in rows:
        st.markdown(f"- {row.sentence}")
    _charts(results, table, year, language)
    _who_pays(rows, language)
    draw_regret(results, year, language)
    st.subheader(text("app.result.reading", language), anchor=False)
    for line in (said[0], said[-1]):
        st.markdown(line)
    st.subheader(text("app.result.carry", language), anchor=False)
    rows_csv = table.to_csv(index=False).encode()
    st.download_button(text("app.result.csv", language), rows_csv, "klyngelab.csv", "text/csv")
    st.markdown(text("app.result.reproduce", language))
    st.code(question.command(sample) + "\nsim compare results/app --goal 50", language=None, wrap_lines=True)


def _cards(rows: list[Headline], year: int, language: str) -> None:
    """Draw a card for each policy: jobs, what is not known, luck, and how often there are more."""
    for column, row in zip(st.columns(len(rows)), rows, strict=True):
        with column.container(border=True):
            st.markdown(f"**{row.cells['policy']}**")
            st.metric(text("app.result.jobs", language, year=year), row.cells["jobs_mean"])
            for part in ("jobs_draws", "jobs_luck"):
                label = text(f"compare.{part}", language)
                shown = row.cells[part] if row.cells[part] != "–" else text("app.result.not_drawn", language)
                st.markdown(f"{label[0].upper()}{label[1:]}: **{shown}**")
            st.markdown(text("app.result.better", language, times=row.cells["share_better"]))


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
    percent, apart = round(100 * float(here["interval"].iloc[0])), told_apart(here.iloc[0])
    st.markdown(text("chart.reading" if apart else "chart.reading_luck", language, percent=percent))
    with st.expander(text("app.result.table", language)):
        st.markdown(shown[name])
        show_table(_wide(here, titles, indicator.decimals, language), text("app.result.over_time", language))
    st.subheader(text("app.result.dots", language, year=year), anchor=False)
    dots = paired(results, name, place, year)
    st.altair_chart(dot_chart(dots, here[here["year"] == year], titles, value_label=axis, language=language),
                    width="stretch", theme=None)  # fmt: skip
    st.markdown(text("chart.reading_dots" if apart else "chart.reading_dots_luck", language))
    with st.expander(text("app.result.dots_table", language)):
        runs = dots.assign(scenario=dots["scenario"].map(titles))
        runs = runs.pivot(index="run", columns="scenario", values="x")
        runs = runs.loc[list(dict.fromkeys(dots["run"])), list(titles.values())]
        runs.index.name = text("chart.run", language)
        st.markdown(shown[name])
        shown_runs = runs.map(lambda value: signed(value, indicator.decimals, language))
        show_table(shown_runs, text("app.result.dots", language, year=year))


def paired(results: Results, indicator: str, zone: str, year: int) -> pd.DataFrame:
    """Return each scenario minus its baseline, run by run: columns scenario, draw, seed, run (its name), x."""
    v = results.values
    v = v[(v["indicator"] == indicator) & (v["zone"] == zone) & (v["family"] == "all") & (v["year"] == year)]
    wide = v.pivot(index=["draw", "seed"], columns="scenario", values="value")
    gains = pd.DataFrame({name: wide[name] - wide[own] for name, own in baselines(results).items() if name in wide})
    dots = gains.reset_index().melt(["draw", "seed"], var_name="scenario", value_name="x").dropna()
    dots = dots.sort_values(["draw", "seed", "scenario"])
    rank = dots["seed"] if dots["draw"].nunique() == 1 else dots.groupby("draw")["seed"].rank(method="dense")
    drawn = dots["draw"].astype(str) + "\u2011" if dots["draw"].nunique() > 1 else ""
    dots["run"] = drawn + rank.astype(int).astype(str)
    return dots[["scenario", "draw", "seed", "run", "x"]].reset_index(drop=True)


def _wide(here: pd.DataFrame, titles: dict[str, str], decimals: int, language: str) -> pd.DataFrame:
    """Return a table of means with what is not known and luck: a row per year, a column per policy."""
    cells = here.assign(
        policy=here["scenario"].map(titles),
        cell=[spread_words(row, decimals, language) for _, row in here.iterrows()],
    )
    wide = cells.pivot(index="year", columns="policy", values="cell")[list(titles.values())]
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
