"""Morris screening of two parameters with SALib (extra: analysis)."""

import numpy as np
from SALib.analyze import morris as analyse
from SALib.sample import morris as sample

import sim
from sim.experiment.simulator import bounds

if __name__ == "__main__":
    names = ["spillover", "innovation_step"]
    problem = {"num_vars": 2, "names": names, "bounds": bounds(names)}
    simulate = sim.simulator("thin-town", parameters=names, indicators=["innovations"], own_reference=False)
    points = sample.sample(problem, 4, num_levels=4, seed=1)
    answers = np.array([simulate(point, 8, 1)[-1, 0] for point in points])
    print(dict(zip(names, analyse.analyze(problem, points, answers)["mu_star"].round(1), strict=True)))
