"""Keeps the headline indicators of each quarter and makes years of them. ODD section 4."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.model.indicators import INDICATORS

if TYPE_CHECKING:
    from bench.twin.economy import Twin

RECENT, LARGE = 12, 10.0


def weighted(many: list[float], logs: list[float]) -> float:
    """Return the sum of the exponentials of some logs, each times its weight."""
    return sum(n * exp(x) for n, x in zip(many, logs, strict=True))


class Record:
    """Quarterly values by indicator."""

    def __init__(self) -> None:
        self.quarters: dict[str, list[float]] = {}

    def keep(self, model: Twin) -> None:
        """Measure one quarter."""
        people, firms = model.people, model.firms
        jobs = sum(people.jobs)
        large = fresh = 0
        since = model.quarter - RECENT
        for firm in firms:
            if firm.jobs >= LARGE:
                large += 1
                fresh += firm.innovated > since
        force, persons = sum(people.force), [sum(row) for row in people.persons]
        all_persons = sum(persons)
        public = map(sum, zip(*people.public_now, strict=True))
        made = model.made + sum(map(float.__mul__, model.value_added, public))
        row = {
            "jobs": jobs,
            "value_added": made,
            "productivity": 4.0 * made / jobs,
            "innovators": 100.0 * fresh / large if large else 0.0,
            "rd": model.rd,
            "population": all_persons,
            "net_commuting": jobs - sum(people.employed),
            "unemployment": 100.0 * (1.0 - sum(people.employed) / force),
            "emissions": model.emitted / 1000.0,
            "municipal_net": people.account(),
            "firms": float(len(firms)),
            "house_price": 100.0 * weighted(persons, people.log_price) / all_persons,
            "wage": 100.0 * weighted(people.jobs, people.log_wage) / jobs,
            **{name: float(value) for name, value in model.count.items()},
        }
        for name, value in row.items():
            self.quarters.setdefault(name, []).append(value)

    def years(self) -> dict[str, list[float]]:
        """Return one value per full year, by the rule of each indicator."""
        out = {}
        for name, values in self.quarters.items():
            rule = INDICATORS[name].over_year
            years = [values[k : k + 4] for k in range(0, len(values) - 3, 4)]
            out[name] = [y[-1] if rule == "last" else sum(y) / (4.0 if rule == "mean" else 1.0) for y in years]
        out["job_years"] = [sum(out["jobs"][: k + 1]) for k in range(len(out["jobs"]))]
        return out
