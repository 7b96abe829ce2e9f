"""A tiny made-up region for tests: four industries, two zones and one external node."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.random_numbers import permanent_id
from sim.region.region import AGE_GROUPS, Industries, Region, SyntheticFirms


def tiny_industries() -> Industries:
    """Return four industries: metal, chemicals, shops and health."""
    return Industries(
        codes=("metal", "chemicals", "shops", "health"),
        labels={"nb": ("metall", "kjemi", "butikk", "helse"), "en": ("metal", "chemicals", "shops", "health")},
        divisions=((25,), (20,), (47,), (86,)),
        family=("making", "making", "trade", "care"),
        family_labels={f: {"nb": f, "en": f} for f in ("making", "trade", "care")},
        price_year=2022,
        value_added=np.array([0.25, 0.4, 0.18, 0.18]),
        wage=np.array([0.17, 0.2, 0.12, 0.14]),
        export_share=np.array([0.8, 0.9, 0.15, 0.05]),
        consumption_share=np.array([0.05, 0.05, 0.6, 0.3]),
        public_share=np.array([0.0, 0.0, 0.0, 0.8]),
        rd_share=np.array([0.2, 0.4, 0.05, 0.1]),
        rd_intensity=np.array([0.04, 0.06, 0.02, 0.03]),
        emissions=np.array([20.0, 200.0, 5.0, 3.0]),
        skill=np.array([[0.2, 0.5, 0.3], [0.15, 0.45, 0.4], [0.35, 0.5, 0.15], [0.15, 0.4, 0.45]]),
        inputs=np.array([[0.05, 0.03, 0.05, 0], [0.04, 0.05, 0.04, 0], [0.01, 0.01, 0.05, 0], [0, 0, 0.05, 0.02]]),
        position=np.array([[0.5, 0, 0], [-0.5, 0, 0], [0, 1.5, 0], [0, 0, 1.8]]),
        figures=pd.DataFrame(),
    )


def tiny_region(scale: float = 1.0) -> Region:
    """Return a region of two zones; ``scale`` multiplies people and jobs."""
    jobs = scale * np.array([[600.0, 300.0, 900.0, 1200.0], [300.0, 100.0, 400.0, 500.0]])
    table = tiny_industries()
    total = jobs.sum(axis=1)
    work = np.array([[0.7, 0.25, 0.1], [0.15, 0.6, 0.1], [0.15, 0.15, 0.0]])
    commuting = np.zeros((3, 3))
    commuting[:, 0] = total[0] * work[:, 0]
    commuting[:, 1] = total[1] * work[:, 1]
    commuting[:2, 2] = 0.12 * total
    people = np.array([2.0, 2.1]) * total
    shape = np.array([5.5, 5.8, 6, 6, 6, 6.5, 7, 6.8, 6.4, 6.8, 7, 6.5, 6, 5.5, 4.8, 3.5, 2.3, 2.1])
    population = people[:, None] * shape / shape.sum()
    employed = commuting[:2].sum(axis=1)
    return Region(
        name="tiny", title={"nb": "Bitte", "en": "Tiny"}, base_year=2022, fictional=True,
        zones=("0001", "0002"), zone_names=("Aa", "Bø"), externals=("oslo",), industries=table,
        jobs=jobs, public=jobs * table.public_share, establishments=np.zeros((2, 4, 7)),
        official=np.full((2, 4), np.nan), placeholder=np.ones((2, 4)), population=population,
        working_age=population[:, 3:15].sum(axis=1), employed_residents=employed,
        unemployment=np.array([0.035, 0.03]), commuting=commuting,
        minutes=np.array([[8.0, 20.0, 70.0], [20.0, 8.0, 75.0], [70.0, 75.0, 10.0]]),
        land=np.array([500.0, 300.0]), anchors=(), figures=pd.DataFrame(),
    )  # fmt: skip


def tiny_firms(region: Region) -> SyntheticFirms:
    """Return firms with mixed sizes that add up to the private jobs of each cell."""
    rows = []
    pattern = np.array([120.0, 40, 22, 15, 12, 9, 7, 5, 4, 3.5, 3, 3, 2, 2, 1.5, 1, 1])
    for z, zone in enumerate(region.zones):
        for s, code in enumerate(region.industries.codes):
            private = region.jobs[z, s] - region.public[z, s]
            copies = max(1, round(private / pattern.sum()))
            sizes = np.tile(pattern, copies)
            sizes = sizes * private / sizes.sum()
            rows += [(permanent_id("tiny", zone, code, k), z, s, n) for k, n in enumerate(sizes)]
    rows.sort()
    table = np.array(rows, dtype=object)
    return SyntheticFirms(
        id=table[:, 0].astype(np.int64), zone=table[:, 1].astype(np.int16), industry=table[:, 2].astype(np.int16),
        jobs=table[:, 3].astype(float), owner=np.zeros(len(rows), np.uint8), anchor=np.zeros(len(rows), bool),
        residuals=pd.DataFrame(),
    )  # fmt: skip


assert len(AGE_GROUPS) == 18
