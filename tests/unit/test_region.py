"""Regions: tables, totals, crosswalk, synthesis, identity."""

import csv
import dataclasses
import shutil

import numpy as np
import pytest

from sim.region import (
    RegionErrors,
    canonical_industries,
    load_region,
    nace_to_industry,
    placeholder_share,
    region_identity,
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
    assert firms.residuals["residual"].abs().sum() <= 0.12 * firms.residuals["table"].sum()


def test_the_named_anchor_is_there():
    firms = synthesise(load_region("nedre-glomma"))
    assert firms.anchor.sum() == 1
    assert firms.jobs[firms.anchor] == pytest.approx([945.0])


def copy_of(name, folder):
    target = folder / name
    shutil.copytree(_built_in() / name, target)
    return target


def test_identity_follows_the_numbers_not_the_file(tmp_path):
    first = region_identity(load_region("thin-town"))
    folder = copy_of("thin-town", tmp_path)
    text = (folder / "jobs.csv").read_text(encoding="utf-8")
    (folder / "jobs.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert region_identity(load_region(folder)) == first
    other = copy_of("thin-town", tmp_path / "b")
    (other / "people.csv").write_text((other / "people.csv").read_text().replace("9901,0,", "9901,0,1", 1))
    assert region_identity(load_region(other)) != first


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
