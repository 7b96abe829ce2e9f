"""A short policy in the thin town, and the command line as a planner meets it."""

import json
import os
import subprocess
import sys

import pytest

POLICY = """
title: {nb: Kort prøve, en: Short test}
description: {nb: Tre år., en: Three years.}
region: thin-town
years: 3
instruments:
  - {instrument: broad_innovation, budget: 6, start_year: 1, stop_year: 2}
"""


@pytest.fixture
def policy(tmp_path):
    """Return a scenario file of three years."""
    path = tmp_path / "short.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return path


class Sim:
    """Runs ``sim`` in a process of its own."""

    start = (sys.executable, "-c", "from sim.cli import main; main()")

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *words, code=0):
        done = subprocess.run([*self.start, *map(str, words)], cwd=self.folder, capture_output=True, text=True,
                              env={**os.environ, "COLUMNS": "120"}, check=False)  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done

    def json(self, *words, code=0):
        return json.loads(self(*words, code=code).stdout)


@pytest.fixture
def sim(tmp_path):
    """Return the command line, started in an empty folder."""
    return Sim(tmp_path)
