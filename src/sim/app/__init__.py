"""The app: Start and Compare, in bokmål and English.

It computes through the same public functions as the command line, so numbers are equal bit for bit.
"""

from sim.app.main import main

__all__ = ["main"]
