"""Parameter draws: inside their range, the same for every policy, and independent of what else is drawn."""

import numpy as np
import pytest

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


def test_draws_with_luck_of_their_own_share_no_seed_and_keep_it_when_made_larger():
    study = make_study([baseline(1)], ["thin-town"], 2, draws=3, drawn=("spillover",), own_luck=True)
    seeds = [spec.seed for spec in study.runs()]
    assert len(set(seeds)) == 6
    assert min(seeds) > 1_000_000 + 100, "not the seeds that reference paths are solved with"
    more = make_study([baseline(1)], ["thin-town"], 4, draws=5, drawn=("spillover",), own_luck=True)
    assert {s.run_id for s in study.runs()} < {s.run_id for s in more.runs()}
    shared = make_study([baseline(1)], ["thin-town"], 2, draws=3, drawn=("spillover",))
    assert {spec.seed for spec in shared.runs()} == {1, 2}
    with pytest.raises(ValueError, match="at most"):
        make_study([baseline(1)], ["thin-town"], 20_000, draws=3, drawn=("spillover",), own_luck=True)
