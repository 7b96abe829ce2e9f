"""Firms: one row per private establishment with employees, sorted by permanent id.

A firm is one record, so a kernel that looks at a firm touches two cache lines, and a firm moves as one piece
when others enter or leave. ``firms.jobs`` and so on are views of one column. Money is MNOK, flows are per
quarter. Levels that small changes add up in are 64-bit; traits and shares are 32-bit. ODD section 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.model.shapes import row_of

#: Columns: name -> (type, meaning). The order is the order in the record, widest first.
COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("i8", "permanent id, the key of every draw"),
    "jobs": ("f8", "employees"),
    "productivity": ("f8", "log productivity relative to the national trend of the industry"),
    "customers": ("f8", "log customer base, MNOK per quarter"),
    "output": ("f8", "value added this quarter, MNOK"),
    "weight": ("f8", "market weight this quarter"),
    "appeal": ("f4", "log product appeal, decays"),
    "capacity": ("f4", "absorptive capacity, 0-1"),
    "research": ("f4", "R&D / value added; 0 = no R&D"),
    "research_own": ("f4", "the firm's own long-run R&D intensity"),
    "position0": ("f4", "knowledge position, first coordinate"),
    "position1": ("f4", "knowledge position, second coordinate"),
    "position2": ("f4", "knowledge position, third coordinate"),
    "will": ("f4", "willingness to cooperate, 0-1"),
    "will_own": ("f4", "the firm's own long-run willingness, 0-1"),
    "liquidity": ("f4", "buffer, quarters of labour cost"),
    "emissions": ("f4", "tCO2e per MNOK value added"),
    "funding": ("f4", "additional innovation money this quarter, MNOK"),
    "broker": ("f4", "intensity of the brokerage the firm is served with, 0-1"),
    "shelter": ("f4", "exit hazard is multiplied by this; 1 = no incubator"),
    "speed": ("f4", "speed of hiring is multiplied by this; 1 = no growth capital"),
    "industry": ("i2", "industry"),
    "zone": ("i2", "municipality"),
    "age": ("i2", "whole quarters"),
    "funded": ("i2", "quarter of the last public R&D money, -1000 = never"),
    "innovated": ("i2", "quarter of the last innovation, -1000 = never"),
    "cluster": ("i2", "cluster number, 0 = none"),
    "joined": ("i2", "quarter of joining"),
    "used": ("u2", "bit mask of the programmes the firm has used"),
    "owner": ("u1", "0 local, 1 national, 2 foreign head office"),
    "projects": ("u1", "ongoing joint projects, at most 2"),
    "done": ("u1", "finished successful joint projects, at most 255"),
}
#: The record of one firm; the id has an array of its own.
RECORD = np.dtype([(name, kind) for name, (kind, _) in COLUMNS.items() if name != "id"], align=True)
_WORDS, _ONE = RECORD.itemsize // 8, np.uint64(1)
#: Bits of the column ``used``.
USED_CLUSTER, USED_NETWORK, USED_GRANT, USED_ATTRACTED = 1, 2, 4, 8
USED_VOUCHER, USED_SKILLS, USED_INCUBATOR, USED_SEED, USED_PURCHASE, USED_GREEN = 16, 32, 64, 128, 256, 512


class Firms:
    """The firm table.

    Attributes:
        id: i8[N] permanent ids, rising. table: RECORD[N], what kernels work on.

    Every column of ``COLUMNS`` is an attribute too: a view f8[N] and so on that ends with the quarter.
    """

    def __init__(self, count: int = 0) -> None:
        self._hold(np.zeros(count, np.int64), _spacious(count), count)
        _blank(self.table)

    @classmethod
    def of(cls, ids: NDArray[np.int64], table: NDArray[Any]) -> Firms:
        """Return the table of firms with permanent ids i8[N], rising, and rows RECORD[N]."""
        firms = cls.__new__(cls)
        firms._hold(ids, table, ids.size)
        return firms

    def _hold(self, ids: NDArray[np.int64], space: NDArray[Any], count: int) -> None:
        self.__dict__.clear()
        self.__dict__.update(id=ids, _space=space, table=space[:count])

    def __getattr__(self, name: str) -> Any:
        if name not in COLUMNS or "table" not in self.__dict__:
            raise AttributeError(f"the firm table has no column {name!r}; it has {', '.join(COLUMNS)}")
        column = self.__dict__[name] = self.table[name]
        return column

    def __setattr__(self, name: str, value: Any) -> None:
        getattr(self, name)[:] = value

    def __getstate__(self) -> dict[str, Any]:
        return {"id": self.id, "table": self.table.copy()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._hold(state["id"], state["table"], state["id"].size)

    def __len__(self) -> int:
        return int(self.id.size)

    def rows(self, identities: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each permanent id, -1 where the firm does not exist."""
        found: NDArray[np.int64] = _rows(self.id, identities)
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every column by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    def replace(self, alive: NDArray[np.bool_], newcomers: Firms) -> None:
        """Drop the rows that are not alive and merge in the newcomers by id.

        Both tables are sorted by id and stay so. Rows move inside the space the table has.
        Raises ``ValueError`` on a duplicate id.
        """
        space, most = self._space, len(self) + len(newcomers)
        if most > space.size:
            space = _spacious(most)
            space[: len(self)] = self.table
        ids = _merge(_words(space), self.id, alive, _words(newcomers.table), newcomers.id)
        if ids.size == 0 and (alive.any() or len(newcomers)):
            raise ValueError("two firms have the same permanent id")
        self._hold(ids, space, ids.size)


def _spacious(count: int) -> NDArray[Any]:
    """Return room for the rows and some more; what is not used costs no memory."""
    return np.zeros(count + count // 8 + 64, RECORD)


def _words(rows: NDArray[Any]) -> NDArray[np.int64]:
    return rows.view(np.int64)


@njit(cache=True, error_model="numpy")
def _rows(ids, identities):
    rows = np.empty(identities.size, np.int64)
    for k in range(identities.size):
        rows[k] = row_of(ids, identities[k])
    return rows


@njit(cache=True, error_model="numpy")
def _blank(table):
    """Fill in what is not zero in a new firm, in place."""
    for i in range(table.size):
        f = table[i]
        f.funded, f.innovated = -1000, -1000
        f.shelter, f.speed = 1.0, 1.0


@njit(cache=True, error_model="numpy")
def new_rows(count):
    """Return the rows of so many new firms, RECORD[count]."""
    rows = np.zeros(count, RECORD)
    _blank(rows)
    return rows


@njit(cache=True, error_model="numpy")
def _merge(words, ids, alive, new_words, new_ids):
    """Drop rows that are not alive and put the newcomers between the others, in place; return the merged ids i8[M].

    None, and nothing has moved, when an id is there twice.
    """
    merged, moves, rows = _plan(ids, alive, new_ids)
    if merged.size:
        _move(words, moves)
        _put(words, new_words, rows)
    return merged


@njit(cache=True, error_model="numpy")
def _plan(ids, alive, new_ids):
    """Return the merged ids i8[M], the runs of old rows that move, and the rows of the newcomers i8[J].

    Runs are i8[K, 3]: first row, rows, first row after. All are empty when an id is there twice.
    """
    gone, place = ids.size - alive.sum(), np.searchsorted(ids, new_ids)
    merged = np.empty(ids.size - gone + new_ids.size, np.int64)
    moves, rows = np.empty((gone + new_ids.size + 1, 3), np.int64), np.empty(new_ids.size, np.int64)
    i, j, filled, run = 0, 0, 0, 0
    while i < ids.size or j < new_ids.size:
        stop = place[j] if j < new_ids.size else ids.size
        begun, first = i, filled
        while i < stop and alive[i]:
            i += 1
        for k in range(i - begun):
            merged[first + k] = ids[begun + k]
        filled += i - begun
        moves[run, 0], moves[run, 1], moves[run, 2] = begun, i - begun, first
        run += i > begun and begun != first
        if i < stop:
            i += 1
            continue
        if i < ids.size and alive[i] and ids[i] == new_ids[j]:
            return merged[:0], moves[:0], rows[:0]
        if j < new_ids.size:
            merged[filled], rows[j] = new_ids[j], filled
            filled += 1
            j += 1
    return merged, moves[:run], rows


@njit(cache=True, error_model="numpy")
def _move(words, moves):
    """Move runs of rows, in place: first those that go down, from the bottom, then those that go up, from the top.

    Runs keep their order, so no run is overwritten before it has moved.
    """
    for k in range(moves.shape[0]):
        old, new, size = _run_of_words(moves, k)
        if new < old:
            for w in range(size):
                words[new + w] = words[old + w]
    for k in range(moves.shape[0] - 1, -1, -1):
        old, new, size = _run_of_words(moves, k)
        if new > old:
            for w in range(size):
                words[new + size - w - _ONE] = words[old + size - w - _ONE]


@njit(cache=True, error_model="numpy")
def _run_of_words(moves, k):
    """Return the first word, the first word after the move and the words of a run; unsigned, as in conduct."""
    per = np.uint64(_WORDS)
    return np.uint64(moves[k, 0]) * per, np.uint64(moves[k, 2]) * per, np.uint64(moves[k, 1]) * per


@njit(cache=True, error_model="numpy")
def _put(words, new_words, rows):
    """Put the newcomers into their rows of the merged table, in place."""
    per = np.uint64(_WORDS)
    for j in range(np.uint64(rows.size)):
        row = np.uint64(rows[j])
        for w in range(per):
            words[row * per + w] = new_words[j * per + w]
