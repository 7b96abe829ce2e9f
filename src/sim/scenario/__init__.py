"""Scenario files: what a planner writes, read into typed scenarios with errors that say where.

The room exists so that no other room sees YAML, and knows the model only by the words handed to it.
"""

from sim.scenario.budget import BudgetDifference, budget_differences
from sim.scenario.errors import ScenarioError, ScenarioErrors
from sim.scenario.folder import built_in_names
from sim.scenario.reader import read_scenario_text, read_scenarios
from sim.scenario.scenario import EventEntry, InstrumentEntry, Scenario, Words
from sim.scenario.schema import json_schema
from sim.scenario.study_file import StudyFile, is_study, read_study
from sim.scenario.targets import family_ranking, family_strength, resolve_targets
from sim.scenario.template import scenario_text, template
from sim.scenario.vocabulary import Vocabulary

__all__ = [
    "BudgetDifference",
    "EventEntry",
    "InstrumentEntry",
    "Scenario",
    "ScenarioError",
    "ScenarioErrors",
    "StudyFile",
    "Vocabulary",
    "Words",
    "budget_differences",
    "built_in_names",
    "family_ranking",
    "family_strength",
    "is_study",
    "json_schema",
    "read_scenario_text",
    "read_scenarios",
    "read_study",
    "resolve_targets",
    "scenario_text",
    "template",
]
