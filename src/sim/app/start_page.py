"""Start: three doors, and what the model is and is not."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.texts import text


def draw(language: str, compare: Any) -> None:
    """Draw the page; ``compare`` is the page the doors lead to."""

    def say(key: str) -> str:
        return text(f"app.start.{key}", language)

    st.title("Klyngelab", anchor=False)
    st.markdown(say("lead"))
    doors = st.columns(3)
    for door, name in zip(doors, ("try", "analyse", "workshop"), strict=True):
        with door.container(border=True):
            st.subheader(say(f"{name}.title"), anchor=False)
            st.markdown(say(f"{name}.words"))
            if st.button(say(f"{name}.button"), key=f"door-{name}", type="primary" if name == "try" else "secondary"):
                if name == "try":
                    st.session_state["autostart"] = True
                st.switch_page(compare)
    is_it, is_not = st.columns(2)
    is_it.subheader(say("is.title"), anchor=False)
    is_it.markdown(say("is.words"))
    is_not.subheader(say("isnot.title"), anchor=False)
    is_not.markdown(say("isnot.words"))
