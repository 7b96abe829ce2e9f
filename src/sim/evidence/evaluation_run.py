"""One draw of an evaluation: run its worlds, apply the evaluators' estimators, and see what the model really does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.evidence.estimators import Estimate, did_matched, lottery, rdd, rejected
from sim.evidence.evaluation_file import SHAPES, Evaluation, Measure, Treated
from sim.evidence.evaluation_world import BITS, World
from sim.experiment.build import build_model, scenario_parameters, scenario_reference
from sim.experiment.draws import drawable, drawn_values
from sim.scenario import Scenario
from sim.scenario.targets import family_ranking, resolve_targets

Floats = NDArray[np.float64]
Quarters = NDArray[np.int64]
#: The twin region has other firms: the same tables, another seed.
TWIN_SEED = 1_000_000


@dataclass(frozen=True)
class Found:
    """What one estimate of one draw came to.

    Attributes:
        effect, se: what the evaluator finds. true: what the same firms have more than in the world without.
        per, per_se, per_true: the same for the column that the effect is divided by.
    """

    effect: float
    se: float
    true: float
    n_treated: int
    n_control: int
    reason: str | None = None
    per: float = float("nan")
    per_se: float = float("nan")
    per_true: float = float("nan")


@cache
def drawn(number: int) -> dict[str, float]:
    """Return the parameters of a draw: every free one and every one with a prior, from the prior."""
    return drawn_values(drawable("all"), number)


def run_draw(evaluation: Evaluation, draw: int) -> dict[str, dict[str, Any]]:
    """Return every estimate of one draw: draw i has seed i and the i-th draw of the parameters."""
    worlds = _Worlds(evaluation, draw)
    return {name: asdict(_measure(measure, worlds)) for name, measure in evaluation.keys.estimates.items()}


class _Worlds:
    """The worlds of one draw, each run once when asked for."""

    def __init__(self, evaluation: Evaluation, draw: int) -> None:
        self.evaluation, self.draw, self.region = evaluation, draw, evaluation.region
        self.values = drawn(draw)
        self.made: dict[tuple[str, int], World] = {}

    def get(self, scenario: Scenario, seed: int | None = None) -> World:
        """Return the world of a scenario."""
        seed = self.draw if seed is None else seed
        key = (scenario.identity(), seed)
        if key not in self.made:
            self.made[key] = _world(self.evaluation, scenario, seed, self.values)
        return self.made[key]

    def pair(self, name: str) -> tuple[World, World]:
        """Return the world with a programme and the one without."""
        policy, without = self.evaluation.worlds[name]
        return self.get(policy), self.get(without)

    def twin_region(self, name: str) -> World:
        """Return a region with the same tables and other firms, without the programme."""
        return self.get(self.evaluation.worlds[name][1], self.draw + TWIN_SEED)

    def targets(self, name: str) -> tuple[int, ...]:
        """Return the industries a programme is aimed at; empty = all."""
        codes = self.region.industries.codes
        ranking = family_ranking(self.region)
        aims = [resolve_targets(entry, ranking).resolved for entry in self.evaluation.worlds[name][0].instruments]
        if not all(aims):
            return ()
        return tuple(sorted({codes.index(code) for aim in aims for code in aim or ()}))


def _world(evaluation: Evaluation, scenario: Scenario, seed: int, values: Mapping[str, float]) -> World:
    region = evaluation.region
    reference = scenario_reference(region, scenario, drawn=values)
    parameters = scenario_parameters(scenario, values)
    model = build_model(region, scenario, seed, reference=reference, parameters=parameters, panel=True)
    model.run(scenario.quarters)
    assert model.panel is not None
    inside = model.flow[: model.zones, : model.zones]
    return World(model.panel.columns(), inside.copy(), region.minutes[: model.zones, : model.zones],
                 model.zone_jobs(), model.flow[: model.zones].sum(axis=1))  # fmt: skip


def _measure(measure: Measure, worlds: _Worlds) -> Found:
    if measure.estimator in SHAPES:
        return _shape(measure, worlds.pair(measure.programme)[0])
    main = _one(measure, worlds, None)
    if measure.per is None:
        return main
    share = _one(measure, worlds, measure.per)
    why = main.reason or share.reason or (None if share.effect > 0 else f"the effect on {measure.per} is not above 0")
    return Found(main.effect, main.se, main.true, main.n_treated, main.n_control, why, share.effect, share.se,
                 share.true)  # fmt: skip


def _one(measure: Measure, worlds: _Worlds, column: str | None) -> Found:
    """Return the estimate on the outcome, or on the column it is divided by."""
    policy, without = worlds.pair(measure.programme)
    treated = measure.treated
    assert treated is not None
    targets = worlds.targets(measure.programme) if treated.group == "targeted" else ()
    first = policy.began(treated, measure.start, targets)
    y = policy.outcome(measure, column)
    accepted = first
    if treated.group == "applicants":
        paid = policy.answer("paid", BITS[str(treated.of)], first)
        accepted = np.where(paid, first, -1)
    true = _differences(policy, without, measure, column, accepted)
    effect = float(true.mean()) if true.size else float("nan")
    if measure.estimator == "twin":
        return _twin(true)
    if measure.estimator == "untargeted":
        other = worlds.twin_region(measure.programme)
        found = _untargeted(measure, policy, other, y, other.outcome(measure, column), first, targets)
    elif measure.estimator == "did_matched":
        found = _matched(measure, policy, y, first, treated)
    else:
        found = _applicants(measure, policy, y, first, paid, treated)
    return Found(found.effect, found.se, effect, found.n_treated, found.n_control, found.reason)


def _differences(policy: World, without: World, measure: Measure, column: str | None, first: Quarters) -> Floats:
    """Return how much more treated firms have than in the world without, of those that live in both, f8[K]."""
    mine = np.flatnonzero(first >= 0)
    place = np.searchsorted(without.firms, policy.firms[mine])
    place = np.minimum(place, len(without.firms) - 1)
    here = without.firms[place] == policy.firms[mine]
    mine, place = mine[here], place[here]
    last = first[mine] + measure.horizon
    inside = last < min(policy.quarters, without.quarters)
    mine, place, last = mine[inside], place[inside], last[inside]
    gap = policy.outcome(measure, column)[mine, last] - without.outcome(measure, column)[place, last]
    return np.asarray(gap[np.isfinite(gap)])


def _twin(true: Floats) -> Found:
    if true.size < 5:
        return Found(float("nan"), float("nan"), float("nan"), true.size, true.size, "too few treated firms")
    mean, se = float(true.mean()), float(true.std(ddof=1) / np.sqrt(true.size))
    return Found(mean, se, mean, true.size, true.size)


def _matched(measure: Measure, world: World, y: Floats, first: Quarters, treated: Treated) -> Estimate:
    names = list(measure.match_on)
    traits = world.traits(names)
    keep = (first >= 0) | ~world.ever(treated)  # users that are not looked at are no controls either
    quarters = sorted({q for f in set(first[first >= 0]) for q in (f - 1, f + measure.horizon) if q < world.quarters})
    parts = []
    for quarter in quarters:
        rows = np.flatnonzero(keep & np.isfinite(world.matrix("jobs")[:, quarter]))
        data = {name: values[rows, quarter] for name, values in traits.items()}
        for name in ("industry", "zone", "performs_rd"):
            if name in data:
                data[name] = data[name].astype(bool if name == "performs_rd" else int)  # type: ignore[assignment]
        parts.append(pd.DataFrame({"firm": world.firms[rows], "quarter": quarter, "y": y[rows, quarter], **data}))
    if not parts:
        return Estimate(float("nan"), float("nan"), 0, 0, "no treated firms")
    begin = dict(zip(world.firms[first >= 0].tolist(), first[first >= 0].tolist(), strict=True))
    panel = pd.concat(parts, ignore_index=True)
    return did_matched(panel, begin, "y", horizon=measure.horizon, match_on=names)


def _untargeted(
    measure: Measure, world: World, other: World, y: Floats, other_y: Floats, first: Quarters, targets: tuple[int, ...]
) -> Estimate:
    """Return targeted firms against the same industries in the twin region, before and after."""
    assert measure.treated is not None
    like = other.everyone_like(measure.treated, measure.start, targets)
    panel = pd.concat([_two(world, y, first, measure, "here"), _two(other, other_y, like, measure, "there")])
    groups = [panel.loc[panel["where"] == where, "firm"].unique() for where in ("here", "there")]
    return rejected(panel, groups[0], groups[1], "y", measure.start, measure.horizon)


def _applicants(
    measure: Measure, world: World, y: Floats, first: Quarters, paid: NDArray[np.bool_], treated: Treated
) -> Estimate:
    """Return those paid against the others that applied, each from the quarter it first applied in."""
    bit = BITS[str(treated.of)]
    fit = ~world.answer("refused", bit, first) if measure.estimator != "rejected" else np.ones(len(first), bool)
    yes, no = (first >= 0) & paid, (first >= 0) & ~paid & fit
    panel = _two(world, y, np.where(yes | no, first, -1), measure, "")
    ids = [[f"{firm}" for firm in world.firms[group]] for group in (yes, no)]
    if measure.estimator == "lottery":
        return lottery(panel, ids[0], ids[1], "y", measure.start, measure.horizon)
    if measure.estimator == "rejected":
        return rejected(panel, ids[0], ids[1], "y", measure.start, measure.horizon)
    margin = world.at(world.matrix("margin"), first)
    score = {f"{firm}": value for firm, value in zip(world.firms, margin, strict=True) if np.isfinite(value)}
    return rdd(panel, score, 0.0, "y", measure.start, measure.horizon, measure.bandwidth)


def _two(world: World, y: Floats, first: Quarters, measure: Measure, where: str) -> pd.DataFrame:
    """Return the quarter before and the horizon of each firm, as if all were treated in the first quarter."""
    mine = np.flatnonzero(first >= 0)
    firm = [f"{where}{identity}" for identity in world.firms[mine]]
    parts = [
        pd.DataFrame({"firm": firm, "quarter": quarter, "where": where,
                      "y": world.at(y, np.where(first >= 0, first + shift, -1))[mine]})
        for quarter, shift in ((measure.start - 1, -1), (measure.start + measure.horizon, measure.horizon))
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _shape(measure: Measure, world: World) -> Found:
    """Return how ties or commuting fall with distance; there is no estimator between it and the model."""
    if measure.estimator == "ties_within":
        minutes = world.columns["partner_minutes"][world.columns["quarter"] >= measure.start]
        minutes = minutes[np.isfinite(minutes)]
        share = float((minutes <= measure.to_minutes).mean()) if minutes.size else float("nan")
        return _described(share, minutes.size, "no ties")
    flow, minutes = world.flow, world.minutes
    if measure.estimator == "commuters_within":
        share = float(flow[minutes <= measure.to_minutes].sum() / flow.sum())
        return _described(share, int(flow.sum()), "no commuters")
    size = np.outer(world.people, world.jobs)
    band = (minutes >= measure.from_minutes) & (minutes <= measure.to_minutes) & (flow > 0) & (size > 0)
    if band.sum() < 5 or np.ptp(minutes[band]) <= 0:
        return _described(float("nan"), int(band.sum()), "too few pairs of municipalities at that distance")
    slope = np.polyfit(np.log(minutes[band]), np.log(flow[band] / size[band]), 1)[0]
    return _described(float(slope), int(band.sum()), "")


def _described(value: float, count: int, why: str) -> Found:
    return Found(value, float("nan"), value, count, 0, None if np.isfinite(value) else why)
