"""Tables that anybody can read: scrolled by keyboard on a narrow screen, with a name for screen readers."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st


def show_table(frame: pd.DataFrame, label: str) -> None:
    """Show a table; ``label`` names it for screen readers."""
    plain = frame.rename_axis(columns=None)
    body = plain.reset_index(names=frame.index.name or "").to_html(index=False, border=0, justify="left")
    st.html(
        f'<style>.sim-table{{overflow-x:auto}} .sim-table td,.sim-table th{{padding:.35rem .6rem;'
        f'border-bottom:1px solid #cbd5e1;text-align:left;font-size:.95rem}}</style>'
        f'<div class="sim-table" tabindex="0" role="region" aria-label="{html.escape(label)}">{body}</div>'
    )
