"""Klyngelab: an agent-based policy scenario simulator for municipalities.

The rooms lie in the order data goes: random_numbers, region, scenario, model, organisations,
instruments, experiment, compare, texts, cli and app. See docs/architecture.md.
"""

__version__ = "0.1.0"
