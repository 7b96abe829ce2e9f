"""The evaluators' estimators on panels whose effect is known."""

import numpy as np
import pandas as pd
import pytest

from sim.evidence.estimators import Estimate, did_matched, lottery, rdd, rejected


def world(seed, effect=0.1, firms=400, selected=True):
    """Return a panel of 21 quarters and the treated: large firms are picked and grow slower by themselves."""
    chance = np.random.default_rng(seed)
    size = chance.normal(2.0, 1.0, firms)
    odds = 1 / (1 + np.exp(-1.5 * (size - 2.5))) if selected else np.full(firms, 0.3)
    treated = chance.random(firms) < odds
    trend = -0.004 * (size - 2.0)
    noise = chance.normal(0, 0.05, (firms, 21)).cumsum(axis=1) * 0.3
    quarter = np.arange(21)
    logs = size[:, None] + trend[:, None] * quarter + noise
    logs += effect * treated[:, None] * np.clip((quarter - 7) / 12.0, 0, 1)
    rows = pd.DataFrame({"quarter": np.tile(quarter, firms), "jobs": np.exp(logs).ravel(),
                         "firm": np.repeat(np.arange(firms) + 7_000, 21)})  # fmt: skip
    rows["industry"] = rows["firm"] % 3
    return rows, list(np.flatnonzero(treated) + 7_000), list(np.flatnonzero(~treated) + 7_000)


def test_matching_recovers_what_selection_hides():
    found, naive = [], []
    for seed in range(20):
        panel, treated, others = world(seed)
        found.append(did_matched(panel, treated, "log_jobs", 8, 11, ["log_jobs", "industry"]).effect)
        naive.append(rejected(panel, treated, others, "log_jobs", 8, 11).effect)
    assert np.mean(found) == pytest.approx(0.1, abs=0.012)
    assert np.mean(naive) < 0.1 - 0.02


def test_intervals_cover_as_they_say():
    inside = {"did": 0, "lottery": 0, "rdd": 0, "rejected": 0, "exact": 0}
    for seed in range(200):
        panel, treated, others = world(seed, 0.05, 200, selected=False)
        results = {"did": did_matched(panel, dict.fromkeys(treated, 8), "log_jobs", horizon=11),
                   "exact": did_matched(panel, treated, "log_jobs", 8, 11, ["industry"]),
                   "rejected": rejected(panel, treated, others[:60], "log_jobs", 8, 11),
                   "lottery": lottery(panel, treated, others, "log_jobs", 8, 11)}  # fmt: skip
        chance = np.random.default_rng(1_000 + seed)
        score = pd.Series(chance.uniform(-1, 1, 200), index=np.arange(200) + 7_000)
        jump, _, _ = world(seed, 0.0, 200, selected=False)
        last = jump["quarter"] == 19
        up = jump.loc[last, "firm"].map(score).to_numpy() >= 0
        jump.loc[last, "jobs"] *= np.exp(0.05 * up)
        results["rdd"] = rdd(jump, score, 0.0, "log_jobs", 8, 11, bandwidth=1.0)
        for name, row in results.items():
            inside[name] += abs(row.effect - 0.05) < 1.645 * row.se
    for name, count in inside.items():
        assert 0.80 <= count / 200 <= 0.97, (name, count)


def test_no_effect_is_found_where_there_is_none():
    estimates = [did_matched(*world(seed, 0.0)[:2], "log_jobs", 8, 11).effect for seed in range(20)]
    assert abs(np.mean(estimates)) < 0.01


def test_treated_may_be_given_in_any_usual_way():
    panel, treated, _ = world(1)
    ways = [treated, set(treated), np.array(treated), dict.fromkeys(treated, 8),
            pd.Series(8, index=pd.Index(treated, name="firm"))]  # fmt: skip
    assert len({round(did_matched(panel, way, "jobs", 8, 8).effect, 12) for way in ways}) == 1
    shuffled = panel.sample(frac=1.0, random_state=1)[["jobs", "industry", "firm", "quarter"]]
    assert did_matched(shuffled, treated, "jobs", 8, 8) == did_matched(panel, treated, "jobs", 8, 8)


def test_firms_that_close_are_left_out_or_end_at_zero():
    panel, treated, others = world(2)
    gone = panel[~((panel["firm"].isin(treated[:20])) & (panel["quarter"] > 12))]
    kept = lottery(gone, treated, others, "jobs", 8, 11)
    counted = lottery(gone, treated, others, "jobs", 8, 11, exits_as_zero=True)
    assert kept.n_treated == len(treated) - 20
    assert counted.n_treated == len(treated)
    assert counted.effect < kept.effect


def test_too_little_to_go_on_says_so():
    panel, treated, others = world(3)
    few = did_matched(panel, treated[:3], "jobs", 8, 8)
    assert isinstance(few, Estimate)
    assert few.reason == "too few treated firms with a match inside the panel"
    assert np.isnan(few.effect)
    assert did_matched(panel, [], "jobs", 8, 8).reason == "no treated firms"
    assert lottery(panel, treated, others, "jobs", 8, 40).reason == "the panel has no quarter 48"
    assert did_matched(panel, treated, "jobs", 8, 40).reason == "the panel has no quarter 48"
    assert did_matched(panel, treated, "jobs", 0, 8).reason == "the panel has no quarter -1"
    assert lottery(panel, treated, others[:2], "jobs", 8, 8).reason == "too few loser firms in both quarters"
    assert rejected(panel, [], others, "jobs", 8, 8).reason == "too few treated firms in both quarters"
    assert did_matched(panel.head(0), treated, "jobs", 8, 8).reason == "the panel has no quarter 7"
    near = pd.Series(np.linspace(-1, 1, 400), index=np.arange(400) + 7_000)
    assert rdd(panel, near, 0.99, "jobs", 8, 8, 0.5).reason == "too few firms near the cutoff"
    assert rdd(panel, near, 0.0, "jobs", 8, 40).reason == "the panel has no quarter 48"
    steps = near.map(lambda score: 1.0 if score >= 0 else score)
    assert "no line can be fitted" in rdd(panel, steps, 0.0, "jobs", 8, 8, 2.0).reason
    alone = did_matched(panel[panel["firm"].isin([*treated, *others[:3]])], treated, "jobs", 8, 8)
    assert alone.reason == "too few different controls inside the panel"
    assert (alone.n_control, np.isnan(alone.effect)) == (3, True)


def test_groups_may_be_given_by_marks_by_quarters_or_by_name():
    panel, treated, others = world(1)
    marks = pd.Series(np.isin(np.arange(400) + 7_000, treated), index=np.arange(400) + 7_000)
    by_ids = lottery(panel, treated, others, "jobs", 8, 8)
    assert lottery(panel, marks, ~marks, "jobs", 8, 8) == by_ids
    assert lottery(panel, pd.Series(treated), pd.Series(others), "jobs", 8, 8) == by_ids
    did = did_matched(panel, treated, "jobs", 8, 8)
    never = dict.fromkeys(treated, 8.0) | {others[0]: None, others[1]: float("nan")}
    ways = [marks, marks.to_dict(), pd.Series(treated), pd.Series(8.0, index=treated), never,
            pd.Series({**dict.fromkeys(treated, 8.0), others[0]: np.nan})]  # fmt: skip
    for way in ways:
        assert did_matched(panel, way, "jobs", 8, 8) == did
    named = panel.assign(firm="firm " + panel["firm"].astype(str))
    words = [f"firm {firm}" for firm in treated]
    assert did_matched(named, words, "jobs", 8, 8).effect == pytest.approx(did.effect)
    assert did_matched(panel.assign(firm=panel["firm"].astype(float)), treated, "jobs", 8, 8) == did
    assert did_matched(panel.set_index(["firm", "quarter"]), treated, "jobs", 8, 8) == did


def test_matching_on_words_marks_and_nothing():
    panel, treated, _ = world(4, selected=False)
    panel["kind"] = np.where(panel["firm"] % 2 == 0, "even", "odd")
    panel["even"] = panel["firm"] % 2 == 0
    by_word = did_matched(panel, treated, "log_jobs", 8, 11, ["log_jobs", "kind"])
    assert by_word == did_matched(panel, treated, "log_jobs", 8, 11, ["log_jobs", "even"])
    plain = did_matched(panel, treated, "log_jobs", 8, 11, [])
    wide = panel.assign(y=np.log(panel["jobs"])).pivot(index="firm", columns="quarter", values="y")
    change = wide[19] - wide[7]
    mine = change.index.isin(treated)
    assert plain.effect == pytest.approx(change[mine].mean() - change[~mine].mean())
    usual = np.sqrt(change[mine].var() / mine.sum() + change[~mine].var() / (~mine).sum())
    assert plain.se == pytest.approx(usual, rel=0.3)


def test_trends_that_differ_bias_what_does_not_match_on_them():
    naive, matched, refused = [], [], []
    for seed in range(20):
        panel, treated, others = world(seed, 0.0)
        naive.append(did_matched(panel, treated, "log_jobs", 8, 11, ["industry"]).effect)
        matched.append(did_matched(panel, treated, "log_jobs", 8, 11, ["log_jobs"]).effect)
        refused.append(rejected(panel, treated, others, "log_jobs", 8, 11).effect)  # chosen by size: not removed
    assert np.mean(naive) < -0.03
    assert np.mean(refused) < -0.03
    assert abs(np.mean(matched)) < 0.01


def test_a_relation_that_bends_asks_for_a_narrow_bandwidth():
    chance = np.random.default_rng(5)
    score = pd.Series(chance.uniform(-1, 1, 4_000))
    rise = 0.3 * (score >= 0) + score**3
    panel = pd.DataFrame({"firm": np.tile(score.index, 2), "quarter": np.repeat([7, 19], 4_000)})
    panel["y"] = np.where(panel["quarter"] == 19, panel["firm"].map(rise), 0.0) + chance.normal(0, 0.05, 8_000)
    narrow = rdd(panel, score, 0.0, "y", 8, 11)
    assert narrow.effect == pytest.approx(0.3, abs=3 * narrow.se + 0.02)
    assert abs(rdd(panel, score, 0.0, "y", 8, 11, bandwidth=3.0).effect - 0.3) > 0.1


def test_unbalanced_panels_and_firms_treated_at_different_times():
    panel, treated, _ = world(6, 0.0, selected=False)
    late = dict(zip(treated, [6 if k % 2 else 9 for k in range(len(treated))], strict=True))
    start = panel["firm"].map(late)
    panel["jobs"] = np.where(panel["quarter"] >= start, panel["jobs"] * np.exp(0.1), panel["jobs"])
    thin = panel.sample(frac=0.9, random_state=3)
    found = did_matched(thin, late, "log_jobs", horizon=8)
    assert found.effect == pytest.approx(0.1, abs=3 * found.se)
    assert 0.6 * len(treated) < found.n_treated < len(treated)


def test_wrong_input_is_refused_in_words():
    panel, treated, others = world(3)
    with pytest.raises(ValueError, match="no column 'turnover'"):
        did_matched(panel, treated, "turnover", 8, 8)
    with pytest.raises(ValueError, match="both winner and loser"):
        lottery(panel, treated, [*others, treated[0]], "jobs", 8, 8)
    with pytest.raises(ValueError, match="stands twice in quarter"):
        did_matched(pd.concat([panel, panel.head(1)]), treated, "jobs", 8, 8)
    with pytest.raises(ValueError, match="start is needed"):
        did_matched(panel, treated, "jobs", horizon=8)
    with pytest.raises(ValueError, match="not numbers"):
        lottery(panel.assign(jobs=panel["jobs"].astype(str) + " jobs"), treated, others, "jobs", 8, 8)
    with pytest.raises(ValueError, match="has two scores"):
        rdd(panel, pd.Series([1.0, 2.0], index=[7_000, 7_000]), 0.0, "jobs", 8, 8)
    with pytest.raises(ValueError, match="bandwidth"):
        rdd(panel, dict.fromkeys(treated, 1.0), 0.0, "jobs", 8, 8, bandwidth=0.0)
