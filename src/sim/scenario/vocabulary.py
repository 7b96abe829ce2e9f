"""The words a scenario may use, handed in by whoever knows the model and the instruments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.events import Event
    from sim.instruments.instrument import Instrument
    from sim.region.region import Region


@dataclass(frozen=True)
class Vocabulary:
    """What is allowed in a scenario file.

    ``zones`` says the municipality codes of each region; ``parameters`` the range and unit of each
    value that may be overridden; ``labels`` (industry code -> language -> label) is for comments only.
    """

    instruments: Mapping[str, type[Instrument]]
    industries: tuple[str, ...]
    families: tuple[str, ...]
    zones: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, tuple[float, float, str]]
    switches: tuple[str, ...]
    events: Mapping[str, type[Event]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def regions(self) -> tuple[str, ...]:
        """Return the names of the regions."""
        return tuple(self.zones)

    def zones_of(self, region: str | None) -> tuple[str, ...]:
        """Return the municipality codes of one region, or of all when it is None or unknown."""
        if region is not None and region in self.zones:
            return self.zones[region]
        return tuple(dict.fromkeys(code for codes in self.zones.values() for code in codes))

    @classmethod
    def of(
        cls,
        regions: Iterable[Region],
        instruments: Mapping[str, type[Instrument]],
        parameters: Mapping[str, tuple[float, float, str]],
        switches: Iterable[str],
        events: Mapping[str, type[Event]] | None = None,
    ) -> Vocabulary:
        """Return the words of some regions, a catalogue of instruments and of events, and a table of parameters."""
        loaded = list(regions)
        labels: dict[str, dict[str, str]] = {}
        families: dict[str, None] = {}
        for region in loaded:
            families |= dict.fromkeys(region.families)
            for index, code in enumerate(region.industries.codes):
                named = {language: words[index] for language, words in region.industries.labels.items()}
                labels.setdefault(code, named)
        return cls(
            instruments=dict(instruments),
            industries=tuple(labels),
            families=tuple(families),
            zones={region.name: region.zones for region in loaded},
            parameters=dict(parameters),
            switches=tuple(switches),
            events=dict(events or {}),
            labels=labels,
        )
