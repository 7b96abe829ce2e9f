"""A comparison as an object: the table of differences, and the shortest ways into it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.compare.differences import compare
from sim.compare.headline import Headline, headlines
from sim.compare.present_value import Discounting
from sim.experiment import BASELINE, Results


class Comparison:
    """Policies against their baseline, as pandas.

    Args:
        results: results, or the folder that holds them. baseline, interval, discounting: as in ``compare``.
    """

    def __init__(
        self, results: Results | str | Path, baseline: str = BASELINE, interval: float = 0.90,
        discounting: Discounting = Discounting(),  # noqa: B008 (it cannot change)
    ) -> None:  # fmt: skip
        self.results = results if isinstance(results, Results) else Results.open(results)
        self.baseline, self.interval, self.discounting = baseline, interval, discounting

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return every level, difference, cost and present value with its interval."""
        return compare(
            self.results, baseline=self.baseline, interval=self.interval, discounting=self.discounting
        )

    def differences(self, indicator: str = "jobs", year: int | None = None, zone: str = "all") -> pd.DataFrame:
        """Return the differences of one indicator, one row per region, policy and year.

        Raises:
            KeyError: there is no such indicator.
        """
        rows = self.table[(self.table["indicator"] == indicator) & (self.table["measure"] == "difference")]
        if rows.empty:
            raise KeyError(f"no differences of {indicator!r}; there is {', '.join(sorted({*self.table['indicator']}))}")
        rows = rows[(rows["zone"] == zone) & (rows["family"] == "all")]
        rows = rows if year is None else rows[rows["year"] == year]
        return rows.reset_index(drop=True)

    def headlines(self, language: str = "nb") -> list[Headline]:
        """Return a headline of each policy in each region."""
        return headlines(self.results, self.table, language)
