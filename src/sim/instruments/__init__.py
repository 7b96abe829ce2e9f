"""Instruments: one file each. An instrument gives organisations money and rules; the economy never sees it.

To add one, add one file with a subclass of ``Instrument``; see CONTRIBUTING.
"""

from sim.instruments.instrument import CardValue, Instrument, InstrumentOptions, Use, catalogue

__all__ = ["CardValue", "Instrument", "InstrumentOptions", "Use", "catalogue"]
