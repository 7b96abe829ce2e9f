"""Regret by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.compare.regret import regret, regret_cells, regret_words


def results(draws):
    rows = []
    for draw, (a, b) in enumerate(draws, start=1):
        for seed in (1, 2):
            levels = {"baseline": 100.0 + seed, "a": 100.0 + seed + a, "b": 100.0 + seed + b}
            for name, value in levels.items():
                rows.append(("r", name, seed, draw, "jobs", "all", "all", 11, value))
    columns = ["region", "scenario", "seed", "draw", "indicator", "zone", "family", "year", "value"]
    return SimpleNamespace(values=pd.DataFrame(rows, columns=columns), manifest={},
                           title=lambda name, language="nb": name.upper())  # fmt: skip


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
    assert set(table["futures"]) == {6}, "a future is a draw with the luck of a seed"


def test_one_draw_has_seeds_for_futures_and_no_goal_is_empty():
    table = regret(results([(1.0, 2.0)]))
    assert set(table["kind"]) == {"seeds"}
    assert np.isnan(table["share_goal"]).all()


def test_neutral_indicators_are_refused():
    with pytest.raises(ValueError, match="neither good nor bad"):
        regret(results([(1.0, 2.0)]), "net_commuting")


def test_a_policy_is_called_safest_only_when_other_futures_would_say_the_same():
    clear = regret(results([(10.0 + k % 3, 2.0) for k in range(30)]), goal=11.0)
    assert clear.iloc[0][["policy", "share_safest"]].tolist() == ["a", 1.0]
    said = regret_words(results([]), clear, 11.0, "en")
    assert said[0].startswith("Safest: A.")
    assert "40 of 60 futures" in said[1], "ten of thirty draws fall short"
    even = regret(results([(5.0, 5.0)] * 28 + [(0.0, 9.0), (9.2, 0.0)]))
    assert even["share_safest"].max() < 0.9
    assert regret_words(results([]), even, None, "nb")[0].startswith("Ingen av tiltakene er klart tryggere")
    assert len(regret_words(results([]), even, None, "nb")) == 1


def test_a_goal_that_is_never_reached_is_told_and_less_can_be_the_goal():
    never = regret(results([(1.0, 2.0), (0.0, 1.0)]), goal=900.0)
    assert "ingen" not in regret_words(results([]), never, 900.0, "nb")[1]
    assert "ikke i noen av 4 framtider" in regret_words(results([]), never, 900.0, "nb")[1]
    falls = results([(-3.0, -1.0), (-2.0, 0.0)])
    falls.values["indicator"] = "emissions"
    table = regret(falls, "emissions", goal=-2.0).set_index("policy")
    assert table["share_goal"].to_dict() == {"a": 1.0, "b": 0.0, "baseline": 0.0}
    assert table.index[0] == "a"


def test_cells_are_words_with_counts():
    row = regret(results([(10.0, 2.0), (-4.0, 3.0), (6.0, 5.0)]), goal=5.0).iloc[0]
    cells = regret_cells(row, "nb")
    assert cells["share_goal"] == "4 av 6 (67\u00a0%)"
    assert cells["largest_regret"] == "7"
    assert regret_cells(row, "en")["mean"] == "+4"


def test_futures_in_which_a_run_failed_are_left_out():
    some = results([(10.0, 2.0), (-4.0, 3.0)])
    v = some.values
    some.values = v[~((v["scenario"] == "b") & (v["draw"] == 2) & (v["seed"] == 1))]
    assert set(regret(some)["futures"]) == {3}
