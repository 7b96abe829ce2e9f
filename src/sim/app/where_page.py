"""Where each works: the map that comes with the program, in sentences, as a picture and as a table."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.app.tables import show_table
from sim.cli.where_command import KEPT
from sim.compare.where_chart import map_chart, map_table
from sim.compare.where_words import percent, where_sentences
from sim.evidence.kept import read_kept
from sim.texts import number, text


@st.cache_data(show_spinner=False)
def kept_map() -> dict[str, Any] | None:
    """Return the map that comes with the program; whether it is fresh takes some seconds to tell."""
    return read_kept(*KEPT)


def draw(language: str) -> None:
    """Draw the page."""
    st.title(text("app.where.title", language), anchor=False)
    st.markdown(text("app.where.lead", language))
    with st.spinner(text("app.where.wait", language)):
        told = kept_map()
    if told is None:
        st.info(text("app.where.none", language))
        return
    titles, study, first = told["titles"][language], told["study"], told["maps"][0]
    made = text("where.made", language, code=told["code"][:12], conditions=number(study["conditions"], 0, language))
    if not told["fresh"]:
        st.warning(text("where.moved", language))
    for line in where_sentences(first, titles, language):
        st.markdown(f"- {line}")
    st.subheader(text("where.chart_title", language, outcome=text(f"where.outcome.{first['outcome']}", language),
                      basis=text(f"where.basis.{first['basis']}", language)), anchor=False)  # fmt: skip
    st.html("<style>.st-key-map{overflow-x:auto;max-width:100%}</style>")  # three panels: scrolled on a narrow screen
    with st.container(key="map"):
        st.altair_chart(map_chart(first, titles, language), width="content", theme=None)
    st.markdown(text("where.chart_key", language))
    with st.expander(text("app.result.table", language)):
        table = map_table(first, titles, language)
        show_table(table.set_index(table.columns[0]), text("app.where.title", language))
    st.subheader(text("app.where.sure", language), anchor=False)
    control = told["control"]
    st.markdown(text("where.control", language, share=percent(control["chance"], language),
                     led=percent(control["led"], language)))  # fmt: skip
    st.markdown(text("where.made_up", language))
    st.markdown(made)
    st.code("sim where --kept", language=None)
