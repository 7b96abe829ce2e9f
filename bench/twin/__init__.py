"""The model written a second time in plain Python with Mesa, from docs/odd.md.

Whoever wrote it had not read the kernels; what the text had left open is now in 7.12. It shares with them only the
parameters, the region's tables with the synthetic firms, and the reference path. Its luck is its own, so agreement
is a matter of statistics.
"""

from bench.twin.economy import Twin

__all__ = ["Twin"]
