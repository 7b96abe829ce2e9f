"""README and docs name only what exists, and the first result belongs to this code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages.blocks import blocks

from sim.experiment.identity import results_identity

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_and_pictures_exist(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_make_targets_named_in_the_documents_exist():
    rules = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in PAGES:
        for target in re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", page.read_text(encoding="utf-8"), re.M):
            assert next(filter(None, target)) in rules, page.name


def test_commands_and_options_named_in_the_readme_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]
    for line in lines:
        words = line.split("#")[0].split()
        if words[:1] != ["sim"]:
            continue
        command = words[1:3] if words[1] == "region" else words[1:2]
        shown = subprocess.run([sys.executable, "-c", "from sim.cli import main; main()", *command, "--help"],
                               capture_output=True, text=True, env={"COLUMNS": "200", "PATH": "/usr/bin:/bin"},
                               check=False)  # fmt: skip
        assert shown.returncode == 0, line
        for option in (word for word in words if word.startswith("--")):
            assert option in shown.stdout, f"{option} in {line}"


#: Blocks made from the code alone, which other tests hold to the code.
FROM_CODE = {"odd.md": None, "facts.md": {"reasons", "definitions", "evaluations", "inputs", "unusable"}}
MEASURED = [
    (page, name) for page in PAGES for name in blocks(page)
    if page.name not in FROM_CODE or name not in (FROM_CODE[page.name] or {name})
]


@pytest.mark.parametrize(("page", "name"), MEASURED, ids=lambda x: getattr(x, "name", x))
def test_measured_figures_belong_to_these_results(page, name):
    found = blocks(page)[name]
    assert found == results_identity(), "run `make evidence`, or its step, and read whether the sentences still hold"


@pytest.mark.parametrize("name", ["skeptisk.md", "sceptical.md"])
def test_no_figure_on_the_page_for_a_sceptic_is_typed(name):
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    prose = re.sub(r"<!-- (\w+):start.*?<!-- \1:end -->", "", text, flags=re.S)
    prose = re.sub(r"^\d\. ", "", prose, flags=re.M)  # the numbers of a list
    assert not re.search(r"\d", prose), re.findall(r".*\d.*", prose)
    assert len(blocks(ROOT / "docs" / name)) == 8
