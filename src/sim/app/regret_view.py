"""Which policy is safest, and how often a goal of the user's own is reached."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sim.app.tables import show_table
from sim.compare.regret import regret, regret_cells, regret_words
from sim.experiment import Results
from sim.model.indicators import INDICATORS
from sim.texts import signed, text

#: Indicators a goal may be set for, with the goal shown at first.
GOALS = {"jobs": 50.0, "job_years": 200.0, "value_added": 50.0, "population": 50.0, "emissions": -1.0,
         "unemployment": -0.1, "municipal_net": 0.0}  # fmt: skip
_COLUMNS = ("mean", "worst", "mean_regret", "largest_regret", "share_best", "share_goal")


def draw_regret(results: Results, year: int, language: str) -> None:
    """Draw the regret table with a goal, what it says, and how it is read."""
    st.subheader(text("app.regret.title", language), anchor=False)
    left, right = st.columns(2)
    labels = {name: f"{INDICATORS[name].label[language]} ({INDICATORS[name].units[language]})" for name in GOALS}
    name = str(left.selectbox(text("app.regret.indicator", language), list(GOALS), format_func=labels.__getitem__,
                              key="goal-indicator"))  # fmt: skip
    shown, whole = INDICATORS[name], abs(GOALS[name]) >= 10
    goal = float(right.number_input(text("app.regret.goal", language, unit=shown.units[language], year=year),
                                    value=GOALS[name], step=10.0 if whole else 0.1,
                                    format="%.0f" if whole else "%.1f", key=f"goal-{name}"))  # fmt: skip
    rows = regret(results, name, year, goal)
    for line in regret_words(results, rows, goal, language):
        st.markdown(f"- {line}")
    heads = {key: text(f"regret.{key}", language, unit=shown.units[language],
                       goal=signed(goal, shown.decimals, language)) for key in _COLUMNS}  # fmt: skip
    cells = [regret_cells(row, language) for _, row in rows.iterrows()]
    frame = pd.DataFrame([{heads[key]: cell[key] for key in _COLUMNS} for cell in cells],
                         index=[results.title(str(policy), language) for policy in rows["policy"]])  # fmt: skip
    frame.index.name = text("regret.policy", language)
    show_table(frame, text("app.regret.title", language))
    st.markdown(text("regret.note", language))
