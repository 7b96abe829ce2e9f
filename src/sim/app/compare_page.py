"""Compare: choose region, policies, budget and runs; see paired differences and what they rest on."""

from __future__ import annotations

from functools import cache

import streamlit as st

from sim.app.job import Job, Question
from sim.app.result_view import draw_result
from sim.experiment import vocabulary
from sim.experiment.usual import DRAWS, QUICK, SEEDS, USUAL, Sample
from sim.region import load_region, region_names
from sim.scenario import Scenario, read_scenarios
from sim.scenario.folder import built_in_names
from sim.texts import duration, number, text

#: Policies shown at first, and the most that fit one chart.
FIRST = ("cluster-programme", "broad-innovation", "residential-attractiveness")
MOST = 4
#: How thorough an answer may be: draws and runs.
DEPTHS = {"quick": QUICK, "usual": USUAL, "thorough": Sample(4 * DRAWS, SEEDS)}


@cache
def library() -> dict[str, Scenario]:
    """Return the built-in scenarios with instruments, by name."""
    found = read_scenarios(list(built_in_names()), vocabulary())
    return {scenario.name: scenario for scenario in found if scenario.instruments}


def draw(language: str) -> None:
    """Draw the page."""
    st.title(text("app.compare.title", language), anchor=False)
    st.markdown(text("app.compare.lead", language))
    question = _ask(language)
    asked = st.button(text("app.compare.run", language), type="primary", disabled=not question.scenarios)
    if asked or (st.session_state.pop("autostart", False) and question.scenarios):
        st.session_state["job"] = Job(question, [library()[name] for name in question.scenarios])
    job: Job | None = st.session_state.get("job")
    if job is None:
        st.info(text("app.compare.nothing", language))
        return
    if job.running:
        _watch(language)
    _show(job, language)


def _ask(language: str) -> Question:
    """Return what the controls say."""
    titles = {name: getattr(scenario.title, language) for name, scenario in library().items()}
    places = {name: load_region(name).title[language] for name in region_names()}
    left, right = st.columns(2)
    region = left.selectbox(text("app.compare.region", language), list(places), format_func=places.__getitem__,
                            index=list(places).index("nedre-glomma"), key="region")  # fmt: skip
    budget = right.slider(text("app.compare.budget", language), 1, 30, 10, key="budget")
    policies = st.multiselect(text("app.compare.policies", language, most=MOST), list(titles), default=list(FIRST),
                                 format_func=titles.__getitem__, max_selections=MOST, key="policies",
                                 placeholder=text("app.compare.choose", language))  # fmt: skip
    depth = st.radio(text("app.compare.depth", language), list(DEPTHS), index=1, key="depth",
                     format_func=lambda name: _depth(name, language))  # fmt: skip
    return Question(str(region), tuple(policies), float(budget), DEPTHS[str(depth)])


def _depth(name: str, language: str) -> str:
    sample = DEPTHS[name]
    runs = number(max(sample.draws, 1) * sample.seeds, 0, language)
    return text(f"app.depth.{name}", language, runs=runs, draws=number(sample.draws, 0, language))


@st.fragment(run_every=0.7)
def _watch(language: str) -> None:
    """Show progress and a way to stop; draw the whole page anew when the work is done."""
    job: Job = st.session_state["job"]
    if not job.running or job.answer is not st.session_state.get("seen"):
        st.session_state["seen"] = job.answer
        st.rerun(scope="app")
    progress = job.progress
    label = text(f"run.{progress.stage}", language)
    left = "" if progress.seconds_left is None else duration(progress.seconds_left, language)
    words = f"{label}: {number(progress.done, 0, language)} / {number(progress.total, 0, language)}"
    st.progress(min(1.0, progress.done / max(progress.total, 1)), words + (f" · {left}" if left else ""))
    if st.button(text("app.compare.cancel", language), key="cancel"):
        job.cancel()


def _show(job: Job, language: str) -> None:
    if job.error:
        st.error(text("app.compare.failed", language, reason=job.error.strip().splitlines()[-1]))
    if job.cancelled and not job.running:
        st.warning(text("app.compare.kept" if job.answer else "app.compare.cancelled", language))
    if job.answer is not None:
        st.session_state["seen"] = job.answer
        results, sample = job.answer
        if job.running:
            st.info(text("app.compare.first", language, draws=number(job.question.sample.draws, 0, language)))
        draw_result(results, job.question, sample, language)
