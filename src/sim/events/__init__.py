"""External events: what happens whatever the policy. They change the outside of the region or strike firms in it.

An event is not an instrument: it costs nothing and is the same in the policy and in what it is compared with.
"""

from sim.events.anchors import AnchorLeaves, UnwillingAnchors
from sim.events.capital import FastRail, GreaterOsloHousing, JobsOutside
from sim.events.demand import DemandShock
from sim.events.event import Event, Happening
from sim.events.tax_credit import TaxCredit

#: Every event by name, in alphabetical order.
EVENTS: dict[str, type[Event]] = {
    kind.name: kind
    for kind in (AnchorLeaves, DemandShock, FastRail, GreaterOsloHousing, JobsOutside, TaxCredit, UnwillingAnchors)
}

__all__ = ["EVENTS", "Event", "Happening"]
