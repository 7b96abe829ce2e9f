"""Firms in columns: one row per private establishment with employees, sorted by permanent id.

Rows are the only thing kernels loop over. Money is MNOK, flows are per quarter. ODD section 2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

#: Columns: name -> (type, meaning). The order is the order in checkpoints.
COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("i8", "permanent id, the key of every draw"),
    "industry": ("i2", "industry"),
    "zone": ("i2", "municipality"),
    "jobs": ("f8", "employees"),
    "productivity": ("f8", "log productivity relative to the national trend of the industry"),
    "appeal": ("f8", "log product appeal, decays"),
    "customers": ("f8", "log customer base, MNOK per quarter"),
    "capacity": ("f8", "absorptive capacity, 0-1"),
    "research": ("f8", "R&D / value added; 0 = no R&D"),
    "research_own": ("f8", "the firm's own long-run R&D intensity"),
    "position0": ("f8", "knowledge position, first coordinate"),
    "position1": ("f8", "knowledge position, second coordinate"),
    "position2": ("f8", "knowledge position, third coordinate"),
    "will": ("f8", "willingness to cooperate, 0-1"),
    "will_own": ("f8", "the firm's own long-run willingness, 0-1"),
    "liquidity": ("f8", "buffer, quarters of labour cost"),
    "age": ("f4", "quarters"),
    "emissions": ("f8", "tCO2e per MNOK value added"),
    "output": ("f8", "value added this quarter, MNOK"),
    "funding": ("f8", "additional innovation money this quarter, MNOK"),
    "weight": ("f8", "market weight this quarter"),
    "funded": ("i2", "quarter of the last public R&D money, -1000 = never"),
    "innovated": ("i2", "quarter of the last innovation, -1000 = never"),
    "owner": ("u1", "0 local, 1 national, 2 foreign head office"),
    "projects": ("u1", "ongoing joint projects, at most 2"),
    "done": ("u1", "finished successful joint projects, at most 255"),
    "cluster": ("i2", "cluster number, 0 = none"),
    "joined": ("i2", "quarter of joining"),
    "used": ("u2", "bit mask of the programmes the firm has used"),
    "broker": ("f4", "intensity of the brokerage the firm is served with, 0-1"),
    "shelter": ("f4", "exit hazard is multiplied by this; 1 = no incubator"),
    "speed": ("f4", "speed of hiring is multiplied by this; 1 = no growth capital"),
}
#: Links a firm can hold; the weakest is dropped when a new one comes.
LINKS = 4
#: Bits of the column ``used``.
USED_CLUSTER, USED_NETWORK, USED_GRANT, USED_ATTRACTED = 1, 2, 4, 8
USED_VOUCHER, USED_SKILLS, USED_INCUBATOR, USED_SEED, USED_PURCHASE, USED_GREEN = 16, 32, 64, 128, 256, 512


class Firms:
    """The firm table: one array per column, each N long, plus links [N, LINKS]."""

    if TYPE_CHECKING:  # the columns are set from COLUMNS

        def __setattr__(self, name: str, value: Any) -> None: ...

    def __init__(self, count: int = 0) -> None:
        for name, (kind, _) in COLUMNS.items():
            setattr(self, name, np.zeros(count, kind))
        self.link_id = np.full((count, LINKS), -1, np.int64)
        self.link_strength = np.zeros((count, LINKS), np.float32)
        self.funded[:] = -1000
        self.innovated[:] = -1000
        self.shelter[:] = 1.0
        self.speed[:] = 1.0

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the firm table has no column {name!r}; it has {', '.join(COLUMNS)}")

    def __len__(self) -> int:
        return int(self.id.size)

    def rows(self, identities: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each permanent id, -1 where the firm does not exist."""
        if len(self) == 0:
            return np.full(len(identities), -1)
        at = np.minimum(np.searchsorted(self.id, identities), len(self) - 1)
        return np.where(self.id[at] == identities, at, -1)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by name, links included."""
        names = [*COLUMNS, "link_id", "link_strength"]
        return {name: getattr(self, name) for name in names}

    def replace(self, alive: NDArray[np.bool_], newcomers: Firms) -> None:
        """Drop the rows that are not alive and merge in the newcomers by id, in place.

        Both tables are sorted by id and stay so. Raises ``ValueError`` on a duplicate id.
        """
        order = _merge_order(self.id, alive, newcomers.id)
        if order.size and order[0] == -(2**62):
            raise ValueError("two firms have the same permanent id")
        for name, old in self.arrays().items():
            setattr(self, name, _take(old, getattr(newcomers, name), order))


@njit(cache=True)
def _take(old, new, order):
    """Return rows of ``old`` (order >= 0) and ``new`` (order < 0, coded -1 - row)."""
    out = np.empty((order.size,) + old.shape[1:], old.dtype)  # noqa: RUF005 (Numba knows no star here)
    for k in range(order.size):
        if order[k] >= 0:
            out[k] = old[order[k]]
        else:
            out[k] = new[-1 - order[k]]
    return out


@njit(cache=True)
def _merge_order(old_id, alive, new_id):
    """Return the merged row order: old row >= 0, new row as -1 - row."""
    order = np.empty(old_id.size + new_id.size, np.int64)
    filled = 0
    j = 0
    for i in range(old_id.size):
        while j < new_id.size and new_id[j] < old_id[i]:
            order[filled] = -1 - j
            filled += 1
            j += 1
        if j < new_id.size and new_id[j] == old_id[i] and alive[i]:
            order[0] = -(2**62)
            return order[:1]
        if alive[i]:
            order[filled] = i
            filled += 1
    while j < new_id.size:
        order[filled] = -1 - j
        filled += 1
        j += 1
    return order[:filled]
