"""What is measured: each indicator with unit, direction, aggregation and how to show it.

The meaning of a result is declared here and nowhere guessed from its name. ODD section 15.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """One outcome.

    Attributes:
        unit: shown on every axis and column.
        direction: +1 more is better, -1 less is better, 0 no judgement.
        over_year: how four quarters become a year: ``mean``, ``sum`` or ``last``.
        zones: reported per municipality as well as for the whole region.
        families: reported per family of related industries.
        decimals: digits shown.
    """

    name: str
    unit: str
    direction: Literal[-1, 0, 1]
    over_year: Literal["mean", "sum", "last"]
    label: dict[str, str]
    zones: bool = True
    families: bool = False
    decimals: int = 0

    @property
    def units(self) -> dict[str, str]:
        """Return the unit in each language."""
        return {"en": self.unit, "nb": _NORWEGIAN_UNITS.get(self.unit, self.unit)}


_NORWEGIAN_UNITS = {
    "persons": "personer",
    "person-years": "årsverk",
    "MNOK/yr": "mill. kr/år",
    "MNOK/employee/yr": "mill. kr per sysselsatt/år",
    "% of firms with 10 or more employees": "% av foretak med minst 10 ansatte",
    "% of labour force": "% av arbeidsstyrken",
    "ktCO2e/yr": "kt CO2-ekv./år",
    "MNOK since start": "mill. kr siden start",
    "firms": "foretak",
    "firms/yr": "foretak/år",
    "innovations/yr": "innovasjoner/år",
    "projects/yr": "prosjekter/år",
    "index, start = 100": "indeks, start = 100",
    "minutes": "minutter",
    "tCO2e/MNOK": "tonn CO2-ekv. per mill. kr",
    "persons/yr": "personer/år",
    "dwellings": "boliger",
    "0-10,000": "0–10 000",
    "distance squared": "kvadrert avstand",
    "%": "%",
    "quarters": "kvartaler",
}


def _indicator(name, unit, direction, over_year, nb, en, **more):
    return Indicator(name, unit, direction, over_year, {"nb": nb, "en": en}, **more)


INDICATORS: dict[str, Indicator] = {
    entry.name: entry
    for entry in (
        _indicator("jobs", "persons", 1, "mean", "Arbeidsplasser", "Jobs", families=True),
        _indicator("job_years", "person-years", 1, "sum", "Årsverk siden start", "Job-years since start"),
        _indicator("value_added", "MNOK/yr", 1, "sum", "Verdiskaping", "Value added", families=True, decimals=1),
        _indicator("productivity", "MNOK/employee/yr", 1, "mean", "Produktivitet", "Productivity", decimals=4),
        _indicator("innovators", "% of firms with 10 or more employees", 1, "last",
                   "Innovative foretak siste tre år", "Innovators, last three years", decimals=2),
        _indicator("rd", "MNOK/yr", 1, "sum", "FoU i næringslivet", "Business R&D", families=True, decimals=2),
        _indicator("population", "persons", 1, "last", "Innbyggere", "Population"),
        _indicator("net_commuting", "persons", 0, "mean", "Netto innpendling", "Net in-commuting"),
        _indicator("unemployment", "% of labour force", -1, "mean", "Arbeidsledighet", "Unemployment", decimals=3),
        _indicator("emissions", "ktCO2e/yr", -1, "sum", "Klimagassutslipp", "Emissions", decimals=2),
        _indicator("municipal_net", "MNOK/yr", 1, "sum",
                   "Kommunens netto", "Municipal net (revenue - services - programme)", decimals=2),
        _indicator("spent_municipal", "MNOK since start", -1, "last",
                   "Kommunale kroner brukt", "Municipal money spent", decimals=2),
        _indicator("spent_public", "MNOK since start", -1, "last",
                   "Offentlige kroner brukt i alt", "Total public money spent", decimals=2),
        _indicator("granted", "MNOK since start", 0, "last", "Bevilget", "Granted", decimals=2),
        _indicator("unspent", "MNOK since start", 0, "last", "Ubrukt", "Unspent", decimals=2),
        _indicator("firms", "firms", 0, "mean", "Foretak", "Firms", families=True),
        _indicator("entries", "firms/yr", 0, "sum", "Nye foretak", "New firms", decimals=1),
        _indicator("exits", "firms/yr", 0, "sum", "Nedlagte foretak", "Closed firms", decimals=1),
        _indicator("innovations", "innovations/yr", 1, "sum", "Innovasjoner", "Innovations", decimals=1),
        _indicator("projects", "projects/yr", 1, "sum",
                   "Fullførte samarbeidsprosjekter", "Finished joint projects", decimals=1),
        _indicator("members", "firms", 0, "last", "Klyngemedlemmer", "Cluster members"),
        _indicator("jobs_basic", "persons", 0, "mean", "Arbeidsplasser, grunnskole", "Jobs, basic skill"),
        _indicator("jobs_vocational", "persons", 0, "mean", "Arbeidsplasser, fagutdanning", "Jobs, vocational skill"),
        _indicator("jobs_higher", "persons", 0, "mean", "Arbeidsplasser, høyere utdanning", "Jobs, higher education"),
        _indicator("public_jobs", "persons", 0, "mean", "Offentlige arbeidsplasser", "Public jobs"),
        _indicator("intensity", "tCO2e/MNOK", -1, "sum", "Utslippsintensitet", "Emission intensity", decimals=3),
        _indicator("commute_minutes", "minutes", -1, "mean",
                   "Reisetid til arbeid per yrkesaktiv", "Travel time to work per employed resident", decimals=2),
        _indicator("out_commuting", "persons", 0, "mean", "Utpendling ut av regionen", "Commuting out of the region"),
        _indicator("migration", "persons/yr", 0, "sum", "Netto innflytting", "Net migration", decimals=1),
        _indicator("dwellings", "dwellings", 0, "last", "Boliger", "Dwellings"),
        _indicator("concentration", "0-10,000", 0, "mean",
                   "Konsentrasjon av arbeidsplasser på næringer", "Concentration of jobs on industries", zones=False,
                   decimals=1),
        _indicator("variety", "distance squared", 0, "mean",
                   "Kunnskapsbredde i næringene", "Variety of knowledge within industries", families=True, decimals=4),
        _indicator("member_variety", "distance squared", 0, "mean", "Kunnskapsbredde blant klyngemedlemmer",
                   "Variety of knowledge among cluster members", zones=False, decimals=4),
        _indicator("revenue", "MNOK/yr", 1, "sum", "Kommunale inntekter", "Municipal revenue", decimals=2),
        _indicator("service_cost", "MNOK/yr", -1, "sum", "Kommunale tjenester", "Municipal services", decimals=2),
        _indicator("shock_drop", "%", -1, "last", "Fall etter sjokket", "Drop after the shock", zones=False,
                   decimals=2),
        _indicator("shock_recovery", "quarters", -1, "last", "Kvartaler til sjokket er hentet inn",
                   "Quarters until the shock is made good", zones=False, decimals=1),
        _indicator("house_price", "index, start = 100", 0, "last", "Boligpris", "House price", decimals=2),
        _indicator("wage", "index, start = 100", 1, "last", "Lønn", "Wage", decimals=2),
    )
}
