"""The app: pages in both languages, and the same numbers as the command line, bit for bit."""

import time
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim.app import compare_page, where_page
from sim.app.job import Job, Question
from sim.app.result_view import paired
from sim.cli.where_command import KEPT
from sim.compare import compare, headlines
from sim.compare.chart import difference_chart, dot_chart
from sim.compare.regret import regret, regret_cells, regret_words
from sim.compare.where_words import where_sentences
from sim.evidence.kept import read_kept
from sim.experiment import run_study
from sim.experiment.usual import Sample
from sim.texts import text

ENTRY = str(Path(compare_page.__file__).with_name("entry.py"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.app.job.platformdirs.user_cache_dir", lambda *a, **k: str(tmp_path / "cache"))


#: A first answer that takes little time.
FIRST = Sample(0, 4)


@pytest.fixture(autouse=True)
def small_first_answer(monkeypatch):
    monkeypatch.setattr("sim.app.job.QUICK", FIRST)
    monkeypatch.setitem(compare_page.DEPTHS, "quick", FIRST)


def words(page):
    return " ".join(element.value for kind in (page.markdown, page.title, page.subheader) for element in kind)


@pytest.mark.parametrize(("language", "word"), [("nb", "Hva modellen er"), ("en", "What the model is")])
def test_start_in_both_languages(language, word):
    page = AppTest.from_file(ENTRY, default_timeout=60)
    page.session_state["lang"] = language
    page.run()
    assert not page.exception
    assert word in words(page)
    assert len(page.button) == 3


def asked(language, depth):
    """Return the page after a comparison in thin-town is asked for, and its job, done."""
    page = AppTest.from_file(ENTRY, default_timeout=120)
    page.session_state["lang"] = language
    page.run()
    page.button(key="door-analyse").click().run()
    assert not page.exception
    page.selectbox(key="region").select("thin-town")
    page.multiselect(key="policies").set_value(["broad-innovation", "networks"])
    page.radio(key="depth").set_value(depth)
    page.button[0].click().run()
    job = page.session_state["job"]
    job.wait(600)
    page.run()
    assert not page.exception
    assert job.error is None
    return page, job


@pytest.mark.parametrize("language", ["nb", "en"])
def test_compare_runs_and_shows_what_the_command_line_shows(language, tmp_path):
    page, job = asked(language, "quick")
    library = compare_page.library()
    own = run_study([library["broad-innovation"], library["networks"]], regions=["thin-town"], seeds=FIRST.seeds,
                    budget=10.0, out=tmp_path / "own", jobs=1)  # fmt: skip
    pd.testing.assert_frame_equal(compare(job.results), compare(own), check_exact=True)
    shown = headlines(own, compare(own), language)[0]
    assert page.metric[0].value == shown.cells["jobs_mean"]
    assert shown.sentence in words(page)
    assert text("app.result.not_drawn", language) in words(page)
    assert text("compare.luck_only", language, percent=90, runs=FIRST.seeds) in words(page)
    assert any(shown.cells["spent_public"] in element.proto.body for element in page.get("html"))
    assert page.code[0].value.startswith("sim run broad-innovation networks --region thin-town --seeds 4 --budget 10")
    number = page.number_input(key="goal-jobs")
    rows = regret(own, "jobs", 11, number.value)
    assert regret_words(own, rows, number.value, language)[1] in words(page)
    number.set_value(5.0).run()
    rows = regret(own, "jobs", 11, 5.0)
    assert all(line in words(page) for line in regret_words(own, rows, 5.0, language))
    tables = " ".join(element.proto.body for element in page.get("html"))
    assert all(cell in tables for cell in regret_cells(rows.iloc[0], language).values())
    page.selectbox(key="goal-indicator").select("emissions").run()
    assert not page.exception
    assert text("regret.note", language) in words(page)


def test_the_usual_answer_tells_what_is_not_known_from_luck(monkeypatch):
    monkeypatch.setitem(compare_page.DEPTHS, "usual", Sample(10, 2))
    page, job = asked("nb", "usual")
    results, sample = job.answer
    assert (sample.draws, set(results.runs["draw"])) == (10, set(range(1, 11)))
    assert results.runs.groupby("seed")["draw"].nunique().max() == 1, "each draw has luck of its own"
    for language in ("nb", "en"):
        page.session_state["lang"] = language
        page.run()
        assert not page.exception
        shown = headlines(results, compare(results), language)[0].cells
        assert "–" not in (shown["jobs_draws"], shown["jobs_luck"])
        for part in ("jobs_draws", "jobs_luck", "share_better"):
            assert shown[part] in words(page)
        assert text("compare.jobs_draws", language)[1:] in words(page)
        assert text("chart.reading", language, percent=90) in words(page)
    assert f"--draws {sample.draws} --own-luck" in page.code[0].value


def test_the_first_answer_stays_when_the_draws_are_cancelled():
    question = Question("thin-town", ("networks",), 10.0, Sample(20, 2))
    job = Job(question, [compare_page.library()["networks"]], jobs=1)
    for _ in range(6000):
        if job.answer is not None or not job.running:
            break
        time.sleep(0.1)
    job.cancel()
    job.wait(600)
    assert not job.running
    assert job.error is None
    assert job.answer is not None
    assert job.answer[1] == FIRST


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_map_of_where_each_works_is_told_in_words_and_as_a_table(language):
    told = read_kept(*KEPT)
    page = AppTest.from_function(_draw_where, default_timeout=120, args=(language,)).run()
    assert not page.exception
    titles = told["titles"][language]
    for line in where_sentences(told["maps"][0], titles, language):
        assert line in words(page)
    assert told["code"][:12] in words(page)
    table = " ".join(element.proto.body for element in page.get("html"))
    assert table.count("<tr") == 1 + len(told["maps"][0]["cells"])
    assert (text("where.moved", language) in [w.value for w in page.warning]) is not told["fresh"]


def test_without_a_map_the_page_says_how_to_make_one(monkeypatch):
    monkeypatch.setattr(where_page, "read_kept", lambda *_: None)
    where_page.kept_map.clear()
    page = AppTest.from_function(_draw_where, default_timeout=60, args=("en",)).run()
    where_page.kept_map.clear()
    assert not page.exception
    assert page.info[0].value == text("app.where.none", "en")


def _draw_where(language):
    from sim.app import where_page

    where_page.draw(language)


def test_a_job_can_be_cancelled_and_says_so():
    question = Question("thin-town", ("networks",), 10.0, Sample(0, 100))
    job = Job(question, [compare_page.library()["networks"]], jobs=1)
    job.cancel()
    job.wait(120)
    assert not job.running
    assert job.cancelled
    assert job.results is None
    assert job.error is None


def test_a_failed_job_keeps_its_reason(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no such luck")

    monkeypatch.setattr("sim.app.job.run_study", broken)
    job = Job(Question("thin-town", ("networks",), 1.0, Sample(0, 2)), [])
    job.wait(10)
    assert "no such luck" in (job.error or "")


def test_charts_have_units_shapes_dashes_and_norwegian_numbers(tmp_path):
    results = run_study([compare_page.library()["networks"]], regions=["thin-town"], seeds=3, budget=5.0,
                        out=tmp_path / "own", jobs=1)  # fmt: skip
    table = compare(results)
    rows = table[(table["indicator"] == "jobs") & (table["measure"] == "difference") & (table["zone"] == "all")]
    rows = rows[rows["family"] == "all"]
    chart = difference_chart(rows, {"networks": "Nettverk"}, year_label="År", value_label="forskjell (personer)")
    spec = chart.to_dict()
    channels = [layer.get("encoding", {}) for layer in spec["layer"]]
    assert any("strokeDash" in c for c in channels)
    assert any("shape" in c for c in channels)
    assert any(c.get("y", {}).get("title") == "forskjell (personer)" for c in channels)
    assert spec["config"]["locale"]["number"]["decimal"] == ","
    dots = paired(results, "jobs", "all", 11)
    assert len(dots) == 3
    mean = rows[rows["year"] == 11]["mean"].iloc[0]
    assert dots["x"].mean() == pytest.approx(mean)
    assert dot_chart(dots, rows[rows["year"] == 11], {"networks": "Nettverk"}, value_label="x").to_dict()["layer"]


def test_no_words_are_written_into_the_pages():
    import ast

    shown = ("title", "subheader", "markdown", "button", "info", "warning", "error")
    for path in Path(compare_page.__file__).parent.glob("*_[pv]*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        written = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in shown]
        assert written, path.name
        for call in written:
            first = call.args[0]
            assert not isinstance(first, ast.Constant) or first.value == "Klyngelab", ast.dump(call)
