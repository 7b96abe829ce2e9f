"""Klyngelab: an agent-based policy scenario simulator for municipalities.

The rooms lie in the order data goes: elementary, random_numbers, region, scenario, model, organisations,
instruments, events, experiment, evidence, texts, compare, cli and app. See docs/architecture.md.
What analysts use most is here: ``sim.Study``, ``sim.Comparison``, ``sim.Results``, ``sim.simulator``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.compare import Comparison
    from sim.experiment import Results, Study
    from sim.experiment.simulator import simulator

__version__ = "0.1.0"
__all__ = ["Comparison", "Results", "Study", "__version__", "simulator"]

_HOMES = {"Comparison": "sim.compare", "Results": "sim.experiment", "Study": "sim.experiment",
          "simulator": "sim.experiment.simulator"}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that ``import sim`` stays light."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
