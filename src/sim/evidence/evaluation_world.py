"""One simulated world as an evaluator's register: every firm in every quarter, outcomes, and who was treated when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.evidence.evaluation_file import Measure, Treated
from sim.model import firms as firm_table

Floats = NDArray[np.float64]
#: Names of programmes in row.yaml -> bit of the column ``used``.
BITS = {name.removeprefix("USED_").lower(): value for name, value in vars(firm_table).items() if "USED_" in name}
#: Quarters before treatment in which a firm must have done R&D to be a performer.
PRIOR = 8


@dataclass
class World:
    """The panel of one run, and commuting at its end.

    Attributes:
        columns: the panel by column. flow, minutes: f8[Z, Z] commuters and travel time of the municipalities by
            quarter (the last) and place. quarters: how many there are.
    """

    columns: dict[str, NDArray[Any]]
    flow: Floats
    minutes: Floats
    jobs: Floats  # [Z]
    people: Floats  # [Z] employed residents
    _made: dict[Any, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        codes, self.firms = pd.factorize(self.columns["firm"], sort=True)
        self.row: NDArray[np.int64] = np.asarray(codes, np.int64)
        self.quarter = self.columns["quarter"].astype(np.int64)
        self.quarters = int(self.quarter.max()) + 1
        self.shape = (len(self.firms), self.quarters)

    def matrix(self, name: str, over: int = 1, take: str = "mean") -> Floats:
        """Return a column f8[N, Q], each value taken over the last quarters; nan where a quarter is missing."""
        key = (name, over, take)
        if key not in self._made:
            if over == 1:
                self._made[key] = np.full(self.shape, np.nan)
                self._made[key][self.row, self.quarter] = self._column(name)
            else:
                self._made[key] = _rolled(self.matrix(name), over, take)
        return self._made[key]

    def _column(self, name: str) -> Floats:
        data = self.columns
        if name == "labour_productivity":
            return np.asarray(data["value_added"] / data["jobs"])
        if name == "payments_deadweight":
            return np.asarray(data["payments"] - data["payments_extra"])
        if name.startswith("uses_"):
            return ((data["programmes"] & BITS[name.removeprefix("uses_")]) > 0).astype(float)
        if name == "performs_rd":
            return (data["rd"] > 0).astype(float)
        return np.asarray(data[name], float)

    def outcome(self, measure: Measure, name: str | None = None) -> Floats:
        """Return the outcome of an estimate f8[N, Q], or another column taken over the same quarters."""
        plain = self.matrix(name or str(measure.outcome), measure.over, measure.take)
        if not measure.log or name is not None:
            return plain
        return np.log(plain, out=np.full(plain.shape, np.nan), where=plain > 0)

    def traits(self, names: Sequence[str]) -> dict[str, Floats]:
        """Return columns to match on, f8[N, Q]; performing R&D means in some of the last two years."""
        out = {}
        for name in names:
            plain = name.removeprefix("log_")
            if plain == "performs_rd":
                out[plain] = self.did_research()
            else:
                out[plain] = self.matrix(plain)
        return out

    def did_research(self) -> Floats:
        """Return whether firms did R&D in some of the last two years f8[N, Q]; a shorter past counts as it is."""
        key = ("did_research", PRIOR, "any")
        if key not in self._made:
            now = np.nan_to_num(self.matrix("performs_rd"))
            past = np.concatenate([np.zeros((len(now), PRIOR - 1)), now], axis=1)
            self._made[key] = np.lib.stride_tricks.sliding_window_view(past, PRIOR, axis=1).max(axis=2)
        return self._made[key]

    def began(self, treated: Treated, start: int, targets: tuple[int, ...]) -> NDArray[np.int64]:
        """Return the quarter in which each firm was treated i8[N]; -1 = never, or not among those looked at.

        Args:
            start: first quarter of the programme. targets: industries it is aimed at; empty = all.
        """
        if treated.group == "users":
            first = _first(self.matrix(f"uses_{treated.of}") > 0)
        elif treated.group == "applicants":
            asked = np.zeros(self.shape, bool)
            asked[self.row, self.quarter] = (self.columns["applied"] & BITS[str(treated.of)]) > 0
            first = _first(asked)
        else:
            first = np.where(np.isfinite(self.matrix("jobs")[:, start - 1]), start, -1)
        if treated.group == "targeted" and targets:
            first = np.where(np.isin(self.constant("industry"), targets), first, -1)
        first = np.where((first >= start) & (first < start + treated.within), first, -1)
        return np.where(self._fits(treated, first), first, -1)

    def everyone_like(self, treated: Treated, start: int, targets: tuple[int, ...]) -> NDArray[np.int64]:
        """Return start for firms that would have been targeted, -1 for others, i8[N]."""
        return self.began(treated.model_copy(update={"group": "targeted"}), start, targets)

    def ever(self, treated: Treated) -> NDArray[np.bool_]:
        """Return which firms have used the programme at any time, bool[N]."""
        if treated.group != "users":
            return np.zeros(len(self.firms), bool)
        return np.asarray(np.nanmax(self.matrix(f"uses_{treated.of}"), axis=1) > 0)

    def constant(self, name: str) -> NDArray[np.int64]:
        """Return what does not change for a firm, i8[N]."""
        out = np.zeros(len(self.firms), np.int64)
        out[self.row] = self.columns[name]
        return out

    def answer(self, name: str, bit: int, first: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether a programme ``paid`` or ``refused`` each firm in the quarter it applied, bool[N]."""
        said = np.zeros(self.shape, bool)
        said[self.row, self.quarter] = (self.columns[name] & bit) > 0
        return said[np.arange(len(first)), np.maximum(first, 0)] & (first >= 0)

    def at(self, matrix: Floats, quarter: NDArray[np.int64]) -> Floats:
        """Return one value for each firm f8[N], nan outside the panel."""
        inside = (quarter >= 0) & (quarter < self.quarters)
        value = matrix[np.arange(len(quarter)), np.where(inside, quarter, 0)]
        return np.where(inside, value, np.nan)

    def _fits(self, treated: Treated, first: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which firms have the size and the R&D that is asked for, in the quarter before, bool[N]."""
        before = np.where(first > 0, first - 1, 0)
        jobs = self.at(self.matrix("jobs"), before)
        fits = (jobs >= treated.smallest) & (jobs <= treated.largest)
        if treated.prior_rd == "any":
            return np.asarray(fits)
        did = self.at(self.did_research(), before) > 0
        if treated.prior_rd == "performers":
            return np.asarray(fits & did)
        fits &= ~did
        if treated.prior_rd == "starters":
            now = np.nan_to_num(self.matrix("performs_rd"))
            soon = [self.at(now, first + k) for k in range(min(treated.within, 4))]
            fits &= np.nanmax(np.array(soon), axis=0) > 0
        return np.asarray(fits)


def _rolled(matrix: Floats, over: int, take: str) -> Floats:
    out = np.full(matrix.shape, np.nan)
    if over <= matrix.shape[1]:
        window = np.lib.stride_tricks.sliding_window_view(matrix, over, axis=1)
        whole = np.isfinite(window).all(axis=2)
        value = window.sum(axis=2) if take == "sum" else window.mean(axis=2)
        if take == "any":
            value = (window > 0).any(axis=2).astype(float)
        out[:, over - 1 :] = np.where(whole, value, np.nan)
    return out


def _first(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first true column of each row, -1 where there is none."""
    return np.where(mask.any(axis=1), mask.argmax(axis=1), -1)
