"""Study files: scenarios x regions x seeds x parameter draws, as separate axes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.scenario.errors import ScenarioError, ScenarioErrors, nearest
from sim.scenario.explain import validate
from sim.scenario.folder import built_in_names, expand, read_text
from sim.scenario.reader import read_scenarios
from sim.scenario.scenario import Budget, Scenario, Slug, Words
from sim.scenario.vocabulary import Vocabulary
from sim.scenario.yaml_nodes import Node, parse, to_data

#: Words a study file may use in place of a list of parameters.
GROUPS = ("all", "free")
#: Where parameter draws come from.
SOURCES = ("prior", "posterior")
_CODES = frozenset({"study", "scenarios", "regions", "parameters", "source"})


class StudyKeys(BaseModel):
    """The keys of a study file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    study: Annotated[Slug, Field(description="Name of the study; says that this is a study file")]
    title: Annotated[Words | None, Field(description="Title in reports")] = None
    scenarios: Annotated[list[str], Field(min_length=1, description="Built-in names, files or folders")]
    regions: Annotated[list[str], Field(min_length=1, description="Built-in names or folders")]
    seeds: Annotated[int, Field(ge=1, le=1_000_000, description="Paired runs of each scenario and draw")] = 20
    draws: Annotated[int, Field(ge=0, le=1_000_000, description="Parameter draws; 0 = the defaults only")] = 0
    draw_seed: Annotated[int, Field(ge=0, description="Seed of the draws")] = 1
    parameters: Annotated[list[str] | str, Field(description="What is drawn: all, free, or a list of names")] = "all"
    source: Annotated[
        Literal["prior", "posterior"], Field(description="prior: what was believed; posterior: after sim calibrate")
    ] = "prior"
    budget: Annotated[Budget | None, Field(description="Common budget, MNOK a year; own budgets if left out")] = None
    own_luck: Annotated[bool, Field(description="true: each draw has seeds of its own, so luck is not shared")] = False
    panel: Annotated[bool, Field(description="true: keep every firm in every quarter")] = False


@dataclass(frozen=True)
class StudyFile:
    """A study file with its scenarios read; regions are names or paths relative to where the command runs."""

    keys: StudyKeys
    scenarios: tuple[Scenario, ...]
    regions: tuple[str, ...]

    @property
    def drawn(self) -> str | tuple[str, ...]:
        """Return the group or the names of what is drawn."""
        return self.keys.parameters if isinstance(self.keys.parameters, str) else tuple(self.keys.parameters)


def is_study(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is a study file: a mapping with the key ``study``."""
    given = Path(path)
    if not given.is_file() or given.suffix.lower() not in (".yaml", ".yml"):
        return False
    files, _ = expand(os.fspath(path))
    text, _ = read_text(files[0]) if files else (None, [])
    root, _ = parse(text, str(path)) if text is not None else (None, [])
    return root is not None and root.kind == "mapping" and root.get("study") is not None


def read_study(path: str | os.PathLike[str], vocabulary: Vocabulary) -> StudyFile:
    """Read a study file and the scenarios it names; files and folders are found beside it.

    Raises:
        ScenarioErrors: with every error of the study file, or of its scenarios.
    """
    label, folder = os.fspath(path), Path(path).parent
    files, errors = expand(label)
    text, more = read_text(files[0]) if files else (None, [])
    errors += more
    root, more = parse(text, label) if text is not None else (None, [])
    errors += more
    if root is None or root.kind != "mapping":
        raise ScenarioErrors(errors or [ScenarioError(label, 1, 1, "", "wrong_type", allowed="a study file")])
    data = {key: value for key, value in to_data(root, _CODES).items() if value is not None}
    keys, found = validate(StudyKeys, data, root, label)
    errors += found
    if keys is None or errors:
        raise ScenarioErrors(errors)
    regions = tuple(_place(folder, name) for name in keys.regions)
    errors += _unknown_regions(root, label, keys, regions, vocabulary)
    errors += _unknown_parameters(root, label, keys, vocabulary)
    if errors:
        raise ScenarioErrors(errors)
    scenarios = read_scenarios([_place(folder, name) for name in keys.scenarios], vocabulary)
    return StudyFile(keys, tuple(scenarios), regions)


def _place(folder: Path, name: str) -> str:
    beside = folder / name
    return name if name in built_in_names() or not beside.exists() else str(beside)


def _unknown_regions(
    root: Node, file: str, keys: StudyKeys, places: tuple[str, ...], vocabulary: Vocabulary
) -> list[ScenarioError]:
    errors, node = [], root.get("regions")
    for index, (name, place) in enumerate(zip(keys.regions, places, strict=True)):
        if name not in vocabulary.regions and not (Path(place) / "region.yaml").is_file():
            item = node.items[index] if node is not None and index < len(node.items) else root
            errors.append(ScenarioError(file, item.line, item.column, f"regions[{index}]", "not_allowed", name,
                                        (*vocabulary.regions, "a folder with region.yaml"),
                                        nearest(name, vocabulary.regions)))  # fmt: skip
    return errors


def _unknown_parameters(root: Node, file: str, keys: StudyKeys, vocabulary: Vocabulary) -> list[ScenarioError]:
    names, node = tuple(vocabulary.parameters), root.get("parameters") or root
    if isinstance(keys.parameters, str):
        if keys.parameters in GROUPS:
            return []
        near = nearest(keys.parameters, (*GROUPS, *names))
        return [ScenarioError(file, node.line, node.column, "parameters", "not_allowed", keys.parameters,
                              (*GROUPS, "a list of names"), near)]  # fmt: skip
    return [
        ScenarioError(file, node.items[index].line, node.items[index].column, f"parameters[{index}]", "not_allowed",
                      name, "a parameter of docs/odd.md", nearest(name, names))
        for index, name in enumerate(keys.parameters)
        if name not in names
    ]  # fmt: skip
