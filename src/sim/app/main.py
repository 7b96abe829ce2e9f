"""The frame of the app: language, pages and the page's own language mark."""

from __future__ import annotations

import streamlit as st

from sim.app import compare_page, start_page, where_page
from sim.texts import LANGUAGES, text

_NAMES = {"nb": "Norsk", "en": "English"}


def language() -> str:
    """Return the language chosen in this session, bokmål at first."""
    return str(st.session_state.get("lang", "nb"))


def main() -> None:
    """Draw the app."""
    st.set_page_config(page_title="Klyngelab", layout="wide", initial_sidebar_state="auto")
    if "lang" not in st.session_state:
        asked = st.query_params.get("lang", "nb")
        st.session_state["lang"] = asked if asked in LANGUAGES else "nb"
    with st.sidebar:
        chosen = st.radio(text("app.language", language()), LANGUAGES, index=LANGUAGES.index(language()),
                          horizontal=True, format_func=lambda code: _NAMES[code])  # fmt: skip
    if chosen != language():
        st.session_state["lang"] = chosen
        st.rerun()
    st.query_params["lang"] = chosen
    st.html(
        f"<script>document.documentElement.lang='{chosen}'</script><span lang='{chosen}'></span>",
        unsafe_allow_javascript=True,
    )
    compare = st.Page(lambda: compare_page.draw(language()), title=text("app.compare", chosen), url_path="compare")
    start = st.Page(lambda: start_page.draw(language(), compare), title=text("app.start", chosen), default=True,
                    url_path="start")  # fmt: skip
    where = st.Page(lambda: where_page.draw(language()), title=text("app.where", chosen), url_path="where")
    st.navigation([start, compare, where]).run()
