"""Comparisons: paired differences with intervals, cost per job-year, and charts of them.

It knows nothing of where they are shown.
"""

from sim.compare.differences import COLUMNS, compare, cost_interval

__all__ = ["COLUMNS", "compare", "cost_interval"]
