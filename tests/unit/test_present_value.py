"""Present values by hand."""

import pandas as pd
import pytest

from sim.compare import Discounting
from sim.compare.present_value import present_values


def paired(rows):
    base = {"region": "r", "scenario": "s", "seed": 1, "draw": 0, "zone": "all", "family": "all"}
    return pd.DataFrame([{**base, "indicator": name, "year": year, "x": x} for name, year, x in rows])


def test_flows_are_discounted_from_year_one_and_other_money_counts_in_the_public_value():
    rows = [("municipal_net", 1, -10.0), ("municipal_net", 2, 2.0), ("spent_municipal", 1, 10.0),
            ("spent_municipal", 2, 10.0), ("spent_public", 1, 15.0), ("spent_public", 2, 15.0)]  # fmt: skip
    found = present_values(paired(rows), Discounting(0.1, 0.2)).set_index(["indicator", "year"])["x"]
    assert found["present_value_municipal", 1] == pytest.approx(-10)
    assert found["present_value_municipal", 2] == pytest.approx(-10 + 2 / 1.1)
    assert found["present_value_public", 2] == pytest.approx(-15 * 1.2 + 2 / 1.1)


def test_a_rate_must_be_a_share():
    with pytest.raises(ValueError, match="rate must lie between 0 and 1"):
        Discounting(4.0)
