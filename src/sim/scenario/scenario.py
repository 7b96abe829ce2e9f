"""A scenario: which instruments, with how much money, when and aimed at what."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

#: Length of a scenario in years, unless it says otherwise.
DEFAULT_YEARS = 15
MAX_YEARS = 20
#: Money runs from the first quarter of year 2 to the end of year 11, unless an entry says otherwise.
DEFAULT_START_YEAR = 2
DEFAULT_STOP_YEAR = 11
#: More than this a year (MNOK) is taken for a budget written in kroner.
MAX_BUDGET = 10_000.0
#: The target that means the family with most tradable private employment in the region.
STRONGEST_FAMILY = "strongest_family"
#: The zones that mean every municipality of the region.
ALL_ZONES = "all"

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Year = Annotated[int, Field(ge=1, le=MAX_YEARS)]
Budget = Annotated[float, Field(ge=0, le=MAX_BUDGET, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Words(BaseModel):
    """The same words in bokmål and English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nb: Annotated[str, Field(max_length=2000, description="På bokmål")]
    en: Annotated[str, Field(max_length=2000, description="In English")]


class InstrumentEntry(BaseModel):
    """One instrument in a scenario.

    At most one of ``industries``, ``target`` and ``zones`` is given; none means everything. ``options``
    are the instrument's own keys, which stand flat in the file, with defaults filled in. ``resolved`` is
    what ``target`` or ``industries`` came to in one region (see ``resolve_targets``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    instrument: str
    budget: Budget  # MNOK a year, gross
    start_year: Year = DEFAULT_START_YEAR  # first year with money; year 1 is the first simulated year
    stop_year: Year = DEFAULT_STOP_YEAR  # last year with money
    industries: tuple[str, ...] | None = None  # codes, in order of priority
    target: str | None = None  # strongest_family or the name of a family
    zones: tuple[str, ...] | None = None  # municipality codes, or ("all",)
    options: dict[str, Any] = Field(default_factory=dict)
    resolved: tuple[str, ...] | None = None  # industry codes, in order of priority

    @property
    def start_quarter(self) -> int:
        """Return the first quarter with money (0 = first quarter of year 1)."""
        return 4 * (self.start_year - 1)

    @property
    def stop_quarter(self) -> int:
        """Return the first quarter without money."""
        return 4 * self.stop_year

    def as_mapping(self) -> dict[str, Any]:
        """Return the entry as it stands in a file, without what was resolved."""
        return _mapping(self)


class EventEntry(BaseModel):
    """One external event in a scenario; ``resolved`` as in ``InstrumentEntry``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: str
    year: Year  # it is felt from the first quarter of this year
    industries: tuple[str, ...] | None = None
    target: str | None = None
    zones: tuple[str, ...] | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    resolved: tuple[str, ...] | None = None

    @property
    def quarter(self) -> int:
        """Return the first quarter in which it is felt."""
        return 4 * (self.year - 1)

    def as_mapping(self) -> dict[str, Any]:
        """Return the event as it stands in a file, without what was resolved."""
        return _mapping(self)


def _mapping(entry: InstrumentEntry | EventEntry) -> dict[str, Any]:
    own: dict[str, Any] = entry.model_dump(mode="json", exclude={"options", "resolved"}, exclude_none=True)
    if entry.zones == (ALL_ZONES,):
        own["zones"] = ALL_ZONES
    return own | entry.options


def _counted(entry: InstrumentEntry | EventEntry) -> dict[str, Any]:
    """Return what an entry says, a resolved target by its industries."""
    row: dict[str, Any] = entry.model_dump(mode="json", exclude={"resolved"})
    if entry.resolved is not None:
        row |= {"industries": list(entry.resolved), "target": None}
    return row


class Scenario(BaseModel):
    """One alternative, complete: what its base gave is already in it.

    ``identity`` names what affects results. The order of ``instruments`` is kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Slug
    title: Words
    description: Words
    based_on: str | None = None  # told for the reader; the content is already here
    region: str | None = None  # the region to run in when none is asked for
    years: Year = DEFAULT_YEARS
    instruments: tuple[InstrumentEntry, ...] = ()
    events: tuple[EventEntry, ...] = ()
    parameters: dict[str, Number] = Field(default_factory=dict)
    switches: dict[str, bool] = Field(default_factory=dict)

    @property
    def quarters(self) -> int:
        """Return the length of a run in quarters."""
        return 4 * self.years

    def budget_by_year(self) -> tuple[float, ...]:
        """Return the gross budget of all instruments, MNOK, for year 1 to ``years``."""
        return tuple(
            sum(entry.budget for entry in self.instruments if entry.start_year <= year <= entry.stop_year)
            for year in range(1, self.years + 1)
        )

    def identity(self) -> str:
        """Return the sha256 (hex) of everything in the scenario that affects results.

        Name, title, description, base and default region are left out. A resolved target counts by
        its industries, so resolve first when the identity is to name results in one region.
        """
        return _digest(self._world() | {"instruments": [_counted(entry) for entry in self.instruments]})

    def world(self) -> str:
        """Return the sha256 (hex) of everything but the instruments: what a fair comparison must share."""
        return _digest(self._world())

    def _world(self) -> dict[str, Any]:
        return {
            "years": self.years,
            "events": [_counted(entry) for entry in self.events],
            "parameters": self.parameters,
            "switches": self.switches,
        }

    def as_mapping(self) -> dict[str, Any]:
        """Return the scenario as a file would say it, complete and without a base."""
        own = self.model_dump(mode="json", exclude={"based_on", "instruments", "events"}, exclude_none=True)
        own |= {"events": [entry.as_mapping() for entry in self.events]} if self.events else {}
        return own | {"instruments": [entry.as_mapping() for entry in self.instruments]}


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
