"""Published figures against many replays: median, bias, power, pass or fail, and the reason of a failure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.evaluation import Draw
from sim.evidence.evaluation_file import Evaluation, Measure, Row

Floats = NDArray[np.float64]
#: Share of the runs that a sign row, or a row without an effect, must hold in.
SHARE = 0.8
#: Two-sided 10 %, as evaluators report.
CRITICAL = 1.645


@dataclass(frozen=True)
class Why:
    """Why a row fails: a kind (``none``, ``significant``, ``noise``, ``model``, ``bias``) and the figures behind it."""

    kind: str
    figures: dict[str, float | str]


@dataclass(frozen=True)
class RowResult:
    """One published figure and what replays of it came to, in the unit of the row; ``why`` when it fails.

    Attributes:
        share_in_sign: share of the runs in which the row holds by itself. true_effect: what the model really does.
        bias: estimates less that. power: share of the runs that find an effect at 10 %, two-sided.
    """

    id: str
    row: str
    label: dict[str, str]
    unit: str
    published: float | str
    low: float | None
    high: float | None
    rule: str
    median: float
    share_in_sign: float
    passed: bool
    why: Why | None
    n_runs: int
    estimate_mean: float
    estimate_se_between_runs: float
    true_effect: float
    bias: float
    power: float
    n_treated: float
    n_control: float
    source: tuple[str, ...]
    note: dict[str, str] | None


def rows_of(evaluation: Evaluation, draws: Sequence[Draw]) -> list[RowResult]:
    """Return every row of an evaluation from its draws."""
    found = [draw.found for draw in sorted(draws, key=lambda d: d.number) if draw.found is not None]
    return [_row(evaluation, row, found) for row in evaluation.keys.rows]


def _row(evaluation: Evaluation, row: Row, found: Sequence[Mapping[str, Mapping[str, Any]]]) -> RowResult:
    measures = evaluation.keys.estimates
    values = np.array([_value(one[row.value], row, measures[row.value]) for one in found]).reshape(-1, 3)
    if row.minus is not None:
        other = np.array([_value(one[row.minus], row, measures[row.minus]) for one in found]).reshape(-1, 3)
        values = np.column_stack([values[:, :2] - other[:, :2], np.hypot(values[:, 2], other[:, 2])])
    reasons = [one[name]["reason"] for one in found for name in (row.value, row.minus) if name and one[name]["reason"]]
    there = np.isfinite(values[:, 0])
    estimate, true, se = values[there].T
    both = np.isfinite(true)
    centre = np.median if measures[row.value].per or row.minus else np.mean  # quotients have no mean
    significant = np.abs(estimate) > CRITICAL * se
    inside = _inside(row, estimate, significant)
    share = float(inside.mean()) if inside.size else math.nan
    median = float(np.median(estimate)) if estimate.size else math.nan
    enough = 2 * estimate.size > len(found) > 0
    passed = enough and (_between(row, median) if row.rule == "median" else share >= SHARE)
    powered = np.isfinite(se)
    result = RowResult(
        id=evaluation.keys.evaluation, row=row.row, label=row.label.model_dump(), unit=row.unit,
        published=row.published, low=row.low, high=row.high, rule=row.rule, median=median, share_in_sign=share,
        passed=bool(passed), why=None, n_runs=int(estimate.size),
        estimate_mean=float(estimate.mean()) if estimate.size else math.nan,
        estimate_se_between_runs=float(estimate.std(ddof=1)) if estimate.size > 1 else math.nan,
        true_effect=float(centre(true[both])) if both.any() else math.nan,
        bias=float(centre(estimate[both] - true[both])) if both.any() else math.nan,
        power=float(significant[powered].mean()) if powered.any() else math.nan,
        n_treated=_middle(found, row.value, "n_treated"), n_control=_middle(found, row.value, "n_control"),
        source=tuple(row.source), note=row.note.model_dump() if row.note else None,
    )  # fmt: skip
    return result if passed else replace(result, why=_why(result, len(found), reasons))


def _value(one: Mapping[str, Any], row: Row, measure: Measure) -> tuple[float, float, float]:
    """Return estimate, true effect and standard error of one draw in the unit of the row."""
    effect, true, se = (_float(one[name]) for name in ("effect", "true", "se"))
    if measure.per is not None:
        share, share_true, share_se = (_float(one[name]) for name in ("per", "per_true", "per_se"))
        quotient = effect / share if share > 0 else math.nan
        error = math.hypot(se, quotient * share_se) / share if share > 0 else math.nan
        effect, se, true = quotient, error, true / share_true if share_true > 0 else math.nan
    if row.unit == "percent" and measure.log:
        return 100 * math.expm1(effect), 100 * math.expm1(true), 100 * se * math.exp(effect)
    if row.unit in ("percent", "percentage_points"):
        return 100 * effect, 100 * true, 100 * se
    return effect, true, se


def _float(value: Any) -> float:
    return math.nan if value is None else float(value)


def _between(row: Row | RowResult, value: float) -> bool:
    """Tell whether a value is accepted; a figure on the edge must not hang on the last bit."""
    slack = 1e-9 * max(1.0, abs(value)) if math.isfinite(value) else 0.0
    low, high = (-math.inf if row.low is None else row.low), (math.inf if row.high is None else row.high)
    return math.isfinite(value) and low - slack <= value <= high + slack


def _inside(row: Row, estimate: Floats, significant: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return in which runs the row holds; a sign must lie strictly on its side."""
    if row.rule == "not_significant":
        return ~significant
    if row.rule == "median":
        return np.array([_between(row, value) for value in estimate], bool)
    above = estimate > row.low if row.low is not None else np.ones(estimate.size, bool)
    return above & (estimate < row.high) if row.high is not None else above


def _middle(found: Sequence[Mapping[str, Mapping[str, Any]]], name: str, key: str) -> float:
    counts = [one[name][key] for one in found]
    return float(np.median(counts)) if counts else math.nan


def _why(row: RowResult, runs: int, reasons: Sequence[str]) -> Why:
    """Return why a row fails, from what the runs themselves show."""
    own = row.true_effect
    if 2 * row.n_runs <= runs or not runs:
        usual = Counter(reasons).most_common(1)
        return Why("none", {"runs": runs, "found": row.n_runs, "reason": usual[0][0] if usual else "-"})
    if row.rule == "not_significant":
        return Why("significant", {"share": 100 * (1 - row.share_in_sign), "true": own})
    if not _between(row, own):
        return Why("model", {"true": own, "bias": row.bias})
    if row.rule == "sign":
        share = 100 * row.share_in_sign
        return Why("noise", {"true": own, "share": share, "spread": row.estimate_se_between_runs})
    return Why("bias", {"true": own, "bias": row.bias})
