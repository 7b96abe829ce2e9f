"""Support organisations: Mesa agents that recruit, rank, refuse, queue and close, and log why.

They act on the economy only through the named values of ``model.policy``.
"""

from sim.organisations.business_park import BusinessPark
from sim.organisations.cluster_facilitator import ClusterFacilitator
from sim.organisations.industry_association import IndustryAssociation
from sim.organisations.innovation_agency import InnovationAgency
from sim.organisations.municipality import Municipality
from sim.organisations.organisation import Organisation, Purse

__all__ = [
    "BusinessPark",
    "ClusterFacilitator",
    "IndustryAssociation",
    "InnovationAgency",
    "Municipality",
    "Organisation",
    "Purse",
]
