"""Regret by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.compare.regret import regret


def results(draws):
    rows = []
    for draw, (a, b) in enumerate(draws, start=1):
        for seed in (1, 2):
            levels = {"baseline": 100.0 + seed, "a": 100.0 + seed + a, "b": 100.0 + seed + b}
            for name, value in levels.items():
                rows.append(("r", name, seed, draw, "jobs", "all", "all", 11, value))
    columns = ["region", "scenario", "seed", "draw", "indicator", "zone", "family", "year", "value"]
    return SimpleNamespace(values=pd.DataFrame(rows, columns=columns), manifest={})


def test_regret_and_goals_by_hand():
    table = regret(results([(10.0, 2.0), (-4.0, 3.0), (6.0, 5.0)]), goal=5.0).set_index("policy")
    assert table.index.tolist() == ["a", "b", "baseline"]
    assert table.loc["a", "largest_regret"] == pytest.approx(7.0)
    assert table.loc["b", "largest_regret"] == pytest.approx(8.0)
    assert table.loc["baseline", "largest_regret"] == pytest.approx(10.0)
    assert table.loc["b", "mean_regret"] == pytest.approx((8.0 + 0.0 + 1.0) / 3)
    assert table["share_best"].tolist() == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert table["share_goal"].tolist() == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert set(table["kind"]) == {"draws"}
    assert set(table["futures"]) == {3}


def test_one_draw_has_seeds_for_futures_and_no_goal_is_empty():
    table = regret(results([(1.0, 2.0)]))
    assert set(table["kind"]) == {"seeds"}
    assert np.isnan(table["share_goal"]).all()


def test_neutral_indicators_are_refused():
    with pytest.raises(ValueError, match="neither good nor bad"):
        regret(results([(1.0, 2.0)]), "net_commuting")
