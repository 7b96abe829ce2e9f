"""What may be calibrated to: the rows of ``bands.yaml`` marked ``calibrate``, with a tolerance by one rule.

Rows of replayed evaluations are never marked. The tolerance (standard deviation) is a quarter of the accepted band,
the same rule that gives priors their spread: the published figure is believed to lie in the band about 19 times of 20.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.evidence.facts import bands


@dataclass(frozen=True)
class Target:
    """One published figure: what it is, its value and the standard deviation it is believed with, in its unit."""

    name: str
    label: str
    unit: str
    value: float
    sd: float
    source: str


def targets(region: str) -> tuple[Target, ...]:
    """Return the targets of a region, in the order of ``bands.yaml``.

    Raises:
        ValueError: a marked row has no width, or asks for a sign only.
    """
    found = []
    for name, row in bands().items():
        if not row.get("calibrate") or (row.get("only") and region not in row["only"]):
            continue
        sd = (float(row["high"]) - float(row["low"])) / 4.0
        if sd <= 0.0 or row.get("rule", "band") != "band":
            raise ValueError(f"{name}: a row that is calibrated to needs a band with a width")
        found.append(Target(name, str(row["label"]), str(row["unit"]), float(row["published"]), sd, str(row["source"])))
    return tuple(found)
