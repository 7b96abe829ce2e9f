"""Numbers as people write them: 1 234,5 in bokmål and 1,234.5 in English."""

from __future__ import annotations

import math

from sim.texts.texts import text

#: A space that neither breaks nor is taken for a column break.
_THIN = "\u202f"


def number(value: float | None, decimals: int = 0, language: str = "nb") -> str:
    """Return a number in words of the language; a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    rounded = f"{value:,.{decimals}f}"
    if float(rounded.replace(",", "")) == 0.0:
        rounded = rounded.lstrip("-")
    if language == "nb":
        rounded = rounded.replace(",", _THIN).replace(".", ",")
    return rounded.replace("-", "−")


def signed(value: float | None, decimals: int = 0, language: str = "nb") -> str:
    """Return a number with its sign."""
    plain = number(value, decimals, language)
    if value is None or math.isnan(value) or plain.startswith("−") or value <= 0 or set(plain) <= set("0.,"):
        return plain
    return f"+{plain}"


def duration(seconds: float, language: str) -> str:
    """Return a time in words."""
    if seconds < 90:
        return text("run.seconds", language, value=number(max(seconds, 1), 0, language))
    return text("run.minutes", language, value=number(seconds / 60, 0, language))
