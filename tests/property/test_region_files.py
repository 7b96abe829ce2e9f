"""Whatever is in a region folder, loading gives a region or errors with their place."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.region import RegionErrors, canonical_industries, load_region, synthesise
from sim.region.loader import TABLES, _built_in
from sim.region.region import SIZE_CLASSES

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


def folder_of(folder, jobs, establishments, anchor):
    """Write a whole region folder whose tables agree with each other."""
    zones = [f"99{z:02d}" for z in range(len(jobs))]
    codes = canonical_industries().codes
    shape = [5] * 3 + [6] * 12 + [4] * 3
    end = "made up,2022,placeholder"
    rows = {name: [",".join((*keys, number, "source,year,flag"))] for name, (keys, number) in TABLES.items()}
    for z, zone in enumerate(zones):
        total = sum(jobs[z])
        working = total * 1.5 + 20
        rows["jobs"] += [f"{zone},{code},{n},{end}" for code, n in zip(codes, jobs[z], strict=True)]
        for (s, c), count in establishments[z].items():
            rows["establishments"].append(f"{zone},{codes[s]},{SIZE_CLASSES[c]},{count},{end}")
        rows["people"] += [f"{zone},{5 * g},{working * part / 72},{end}" for g, part in enumerate(shape)]
        for quantity, value in (("working_age", working), ("employed_residents", total + 10),
                                ("unemployment", 0.03), ("land", 10)):  # fmt: skip
            rows["labour"].append(f"{zone},{quantity},{value},{end}")
        rows["commuting"] += [f"{zone},{zone},{total},{end}", f"{zone},city,10,{end}"]
    nodes = [*zones, "city"]
    rows["travel"] += [f"{a},{b},15,{end}" for i, a in enumerate(nodes) for b in nodes[i:]]
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    held = [f"{{code: '{zone}', name: N{zone}}}" for zone in zones]
    named = f"{{name: Verk, zone: '{zones[0]}', industry: C19-22, jobs: {anchor}, owner: 2, source: x}}"
    named = named if anchor else ""
    head = "name: made-up\ntitle: {nb: a, en: b}\nbase_year: 2022\nfictional: true\nexternals: [city]\n"
    (folder / "region.yaml").write_text(f"{head}zones: [{', '.join(held)}]\nanchors: [{named}]\n", encoding="utf-8")


CELLS = st.lists(st.integers(0, 3000), min_size=20, max_size=20)
COUNTS = st.dictionaries(st.tuples(st.integers(0, 19), st.integers(0, 6)), st.integers(0, 60), max_size=25)


@settings(SLOW, max_examples=30)
@given(st.lists(st.tuples(CELLS, COUNTS), min_size=1, max_size=3), st.floats(0.1, 1.0), st.booleans())
def test_any_region_loads_and_its_firms_add_up(parts, share, named):
    jobs, counts = [list(cells) for cells, _ in parts], [found for _, found in parts]
    anchor = max(1, int(share * jobs[0][3])) if named and jobs[0][3] else 0
    with tempfile.TemporaryDirectory() as place:
        folder_of(Path(place), jobs, counts, anchor)
        region = load_region(place)
    firms = synthesise(region)
    private = region.jobs - region.public
    cells = firms.zone.astype(int) * 20 + firms.industry
    made = np.bincount(cells, firms.jobs, private.size).reshape(private.shape)
    np.testing.assert_allclose(made[private > 0.5], private[private > 0.5], rtol=1e-9)
    assert firms.jobs.size == 0 or firms.jobs.min() >= 0.5
    assert firms.anchor.sum() == bool(anchor)
    assert (np.diff(firms.id) > 0).all()
    table = firms.residuals
    assert table["synthetic"].sum() == firms.id.size
    assert table["table"].sum() == region.establishments.sum()
