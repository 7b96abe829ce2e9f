"""Measures the figures that the documents show and writes them in; ``make evidence`` runs everything here."""
