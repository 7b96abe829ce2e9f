"""Sensitivity on answers that are known: what matters is found, what flips flips at the right value."""

import numpy as np
import pytest

from sim.compare.sensitivity_words import parameter_label, parameter_value, sensitivity_sentences
from sim.evidence import sensitivity as s
from sim.evidence.emulator import fit
from sim.evidence.sensitivity_flips import contrast_rows, crossing, flip_rows, verdict
from sim.experiment import BASELINE
from sim.model import parameter_table

NAMES = ("spillover", "broker", "shrinkage", "imitation", "trust", "tax_kept")
A, B, C = s.POLICIES


def study(**changes):
    return s.SensitivityStudy(**({"parameters": NAMES[:4] + NAMES[5:], "design": 60, "most": 3, "seeds": 4} | changes))


def results(names, shares, effects, noise=0.0, seed=1):
    """Return what runs would give if effects were these functions of shares by name."""
    rng = np.random.default_rng(seed)
    out = []
    for row in shares:
        at = dict(zip(names, row, strict=True))
        base = 1000.0 + 50.0 * rng.standard_normal(4)
        levels = {BASELINE: list(base)}
        for name, effect in zip(s.POLICIES, effects(at), strict=True):
            levels[name] = list(base + effect + noise * rng.standard_normal(4))
        out.append({"levels": levels})
    return out


def effects(at):
    """A hangs on two parameters (the second by a product), B on one, C on none."""
    return 100.0 * at["spillover"] - 30.0 + 40.0 * at.get("broker", 0.5) * at["spillover"], 20.0 * at["shrinkage"], 5.0


def test_morris_ranks_what_matters_first_and_finds_the_size_of_a_straight_effect():
    asked = study(trajectories=12)
    shares = s.morris_shares(asked)
    assert shares.shape == (12 * (len(asked.names) + 1), len(asked.names))
    rows = s.morris_rows(asked, shares, results(asked.names, shares, effects))
    first = [row for row in rows if row["contrast"] == [A, BASELINE]]
    assert [row["parameter"] for row in first[:2]] == ["spillover", "broker"]
    assert first[0]["sigma"] > 1.0
    straight = next(row for row in rows if row["contrast"] == [B, BASELINE] and row["parameter"] == "shrinkage")
    assert straight["mu_star"] == pytest.approx(20.0)
    assert straight["mu"] == pytest.approx(20.0)
    assert straight["sigma"] == pytest.approx(0.0, abs=1e-9)
    dead = [row for row in rows if row["parameter"] in ("imitation", "tax_kept")]
    assert max(row["mu_star"] for row in dead) < 1e-9
    assert s.strongest(asked, rows) == ("spillover", "shrinkage", "broker")
    assert [list(c) for c in asked.contrasts] == [[A, BASELINE], [B, BASELINE], [C, BASELINE], [A, B], [A, C], [B, C]]


def test_luck_alone_is_told_as_luck():
    asked = study(trajectories=12)
    shares = s.morris_shares(asked)
    rows = s.morris_rows(asked, shares, results(asked.names, shares, lambda at: (0.0, 0.0, 0.0), noise=2.0))
    for row in rows:
        assert row["noise"] > 0.0
        assert row["mu_star"] < 2.5 * row["noise"]


@pytest.fixture(scope="module")
def found():
    asked = study()
    names = ("spillover", "broker", "shrinkage")
    shares = s.sobol_shares(asked, names)
    return asked, s.surfaces(asked, names, shares, results(names, shares, effects, noise=2.0))


def test_sobol_indices_hold_the_truth_in_their_intervals(found):
    asked, surfaces = found
    rows = {(tuple(row["contrast"]), row["parameter"]): row for row in s.sobol_rows(asked, surfaces)}
    # a x + b x y over the unit square: variances of the two main effects and of the interaction
    a, b = 100.0, 40.0
    of_x, of_y, of_both = (a + b / 2) ** 2 / 12, (b / 2) ** 2 / 12, b**2 / 144
    total = of_x + of_y + of_both
    spill, broker = (rows[(A, BASELINE), name] for name in ("spillover", "broker"))
    assert spill["first"] == pytest.approx(of_x / total, abs=0.04)
    assert broker["total"] == pytest.approx((of_y + of_both) / total, abs=0.03)
    assert spill["total_low"] <= (of_x + of_both) / total <= spill["total_high"] + 0.02
    assert rows[(B, BASELINE), "shrinkage"]["total"] > 0.9
    errors = {tuple(row["contrast"]): row for row in s.emulator_rows(surfaces)}
    assert errors[A, BASELINE]["r2"] > 0.95
    assert errors[C, BASELINE]["r2"] < 0.3


def test_a_conclusion_flips_at_the_right_value_and_only_then(found):
    _, surfaces = found
    rows = {(tuple(row["contrast"]), row["parameter"]): row for row in flip_rows(surfaces)}
    table = parameter_table()
    broker = (table["broker"].value - table["broker"].low) / (table["broker"].high - table["broker"].low)
    true = table["spillover"].high * 30.0 / (100.0 + 40.0 * broker)  # the low end of its range is 0
    flip = rows[(A, BASELINE), "spillover"]
    assert flip["verdict"] == "flips"
    assert flip["value_low"] <= flip["value"] <= flip["value_high"]
    assert flip["value"] == pytest.approx(true, abs=0.02)
    assert flip["at_low"] < 0 < flip["at_high"]
    for name in ("spillover", "broker"):
        assert rows[(B, BASELINE), name]["verdict"] == "does_not_flip"
        assert rows[(B, BASELINE), name]["value"] is None
    assert rows[(C, BASELINE), "spillover"]["verdict"] == "does_not_flip"
    contrasts = {tuple(row["contrast"]): row for row in contrast_rows(surfaces)}
    assert contrasts[C, BASELINE]["share_above"] == 1.0
    assert 0.6 < contrasts[A, BASELINE]["share_above"] < 0.9


def test_crossings_and_verdicts():
    steps = np.linspace(0, 1, 5)
    assert crossing(steps, np.array([-1.0, 1, 1, 1, 1]), 0.5) == pytest.approx(0.125)
    assert crossing(steps, np.array([-1.0, 1, 1, 1, -1]), 0.9) == pytest.approx(0.875)
    assert crossing(steps, np.ones(5), 0.5) is None
    assert verdict(1.0, 0.3) == "flips"
    assert verdict(0.0, None) == "does_not_flip"
    assert verdict(0.5, 0.3) == verdict(0.5, None) == "unsure"
    assert verdict(0.0, None, least=3.0, left=12.0) == "unsure", "what is left unexplained could turn it"
    assert verdict(0.0, None, least=30.0, left=12.0) == "does_not_flip"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_sentences_follow_the_rows(found, language):
    asked, surfaces = found
    titles = {code: {A: "Klynge", B: "Bred", C: "Bosted", BASELINE: "Ingen"} for code in ("nb", "en")}
    told = {"titles": titles, "contrasts": contrast_rows(surfaces), "sobol": s.sobol_rows(asked, surfaces),
            "flips": flip_rows(surfaces), "emulators": s.emulator_rows(surfaces),
            "study": {"units": {"nb": "personer", "en": "persons"}, "decimals": 0}}  # fmt: skip
    lines = sensitivity_sentences(told, language)
    flips = [line for line in lines if {"nb": "snur når", "en": "flips when"}[language] in line]
    assert len(flips) == sum(row["verdict"] == "flips" for row in told["flips"])
    assert parameter_value("spillover", flip_rows(surfaces)[0]["value"], language) in flips[0]
    weak = lines[-1]
    assert "Bosted" in weak
    assert "0,5" in weak or "0.5" in weak


def test_every_parameter_that_is_moved_has_words_in_both_languages():
    for name in s.SensitivityStudy().names:
        assert parameter_label(name, "nb")
        assert parameter_label(name, "en")
        row = parameter_table()[name]
        assert parameter_value(name, row.value, "nb")


def test_points_have_luck_of_their_own_only_when_asked():
    asked = study(design=5)
    names = ("spillover", "broker")
    shares = np.random.default_rng(1).random((5, 2))
    common = {p.arguments[4] for p in asked.points(names, shares, screening=True)}
    own = {p.arguments[4] for p in asked.points(names, shares, screening=False)}
    assert len(common) == 1
    assert len(own) == 5
    shared = study(design=5, shared_path=True)
    assert not any(p.arguments[-1] for p in shared.points(names, shares, screening=True))
    assert all(p.arguments[-1] for p in shared.points(names, shares, screening=False))
    assert shared.quarters(True) < asked.quarters(True) == shared.quarters(False)


def test_a_few_broken_pairs_do_not_hide_what_matters():
    """In a tenth of the points one run of four is hundreds off; the surface still finds the slope."""
    rng = np.random.default_rng(2)
    shares = rng.random((80, 2))
    runs = 40.0 * shares[:, :1] + 3.0 * rng.standard_normal((80, 4))
    runs[::10, 0] += 400.0 * rng.choice([-1.0, 1.0], 8)
    se = runs.std(axis=1, ddof=1) / 2.0
    found = fit(shares, runs.mean(axis=1), se, runs=4)
    ends = found.mean(np.array([[0.05, 0.5], [0.95, 0.5]]))
    assert ends[1] - ends[0] == pytest.approx(36.0, abs=5.0)
    assert found.r2 > 0.8
    view = found.resampled(rng)
    assert view.centre != found.centre, "a view has a level of its own"
