"""Which scenario each policy is compared with: the one without instruments in the same world.

A world is everything but the instruments: years, external events, parameters and switches.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario import Scenario, Words

#: The name of the scenario without instruments, events or changed assumptions; added when a study lacks it.
BASELINE = "baseline"


def baseline(years: int = 15) -> Scenario:
    """Return the scenario without any instrument."""
    return Scenario(
        name=BASELINE,
        title=Words(nb="Uten nye tiltak", en="No new policy"),
        description=Words(nb="Referansebanen uten virkemidler.", en="The reference path without instruments."),
        years=years,
    )


def with_baselines(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return the scenarios with a baseline, and one more for every other world that a policy lives in."""
    chosen = list(scenarios)
    if BASELINE not in {s.name for s in chosen}:
        chosen.append(baseline(max((s.years for s in chosen), default=15)))
    worlds = {s.world() for s in chosen if not s.instruments}
    for scenario in list(chosen):
        if scenario.world() not in worlds and _differs(scenario):
            worlds.add(scenario.world())
            chosen.append(_without(scenario))
    return chosen


def own_baselines(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Return the name of the scenario each other is compared with.

    A policy is compared with the scenario without instruments in its own world; a world without
    instruments that somebody wrote a file for is compared with the baseline, which shows what its events do.
    """
    empty = {s.world(): s.name for s in reversed(scenarios) if not s.instruments}
    out = {}
    for scenario in scenarios:
        own = empty.get(scenario.world(), BASELINE)
        if scenario.name != BASELINE and not scenario.name.startswith(f"{BASELINE}-"):
            out[scenario.name] = BASELINE if own == scenario.name else own
    return out


def _differs(scenario: Scenario) -> bool:
    return bool(scenario.events or scenario.parameters or scenario.switches)


def _without(scenario: Scenario) -> Scenario:
    """Return the world of a scenario without its instruments."""
    nb, en = scenario.title.nb, scenario.title.en
    return scenario.model_copy(
        update={
            "name": f"{BASELINE}-{scenario.world()[:8]}",
            "title": Words(nb=f"Uten nye tiltak (som {nb})", en=f"No new policy (as {en})"),
            "description": Words(nb="Samme forutsetninger uten virkemidler.", en="The same world, no instruments."),
            "based_on": None,
            "instruments": (),
        }
    )
