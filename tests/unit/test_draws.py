"""Parameter draws: inside their range, the same for every policy, and independent of what else is drawn."""

import numpy as np
import pandas as pd
import pytest

from sim.compare.differences import _over_draws
from sim.experiment import baseline, make_study
from sim.experiment.draws import drawable, drawn_values, from_prior
from sim.experiment.study import shard
from sim.model import parameter_table


def test_draws_lie_in_their_range_and_move_around_the_default():
    names, table = drawable("all"), parameter_table()
    assert len(names) > 30
    assert not [name for name in names if table[name].use == "fixed"]
    sample = {name: np.array([drawn_values(names, k)[name] for k in range(1, 60)]) for name in names}
    for name, values in sample.items():
        row = table[name]
        assert row.low <= values.min() < values.max() <= row.high, name
    middle = np.mean([(v.mean() - table[n].value) / (table[n].high - table[n].low) for n, v in sample.items()])
    assert abs(middle) < 0.1


def test_a_draw_does_not_depend_on_what_else_is_drawn_and_draw_zero_is_the_default():
    both = drawn_values(("threshold", "spillover"), 3)
    assert both["spillover"] == drawn_values(("spillover",), 3)["spillover"]
    assert drawn_values(("spillover",), 0) == {}
    assert drawn_values(("spillover",), 3) != drawn_values(("spillover",), 4)


def test_the_prior_by_hand():
    assert from_prior(0.5, 0.0, 1.0, 0.5) == pytest.approx(0.5)
    assert from_prior(0.5, 0.0, 1.0, 0.841344746) == pytest.approx(0.75, abs=0.02)


def test_shards_are_a_partition():
    study = make_study([baseline(1)], ["thin-town"], 5, draws=3, drawn=("spillover",))
    specs = study.runs()
    for parts in (1, 2, 3, 7):
        shares = [shard(specs, part, parts) for part in range(1, parts + 1)]
        ids = [spec.run_id for share in shares for spec in share]
        assert sorted(ids) == sorted(spec.run_id for spec in specs)
    with pytest.raises(ValueError, match="between 1 and 2"):
        shard(specs, 3, 2)


def test_unknown_parameters_and_draws_of_nothing_are_refused():
    with pytest.raises(ValueError, match="did you mean 'spillover'"):
        make_study([baseline(1)], ["thin-town"], 1, draws=1, drawn=("spilover",))
    with pytest.raises(ValueError, match="draws need parameters"):
        make_study([baseline(1)], ["thin-town"], 1, draws=1)


def test_what_is_not_known_is_told_apart_from_luck():
    place = {"region": "r", "scenario": "s", "indicator": "jobs", "zone": "all", "family": "all", "year": 1}
    pairs = [(draw, seed) for draw in range(1, 12) for seed in (-1, 1)]
    rows = [{**place, "seed": seed, "draw": draw, "x": 10.0 * draw + seed} for draw, seed in pairs]
    low, high = _over_draws(pd.DataFrame(rows), 0.9)
    assert float(low.iloc[0]) == pytest.approx(15.0)
    assert float(high.iloc[0]) == pytest.approx(105.0)
    few = pd.DataFrame([row for row in rows if row["draw"] < 5])
    assert np.isnan(_over_draws(few, 0.9)[0])
