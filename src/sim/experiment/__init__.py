"""From scenarios to results: studies, runs, worker processes and the result folder.

The same public functions serve the command line, the app and notebooks.
"""

from sim.experiment.build import build_model, scenario_reference, vocabulary
from sim.experiment.runner import Progress, Results, run_study
from sim.experiment.store import Store, StoreError, WriteError
from sim.experiment.study import RunSpec, Study, make_study
from sim.experiment.worlds import BASELINE, baseline

__all__ = [
    "BASELINE",
    "Progress",
    "Results",
    "RunSpec",
    "Store",
    "StoreError",
    "Study",
    "WriteError",
    "baseline",
    "build_model",
    "make_study",
    "run_study",
    "scenario_reference",
    "vocabulary",
]
