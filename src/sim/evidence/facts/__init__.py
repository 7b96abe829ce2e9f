"""Stylised facts: what the model gives against what is published, each by the definition of its own statistic.

One file per family of statistics; ``run_statistics`` gives all of one baseline run; ``facts`` gives the rows.
"""

from sim.evidence.facts.baseline_run import YEARS, run_statistics
from sim.evidence.facts.rows import facts
from sim.evidence.facts.table import Fact, bands, judge, rows_for

__all__ = ["YEARS", "Fact", "bands", "facts", "judge", "rows_for", "run_statistics"]
