"""Synthetic firms: establishments by size class and jobs by industry, fitted together. ODD section 13."""

from __future__ import annotations

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
    rows: list[tuple[int, int, int, float, int, bool]] = []
    residuals = []
    for z in range(len(region.zones)):
        for s in range(len(region.industries.codes)):
            made, counts = _cell(region, z, s)
            rows += made
            table = region.establishments[z, s]
            for c, name in enumerate(SIZE_CLASSES):
                if table[c] or counts[c]:
                    place = (region.zones[z], region.industries.codes[s], name)
                    residuals.append((*place, table[c], counts[c], counts[c] - table[c]))
    rows.sort()
    ids = np.array([row[0] for row in rows], np.int64)
    if (np.diff(ids) == 0).any():
        raise ValueError("two synthetic firms have the same permanent id")
    jobs = np.array([row[3] for row in rows])
    return SyntheticFirms(
        id=ids,
        zone=np.array([row[1] for row in rows], np.int16),
        industry=np.array([row[2] for row in rows], np.int16),
        jobs=jobs,
        owner=_owners(ids, jobs, np.array([row[4] for row in rows], np.int64)),
        anchor=np.array([row[5] for row in rows], bool),
        residuals=pd.DataFrame(
            residuals, columns=["zone", "industry", "size_class", "table", "synthetic", "residual"]
        ),
    )


def _cell(region: Region, z: int, s: int) -> tuple[list[tuple[int, int, int, float, int, bool]], Floats]:
    """Return the firms of one cell and the counts per size class that came out."""
    private = float(region.jobs[z, s] - region.public[z, s])
    zone, code = region.zones[z], region.industries.codes[s]
    counts = np.rint(region.establishments[z, s]).astype(int)
    rows = []
    for anchor in region.anchors:
        if (anchor.zone, anchor.industry) == (z, s) and anchor.jobs <= private:
            identity = permanent_id("anchor", zone, code, anchor.name)
            rows.append((identity, z, s, anchor.jobs, anchor.owner, True))
            private -= anchor.jobs
            c = int(np.searchsorted(LOWER, anchor.jobs, side="right") - 1)
            counts[c] = max(counts[c] - 1, 0)
    if private > 0.5:
        classes = _classes(counts, private)
        ids = np.array([permanent_id("firm", zone, code, SIZE_CLASSES[c], k) for c, k in _ordinals(classes)], np.int64)
        sizes = _sizes(ids, classes, private)
        rows += [(int(i), z, s, float(n), -1, False) for i, n in zip(ids, sizes, strict=True)]
    out = np.zeros(len(SIZE_CLASSES))
    for row in rows:
        out[_class_of(row[3])] += 1
    return rows, out


def _class_of(size: float) -> int:
    """Return the size class; a size that fitting put on a bound belongs to the class above the bound."""
    return max(int(np.searchsorted(LOWER * (1.0 - 1e-9 * ROUNDS), size, side="right")) - 1, 0)


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


def _ordinals(classes: NDArray[np.int64]) -> list[tuple[int, int]]:
    seen = dict.fromkeys(range(len(SIZE_CLASSES)), 0)
    out = []
    for c in classes.tolist():
        out.append((c, seen[c]))
        seen[c] += 1
    return out


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


def _owners(ids: NDArray[np.int64], jobs: Floats, given: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return owners: the larger the firm, the likelier a national or foreign head office (judgement)."""
    u = uniforms(decision_key(0, "synthesis.owner", 0), ids)
    foreign = np.clip(0.02 + 0.03 * np.log(np.maximum(jobs, 1.0)), 0.0, 0.25)
    national = np.clip(0.05 + 0.06 * np.log(np.maximum(jobs, 1.0)), 0.0, 0.45)
    drawn = np.where(u < foreign, 2, np.where(u < foreign + national, 1, 0))
    return np.where(given >= 0, given, drawn).astype(np.uint8)


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
