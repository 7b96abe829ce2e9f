"""Compare two policies in two regions and read the answer as a table."""

import sim

if __name__ == "__main__":
    study = sim.Study.of("cluster-programme", "broad-innovation", regions=["thin-town"], seeds=4, budget=10)
    comparison = sim.Comparison(study.run("results/example"))
    print(comparison.differences("jobs", year=11)[["scenario", "mean", "low", "high"]])
