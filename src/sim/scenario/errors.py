"""What is wrong with a scenario file: where it is, what was found and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["nb", "en"]

#: One sentence for each kind of error. Found, allowed and nearest are told apart from it.
MESSAGES: dict[str, dict[str, str]] = {
    "not_found": {"nb": "filen finnes ikke", "en": "no such file"},
    "not_a_file": {"nb": "dette er ikke en vanlig fil", "en": "this is not an ordinary file"},
    "unreadable": {"nb": "filen kan ikke leses", "en": "the file cannot be read"},
    "empty_folder": {"nb": "mappen har ingen scenariofiler", "en": "the folder has no scenario files"},
    "too_large": {"nb": "filen er for stor", "en": "the file is too large"},
    "not_utf8": {"nb": "filen er ikke lagret som UTF-8", "en": "the file is not saved as UTF-8"},
    "control_character": {"nb": "usynlig styretegn", "en": "invisible control character"},
    "tab": {"nb": "tabulator i innrykk; bruk mellomrom", "en": "tab used for indentation; use spaces"},
    "syntax": {"nb": "teksten er ikke gyldig YAML", "en": "the text is not valid YAML"},
    "empty": {"nb": "filen er tom", "en": "the file is empty"},
    "documents": {"nb": "mer enn ett dokument i filen", "en": "more than one document in the file"},
    "alias": {"nb": "ankre og aliaser er ikke tillatt", "en": "anchors and aliases are not allowed"},
    "tag": {"nb": "tagger er ikke tillatt", "en": "tags are not allowed"},
    "too_deep": {"nb": "for mange nivåer", "en": "too many levels"},
    "too_many_values": {"nb": "for mange verdier", "en": "too many values"},
    "complex_key": {"nb": "en nøkkel må være en enkel tekst", "en": "a key must be a simple text"},
    "duplicate_key": {"nb": "nøkkelen er brukt to ganger", "en": "the key is used twice"},
    "unknown_key": {"nb": "ukjent nøkkel", "en": "unknown key"},
    "missing_key": {"nb": "nøkkelen mangler", "en": "the key is missing"},
    "wrong_type": {"nb": "feil type verdi", "en": "wrong type of value"},
    "out_of_range": {"nb": "tallet er utenfor grensene", "en": "the number is out of range"},
    "not_finite": {"nb": "tallet må være endelig", "en": "the number must be finite"},
    "not_allowed": {"nb": "verdien er ikke tillatt", "en": "the value is not allowed"},
    "not_in_region": {"nb": "kommunen ligger ikke i regionen", "en": "the municipality is not in the region"},
    "repeated": {"nb": "verdien er gjentatt", "en": "the value is repeated"},
    "two_targets": {
        "nb": "bruk bare én av industries, target og zones",
        "en": "use only one of industries, target and zones",
    },
    "wrong_target": {
        "nb": "virkemiddelet kan ikke rettes mot dette",
        "en": "the instrument cannot be aimed at this",
    },
    "years_reversed": {"nb": "stop_year er før start_year", "en": "stop_year is before start_year"},
    "after_end": {"nb": "året er etter scenarioets siste år", "en": "the year is after the last year"},
    "base_not_found": {"nb": "basisscenarioet finnes ikke", "en": "the base scenario does not exist"},
    "cycle": {"nb": "scenarioet bygger på seg selv", "en": "the scenario is based on itself"},
    "too_many_bases": {"nb": "for lang rekke av basisscenarioer", "en": "too long a chain of bases"},
    "duplicate_name": {"nb": "to scenarioer har samme navn", "en": "two scenarios have the same name"},
    "more": {"nb": "flere feil er ikke vist", "en": "more errors are not shown"},
}
_WORDS = {
    "nb": ("fant {}", "tillatt {}", "mente du {}?"),
    "en": ("found {}", "allowed {}", "did you mean {}?"),
}
#: Errors told about one file; the rest are counted.
MAX_ERRORS = 100
_SHOWN = 12


@dataclass(frozen=True)
class ScenarioError:
    """One error at one place in one file. ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    key: str
    kind: str  # a key of MESSAGES
    found: str | None = None
    allowed: str | tuple[str, ...] | None = None
    nearest: str | None = None
    detail: str | None = field(default=None, compare=False)

    @property
    def message(self) -> str:
        """Return the English sentence, with detail if there is any."""
        return self.sentence("en")

    def sentence(self, language: Language) -> str:
        """Return what is wrong, without place and values."""
        text = MESSAGES[self.kind][language]
        return f"{text} ({self.detail})" if self.detail else text

    def line_of_text(self, language: Language = "en") -> str:
        """Return the whole error on one line: place, key, sentence, found, allowed, nearest."""
        found, allowed, nearest = _WORDS[language]
        parts = [self.sentence(language)]
        if self.found is not None:
            parts.append(found.format(self.found))
        if self.allowed:
            parts.append(allowed.format(self._allowed_text()))
        if self.nearest is not None:
            parts.append(nearest.format(self.nearest))
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}:{self.column}: {key}{'; '.join(parts)}"

    def as_json(self) -> dict[str, object]:
        """Return the error for ``--json``."""
        allowed = list(self.allowed) if isinstance(self.allowed, tuple) else self.allowed
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "found": self.found,
            "allowed": allowed,
            "nearest": self.nearest,
            "message": self.message,
        }

    def _allowed_text(self) -> str:
        if not isinstance(self.allowed, tuple):
            return str(self.allowed)
        rest = len(self.allowed) - _SHOWN
        return ", ".join(self.allowed[:_SHOWN]) + (f" … (+{rest})" if rest > 0 else "")


class ScenarioErrors(Exception):
    """Every error of every file that was read, in the order of files and lines."""

    def __init__(self, errors: Iterable[ScenarioError]) -> None:
        self.errors: list[ScenarioError] = _sorted(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return self.as_text()

    def as_text(self, language: Language = "en") -> str:
        """Return one line for each error."""
        return "\n".join(error.line_of_text(language) for error in self.errors)

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        """Return ``{"errors": [...]}`` for ``--json``."""
        return {"errors": [error.as_json() for error in self.errors]}


def nearest(found: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word that is most like ``found``, or None when nothing is like it."""
    if len(found) > 80:
        return None
    words = {word.casefold(): word for word in reversed(list(allowed))}
    match = difflib.get_close_matches(found.strip().casefold(), sorted(words), n=1, cutoff=0.6)
    return words[match[0]] if match else None


def shown(value: object) -> str:
    """Return a value as people wrote it, cut to a line."""
    text = " ".join(str(value).split()) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _sorted(errors: Iterable[ScenarioError]) -> list[ScenarioError]:
    files: dict[str, dict[ScenarioError, None]] = {}
    for error in errors:
        files.setdefault(error.file, {}).setdefault(error)
    kept: list[ScenarioError] = []
    for file, found in files.items():
        ordered = sorted(found, key=lambda e: (e.line, e.column))
        kept.extend(ordered[:MAX_ERRORS])
        if len(ordered) > MAX_ERRORS:
            last = ordered[MAX_ERRORS]
            rest = str(len(ordered) - MAX_ERRORS)
            kept.append(ScenarioError(file, last.line, last.column, "", "more", found=rest))
    return kept
