"""``sim facts`` end to end, on the region with the fewest rows."""

KEYS = ("id", "region", "simulated", "se", "published", "low", "high", "pass", "source")


def test_rows_as_json_and_as_a_table(sim):
    rows = sim.json("facts", "--region", "thin-town", "--seeds", 2, "--jobs", 1, "--json")
    assert [row["id"] for row in rows] == ["thin_members"]
    assert set(KEYS) <= set(rows[0])
    assert rows[0]["region"] == "thin-town"
    assert rows[0]["pass"] == (abs(rows[0]["simulated"]) <= 1.96 * rows[0]["se"])
    done = sim("facts", "--region", "thin-town", "--seeds", 2, "--jobs", 1, "--quiet", "--language", "en",
               "--definitions")  # fmt: skip
    assert not done.stderr
    assert "interval holds 0" in done.stdout
    assert "thin-town-cluster" in done.stdout


def test_an_unknown_region_is_told_in_json(sim):
    done = sim("facts", "--region", "nedre-gloma", "--seeds", 2, "--json", code=2)
    assert "nedre-glomma" in done.stdout
