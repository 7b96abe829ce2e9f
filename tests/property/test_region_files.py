"""Whatever is in a region folder, loading gives a region or errors with their place."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.region import RegionErrors, load_region, synthesise
from sim.region.loader import TABLES, _built_in

FILES = [*(f"{name}.csv" for name in TABLES), "region.yaml"]
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def loaded(folder):
    """Return the region, or None after looking at its errors."""
    try:
        return load_region(folder)
    except RegionErrors as caught:
        told = caught.errors
    assert told
    assert all(error.file and error.line >= 1 and error.message for error in told)
    return None


def attempt(change):
    """Load a changed copy of thin-town; synthesise it when it loads."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "town"
        shutil.copytree(_built_in() / "thin-town", folder)
        change(folder)
        region = loaded(folder)
        if region is None:
            return
        firms = synthesise(region)
        private = float((region.jobs - region.public).sum())
        assert abs(firms.jobs.sum() - private) <= 0.5 * region.jobs.size + 1e-6 * private


@SLOW
@given(st.sampled_from(FILES), st.binary(max_size=200), st.integers(0, 2000))
def test_any_bytes_in_a_file(name, junk, at):
    def change(folder):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[:at] + junk + content[at:])

    attempt(change)


@SLOW
@given(st.sampled_from(FILES[:-1]), st.integers(0, 40), st.integers(0, 6), st.text(max_size=12))
def test_any_text_in_a_cell(name, line, column, word):
    def change(folder):
        lines = (folder / name).read_text(encoding="utf-8").split("\n")
        cells = lines[line % len(lines)].split(",")
        cells[column % len(cells)] = word
        lines[line % len(lines)] = ",".join(cells)
        (folder / name).write_text("\n".join(lines), encoding="utf-8", newline="")

    attempt(change)


@SLOW
@given(st.sampled_from(FILES), st.booleans(), st.integers(0, 30))
def test_missing_files_and_lines(name, whole, line):
    def change(folder):
        if whole:
            (folder / name).unlink()
            return
        lines = (folder / name).read_text(encoding="utf-8").split("\n")
        del lines[line % len(lines)]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")

    attempt(change)


@SLOW
@given(st.lists(st.integers(0, 3000), min_size=20, max_size=20))
def test_any_jobs_give_firms_that_add_up(jobs):
    def change(folder):
        lines = (folder / "jobs.csv").read_text(encoding="utf-8").strip().split("\n")
        for k, number in enumerate(jobs, start=1):
            cells = lines[k].split(",")
            cells[2] = str(number)
            lines[k] = ",".join(cells)
        (folder / "jobs.csv").write_text("\n".join(lines), encoding="utf-8")
        total = sum(jobs)
        text = "home,work,persons,source,year,flag\n9901,9901,{},x,2022,placeholder\n9901,ring,500,x,2022,placeholder\n"
        (folder / "commuting.csv").write_text(text.format(total), encoding="utf-8")

    attempt(change)
