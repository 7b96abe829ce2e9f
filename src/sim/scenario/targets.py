"""What a target such as ``strongest_family`` comes to in a region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from sim.scenario.scenario import STRONGEST_FAMILY, EventEntry, InstrumentEntry, Scenario

if TYPE_CHECKING:
    from sim.region.region import Region

#: Industries with at least this share of public jobs are not market industries.
PUBLIC_INDUSTRY = 0.5
#: Industries that sell at least this share outside the region are traded; clusters are made of those.
TRADED_INDUSTRY = 0.35

#: Families from strongest to weakest, each with its industry codes in order of priority.
Ranking = Sequence[tuple[str, Sequence[str]]]
Aimed = TypeVar("Aimed", Scenario, InstrumentEntry, EventEntry)


def family_strength(region: Region) -> list[tuple[str, float]]:
    """Return the families of a region from strongest to weakest.

    Strength is private traded employment: the sum over municipalities and traded market industries
    (less than half of the jobs public, at least .35 of sales outside the region) of private jobs x the
    share of sales that leaves the region. Shops and other local trades are no cluster however many
    they employ. It is not a location quotient, because national shares are not known for every
    industry. Ties keep the order of ``region.families``.
    """
    tradable = _tradable(region)
    strength = dict.fromkeys(region.families, 0.0)
    for family, jobs in zip(region.industries.family, tradable, strict=True):
        strength[family] += jobs
    return sorted(strength.items(), key=lambda item: -item[1])


def family_ranking(region: Region) -> list[tuple[str, tuple[str, ...]]]:
    """Return the families from strongest to weakest with the codes of their market industries.

    Industries come with most tradable employment first. A family without market industries has all
    its industries, since no industry at all would mean every industry.
    """
    industries, tradable = region.industries, _tradable(region)
    order = sorted(range(len(industries.codes)), key=lambda index: -tradable[index])
    ranking = []
    for family, _ in family_strength(region):
        own = [index for index in order if industries.family[index] == family]
        market = [index for index in own if tradable[index] > 0]
        ranking.append((family, tuple(industries.codes[index] for index in market or own)))
    return ranking


def resolve_targets(aimed: Aimed, ranking: Ranking) -> Aimed:
    """Return a copy of a scenario, or of one entry, in which ``resolved`` says the industries.

    Parameters
    ----------
    aimed : Scenario or InstrumentEntry
        What to resolve. Entries aimed at zones or at everything are left as they are.
    ranking : sequence of (family, industry codes)
        Families from strongest to weakest, see ``family_ranking``.

    Raises
    ------
    LookupError
        If a family is not in the ranking, or the ranking is empty.
    """
    if isinstance(aimed, Scenario):
        entries = tuple(resolve_targets(entry, ranking) for entry in aimed.instruments)
        events = tuple(resolve_targets(event, ranking) for event in aimed.events)
        return aimed.model_copy(update={"instruments": entries, "events": events})
    return aimed.model_copy(update={"resolved": _industries(aimed, ranking)})


def _industries(entry: InstrumentEntry | EventEntry, ranking: Ranking) -> tuple[str, ...] | None:
    if entry.target is None:
        return entry.industries
    if entry.target == STRONGEST_FAMILY and ranking:
        return tuple(ranking[0][1])
    for family, codes in ranking:
        if family == entry.target:
            return tuple(codes)
    name = entry.event if isinstance(entry, EventEntry) else entry.instrument
    raise LookupError(f"{name}: the region has no family {entry.target!r}")


def _tradable(region: Region) -> list[float]:
    """Return private jobs x export share for each industry, 0 where it is mostly public or not traded."""
    private = (region.jobs - region.public).clip(min=0.0).sum(axis=0)
    market = region.industries.public_share < PUBLIC_INDUSTRY
    market &= region.industries.export_share >= TRADED_INDUSTRY
    return [float(jobs) for jobs in private * region.industries.export_share * market]
