"""Every statistic that one run of the baseline gives: what calibration calls run by run."""

from __future__ import annotations

from sim.evidence.facts import firms, growth, innovation, labour
from sim.evidence.facts.observation import Observation, observe
from sim.experiment import build_model
from sim.model import Parameters, Reference
from sim.region import Region
from sim.scenario import Scenario

#: Years of a baseline run.
YEARS = 15
#: Each takes what was seen in a run and returns statistics by name.
FAMILIES = (
    labour.drift, firms.births_and_deaths, firms.survival, firms.sizes, firms.relatedness, growth.growth,
    growth.productivity, growth.high_growth, innovation.innovation, innovation.partners, innovation.research,
    labour.migration, labour.unemployment, labour.commuting,
)  # fmt: skip


def run_statistics(
    region: Region,
    scenario: Scenario,
    seed: int,
    parameters: Parameters | None = None,
    reference: Reference | None = None,
) -> dict[str, float]:
    """Run a scenario once and return every statistic of it, by the names in ``bands.yaml``.

    Args:
        scenario: at least seven years long; ``baseline()`` for the facts.
        parameters: the scenario's own when not given. reference: solved, or read from file, when not given.

    Raises:
        ValueError: the scenario is too short for the statistics.
    """
    if scenario.years < 7:
        raise ValueError(f"statistics need a run of at least 7 years, not {scenario.years}")
    model = build_model(region, scenario, seed, reference=reference, parameters=parameters)
    return statistics_of(observe(model, scenario.quarters))


def statistics_of(seen: Observation) -> dict[str, float]:
    """Return every statistic of what was seen in a run."""
    out: dict[str, float] = {}
    for family in FAMILIES:
        out |= family(seen)
    return out
