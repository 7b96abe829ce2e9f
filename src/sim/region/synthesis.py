"""Synthetic firms: establishments by size class and jobs by industry, fitted together. ODD section 13."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.random_numbers import decision_key, permanent_id, uniforms
from sim.region.region import SIZE_CLASSES, Floats, Region, SyntheticFirms

#: Bounds of the size classes in employees; the open class ends where no ordinary firm does.
LOWER = np.array([1.0, 5.0, 10.0, 20.0, 50.0, 100.0, 250.0])
UPPER = np.array([4.99, 9.99, 19.99, 49.99, 99.99, 249.99, 900.0])
#: Tail of sizes inside a class and rounds of fitting.
TAIL, ROUNDS = 1.2, 60


def synthesise(region: Region) -> SyntheticFirms:
    """Return private establishments whose sizes add up to the private jobs of every cell.

    Counts per size class come from the table; named anchors are placed first. Sizes are drawn inside
    their class (keyed by permanent id) and fitted to the jobs of the cell. Where jobs and counts cannot
    both hold, jobs win and the difference is in ``residuals``.
    """
    parts: list[_Cell] = []
    residuals = []
    for z in range(len(region.zones)):
        for s in range(len(region.industries.codes)):
            made = _cell(region, z, s)
            parts.append(made)
            table, counts = region.establishments[z, s], _counts(made.jobs)
            for c, name in enumerate(SIZE_CLASSES):
                if table[c] or counts[c]:
                    place = (region.zones[z], region.industries.codes[s], name)
                    residuals.append((*place, table[c], counts[c], counts[c] - table[c]))
    order = np.argsort(np.concatenate([part.id for part in parts]), kind="stable").astype(np.int32)

    def by_id(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])[order]

    ids, jobs = by_id("id"), by_id("jobs")
    if (ids[1:] == ids[:-1]).any():
        raise ValueError("two synthetic firms have the same permanent id")
    return SyntheticFirms(
        id=ids,
        zone=by_id("zone"),
        industry=by_id("industry"),
        jobs=jobs,
        owner=_owners(ids, jobs, by_id("owner")),
        anchor=by_id("anchor"),
        residuals=pd.DataFrame(
            residuals, columns=["zone", "industry", "size_class", "table", "synthetic", "residual"]
        ),
    )


class _Cell:
    """The firms of one cell, anchors first: id, zone, industry, jobs, owner (-1 = not an anchor), anchor."""

    def __init__(self, z: int, s: int, ids: NDArray[np.int64], jobs: Floats, owner: NDArray[np.int8]) -> None:
        self.id, self.jobs, self.owner = ids, jobs, owner
        self.zone, self.industry = np.full(ids.size, z, np.int16), np.full(ids.size, s, np.int16)
        self.anchor = owner >= 0


def _cell(region: Region, z: int, s: int) -> _Cell:
    """Return the firms of one cell."""
    private = float(region.jobs[z, s] - region.public[z, s])
    zone, code = region.zones[z], region.industries.codes[s]
    counts = np.rint(region.establishments[z, s]).astype(int)
    placed = []
    for anchor in region.anchors:
        if (anchor.zone, anchor.industry) == (z, s) and anchor.jobs <= private:
            placed.append((permanent_id("anchor", zone, code, anchor.name), anchor.jobs, anchor.owner))
            private -= anchor.jobs
            c = int(np.searchsorted(LOWER, anchor.jobs, side="right") - 1)
            counts[c] = max(counts[c] - 1, 0)
    ids, jobs = np.array([row[0] for row in placed], np.int64), np.array([row[1] for row in placed], float)
    owner = np.array([row[2] for row in placed], np.int8)
    if private > 0.5:
        classes = _classes(counts, private)
        names = (permanent_id("firm", zone, code, SIZE_CLASSES[c], k) for c, k in _ordinals(classes))
        others = np.fromiter(names, np.int64, classes.size)
        ids, jobs = np.append(ids, others), np.append(jobs, _sizes(others, classes, private))
        owner = np.append(owner, np.full(others.size, -1, np.int8))
    return _Cell(z, s, ids, jobs, owner)


def _counts(jobs: Floats) -> Floats:
    """Return how many firms there are in each size class."""
    bounds = LOWER * (1.0 - 1e-9 * ROUNDS)  # a size that fitting put on a bound belongs to the class above it
    classes = np.maximum(np.searchsorted(bounds, jobs, side="right") - 1, 0)
    return np.bincount(classes, minlength=len(SIZE_CLASSES)).astype(float)


def _classes(counts: NDArray[np.int64], private: float) -> NDArray[np.int64]:
    """Return the size class of each firm, with firms added or dropped until the jobs can be reached."""
    classes = np.repeat(np.arange(len(counts)), counts)
    if not classes.size:
        classes = np.array([int(np.searchsorted(LOWER, max(private, 1.0), side="right") - 1)])
    fitting = int(np.searchsorted(np.cumsum(LOWER[classes]), private, side="right"))
    classes = classes[: max(fitting, 1)]
    while UPPER[classes].sum() < private:
        gap = private - UPPER[classes].sum()
        best = int(np.clip(np.searchsorted(LOWER, gap, side="right") - 1, 0, 5))
        classes = np.sort(np.append(classes, best))
    return classes


def _ordinals(classes: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield the size class of each firm and its number within the class."""
    seen = dict.fromkeys(range(len(SIZE_CLASSES)), 0)
    for c in map(int, classes):
        yield c, seen[c]
        seen[c] += 1


def _sizes(ids: NDArray[np.int64], classes: NDArray[np.int64], private: float) -> Floats:
    """Return sizes drawn from a truncated Pareto in each class and fitted to the jobs of the cell."""
    low, high = LOWER[classes], UPPER[classes]
    u = uniforms(decision_key(0, "synthesis.size", 0), ids)
    sizes = low * (1.0 - u * (1.0 - (low / high) ** TAIL)) ** (-1.0 / TAIL)
    for _ in range(ROUNDS):
        total = sizes.sum()
        if abs(total - private) <= 1e-9 * private:
            break
        sizes = np.clip(sizes * private / total, low, high)
    return sizes * private / sizes.sum()


def _owners(ids: NDArray[np.int64], jobs: Floats, given: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Return owners: the larger the firm, the likelier a national or foreign head office (judgement)."""
    u = uniforms(decision_key(0, "synthesis.owner", 0), ids)
    size = np.log(np.maximum(jobs, 1.0))
    foreign = np.clip(0.02 + 0.03 * size, 0.0, 0.25)
    out = (u < foreign + np.clip(0.05 + 0.06 * size, 0.0, 0.45)).astype(np.uint8)
    out[u < foreign] = 2
    return np.where(given >= 0, given, out).astype(np.uint8)


def region_table(region: Region) -> pd.DataFrame:
    """Return one row per zone, industry and sector as the model starts.

    Columns: zone, industry, sector (private or public), jobs, firms, official (the official table's
    figure, None where there is none) and placeholder_share (0-1).
    """
    firms = synthesise(region)
    codes = region.industries.codes
    count = len(codes)
    cell = firms.zone.astype(np.int64) * count + firms.industry
    jobs = np.bincount(cell, firms.jobs, len(region.zones) * count).reshape(-1, count)
    number = np.bincount(cell, minlength=len(region.zones) * count).reshape(-1, count)
    rows = []
    for z, zone in enumerate(region.zones):
        for s, code in enumerate(codes):
            share = region.industries.public_share[s]
            for sector, held, firms_here, part in (
                ("private", jobs[z, s], int(number[z, s]), 1.0 - share),
                ("public", region.public[z, s], 0, share),
            ):
                if part == 0.0:
                    continue
                figure = region.official[z, s] * part
                official = None if np.isnan(figure) else round(float(figure), 3)
                rows.append((zone, code, sector, round(float(held), 3), firms_here, official,
                             float(region.placeholder[z, s])))  # fmt: skip
    names = ["zone", "industry", "sector", "jobs", "firms", "official", "placeholder_share"]
    table = pd.DataFrame(rows, columns=names)
    table["official"] = table["official"].astype(object).where(table["official"].notna(), None)
    return table


def placeholder_share(region: Region) -> float:
    """Return the share of the region's jobs that rests on placeholders, 0-1."""
    total = float(region.jobs.sum())
    return float((region.jobs * region.placeholder).sum()) / total if total > 0 else 0.0
