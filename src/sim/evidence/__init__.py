"""What the model is held against: published facts, each by the definition of its own statistic.

Bands were set before the first run they judge; a row that fails stays in the table.
"""

from sim.evidence.facts import Fact, facts, run_statistics

__all__ = ["Fact", "facts", "run_statistics"]
