"""Evaluation folders: a region, scenario files and ``row.yaml``, read with every error at its line and column.

The words ``row.yaml`` may use are the models below; docs/evaluations.md has them in a table.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from sim.experiment.build import vocabulary
from sim.experiment.shipped import evidence_folder
from sim.region import Region, load_region, region_names
from sim.scenario import Scenario, ScenarioErrors, read_scenarios
from sim.scenario.errors import ScenarioError, nearest
from sim.scenario.explain import validate
from sim.scenario.folder import File, read_text
from sim.scenario.scenario import Words, Year
from sim.scenario.yaml_nodes import Node, not_finite, parse, to_data

FILE = "row.yaml"
Bit = Literal[
    "cluster", "network", "grant", "attracted", "voucher", "skills", "incubator", "seed", "purchase", "green"
]
Column = Literal[
    "jobs", "turnover", "value_added", "labour_productivity", "tfp", "rd", "rd_spent", "rd_total", "performs_rd",
    "innovated", "projects", "aid", "payments", "payments_extra", "payments_deadweight", "liquidity", "age",
    "uses_cluster", "uses_network", "uses_grant", "uses_attracted", "uses_voucher", "uses_skills", "uses_incubator",
    "uses_seed", "uses_purchase", "uses_green",
]  # fmt: skip
Match = Literal[
    "industry", "zone", "jobs", "log_jobs", "age", "value_added", "log_value_added", "labour_productivity",
    "log_labour_productivity", "tfp", "log_tfp", "rd", "rd_spent", "performs_rd", "liquidity",
]  # fmt: skip
Estimator = Literal[
    "did_matched", "untargeted", "lottery", "rejected", "rdd", "twin", "ties_within", "commuters_within",
    "commuting_elasticity",
]  # fmt: skip
#: Estimators of shape: they describe one world and have no treated firms.
SHAPES = ("ties_within", "commuters_within", "commuting_elasticity")
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$", max_length=48,
                            description="a name of letters, figures, - and _")]  # fmt: skip
_CODES = frozenset({"evaluation", "file", "without", "region", "row", "value", "minus", "source", "programme"})


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Programme(_Keys):
    """A world with the programme and the one it is held against."""

    file: Annotated[str, Field(description="Scenario file with the programme")]
    without: Annotated[str | None, Field(description="Scenario file without it; left out: no instruments")] = None


class Treated(_Keys):
    """Who counts as treated."""

    group: Annotated[Literal["users", "targeted", "applicants", "everyone"], Field(description="Who is treated")]
    of: Annotated[Bit | None, Field(description="The programme that users used, or applicants applied to")] = None
    prior_rd: Annotated[Literal["any", "performers", "none", "starters"],
                        Field(description="R&D in the two years before")] = "any"  # fmt: skip
    smallest: Annotated[float, Field(ge=0, description="Least employees in the quarter before")] = 0.0
    largest: Annotated[float, Field(gt=0, description="Most employees in the quarter before")] = 1e9
    within: Annotated[int, Field(ge=1, le=80, description="Quarters from the start in which they came")] = 80


class Measure(_Keys):
    """One estimate: who, what, when and by which estimator."""

    estimator: Estimator
    programme: Annotated[Name, Field(description="Which of the programmes")] = "programme"
    treated: Treated | None = None
    outcome: Column | None = None
    log: Annotated[bool, Field(description="true: the log of the outcome")] = False
    over: Annotated[int, Field(ge=1, le=40, description="Quarters the outcome is taken over, the last included")] = 1
    take: Annotated[Literal["mean", "sum", "any"], Field(description="How quarters are put together")] = "mean"
    per: Annotated[Column | None, Field(description="Divide by the effect on this column")] = None
    start_year: Annotated[Year, Field(description="First year of the programme")] = 2
    horizon: Annotated[int, Field(ge=1, le=76, description="Quarters after treatment")] = 12
    match_on: Annotated[list[Match], Field(description="What controls must be near in")] = ["log_jobs", "industry"]
    bandwidth: Annotated[float | None, Field(gt=0, description="Of rdd, in units of the merit")] = None
    from_minutes: Annotated[float, Field(ge=0, description="Of shapes: least travel time")] = 0.0
    to_minutes: Annotated[float, Field(gt=0, description="Of shapes: most travel time")] = 15.0

    @property
    def start(self) -> int:
        """Return the first quarter of the programme."""
        return 4 * (self.start_year - 1)


class Row(_Keys):
    """One published figure, what is accepted, and the estimate that is held against it."""

    row: Name
    label: Words
    unit: Annotated[Literal["percent", "percentage_points", "ratio", "minutes_elasticity", "MNOK"],
                    Field(description="Unit of the row")]  # fmt: skip
    published: Annotated[float | str, Field(description="The figure, or its sign in words")]
    low: Annotated[float | None, Field(description="Least accepted")] = None
    high: Annotated[float | None, Field(description="Most accepted")] = None
    rule: Annotated[Literal["median", "sign", "not_significant"], Field(alias="pass", description="Rule to pass")]
    value: Annotated[Name, Field(description="The estimate")]
    minus: Annotated[Name | None, Field(description="An estimate that is taken away from it")] = None
    source: Annotated[list[str], Field(min_length=1, description="Rows of docs/evidence.csv, or references")]
    note: Annotated[Words | None, Field(description="What a reader must know of this row")] = None


class EvaluationKeys(_Keys):
    """The keys of ``row.yaml``."""

    evaluation: Name
    title: Words
    region: Annotated[str, Field(description="Folder beside this file, or a built-in region")] = "region"
    programmes: Annotated[dict[str, Programme], Field(min_length=1, description="Worlds with a programme, by name")]
    estimates: Annotated[dict[str, Measure], Field(min_length=1, description="Estimates, by name")]
    rows: Annotated[list[Row], Field(min_length=1, description="Published figures")]


@dataclass(frozen=True)
class Evaluation:
    """An evaluation ready to run."""

    folder: str
    keys: EvaluationKeys
    place: str  # the region as it is loaded
    worlds: dict[str, tuple[Scenario, Scenario]]  # by programme: with it, without it

    @property
    def region(self) -> Region:
        """Return the region."""
        return load_region(self.place)

    @property
    def design(self) -> str:
        """Return the SHA-256 of what estimates rest on apart from the model; not of intervals and words."""
        estimates = {name: m.model_dump(mode="json") for name, m in self.keys.estimates.items()}
        worlds = {name: [s.identity() for s in pair] for name, pair in self.worlds.items()}
        return hashlib.sha256(json.dumps([estimates, worlds], sort_keys=True).encode()).hexdigest()


def built_in_folder() -> Path:
    """Return the folder of the evaluations that come with the package."""
    return evidence_folder("evaluations")


def evaluation_names() -> tuple[str, ...]:
    """Return the built-in evaluations in order of their number."""
    found = [path.parent.name for path in built_in_folder().glob(f"*/{FILE}")]
    return tuple(sorted(found, key=lambda name: (len(name), name)))


def read_evaluations(given: Sequence[str | os.PathLike[str]]) -> list[Evaluation]:
    """Read evaluations by built-in id or from folders.

    Raises:
        ScenarioErrors: with every error of ``row.yaml`` and of the scenario files. RegionErrors: the region is wrong.
    """
    errors: list[ScenarioError] = []
    found = []
    for each in given:
        try:
            found.append(_read(os.fspath(each)))
        except ScenarioErrors as wrong:
            errors += wrong.errors
    if errors:
        raise ScenarioErrors(errors)
    if double := {e.keys.evaluation for e in found if sum(o.keys.evaluation == e.keys.evaluation for o in found) > 1}:
        raise ValueError(f"two evaluations have the same id: {', '.join(sorted(double))}")
    return found


def _read(given: str) -> Evaluation:
    folder = built_in_folder() / given if given in evaluation_names() and not Path(given).is_dir() else Path(given)
    label = f"{folder.name}/{FILE}" if given in evaluation_names() else str(folder / FILE)
    if not (folder / FILE).is_file():
        names = (*evaluation_names(), f"a folder with {FILE}")
        raise ScenarioErrors([ScenarioError(given, 1, 1, "", "not_found", given, names, nearest(given, names[:-1]))])
    text, errors = read_text(File(label, folder / FILE))
    root, more = parse(text, label) if text is not None else (None, [])
    errors += more
    if root is None or root.kind != "mapping" or errors:
        raise ScenarioErrors(errors or [ScenarioError(label, 1, 1, "", "wrong_type", allowed="an evaluation")])
    errors += [ScenarioError(label, n.line, n.column, path, "not_finite", n.found())
               for path, n in not_finite(root, _CODES)]  # fmt: skip
    if errors:
        raise ScenarioErrors(errors)
    data = {key: value for key, value in to_data(root, _CODES).items() if value is not None}
    keys, errors = validate(EvaluationKeys, data, root, label)
    if keys is None:
        raise ScenarioErrors(errors)
    return _Checker(folder, label, root, keys).evaluation()


class _Checker:
    """Checks what keys of different parts say of each other, and reads what they name."""

    def __init__(self, folder: Path, label: str, root: Node, keys: EvaluationKeys) -> None:
        self.folder, self.label, self.root, self.keys = folder, label, root, keys
        self.errors: list[ScenarioError] = []

    def evaluation(self) -> Evaluation:
        """Return the evaluation or raise every error."""
        place = self._place()
        self._names()
        self._needs()
        worlds = self._worlds(load_region(place)) if place else {}
        self._length(worlds)
        if self.errors or place is None:
            raise ScenarioErrors(self.errors)
        return Evaluation(str(self.folder), self.keys, place, worlds)

    def bad(self, path: Sequence[str | int], kind: str, found: str | None = None,
            allowed: Sequence[str] | str | None = None, detail: str | None = None) -> None:  # fmt: skip
        """Add one error at the deepest node of a path that is there."""
        node = self.root
        for part in path:
            inner = node.items[part] if isinstance(part, int) else node.get(part)
            if inner is None:
                break
            node = inner
        words = tuple(allowed) if allowed is not None and not isinstance(allowed, str) else allowed
        match = nearest(found, words) if found and isinstance(words, tuple) else None
        text = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(".")
        self.errors.append(ScenarioError(self.label, node.line, node.column, text, kind, found, words, match, detail))

    def _place(self) -> str | None:
        named = self.keys.region
        beside = self.folder / named
        if (beside / "region.yaml").is_file():
            return str(beside.resolve())
        if named in region_names():
            return named
        self.bad(["region"], "not_allowed", named, (*region_names(), "a folder with region.yaml"))
        return None

    def _names(self) -> None:
        """Report estimates and programmes that are named but not there, and rows with one name."""
        estimates, programmes = tuple(self.keys.estimates), tuple(self.keys.programmes)
        for name, measure in self.keys.estimates.items():
            if measure.programme not in programmes:
                self.bad(["estimates", name, "programme"], "not_allowed", measure.programme, programmes)
        for index, row in enumerate(self.keys.rows):
            for key, named in (("value", row.value), ("minus", row.minus)):
                if named is not None and named not in estimates:
                    self.bad(["rows", index, key], "not_allowed", named, estimates)
            if row.row in [other.row for other in self.keys.rows[:index]]:
                self.bad(["rows", index, "row"], "repeated", row.row)
            if row.rule == "median" and (row.low is None or row.high is None):
                self.bad(["rows", index, "low" if row.low is None else "high"], "missing_key", None, "a number")
            elif row.rule == "sign" and row.low is None and row.high is None:
                self.bad(["rows", index, "low"], "missing_key", None, "low or high: the side it must lie on")
            if row.low is not None and row.high is not None and row.low > row.high:
                self.bad(["rows", index, "low"], "out_of_range", f"{row.low:g}", f"at most {row.high:g}")

    def _needs(self) -> None:
        """Report estimates without what their estimator needs."""
        for name, measure in self.keys.estimates.items():
            for key, wanted in _wanted(measure):
                if wanted is not None:
                    self.bad(["estimates", name, *key], "missing_key", None, wanted)
            if measure.estimator in ("lottery", "rejected", "rdd") and measure.treated is not None:
                group = measure.treated.group
                if group != "applicants":
                    self.bad(["estimates", name, "treated", "group"], "not_allowed", group, ("applicants",))
            if measure.from_minutes >= measure.to_minutes:
                self.bad(["estimates", name, "from_minutes"], "out_of_range", f"{measure.from_minutes:g}",
                         f"below {measure.to_minutes:g}")  # fmt: skip

    def _worlds(self, region: Region) -> dict[str, tuple[Scenario, Scenario]]:
        words = vocabulary()
        words = replace(words, zones={**words.zones, region.name: region.zones})
        found: dict[str, tuple[Scenario, Scenario]] = {}
        for name, programme in self.keys.programmes.items():
            pair = []
            for key, file in (("file", programme.file), ("without", programme.without)):
                if file is None:
                    continue
                if not (self.folder / file).is_file():
                    beside = sorted(path.name for path in self.folder.glob("*.y*ml") if path.name != FILE)
                    self.bad(["programmes", name, key], "not_found", file, beside)
                    continue
                try:
                    pair += read_scenarios([self.folder / file], words)
                except ScenarioErrors as wrong:
                    self.errors += wrong.errors
            if len(pair) == 1 and programme.without is None:
                pair.append(pair[0].model_copy(update={"name": "without", "instruments": ()}))
            if len(pair) == 2:
                found[name] = (pair[0], pair[1])
        return found

    def _length(self, worlds: dict[str, tuple[Scenario, Scenario]]) -> None:
        """Report estimates that look beyond the end of their scenario."""
        for name, measure in self.keys.estimates.items():
            if measure.programme in worlds:
                last = min(s.quarters for s in worlds[measure.programme]) - 1
                if measure.start + measure.horizon > last:
                    allowed = f"at most {last - measure.start}: the scenario has {(last + 1) // 4} years"
                    self.bad(["estimates", name, "horizon"], "after_end", str(measure.horizon), allowed)


def _wanted(measure: Measure) -> Iterator[tuple[list[str], str | None]]:
    """Yield keys that must be there, with what is wanted when they are not."""
    if measure.estimator in SHAPES:
        return
    yield ["outcome"], None if measure.outcome else ", ".join(get_args(Column))
    yield ["treated"], None if measure.treated else "who is treated"
    if measure.treated is not None and measure.treated.group in ("users", "applicants"):
        yield ["treated", "of"], None if measure.treated.of else ", ".join(get_args(Bit))
