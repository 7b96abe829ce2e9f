"""The economy: a Mesa model whose firms lie in one table of records and whose hot path is Numba kernels.

It knows nothing of files on disk, plots, the command line or which instruments exist.
"""

from sim.model.indicators import INDICATORS, Indicator
from sim.model.inputs import Institute
from sim.model.parameters import SWITCHES, Parameters, make_parameters, parameter_table
from sim.model.region_model import Reference, RegionModel

__all__ = [
    "INDICATORS",
    "SWITCHES",
    "Indicator",
    "Institute",
    "Parameters",
    "Reference",
    "RegionModel",
    "make_parameters",
    "parameter_table",
]
