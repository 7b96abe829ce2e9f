"""Each instrument: sign, delay, capacity, deadweight, cost; organisations that decide."""

import dataclasses

import numpy as np
import pytest

from sim.instruments import catalogue
from sim.model import make_parameters
from sim.organisations.firm_programme import MOST_INTEREST, FirmProgramme
from tests.economy import digest, model, same, series, state, use

MAKING = ((0, 1),)
USES = {
    "cluster_programme": use("cluster_programme", 10, MAKING, level="gce"),
    "networks": use("networks", 10),
    "broad_innovation": use("broad_innovation", 10),
    "business_attraction": use("business_attraction", 10),
    "residential_attractiveness": use("residential_attractiveness", 10),
    "skills_programme": use("skills_programme", 10),
    "incubator": use("incubator", 4),
    "seed_fund": use("seed_fund", 1),
    "business_park": use("business_park", 10),
    "procurement": use("procurement", 10),
    "commuter_transport": use("commuter_transport", 100, to="everywhere"),
    "green_transition": use("green_transition", 10),
}
LOTTERY = use("broad_innovation", 10, lottery=True)


def test_there_are_twelve_instruments_and_each_is_tested():
    assert set(USES) == set(catalogue())
    assert len(USES) == 12


def test_a_seed_fund_of_the_first_quarter_finds_every_firm_rested():
    fund = model(use("seed_fund", 20, start=0), scale=4.0)
    [organisation] = fund.organisations
    assert organisation.rested(np.arange(len(fund.firms))).all()


@pytest.fixture(scope="module")
def baselines():
    return {seed: model(seed=seed, scale=4.0).run(48) for seed in range(1, 13)}


@pytest.mark.parametrize("name", list(USES))
def test_money_is_booked_as_granted_spent_and_unspent(name):
    m, budget = model(USES[name], scale=4.0).run(60), USES[name].budget
    granted, spent, unspent = (series(m, i) for i in ("granted", "spent_municipal", "unspent"))
    assert granted[0] == 0.0
    assert granted[1] == pytest.approx(budget)
    assert granted[-1] == pytest.approx(10 * budget)
    np.testing.assert_allclose(granted - spent, unspent, atol=1e-9)
    assert (np.diff(spent) >= -1e-9).all() or name == "seed_fund"  # the seed fund gets money back
    assert spent[-1] <= 10 * budget + 1e-9
    assert (series(m, "spent_public") >= spent - 1e-9).all()


@pytest.mark.parametrize("chosen", [*USES.values(), LOTTERY], ids=[*USES, "lottery"])
def test_no_firm_is_more_interested_than_organisations_look_for(chosen):
    m = model(chosen, scale=4.0).run(12)
    everybody = np.arange(len(m.firms))
    for organisation in m.organisations:
        if isinstance(organisation, FirmProgramme):
            interest = organisation.interest(everybody)
            assert interest.shape == everybody.shape
            assert interest.min() >= 0.0
            assert interest.max() <= MOST_INTEREST


@pytest.mark.parametrize("name", ["cluster_programme", "networks"])
def test_clubs_know_exactly_their_members(name):
    m = model(USES[name], scale=4.0)
    for _ in range(60):
        m.step()
        for club in m.policy.clubs[1:]:
            np.testing.assert_array_equal(m.policy.members(club), np.flatnonzero(m.firms.cluster == club.number))
    assert len(m.policy.clubs) > 1


#: What organisations write down on firms; it moves nothing by itself.
NOTES = ("funded", "used", "cluster", "joined", "broker")
#: Instruments whose first effect also waits for a prospect, a partner or a fund that has saved up.
WAITS = ("business_attraction", "networks", "seed_fund")


def moved(a, b):
    """Return what differs between two states of the economy, notes apart."""
    return [name for name, array in a.items() if name not in NOTES and not np.array_equal(array, b[name])]


@pytest.fixture(scope="module")
def plain_quarters():
    m = model(scale=4.0)
    return [{name: array.copy() for name, array in state(m.run(1)).items()} for _ in range(60)]


@pytest.mark.parametrize("name", [*USES, "vouchers"])
def test_the_first_effect_comes_exactly_after_the_delay(name, plain_quarters):
    asked = LOTTERY if name == "vouchers" else USES[name]
    if name in WAITS:
        asked = dataclasses.replace(asked, budget=60.0)
    delay = int(catalogue()[asked.instrument].card["delay"].mode) * (2 if name == "cluster_programme" else 1)
    m = model(asked, scale=4.0)
    first = next(quarter for quarter, plain in enumerate(plain_quarters) if moved(state(m.run(1)), plain))
    assert first >= asked.start_quarter + delay
    assert first == asked.start_quarter + delay or name in WAITS


@pytest.mark.parametrize("name", list(USES))
def test_accept_all_in_place_of_the_rule_changes_results(name):
    asked = use(name, 3, MAKING, level="arena") if name == "cluster_programme" else USES[name]
    digests = {rule: [digest(model(asked, seed=s, scale=4.0, rule=rule).run(48)) for s in (1, 2)] for rule in
               ("own", "accept_all")}  # fmt: skip
    assert digests["own"] != digests["accept_all"]


def test_the_voucher_lottery_draws_lots_within_the_hours_of_the_institute():
    own, all_in = (model(LOTTERY, scale=4.0, rule=rule).run(48) for rule in ("own", "accept_all"))
    assert digest(own) != digest(all_in)
    assert any(row["organisation"].startswith("R&D institute") and row["decision"] == "refuse" for row in own.log)
    assert any("lottery" in row["reason"] for row in own.log)


def test_there_is_an_organisation_of_every_kind():
    kinds = {row["organisation"].split(":")[0] for used in [*USES.values(), LOTTERY]
             for row in model(used, scale=4.0).run(24).log}  # fmt: skip
    assert kinds == {"cluster facilitator", "university college", "R&D institute", "incubator", "business park",
                     "industry association", "innovation agency", "county", "municipality", "purchasing municipality",
                     "climate agency", "seed fund"}  # fmt: skip


@pytest.mark.parametrize("name", list(USES))
def test_organisations_refuse_queue_or_close_and_say_why(name):
    m = model(USES[name], seed=3).run(60)
    assert m.log
    for row in m.log:
        assert set(row) == {"quarter", "organisation", "decision", "subject", "reason", "amount"}
        assert row["reason"]
    found = {row["decision"] for row in m.log}
    assert "close" in found
    assert found & {"refuse", "queue", "lapse"}


@pytest.mark.parametrize("name", ["cluster_programme", "broad_innovation", "networks"])
def test_more_jobs_than_without_on_average(name, baselines):
    gains = [
        series(model(USES[name], seed=s, scale=4.0).run(48), "jobs")[10] - series(base, "jobs")[10]
        for s, base in baselines.items()
    ]
    assert np.mean(gains) > 0


def test_homes_draw_people(baselines):
    gains = [
        series(model(USES["residential_attractiveness"], seed=s, scale=4.0).run(48), "population")[11]
        - series(base, "population")[11]
        for s, base in list(baselines.items())[:4]
    ]
    assert np.min(gains) > 0


def test_more_deadweight_gives_less(baselines, monkeypatch):
    card = catalogue()["broad_innovation"].card
    worse = card | {"deadweight": dataclasses.replace(card["deadweight"], mode=0.9)}
    usual = [series(model(USES["broad_innovation"], seed=s, scale=4.0).run(48), "jobs")[10] for s in (1, 2, 3)]
    monkeypatch.setattr(catalogue()["broad_innovation"], "card", worse)
    less = [series(model(USES["broad_innovation"], seed=s, scale=4.0).run(48), "jobs")[10] for s in (1, 2, 3)]
    assert np.mean(less) < np.mean(usual)


def test_money_beyond_capacity_stays_unspent():
    m = model(use("cluster_programme", 10, MAKING, level="arena"), scale=4.0).run(60)
    assert series(m, "unspent")[-1] > 65.0
    assert any(row["decision"] == "refuse" and "more than" in row["reason"] for row in m.log)


def test_below_the_core_no_member_no_fee_and_the_same_economy():
    few = use("cluster_programme", 3, ((1,),), level="arena")
    m = model(few, scale=0.3).run(60)
    plain = model(scale=0.3).run(60)
    assert m.log[0]["decision"] == "refuse"
    assert series(m, "members").max() == 0
    assert same(m, plain)
    assert 0 < series(m, "spent_municipal")[-1] < 3
    kept = sum(o.fund + o.idle for o in m.organisations)
    assert m.policy.granted == pytest.approx(m.policy.spent + kept, abs=1e-9)


def test_too_little_money_for_an_office_serves_nobody():
    m = model(use("cluster_programme", 1.5, MAKING, level="arena"), scale=4.0).run(60)
    assert series(m, "members").max() == 0
    assert same(m, model(scale=4.0).run(60))


def test_all_mechanisms_off_the_arena_level_does_exactly_nothing():
    off = {f"M{k}": False for k in (1, 2, 3, 4, 5, 6, 7, 8, 9)} | {"M4b": False, "M8a": False}
    for seed in (1, 2, 3):
        policy = model(use("cluster_programme", 3, MAKING, level="arena"), seed=seed, scale=4.0, switches=off).run(60)
        plain = model(seed=seed, scale=4.0, switches=off).run(60)
        assert series(policy, "members").max() > 0
        for name in ("jobs", "value_added", "population", "rd", "emissions", "firms", "innovations"):
            np.testing.assert_array_equal(series(policy, name), series(plain, name))


@pytest.mark.parametrize("name", [*USES, "vouchers"])
def test_one_shrinkage_bounds_every_instrument(name):
    """With nothing believed of any evaluation, nothing an instrument gives is left; joint projects give no gain."""
    believe_nothing = make_parameters()
    believe_nothing = dataclasses.replace(believe_nothing, values={**believe_nothing.values, "shrinkage": 0.0})
    asked = LOTTERY if name == "vouchers" else USES[name]
    policy, plain = (model(*uses, scale=4.0, parameters=believe_nothing).run(44) for uses in ((asked,), ()))
    assert policy.policy.spent > 5.0
    if name in ("cluster_programme", "networks"):
        assert series(policy, "projects").sum() > 1.2 * series(plain, "projects").sum()
        assert series(policy, "value_added").sum() == pytest.approx(series(plain, "value_added").sum(), rel=2e-3)
        return
    assert moved(state(policy), state(plain)) == []


def test_every_card_value_is_inside_its_range_with_a_source():
    for instrument in catalogue().values():
        assert set(instrument.title) == set(instrument.summary) == {"nb", "en"}
        for name, row in instrument.card.items():
            assert row.low <= row.mode <= row.high, (instrument.name, name)
            assert row.unit, name
            assert row.source, name
            assert row.grade in ("published", "official", "calibrated", "judgement")
