"""What a region is: tables in which every number has source, year and flag, and firms made from them.

It knows nothing of scenarios or of the model.
"""

from sim.region.errors import RegionError, RegionErrors
from sim.region.industries import canonical_industries, nace_to_industry
from sim.region.loader import load_region, region_names
from sim.region.municipality import current_number, former_numbers
from sim.region.region import Anchor, Industries, Region, SyntheticFirms
from sim.region.synthesis import placeholder_share, region_table, synthesise

__all__ = [
    "Anchor",
    "Industries",
    "Region",
    "RegionError",
    "RegionErrors",
    "SyntheticFirms",
    "canonical_industries",
    "current_number",
    "former_numbers",
    "load_region",
    "nace_to_industry",
    "placeholder_share",
    "region_names",
    "region_table",
    "synthesise",
]
