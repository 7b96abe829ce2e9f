"""The page on calibration shows the posterior that ships, and that posterior rests on this code."""

import json
from pathlib import Path

from sim.evidence.calibration.page import BEGIN, END, figures
from sim.evidence.calibration.report import passes
from sim.experiment.posterior import posterior

ROOT = Path(__file__).resolve().parents[2]
TOLD = json.loads((ROOT / "evidence" / "posterior" / "summary.json").read_text(encoding="utf-8"))


def test_the_page_holds_the_figures_of_the_posterior():
    page = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    shown = page.split(BEGIN)[1].split(END)[0].strip()
    assert shown == figures(TOLD).strip()


def test_the_posterior_that_ships_rests_on_this_code_and_passes_its_own_test():
    found = posterior()
    assert found.summary == TOLD
    assert passes(TOLD)
    assert TOLD["coverage"]["truths"] >= 50
    assert len(found.rows) >= 300
    sure = {name for name, row in TOLD["parameters"].items() if row["identified"]}
    assert set(found.names) == sure
    assert len(TOLD["parameters"]) == 18
