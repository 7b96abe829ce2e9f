"""Municipality numbers through the reforms of 2020 and 2024: any of them leads to the number in use now."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

#: The code history, beside this file.
_TABLE = "municipalities.csv"


@cache
def _history() -> dict[str, str]:
    text = files("sim.region").joinpath(_TABLE).read_text(encoding="utf-8")
    return {row["number"]: row["current"] for row in csv.DictReader(text.splitlines())}


def current_number(number: str) -> str:
    """Return the present number of a municipality from any of its numbers, such as 0106, 3004 or 3107.

    Raises:
        KeyError: the number is not in the code history, which covers the built-in regions and their ring.
    """
    try:
        return _history()[number]
    except KeyError:
        raise KeyError(f"no municipality {number!r} in the code history") from None


def former_numbers(number: str) -> tuple[str, ...]:
    """Return the other numbers of the municipality that now has this number; none when it is unknown."""
    return tuple(old for old, now in _history().items() if now == number and old != number)
