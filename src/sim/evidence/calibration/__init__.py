"""Calibration: from published figures to a posterior over the free parameters, with what it could not learn.

Design points of the model (``points``, ``statistics``) teach an emulator (``emulator``); history matching narrows
where new points are put (``matching``); the posterior is sampled (``inference``), its coverage and contraction are
tested on known parameters (``known``) and all is written down (``report``). ``work`` is the table of contents.
"""

from sim.evidence.calibration.targets import Target, targets

__all__ = ["Target", "targets"]
