"""Every example runs and is short."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))
NEEDS = {"query_with_sql": "duckdb", "sensitivity_with_salib": "SALib", "explore_with_ema": "ema_workbench"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_it_runs(path, tmp_path):
    if path.stem in NEEDS and importlib.util.find_spec(NEEDS[path.stem]) is None:
        pytest.skip(f"{NEEDS[path.stem]} is not installed")
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, "COLUMNS": "100"}, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert any(char.isdigit() for char in done.stdout)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_a_client_is_under_twenty_lines(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and "\"\"\"" not in line]
    assert len(lines) < 20


def test_import_is_light():
    code = "import sim, sys; print(sorted({'numba', 'mesa', 'pandas', 'streamlit'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
