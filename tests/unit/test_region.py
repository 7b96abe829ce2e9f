"""Regions: tables, totals, crosswalk, synthesis, identity."""

import csv
import dataclasses
import shutil

import numpy as np
import pytest

from sim.region import (
    RegionErrors,
    canonical_industries,
    current_number,
    former_numbers,
    load_region,
    nace_to_industry,
    placeholder_share,
    region_names,
    region_table,
    synthesise,
)
from sim.region.industries import wanted_distances
from sim.region.loader import _built_in
from sim.region.relatedness import pairwise, place_industries

OFFICIAL = {"3107": 34_877, "3105": 29_080, "4001": 17_964, "4003": 26_539}


def test_three_regions_are_built_in():
    assert region_names() == ("grenland", "nedre-glomma", "thin-town")
    assert load_region("thin-town").fictional
    assert not load_region("grenland").fictional


@pytest.mark.parametrize("name", region_names())
def test_start_totals_equal_the_tables(name):
    region = load_region(name)
    table = region_table(region)
    for z, zone in enumerate(region.zones):
        start = table[table["zone"] == zone]["jobs"].sum()
        assert start == pytest.approx(region.jobs[z].sum(), rel=1e-6)
        assert start == pytest.approx(OFFICIAL.get(zone, 9080), rel=0.005)
    assert list(table.columns) == ["zone", "industry", "sector", "jobs", "firms", "official", "placeholder_share"]
    assert set(table["sector"]) == {"private", "public"}


@pytest.mark.parametrize("name", region_names())
def test_commuters_fill_the_jobs_and_residents_have_work(name):
    region = load_region(name)
    zones = len(region.zones)
    np.testing.assert_allclose(region.commuting[:, :zones].sum(axis=0), region.jobs.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(region.commuting[:zones].sum(axis=1), region.employed_residents, rtol=0.01)
    np.testing.assert_allclose(region.population[:, 3:15].sum(axis=1), region.working_age, rtol=0.005)


def test_placeholders_are_counted():
    assert placeholder_share(load_region("nedre-glomma")) == pytest.approx(1.0)
    assert placeholder_share(load_region("grenland")) == pytest.approx(0.107, abs=0.002)


def test_every_figure_has_source_year_and_flag():
    for name in region_names():
        figures = load_region(name).figures
        assert (figures["source"] != "").all()
        assert figures["flag"].isin(["official", "municipal", "estimate", "placeholder"]).all()
        assert (figures["year"] == 2022).all()
    assert (canonical_industries().figures["source"] != "").all()


def test_every_nace_division_has_one_industry():
    table = canonical_industries()
    divisions = [d for row in table.divisions for d in row]
    unused = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}  # numbers NACE rev. 2 does not use
    assert len(divisions) == len(set(divisions))
    assert set(range(100)) - set(divisions) == unused - {4}
    assert nace_to_industry(62) == "J"
    assert nace_to_industry(20) == "C19-22"
    with pytest.raises(KeyError):
        nace_to_industry(100)


def test_national_shares_are_shares():
    table = canonical_industries()
    assert table.consumption_share.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(table.skill.sum(axis=1), 1.0)
    assert ((table.export_share >= 0) & (table.export_share <= 1)).all()
    assert (table.inputs.sum(axis=1) < 0.6).all()


def test_positions_come_from_the_distances():
    table = canonical_industries()
    np.testing.assert_allclose(place_industries(wanted_distances(), table.family), table.position, atol=1e-6)
    related = np.array([[a == b for b in table.family] for a in table.family]) & ~np.eye(20, dtype=bool)
    inside = pairwise(table.position)[related]
    assert inside.mean() == pytest.approx(1.0)
    assert inside.min() < 1.0 < inside.max(), "distances inside families straddle the best distance"


@pytest.mark.parametrize("name", region_names())
def test_synthetic_firms_add_up_and_are_always_the_same(name):
    region = load_region(name)
    firms = synthesise(region)
    cells = firms.zone.astype(int) * 20 + firms.industry
    jobs = np.bincount(cells, firms.jobs, region.jobs.size)
    private = (region.jobs - region.public).ravel()
    np.testing.assert_allclose(jobs[private > 0.5], private[private > 0.5], rtol=1e-9)
    assert (np.diff(firms.id) > 0).all()
    assert firms.jobs.min() > 0.6
    again = synthesise(dataclasses.replace(region))
    np.testing.assert_array_equal(firms.jobs, again.jobs)
    assert firms.residuals["residual"].abs().sum() <= 0.011 * firms.residuals["table"].sum()


def test_the_named_anchor_is_there():
    firms = synthesise(load_region("nedre-glomma"))
    assert firms.anchor.sum() == 1
    assert firms.jobs[firms.anchor] == pytest.approx([945.0])


def copy_of(name, folder):
    target = folder / name
    shutil.copytree(_built_in() / name, target)
    return target


def test_identity_follows_the_numbers_not_the_file(tmp_path):
    first = load_region("thin-town").identity
    folder = copy_of("thin-town", tmp_path)
    text = (folder / "jobs.csv").read_text(encoding="utf-8")
    (folder / "jobs.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_region(folder).identity == first
    other = copy_of("thin-town", tmp_path / "b")
    (other / "people.csv").write_text((other / "people.csv").read_text().replace("9901,0,", "9901,0,1", 1))
    assert load_region(other).identity != first


def spoil(folder, name, change):
    """Rewrite one table of a copied region with ``change`` applied to its rows."""
    path = folder / name
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(change(rows))


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path):
    folder = copy_of("thin-town", tmp_path)

    def change(rows):
        rows[2][1] = "C10-12"
        rows[4][2] = "-5"
        rows[5][5] = "oficial"
        rows.append(rows[7])
        return rows

    spoil(folder, "jobs.csv", change)
    with pytest.raises(RegionErrors) as caught:
        load_region(folder)
    found = {(e.line, e.key): e for e in caught.value.errors if e.file == "jobs.csv"}
    assert found[(3, "industry")].nearest == "C10-11"
    assert found[(5, "jobs")].found == "-5"
    assert found[(6, "flag")].nearest == "official"
    assert (22, "zone") in found
    assert set(caught.value.as_json()["errors"][0]) == {
        "file", "line", "column", "key", "found", "allowed", "nearest", "message"}  # fmt: skip


def test_an_unknown_region_names_the_nearest():
    with pytest.raises(RegionErrors, match="did you mean 'grenland'"):
        load_region("grenlnd")


def test_municipalities_are_known_by_every_number():
    assert {current_number(number) for number in ("0106", "3004", "3107")} == {"3107"}
    assert {current_number(number) for number in ("0104", "0136", "3002", "3103")} == {"3103"}
    assert former_numbers("4001") == ("0805", "3806")
    for name in ("nedre-glomma", "grenland"):
        assert all(current_number(zone) == zone for zone in load_region(name).zones)
    with pytest.raises(KeyError, match="9999"):
        current_number("9999")


def test_tables_may_use_former_numbers(tmp_path):
    folder = copy_of("nedre-glomma", tmp_path)
    for name, old in (("jobs.csv", "3004"), ("commuting.csv", "0106")):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace("3107", old), encoding="utf-8")
    assert load_region(folder).identity == load_region("nedre-glomma").identity
    with (folder / "jobs.csv").open("a", encoding="utf-8") as file:
        file.write("0106,G,5,x,2022,placeholder\n")
    with pytest.raises(RegionErrors, match=r"jobs\.csv:42:1: zone: the same row stands on line"):
        load_region(folder)


def test_an_edited_region_is_read_again(tmp_path):
    folder = copy_of("thin-town", tmp_path)
    before = load_region(folder).identity
    path = folder / "people.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("9901,0,9", "9901,0,8", 1), encoding="utf-8")
    assert load_region(folder).identity != before


BAD = [
    ("jobs.csv", ",2022,", ",²,", "year"),
    ("jobs.csv", "9901,A-B,820", "9901,A-B,1e308", "jobs"),
    ("jobs.csv", "9901,A-B,820", "9901,A-B,8_20", "jobs"),
    ("labour.csv", "9901,land", "9901,lund", "quantity"),
    ("people.csv", "9901,40,", "9901,41,", "age"),
    ("labour.csv", "employed_residents,", "employed_residents,9", "persons"),
    ("labour.csv", "working_age,", "working_age,9", "persons"),
    ("travel.csv", "9901,oslo,", "oslo,9901,30,x,2022,estimate\n9901,oslo,", "minutes"),
    ("region.yaml", "[oslo, ring]", "[oslo, ring, oslo]", "externals"),
    ("region.yaml", 'code: "9901"', "code: 0301", "zones"),
    ("region.yaml", "base_year: 2022", "base_year: true", "base_year"),
    ("region.yaml", "fictional: true", "fictional: 'no'", "fictional"),
]
ANCHORS = [
    ("G", -5, 0),
    ("G", ".nan", 0),
    ("G", 50, 9),
    ("G", 50_000, 0),
    ("GG", 50, 0),
]


@pytest.mark.parametrize(("file", "old", "new", "key"), BAD)
def test_one_thing_wrong_is_told(tmp_path, file, old, new, key):
    folder = copy_of("thin-town", tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegionErrors) as caught:
        load_region(folder)
    assert key in {error.key for error in caught.value.errors}


@pytest.mark.parametrize(("industry", "jobs", "owner"), ANCHORS)
def test_an_anchor_must_fit(tmp_path, industry, jobs, owner):
    folder = copy_of("thin-town", tmp_path)
    path = folder / "region.yaml"
    row = f"[{{name: X, zone: '9901', industry: {industry}, jobs: {jobs}, owner: {owner}, source: x}}]"
    path.write_text(path.read_text(encoding="utf-8").replace("anchors: []", f"anchors: {row}"), encoding="utf-8")
    with pytest.raises(RegionErrors, match=r"region.yaml:10:1: anchors"):
        load_region(folder)


def test_a_broken_quote_is_found_on_its_line(tmp_path):
    folder = copy_of("thin-town", tmp_path)
    lines = (folder / "jobs.csv").read_text(encoding="utf-8").split("\n")
    lines[8] = lines[8].replace(",", ',"', 1)
    (folder / "jobs.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(RegionErrors, match=r"jobs.csv:9:1"):
        load_region(folder)


def test_absurd_counts_of_establishments_end_quickly(tmp_path):
    folder = copy_of("thin-town", tmp_path)
    path = folder / "establishments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1-4,51", "1-4,2000000"), encoding="utf-8")
    firms = synthesise(load_region(folder))
    assert firms.jobs[firms.industry == 0].sum() == pytest.approx(820)
