"""Holds the kernels against their plain twin: agreement of the headline indicators, and the ratio of their speed.

``python -m bench.twins`` prints both; the same functions serve a short test. Luck is not shared, so two means are
compared by their standard errors, with a bound that leaves all indicators together one chance in a hundred.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
import sys
import time

import numpy as np
from numpy.typing import NDArray

from bench.twin import Twin
from sim.experiment import baseline, build_model, scenario_reference
from sim.experiment.build import region_firms
from sim.model import Parameters, Reference, make_parameters
from sim.region import Region, load_region

HEADLINE = ("jobs", "job_years", "value_added", "productivity", "innovators", "rd", "population", "net_commuting",
            "unemployment", "emissions", "municipal_net", "firms", "entries", "exits", "innovations", "projects",
            "house_price", "wage")  # fmt: skip
#: Seeds of the twin begin here, so that no seed serves both.
_TWIN_SEEDS = 100_000
Samples = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Agreement:
    """One indicator in one year: both means, their relative difference and z of the difference."""

    name: str
    model: float
    twin: float
    z: float

    @property
    def relative(self) -> float:
        """Return the difference as a share of the twin's mean."""
        return (self.model - self.twin) / abs(self.twin) if self.twin else math.inf * (self.model - self.twin or 0.0)


def enlarged(name: str, times: float) -> Region:
    """Return a region with jobs, firms and people multiplied."""
    region = load_region(name)
    many = {field: getattr(region, field) * times for field in
            ("jobs", "public", "population", "working_age", "employed_residents", "commuting", "land")}  # fmt: skip
    establishments = np.round(region.establishments * times)
    return dataclasses.replace(region, name=f"{name}-{times:g}", establishments=establishments, **many)


def model_samples(
    region: Region, reference: Reference, seeds: int, years: int, parameters: Parameters | None = None
) -> Samples:
    """Return outcomes f8[seeds, years, headline] of the model."""
    plain, out = baseline(max(years, 1)), np.zeros((seeds, years, len(HEADLINE)))
    place = {name: k for k, name in enumerate(HEADLINE)}
    for seed in range(seeds):
        run = build_model(region, plain, seed + 1, reference=reference, parameters=parameters).run(4 * years)
        for i, z, f, y, v in zip(*run.outcomes().values(), strict=True):
            if z == f == "all" and i in place:
                out[seed, y - 1, place[i]] = v
    return out


def twin_samples(
    region: Region, reference: Reference, seeds: int, years: int, parameters: Parameters | None = None
) -> Samples:
    """Return outcomes f8[seeds, years, headline] of the twin."""
    firms, chosen, out = region_firms(region), parameters or make_parameters(), []
    for seed in range(_TWIN_SEEDS, _TWIN_SEEDS + seeds):
        found = Twin(region, firms, chosen, reference, seed).run(4 * years).outcomes()
        out.append([[found[name][year] for name in HEADLINE] for year in range(years)])
    return np.array(out)


def agreement(ours: Samples, theirs: Samples) -> list[Agreement]:
    """Return one row per indicator of two samples f8[seeds, headline] of the same year."""
    out = []
    for k, name in enumerate(HEADLINE):
        a, b = ours[:, k], theirs[:, k]
        error = math.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)
        gap = float(a.mean() - b.mean())
        z = gap / error if error > 0.0 else (0.0 if gap == 0.0 else math.inf)
        out.append(Agreement(name, float(a.mean()), float(b.mean()), z))
    return out


def bound(comparisons: int, family_error: float = 0.01) -> float:
    """Return the |z| that luck alone passes anywhere in so many comparisons with the given chance (Bonferroni)."""
    return statistics.NormalDist().inv_cdf(1.0 - family_error / (2.0 * comparisons))


def ratio(region: Region, rounds: int = 11) -> tuple[int, float, float]:
    """Return firms, and seconds of processor time per quarter of the twin and of the model: medians of turns."""
    plain, firms = baseline(), region_firms(region)
    count = len(region.industries.codes)
    reference = Reference(np.zeros(count), np.full(count, make_parameters()["entry_rate"]))
    model = build_model(region, plain, 2, reference=reference).run(4)
    twin = Twin(region, firms, make_parameters(), reference, 2).run(4)
    ours, theirs = [], []
    for _ in range(rounds):
        begun = time.process_time()
        twin.run(1)
        theirs.append(time.process_time() - begun)
        begun = time.process_time()
        model.run(4)
        ours.append((time.process_time() - begun) / 4.0)
    return firms.id.size, statistics.median(theirs), statistics.median(ours)


def _print_agreement(region: Region, seeds: int, years: int) -> None:
    reference = scenario_reference(region, baseline(years))
    ours, theirs = model_samples(region, reference, seeds, years), twin_samples(region, reference, seeds, years)
    limit = bound(years * len(HEADLINE))
    say = sys.stdout.write
    say(f"agreement, {region.name}, {region_firms(region).id.size} firms, {seeds} seeds each, year {years}; "
        f"last column: largest |z| of {years} years, bound {limit:.2f}\n")  # fmt: skip
    yearly = [agreement(ours[:, y], theirs[:, y]) for y in range(years)]
    for k, row in enumerate(yearly[-1]):
        worst = max(abs(rows[k].z) for rows in yearly)
        say(f"  {row.name:14s} model {row.model:12.3f}  twin {row.twin:12.3f}  difference {100 * row.relative:+7.2f} %"
            f"  z {row.z:+5.2f}  {worst:4.2f}{'  DISAGREES' if worst > limit else ''}\n")  # fmt: skip
    sys.stdout.flush()


def main() -> None:
    """Print agreement at about 2,000 firms in two regions and the ratio of speed at about 10,000."""
    for name, times in (("nedre-glomma", 0.52), ("thin-town", 3.2)):
        _print_agreement(enlarged(name, times), 40, 5)
    count, twin, ours = ratio(enlarged("nedre-glomma", 2.6))
    sys.stdout.write(f"speed, {count} firms, medians of turns: twin {1000 * twin:.1f} ms a quarter, "
                     f"model {1000 * ours:.2f} ms, ratio {twin / ours:.0f}\n")  # fmt: skip


if __name__ == "__main__":
    main()
