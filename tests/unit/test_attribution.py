"""Shapley shares: against a game solved by hand and by enumeration, additive, and resumable runs."""

from itertools import permutations

import numpy as np
import pytest

from sim.compare.attribution import DIRECT, coalitions, orders, shapley, table
from sim.experiment import attribution, baseline, vocabulary
from sim.experiment.attribution import SwitchSet, run_sets
from sim.scenario import read_scenarios

NAMES = ("a", "b", "c", "d")
WORTH = {"a": 3.0, "b": -1.0, "c": 0.0, "d": 2.0}


def game(on):
    """Return a game with interactions, for three seeds."""
    value = 1.5 + sum(WORTH[name] for name in on) + 4.0 * ({"a", "d"} <= on) - 2.0 * ({"a", "b", "d"} <= on)
    return value * np.array([0.9, 1.0, 1.1])


def exact(name):
    every = list(permutations(NAMES))
    gains = [game(frozenset(o[: o.index(name) + 1])).mean() - game(frozenset(o[: o.index(name)])).mean() for o in every]
    return np.mean(gains)


def test_shares_of_every_order_are_exact():
    shares = {s.mechanism: s for s in shapley(NAMES, list(permutations(NAMES)), game)}
    for name in NAMES:
        assert shares[name].shapley == pytest.approx(exact(name), abs=1e-12)
    assert shares[DIRECT].shapley == pytest.approx(1.5)


def test_sampled_shares_add_up_and_lie_within_their_error():
    chosen = orders(NAMES, 64)
    shares = {s.mechanism: s for s in shapley(NAMES, chosen, game)}
    assert sum(s.shapley for s in shares.values()) == pytest.approx(game(frozenset(NAMES)).mean(), abs=1e-9)
    for name in NAMES:
        assert abs(shares[name].shapley - exact(name)) <= 3.5 * shares[name].se_orders + 1e-9
    assert shares["c"].shapley == pytest.approx(0.0, abs=1e-12)
    assert shares["a"].switch_off == pytest.approx(3.0 + 4.0 - 2.0)


def test_every_second_order_is_the_reverse_of_the_one_before():
    chosen = orders(NAMES, 10)
    assert all(chosen[k + 1] == chosen[k][::-1] for k in range(0, 10, 2))
    assert chosen == orders(NAMES, 10)
    assert len({*chosen}) > 4


def test_the_sets_hold_everything_shares_need():
    chosen = orders(NAMES, 6)
    sets = coalitions(NAMES, chosen)
    assert frozenset(NAMES) in sets
    assert frozenset() in sets
    assert len(sets) == len(set(sets))
    shapley(NAMES, chosen, lambda on: game(on) if on in sets else pytest.fail(f"{on} is missing"))


def test_finished_sets_are_not_run_again_and_the_arena_level_has_no_direct_effect(tmp_path, monkeypatch):
    [policy] = read_scenarios(["cluster-programme"], vocabulary())
    entry = policy.instruments[0].model_copy(update={"options": {"level": "arena"}, "start_year": 1, "stop_year": 2})
    policy = policy.model_copy(update={"years": 2, "instruments": (entry,)})
    pair = (policy, baseline(2))
    names = ("M1", "M4")
    chosen = orders(names, 2)
    work = [SwitchSet("thin-town", (pair,), on, (1, 2), ("jobs", "projects")) for on in coalitions(names, chosen)]
    first = {each.on: found for each, found in run_sets(work, tmp_path, jobs=1)}
    monkeypatch.setattr(attribution, "effects", lambda each: pytest.fail("ran again"))
    again = {each.on: found for each, found in run_sets(work, tmp_path, jobs=1)}
    assert first == again
    rows = {row["mechanism"]: row for row in table(first, names, chosen, "projects", 2)}
    assert rows[DIRECT]["shapley"] == 0.0
    whole = np.mean(first[frozenset(names)][policy.name]["projects"][1])
    assert sum(row["shapley"] for row in rows.values()) == pytest.approx(whole, abs=1e-9)
