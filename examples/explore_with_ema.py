"""Uncertainties and outcomes in the EMA workbench (extra: analysis)."""

from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator

import sim
from sim.experiment.simulator import bounds

NAMES = ["spillover", "mass_floor"]
SIMULATE = sim.simulator("thin-town", "cluster-programme", parameters=NAMES, own_reference=False)


def jobs(spillover: float, mass_floor: float) -> dict[str, float]:
    """Return the jobs of year 3."""
    return {"jobs": float(SIMULATE([spillover, mass_floor], 12, 1)[-1, 0])}


if __name__ == "__main__":
    model = Model("thinTown", function=jobs)
    model.uncertainties = [RealParameter(n, *b) for n, b in zip(NAMES, bounds(NAMES), strict=True)]
    model.outcomes = [ScalarOutcome("jobs")]
    with SequentialEvaluator(model) as evaluator:
        _, outcomes = evaluator.perform_experiments(scenarios=4)
    print(outcomes["jobs"].round(0))
