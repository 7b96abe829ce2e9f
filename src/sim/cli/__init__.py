"""The command line: ``sim``. Commands import what they need when they run, so that help answers at once.

Exit codes: 0 done, 1 a run failed, 2 bad input.
"""

from sim.cli.main import main

__all__ = ["main"]
