"""What a target comes to in a region."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sim.scenario import InstrumentEntry, Scenario, Words, family_ranking, family_strength, resolve_targets
from sim.scenario.vocabulary import Vocabulary

RANKING = [("food", ("10-12", "03")), ("digital", ("62",))]


def region(jobs: list[float], public: list[float], exports: list[float], families: list[str]) -> Any:
    """Return what the ranking asks of a region: two municipalities with half of the jobs each."""
    half = np.array([jobs, jobs]) / 2
    share = np.array(public)
    industries = SimpleNamespace(
        codes=tuple(f"i{index}" for index in range(len(jobs))),
        labels={"nb": tuple("næring" for _ in jobs), "en": tuple("industry" for _ in jobs)},
        family=tuple(families),
        public_share=share,
        export_share=np.array(exports),
    )
    return SimpleNamespace(
        name="here",
        zones=("3103",),
        jobs=half,
        public=half * share,
        industries=industries,
        families=tuple(dict.fromkeys(families)),
    )


def test_strength_is_private_tradable_employment_in_market_industries() -> None:
    here = region([100, 50, 1000, 40], [0, 0, 0.9, 0.25], [0.5, 0.8, 0.9, 1.0], ["a", "b", "health", "b"])
    assert family_strength(here) == [("b", pytest.approx(70)), ("a", 50.0), ("health", 0.0)]


def test_ties_keep_the_order_of_families() -> None:
    here = region([10, 10, 10], [0, 0, 0], [0.5, 0.5, 0.5], ["c", "a", "b"])
    assert [family for family, _ in family_strength(here)] == ["c", "a", "b"]


def test_ranking_puts_the_largest_industry_first_and_never_an_empty_family() -> None:
    here = region([10, 90, 70, 40], [0, 0, 0.8, 0.9], [1, 1, 1, 1], ["a", "a", "a", "health"])
    assert family_ranking(here) == [("a", ("i1", "i0")), ("health", ("i3",))]


@pytest.mark.parametrize(
    ("aim", "resolved"),
    [
        ({"target": "strongest_family"}, ("10-12", "03")),
        ({"target": "digital"}, ("62",)),
        ({"industries": ("62", "03")}, ("62", "03")),
        ({"zones": ("all",)}, None),
        ({}, None),
    ],
)
def test_resolved_choice_is_stored(aim: dict[str, Any], resolved: tuple[str, ...] | None) -> None:
    entry = InstrumentEntry(instrument="x", budget=1, **aim)
    assert resolve_targets(entry, RANKING).resolved == resolved
    assert entry.resolved is None
    scenario = Scenario(name="s", title=Words(nb="s", en="s"), description=Words(nb="", en=""), instruments=(entry,))
    assert resolve_targets(scenario, RANKING).instruments[0].resolved == resolved


def test_identity_of_a_resolved_target_is_that_of_its_industries() -> None:
    def of(**aim: Any) -> Scenario:
        entry = InstrumentEntry(instrument="x", budget=1, **aim)
        return Scenario(name="s", title=Words(nb="", en=""), description=Words(nb="", en=""), instruments=(entry,))

    aimed, listed = of(target="strongest_family"), of(industries=("10-12", "03"))
    assert aimed.identity() != listed.identity()
    assert resolve_targets(aimed, RANKING).identity() == resolve_targets(listed, RANKING).identity()
    assert resolve_targets(aimed, RANKING).identity() != resolve_targets(aimed, RANKING[::-1]).identity()


@pytest.mark.parametrize("target", ["ships", "strongest_family"])
def test_family_that_the_region_lacks(target: str) -> None:
    with pytest.raises(LookupError, match=target):
        resolve_targets(InstrumentEntry(instrument="x", budget=1, target=target), [])


def test_vocabulary_of_regions() -> None:
    here = region([1, 1], [0, 0], [1, 1], ["a", "b"])
    words = Vocabulary.of([cast(Any, here)], {}, {"fee": (0, 1, "-")}, {"M1": "spillover"})
    assert (words.industries, words.families) == (("i0", "i1"), ("a", "b"))
    assert (words.zones, words.switches, words.regions) == ({"here": ("3103",)}, ("M1",), ("here",))
    assert words.labels["i0"] == {"nb": "næring", "en": "industry"}
