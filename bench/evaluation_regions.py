"""Writes the made-up regions in which published evaluations are replayed. Run once; change them and rows change.

The industry town has the size mix of Grenland (table 10309) industry by industry, with more firms in the industries
that programmes were aimed at and fewer in the others. The plain has firms and people spread evenly over a grid, so
that how ties and commuting fall with distance is the model's doing and not the map's.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from sim.region import load_region
from sim.region.region import AGE_GROUPS, SIZE_CLASSES

ROOT = Path(__file__).resolve().parents[1] / "evidence" / "evaluations"
SOURCE = "made up for the replay of evaluations (bench/evaluation_regions.py)"
TAIL = (SOURCE, 2022, "placeholder")
#: Establishments relative to Grenland: many in the industries that are aimed at, some in all others.
TOWN = {"C24-33": 3.0, "C19-22": 3.0, "C-other": 2.0, "C10-11": 2.0, "C16-17": 3.0, "J": 2.0, "L-M": 0.4,
        "A-B": 0.2, "O": 0.25, "P": 0.25, "Q": 0.25}  # fmt: skip
OTHERS = 0.12
#: The plain: side in zones, kilometres between zones, minutes = access + pace x kilometres (16 for 10 km).
SIDE, SPACING, ACCESS, PACE = 4, 6.0, 5.0, 1.1
#: Kilometres inside a zone, and what each zone of the plain has of Grenland.
INSIDE = 3.0
PLAIN = {"C24-33": 0.25, "C19-22": 0.2, "J": 0.2, "L-M": 0.05, "G": 0.01, "F": 0.02, "Q": 0.05}
#: Commuting falls with travel time as the model itself says (3 % a minute, ODD 7.7).
FADE = 0.03


def write(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table with source, year and flag on every row."""
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*header, "source", "year", "flag"])
        out.writerows([*row, *TAIL] for row in rows)


def tables(folder: Path, zones: Sequence[str], factors: dict[str, float], other: float) -> np.ndarray:
    """Write jobs and establishments, the same in every zone; return jobs by zone."""
    model = load_region("grenland")
    codes = model.industries.codes
    counts = model.establishments.sum(axis=0)
    jobs, places, total = [], [], 0.0
    for s, code in enumerate(codes):
        factor = factors.get(code, other)
        number = np.rint(counts[s] * factor)
        public = float(model.public[:, s].sum()) * factor
        private = float(model.jobs[:, s].sum() - model.public[:, s].sum()) * factor
        share = model.industries.public_share[s]
        if counts[s].sum() > 0 and number.sum() > 0:  # keep the mean size of an industry
            private *= number.sum() / (counts[s].sum() * factor)
        elif share < 1.0:
            private = public = 0.0
        amount = round(private / (1.0 - share) if share < 1.0 else public, 1)
        if amount < 1.0:
            continue
        total += amount
        jobs += [(zone, code, amount) for zone in zones]
        places += [(z, code, name, int(n)) for z in zones for name, n in zip(SIZE_CLASSES, number, strict=True) if n]
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "jobs", ("zone", "industry", "jobs"), jobs)
    write(folder, "establishments", ("zone", "industry", "size_class", "establishments"), places)
    return np.full(len(zones), total)


def people(folder: Path, zones: Sequence[str], employed: np.ndarray) -> None:
    """Write people by age, with the age mix and employment of Grenland, and labour."""
    model = load_region("grenland")
    mix = model.population.sum(axis=0)
    ratio = mix / model.employed_residents.sum()
    grown = ratio[AGE_GROUPS.index(15) : AGE_GROUPS.index(75)].sum()
    rows = [(z, age, round(float(n * ratio[k]), 1)) for z, n in zip(zones, employed, strict=True)
            for k, age in enumerate(AGE_GROUPS)]  # fmt: skip
    write(folder, "people", ("zone", "age", "persons"), rows)
    labour = []
    for zone, number in zip(zones, employed, strict=True):
        labour += [(zone, "working_age", round(float(number * grown), 1), "persons 15-74"),
                   (zone, "employed_residents", round(float(number), 1), "persons"),
                   (zone, "unemployment", 0.037, "share of the labour force"),
                   (zone, "land", round(float(number) * 0.05, 1), "dwellings beyond the reference")]  # fmt: skip
    write(folder, "labour", ("zone", "quantity", "value", "unit"), labour)


def header(folder: Path, name: str, nb: str, en: str, zones: Sequence[str]) -> None:
    """Write region.yaml."""
    lines = [f"# {SOURCE}.", f"name: {name}", f'title: {{nb: "{nb}", en: "{en}"}}', "base_year: 2022",
             "fictional: true", "zones:"]  # fmt: skip
    lines += [f'  - {{code: "{zone}", name: "{en} {zone}"}}' for zone in zones]
    lines += ["externals: [oslo]", "anchors: []", ""]
    (folder / "region.yaml").write_text("\n".join(lines), encoding="utf-8")


def town(folder: Path) -> None:
    """Write the industry town: one zone, far from the city."""
    zones = ["9801"]
    jobs = tables(folder, zones, TOWN, OTHERS)
    header(folder, "evaluation-town", "Evalueringsby (oppdiktet)", "Evaluation town (made up)", zones)
    inside, apart = round(float(jobs[0]) * 0.94, 1), round(float(jobs[0]) * 0.06, 1)
    flows = [("9801", "9801", inside), ("9801", "oslo", apart), ("oslo", "9801", round(float(jobs[0]) - inside, 1))]
    write(folder, "commuting", ("home", "work", "persons"), flows)
    people(folder, zones, np.array([inside + apart]))
    times = [("9801", "9801", 9), ("9801", "oslo", 110), ("oslo", "oslo", 20)]
    write(folder, "travel", ("from", "to", "minutes"), times)


def plain(folder: Path) -> None:
    """Write the plain: a grid of equal zones."""
    places = [(x * SPACING, y * SPACING) for x in range(SIDE) for y in range(SIDE)]
    zones = [f"97{k:02d}" for k in range(1, len(places) + 1)]
    jobs = tables(folder, zones, PLAIN, 0.0)
    header(folder, "evaluation-plain", "Evalueringsslette (oppdiktet)", "Evaluation plain (made up)", zones)
    apart = np.array([[math.hypot(a[0] - b[0], a[1] - b[1]) or INSIDE for b in places] for a in places])
    minutes = np.round(ACCESS + PACE * apart, 1)
    pull = np.exp(-FADE * minutes)
    flow = np.round(pull / pull.sum(axis=0) * jobs * 0.97, 2)
    left = np.round(jobs - flow.sum(axis=0), 2)
    rows = [(h, w, flow[i, j]) for i, h in enumerate(zones) for j, w in enumerate(zones)]
    rows += [(zone, "oslo", number) for zone, number in zip(zones, left, strict=True)]
    rows += [("oslo", zone, number) for zone, number in zip(zones, left, strict=True)]
    write(folder, "commuting", ("home", "work", "persons"), rows)
    people(folder, zones, flow.sum(axis=1) + left)
    near = [(zones[i], zones[j], minutes[i, j]) for i in range(len(zones)) for j in range(i, len(zones))]
    far = [(zone, "oslo", 120) for zone in zones] + [("oslo", "oslo", 20)]
    write(folder, "travel", ("from", "to", "minutes"), near + far)


if __name__ == "__main__":
    town(ROOT / "V1" / "region")
    plain(ROOT / "V11" / "region")
