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
    inside = {"did": 0, "lottery": 0, "rdd": 0}
    for seed in range(200):
        panel, treated, others = world(seed, 0.05, 200, selected=False)
        results = {"did": did_matched(panel, dict.fromkeys(treated, 8), "log_jobs", horizon=11),
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
    assert lottery(panel, treated, others, "jobs", 8, 40).reason == "too few firms inside the panel"


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
    with pytest.raises(ValueError, match="bandwidth"):
        rdd(panel, dict.fromkeys(treated, 1.0), 0.0, "jobs", 8, 8, bandwidth=0.0)
