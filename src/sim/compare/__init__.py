"""Comparisons: paired differences with intervals, cost per job-year, and charts of them.

It knows nothing of where they are shown.
"""

from sim.compare.comparison import Comparison
from sim.compare.differences import COLUMNS, compare, cost_interval
from sim.compare.headline import Headline, headlines, notes
from sim.compare.present_value import Discounting

__all__ = ["COLUMNS", "Comparison", "Discounting", "Headline", "compare", "cost_interval", "headlines", "notes"]
