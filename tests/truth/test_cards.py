"""Each card on its own: sign, delay, capacity, deadweight and cost."""

import dataclasses
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from sim.instruments import catalogue
from tests.economy import model, series, town, use

QUARTERS, SEEDS = 40, (1, 2)


def total(name):
    """Return a measure: the sum of a yearly indicator over the run."""
    return lambda m: float(series(m, name).sum())


def logged(decision):
    """Return a measure: how much money the organisation logged for a decision."""
    return lambda m: sum(row["amount"] for row in m.log if row["decision"] == decision)


def counted(decision):
    """Return a measure: how many lines the organisation logged for a decision."""
    return lambda m: float(sum(row["decision"] == decision for row in m.log))


def sheltered(m):
    return float((1.0 - m.firms.shelter).sum())


def buffered(m):
    return float((m.firms.speed - 1.0).sum())


@dataclasses.dataclass(frozen=True)
class Card:
    """What a card should do to a measure."""

    use: object
    measure: Callable  # rises when the instrument works
    cost: str  # a card value whose doubling gives less
    dead: str = "deadweight"
    dead_measure: Callable | None = None
    capacity: str | None = None  # a card value that limits how much can be used


MAKING = ((0, 1),)
CARDS = {
    "cluster_programme": Card(use("cluster_programme", 6, MAKING, level="nce"), total("projects"), "member_cost",
                              dead_measure=total("rd"), capacity="nce_largest"),
    "networks": Card(use("networks", 6), total("projects"), "unit_cost", capacity="capacity"),
    "broad_innovation": Card(use("broad_innovation", 10), total("value_added"), "administration", capacity="cases"),
    "vouchers": Card(use("broad_innovation", 10, lottery=True), total("rd"), "administration", "voucher_deadweight",
                     capacity="institute_capacity"),
    "skills_programme": Card(use("skills_programme", 10), lambda m: float(m.policy.trained.sum()), "unit_cost",
                             capacity="places"),
    "incubator": Card(use("incubator", 4, stop=60), sheltered, "unit_cost", capacity="rooms"),
    "seed_fund": Card(use("seed_fund", 6, stop=60), buffered, "unit_cost", capacity="investments"),
    "business_park": Card(use("business_park", 10), lambda m: float(m.policy.land.sum()), "unit_cost",
                          capacity="reserve"),
    "business_attraction": Card(use("business_attraction", 60), counted("land"), "landing_cost",
                                dead_measure=lambda m: float((m.firms.owner == 2).sum()), capacity="prospects"),
    "procurement": Card(use("procurement", 10), total("value_added"), "administration", capacity="contracts"),
    "residential_attractiveness": Card(use("residential_attractiveness", 10), total("population"), "home_cost"),
    "commuter_transport": Card(use("commuter_transport", 30, stop=60), total("out_commuting"), "minute_cost",
                               capacity="most"),
    "green_transition": Card(use("green_transition", 10), lambda m: -total("emissions")(m), "abatement_cost",
                             capacity="projects"),
}  # fmt: skip


def measured(asked, measure):
    return np.mean([measure(model(asked, seed=seed, scale=4.0).run(QUARTERS)) for seed in SEEDS])


def without(measure):
    return np.mean([measure(model(seed=seed, scale=4.0).run(QUARTERS)) for seed in SEEDS])


def changed(monkeypatch, asked, **values):
    kind = catalogue()[asked.instrument]
    card = {**kind.card, **{n: dataclasses.replace(kind.card[n], mode=v) for n, v in values.items()}}
    monkeypatch.setattr(kind, "card", card)


def of(asked, name):
    return catalogue()[asked.instrument].card[name].mode


@cache
def usual(name):
    """Return what a card does as it stands."""
    return measured(CARDS[name].use, CARDS[name].measure)


@pytest.mark.parametrize("name", list(CARDS))
def test_sign(name):
    assert usual(name) > without(CARDS[name].measure)


@pytest.mark.parametrize("name", list(CARDS))
def test_a_dearer_unit_gives_less(name, monkeypatch):
    card, before = CARDS[name], usual(name)
    times = 4.0 if card.cost == "administration" else 2.0
    changed(monkeypatch, card.use, **{card.cost: min(times * of(card.use, card.cost), 1e9)})
    assert measured(card.use, card.measure) < before


@pytest.mark.parametrize("name", list(CARDS))
def test_more_deadweight_gives_less(name, monkeypatch):
    card = CARDS[name]
    measure = card.dead_measure or card.measure
    changed(monkeypatch, card.use, **{card.dead: 0.1})
    little = measured(card.use, measure)
    changed(monkeypatch, card.use, **{card.dead: 0.95})
    assert measured(card.use, measure) < little


@pytest.mark.parametrize("name", [name for name, card in CARDS.items() if card.capacity])
def test_beyond_capacity_money_stays_unspent(name, monkeypatch):
    card = CARDS[name]
    free = model(card.use, scale=4.0).run(QUARTERS)
    changed(monkeypatch, card.use, **{card.capacity: of(card.use, card.capacity) / 8.0})
    tight = model(card.use, scale=4.0).run(QUARTERS)
    assert series(tight, "unspent")[-1] > series(free, "unspent")[-1]
    assert card.measure(tight) < card.measure(free)


def test_without_land_money_for_homes_stays_unspent():
    """The capacity of residential attractiveness is the land there is."""
    asked, scarce = CARDS["residential_attractiveness"].use, {}
    region, firms = town(4.0)
    for land in (500.0, 2.0):
        place = (dataclasses.replace(region, land=np.full(2, land)), firms)
        scarce[land] = model(asked, place=place).run(QUARTERS)
    assert series(scarce[2.0], "unspent")[-1] > series(scarce[500.0], "unspent")[-1]
    assert total("population")(scarce[2.0]) < total("population")(scarce[500.0])


@pytest.mark.parametrize("name", list(CARDS))
def test_a_longer_delay_comes_later(name, monkeypatch):
    card = CARDS[name]
    measure = card.dead_measure or card.measure
    soon = measured(card.use, measure)
    changed(monkeypatch, card.use, delay=QUARTERS)
    assert measured(card.use, measure) < soon
