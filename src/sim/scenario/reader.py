"""Scenario files read together: bases found, overlays laid, all errors of all files at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.draft import Draft, read_draft, slug
from sim.scenario.errors import ScenarioError, ScenarioErrors, nearest
from sim.scenario.folder import SUFFIXES, File, built_in, built_in_names, expand, read_text
from sim.scenario.overlay import check_together, overlay
from sim.scenario.scenario import Scenario, Words
from sim.scenario.vocabulary import Vocabulary

#: A longer chain of bases than this is an error.
MAX_BASES = 10


def read_scenarios(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str], vocabulary: Vocabulary
) -> list[Scenario]:
    """Read scenario files.

    Parameters
    ----------
    paths : paths
        Files, folders (every ``*.yaml`` and ``*.yml`` in them, sorted) or names of built-in scenarios.
    vocabulary : Vocabulary
        What the files may say.

    Returns
    -------
    list of Scenario
        Complete scenarios in the order given, each file once.

    Raises
    ------
    ScenarioErrors
        With every error of every file, bases included.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    reader = _Reader(vocabulary)
    for path in given:
        files, wrong = expand(os.fspath(path))
        reader.errors += wrong
        for file in files:
            reader.read(file)
    return reader.finish()


def read_scenario_text(text: str, vocabulary: Vocabulary, file: str = "scenario.yaml") -> Scenario:
    """Read one scenario from a text, for editors and the app. Its base must be a built-in scenario.

    Raises
    ------
    ScenarioErrors
        With every error of the text.
    """
    reader = _Reader(vocabulary)
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    reader.take(File(file, None), clean)
    return reader.finish()[0]


@dataclass
class _Source:
    """A file that was read. ``base`` is the identity of the base's file."""

    file: File
    draft: Draft
    name: str
    broken: bool  # the file has errors of its own
    base: str | None = None


class _Reader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.sources: dict[str, _Source | None] = {}  # None: there is nothing to read in the file
        self.errors: list[ScenarioError] = []

    def read(self, file: File) -> None:
        """Read a file, unless it has been read."""
        if file.identity in self.sources:
            return
        text, errors = read_text(file)
        self.errors += errors
        self.sources[file.identity] = None
        if text is not None:
            self.take(file, text)

    def take(self, file: File, text: str) -> None:
        """Check the text of a file."""
        draft, errors = read_draft(text, file.label, self.vocabulary)
        self.errors += errors
        source = None
        if draft is not None:
            source = _Source(file, draft, draft.keys.name or slug(Path(file.label).stem), bool(errors))
        self.sources[file.identity] = source

    def finish(self) -> list[Scenario]:
        """Return what has been read as complete scenarios, or raise every error."""
        given = [source for source in self.sources.values() if source is not None]
        self.errors += _same_names(given)
        pending = list(given)
        while pending:
            source = pending.pop()
            base = self._base(source, given)
            if base is not None:
                source.base = base.identity
                new = base.identity not in self.sources
                self.read(base)
                found = self.sources[base.identity]
                if new and found is not None:
                    pending.append(found)
        scenarios = [self._scenario(source) for source in given]
        if self.errors:
            raise ScenarioErrors(self.errors)
        return [scenario for scenario in scenarios if scenario is not None]

    def _base(self, source: _Source, given: list[_Source]) -> File | None:
        """Return the base a file names: among the given files, beside the file, then built in."""
        node = source.draft.root.get("based_on")
        wanted = source.draft.keys.based_on
        if node is None or wanted is None:
            return None
        others = {other.name: other.file for other in given if other is not source}
        base = others.get(wanted) or _beside(source.file, wanted) or built_in(wanted)
        if base is None:
            names = tuple(sorted({*others, *_names_beside(source.file), *built_in_names()}))
            found, match = node.found(), nearest(wanted, names)
            self._report(source, "base_not_found", found=found, allowed=names, nearest=match)
        return base

    def _chain(self, source: _Source) -> list[_Source] | None:
        """Return a source, its base and so on; None when a file has errors or the chain has no end."""
        chain, seen = [source], {source.file.identity}
        while (last := chain[-1]).base is not None:
            found = last.draft.keys.based_on
            if last.base in seen:
                self._report(last, "cycle", found=found)
                return None
            if len(chain) > MAX_BASES:
                self._report(last, "too_many_bases", found=found, allowed=f"at most {MAX_BASES}")
                return None
            seen.add(last.base)
            base = self.sources.get(last.base)
            if base is None:
                return None
            chain.append(base)
        return None if any(each.broken for each in chain) else chain

    def _scenario(self, source: _Source) -> Scenario | None:
        chain = self._chain(source)
        if chain is None:
            return None
        layers = overlay([each.draft for each in reversed(chain)])
        wrong = check_together(source.draft, layers, self.vocabulary)
        self.errors += wrong
        if wrong:
            return None
        keys = source.draft.keys
        return Scenario(
            name=source.name,
            title=keys.title or Words(nb=source.name, en=source.name),
            description=keys.description or Words(nb="", en=""),
            based_on=chain[1].name if len(chain) > 1 else None,
            region=layers.region,
            years=layers.years,
            instruments=tuple(entry.finished(layers.years) for entry in layers.instruments),
            events=tuple(event.finished() for event in layers.events),
            parameters=layers.parameters,
            switches=layers.switches,
        )

    def _report(
        self,
        source: _Source,
        kind: str,
        found: str | None = None,
        allowed: str | tuple[str, ...] | None = None,
        nearest: str | None = None,
    ) -> None:
        line, column = source.draft.place("based_on")
        source.broken = True
        label = source.file.label
        self.errors.append(ScenarioError(label, line, column, "based_on", kind, found, allowed, nearest))


def _beside(file: File, wanted: str) -> File | None:
    """Return a file named by a relative path or by its stem; a file's own stem is not its base."""
    if file.path is None:
        return None
    for name in (wanted, *(wanted + suffix for suffix in SUFFIXES)):
        if not name.lower().endswith(SUFFIXES) or Path(name).is_absolute():
            continue
        base = File(str(Path(file.label).parent / name), file.path.parent / name)
        if base.is_file() and (base.identity != file.identity or name == wanted):
            return base
    return None


def _names_beside(file: File) -> set[str]:
    if file.path is None:
        return set()
    try:
        beside = {each.stem for each in file.path.parent.iterdir() if each.suffix.lower() in SUFFIXES}
    except OSError:
        return set()
    return beside - {file.path.stem}


def _same_names(sources: list[_Source]) -> list[ScenarioError]:
    first: dict[str, _Source] = {}
    errors = []
    for source in sources:
        other = first.setdefault(source.name, source)
        if other is not source:
            line, column = source.draft.place("name")
            label, detail = source.file.label, f"also {other.file.label}"
            errors.append(ScenarioError(label, line, column, "name", "duplicate_name", source.name, detail=detail))
    return errors
