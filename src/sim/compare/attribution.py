"""Why a policy works: its effect shared out over mechanisms (Shapley), and what is lost when one is switched off.

A policy's effect under a set of mechanisms is the mean over seeds of policy less baseline, both with that
set on and a reference path of that set. A mechanism's share is its mean contribution over random orders in
which mechanisms are switched on. What is left with every mechanism off is the direct effect of the money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.random_numbers import decision_key, uniforms

Floats = NDArray[np.float64]
Coalition = frozenset[str]
DIRECT = "direct"


@dataclass(frozen=True)
class Share:
    """The share of one mechanism in an effect, in the unit of the indicator.

    Attributes:
        se: standard error from orders and seeds together. se_orders, se_seeds: each alone.
        switch_off: effect lost when this mechanism alone is switched off. switch_off_se: its error over seeds.
    """

    mechanism: str
    shapley: float
    se: float
    se_orders: float
    se_seeds: float
    switch_off: float
    switch_off_se: float


def orders(mechanisms: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """Return random orders of the mechanisms; every second one is the reverse of the one before it.

    Raises:
        ValueError: fewer than two orders are asked for.
    """
    if count < 2:
        raise ValueError("at least two orders are needed")
    names = tuple(mechanisms)
    found: list[tuple[str, ...]] = []
    for k in range((count + 1) // 2):
        luck = uniforms(decision_key(0, "attribution.order", k), np.arange(len(names), dtype=np.int64))
        order = tuple(names[i] for i in np.argsort(luck, kind="stable"))
        found += [order, order[::-1]]
    return found[:count]


def coalitions(mechanisms: Sequence[str], chosen: Sequence[tuple[str, ...]]) -> list[Coalition]:
    """Return every set of mechanisms the shares need, each once: prefixes of the orders and all but one."""
    sets = {frozenset(order[:k]) for order in chosen for k in range(len(order) + 1)}
    sets |= {frozenset(mechanisms) - {name} for name in mechanisms}
    return sorted(sets, key=lambda s: (-len(s), sorted(s)))


def shapley(
    mechanisms: Sequence[str], chosen: Sequence[tuple[str, ...]], value: Callable[[Coalition], Floats]
) -> list[Share]:
    """Return the share of each mechanism, then the direct effect; shares add up to the whole effect.

    Args:
        chosen: orders of the mechanisms. value: effect by seed f8[seeds] under a set of mechanisms.
    """
    whole, nothing = value(frozenset(mechanisms)), value(frozenset())
    gains = {name: np.zeros((len(chosen), whole.size)) for name in mechanisms}
    for row, order in enumerate(chosen):
        before = nothing
        for k, name in enumerate(order, start=1):
            after = value(frozenset(order[:k]))
            gains[name][row] = after - before
            before = after
    shares = [
        _share(name, gains[name], whole - value(frozenset(mechanisms) - {name}))
        for name in mechanisms
    ]
    direct = nothing[None, :]
    return [*shares, _share(DIRECT, direct, nothing)]


def _share(name: str, gains: Floats, lost: Floats) -> Share:
    """Return one share from contributions f8[orders, seeds] and what is lost f8[seeds].

    Reversed pairs of orders count as one draw.
    """
    by_order = gains.mean(axis=1)
    pairs = (by_order[: len(by_order) // 2 * 2].reshape(-1, 2)).mean(axis=1) if len(by_order) > 1 else by_order
    se_orders, se_seeds = _standard_error(pairs), _standard_error(gains.mean(axis=0))
    both = float(np.hypot(se_orders, se_seeds))
    return Share(
        name, float(by_order.mean()), both, se_orders, se_seeds, float(lost.mean()), _standard_error(lost)
    )  # fmt: skip


def _standard_error(sample: Floats) -> float:
    return float(sample.std(ddof=1) / np.sqrt(sample.size)) if sample.size > 1 else 0.0


def table(
    effects: Mapping[Coalition, Mapping[str, Mapping[str, Sequence[Sequence[float]]]]], mechanisms: Sequence[str],
    chosen: Sequence[tuple[str, ...]], indicator: str, year: int,
) -> list[dict[str, object]]:  # fmt: skip
    """Return the shares of every policy as rows.

    Args:
        effects: set of mechanisms -> policy -> indicator -> year -> differences by seed.
        year: 1 is the first year; the last year on file when it is later.
    """
    rows: list[dict[str, object]] = []
    for scenario in next(iter(effects.values())):

        def value(on: Coalition, scenario: str = scenario) -> Floats:
            years = effects[on][scenario][indicator]
            return np.array(years[min(year, len(years)) - 1], float)

        rows += [
            {"scenario": scenario, "indicator": indicator, "year": year, **vars(share)}
            for share in shapley(mechanisms, chosen, value)
        ]
    return rows
