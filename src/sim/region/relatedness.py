"""From distances between industries to knowledge positions in three dimensions.

Classical scaling gives the start, stress majorisation (SMACOF) the rest; related pairs weigh more. The
result is shipped as positions.csv so that no bit depends on the linear algebra at hand. ODD section 8.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Weight of a related pair against an unrelated one, and rounds of majorisation.
RELATED_WEIGHT, ROUNDS = 6.0, 600


def place_industries(distances: Floats, family: tuple[str, ...]) -> Floats:
    """Return positions f8[S, 3], scaled so that the mean distance of related pairs is 1.

    Args:
        distances: f8[S, S] wanted distances, symmetric, zero diagonal.
        family: family of each industry; pairs inside a family are related.
    """
    count = len(family)
    related = np.array([[a == b for b in family] for a in family]) & ~np.eye(count, dtype=bool)
    weight = np.where(related, RELATED_WEIGHT, 1.0)
    np.fill_diagonal(weight, 0.0)
    place = _classical(distances)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.pinv(laplacian)
    for _ in range(ROUNDS):
        now = pairwise(place)
        ratio = np.divide(distances, now, out=np.zeros_like(now), where=now > 1e-9) * weight
        pull = np.diag(ratio.sum(axis=1)) - ratio
        place = inverse @ pull @ place
    return place / pairwise(place)[related].mean()


def pairwise(place: Floats) -> Floats:
    """Return distances between rows f8[S, S]."""
    return np.sqrt(((place[:, None, :] - place[None, :, :]) ** 2).sum(axis=2))


def _classical(distances: Floats) -> Floats:
    count = len(distances)
    centre = np.eye(count) - 1.0 / count
    values, vectors = np.linalg.eigh(-0.5 * centre @ (distances**2) @ centre)
    top = np.argsort(-values)[:3]
    place = vectors[:, top] * np.sqrt(np.maximum(values[top], 0.0))
    for k in range(3):
        if place[np.argmax(np.abs(place[:, k])), k] < 0:
            place[:, k] *= -1.0
    # a small fixed nudge parts industries that classical scaling puts on top of each other
    turn = np.arange(count)[:, None] * np.array([0.7, 1.3, 2.1])
    return place + 0.05 * np.sin(turn)
