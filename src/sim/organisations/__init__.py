"""Support organisations: Mesa agents that recruit, rank, refuse, queue and close, and log why.

They act on the economy only through the firms they serve and the named values of ``model.policy``.
"""

from sim.organisations.business_park import BusinessPark
from sim.organisations.climate_agency import Abatement, ClimateAgency
from sim.organisations.cluster_facilitator import ClusterFacilitator, ClusterService
from sim.organisations.county import County
from sim.organisations.firm_programme import FirmProgramme, Terms
from sim.organisations.incubator import Incubator, Tenancy
from sim.organisations.industry_association import IndustryAssociation
from sim.organisations.innovation_agency import GrantSize, InnovationAgency
from sim.organisations.land_office import LandOffice
from sim.organisations.municipality import Municipality
from sim.organisations.organisation import Aim, Organisation, Purse
from sim.organisations.purchaser import Contract, Purchaser
from sim.organisations.research_institute import ResearchInstitute
from sim.organisations.seed_fund import Investment, SeedFund
from sim.organisations.university_college import Training, UniversityCollege

__all__ = [
    "Abatement",
    "Aim",
    "BusinessPark",
    "ClimateAgency",
    "ClusterFacilitator",
    "ClusterService",
    "Contract",
    "County",
    "FirmProgramme",
    "GrantSize",
    "Incubator",
    "IndustryAssociation",
    "InnovationAgency",
    "Investment",
    "LandOffice",
    "Municipality",
    "Organisation",
    "Purchaser",
    "Purse",
    "ResearchInstitute",
    "SeedFund",
    "Tenancy",
    "Terms",
    "Training",
    "UniversityCollege",
]
