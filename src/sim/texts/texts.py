"""Looks up a sentence by key and language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

LANGUAGES = ("nb", "en")


@cache
def _words(language: str) -> dict[str, str]:
    content = files("sim.texts").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return {str(key): str(value) for key, value in YAML(typ="safe", pure=True).load(content).items()}


def keys(language: str) -> frozenset[str]:
    """Return the keys there are in a language."""
    return frozenset(_words(language))


def text(key: str, language: str = "nb", **values: Any) -> str:
    """Return a sentence with values filled in.

    Raises:
        KeyError: the key is unknown. ValueError: the language is not nb or en.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be nb or en, not {language!r}")
    return _words(language)[key].format(**values)
