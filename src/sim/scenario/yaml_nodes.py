"""YAML as a tree of nodes with line and column, built from parser events under guards.

Nothing is constructed by the YAML library: no tags, no anchors, no merge keys. Scalars follow the core
schema of YAML 1.2, so ``no`` is a text and ``0301`` keeps its zero where a code is expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from sim.scenario.errors import ScenarioError, shown

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
MAX_NODES = 10_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

Kind = Literal["scalar", "list", "mapping"]


@dataclass
class Node:
    """A value in the file. ``line`` and ``column`` count from 1."""

    kind: Kind
    line: int
    column: int
    text: str = ""  # of a scalar, as written
    plain: bool = False  # a scalar without quotes
    items: list[Node] = field(default_factory=list)  # of a list
    pairs: list[tuple[Node, Node]] = field(default_factory=list)  # of a mapping: key, value

    def keys(self) -> dict[str, Node]:
        """Return the key nodes of a mapping by their text."""
        return {key.text: key for key, _ in self.pairs}

    def get(self, key: str) -> Node | None:
        """Return the value of a key of a mapping, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def found(self) -> str:
        """Return what stands in the file, for an error message."""
        if self.kind == "list":
            return f"a list of {len(self.items)}"
        if self.kind == "mapping":
            return f"a mapping of {len(self.pairs)}"
        return "nothing" if self.plain and self.text in _NULL else shown(self.text) or "an empty text"


def scalar(text: str, plain: bool) -> str | int | float | bool | None:
    """Return the value of a scalar by the core schema of YAML 1.2. Quoted is always text."""
    if not plain:
        return text
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) or _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", "", 1) if _NOT_FINITE.fullmatch(text) else text)
    return text


def is_code(text: str) -> bool:
    """Return whether a plain scalar is a number or a truth value that may have been meant as a code."""
    return not isinstance(scalar(text, True), str | None)


def to_data(node: Node, codes: frozenset[str] = frozenset(), as_text: bool = False) -> Any:
    """Return a node as plain Python values.

    Parameters
    ----------
    node : Node
        A tree without values that are not finite (see ``not_finite``).
    codes : frozenset of str
        Keys whose scalars stay texts as written, e.g. municipality codes.
    as_text : bool
        Whether this very node is such a value.
    """
    if node.kind == "list":
        return [to_data(item, codes, as_text) for item in node.items]
    if node.kind == "mapping":
        return {key.text: to_data(value, codes, key.text in codes) for key, value in node.pairs}
    value = scalar(node.text, node.plain)
    return node.text if as_text and value is not None else value


def not_finite(node: Node, codes: frozenset[str], path: str = "") -> Iterator[tuple[str, Node]]:
    """Yield the path and node of every number that is infinite, not a number or beyond 2^53, codes apart."""
    if node.kind == "scalar":
        value = scalar(node.text, node.plain)
        if isinstance(value, int | float) and not abs(value) < 2**53:  # also true of NaN
            yield path, node
    for index, item in enumerate(node.items):
        yield from not_finite(item, codes, f"{path}[{index}]")
    for key, item in node.pairs:
        if key.text not in codes:
            yield from not_finite(item, codes, f"{path}.{key.text}" if path else key.text)


def decode(data: bytes, file: str) -> tuple[str, list[ScenarioError]]:
    """Return the text of a file; a UTF-8 byte order mark is taken off and line ends become LF."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        start = before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", errors="replace")
        found = f"byte 0x{data[error.start]:02x}"
        line = before.count(b"\n") + 1
        return "", [ScenarioError(file, line, len(start) + 1, "", "not_utf8", found=found, allowed="UTF-8")]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def parse(text: str, file: str) -> tuple[Node | None, list[ScenarioError]]:
    """Read YAML text into nodes.

    Parameters
    ----------
    text : str
        The whole text, line ends LF.
    file : str
        The name shown in errors.

    Returns
    -------
    node : Node or None
        The root, None when the text cannot be used at all.
    errors : list of ScenarioError
        Tags, aliases, double keys and the like; an error of syntax ends the list.
    """
    if len(text) > MAX_BYTES:
        error = ScenarioError(file, 1, 1, "", "too_large", f"{len(text)} characters", f"{MAX_BYTES} bytes")
        return None, [error]
    if hidden := _CONTROL.search(text):
        line, column = _place(text, hidden.start())
        found = f"U+{ord(hidden.group()):04X}"
        return None, [ScenarioError(file, line, column, "", "control_character", found=found)]
    builder = _Builder(file, text.count("\n") + 1)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
            if builder.stopped:
                return None, builder.errors
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        builder.syntax(line, column, error.problem, text)
        return None, builder.errors
    except Exception as error:  # the parser's own slips must not become a traceback
        builder.syntax(1, 1, type(error).__name__, text)
        return None, builder.errors
    if builder.root is None:
        builder.report("empty", 1, 1, allowed="a scenario (sim new writes one)")
    return builder.root, builder.errors


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


class _Builder:
    """Takes parser events one at a time; a stack instead of recursion, so depth costs nothing."""

    def __init__(self, file: str, lines: int) -> None:
        self.file, self.lines = file, lines
        self.errors: list[ScenarioError] = []
        self.root: Node | None = None
        self.stopped = False
        self._open: list[Node] = []
        self._keys: list[Node | None] = []  # the key that waits for its value, one for each open node
        self._names: list[dict[str, Node]] = []  # the keys so far, one for each open node
        self._nodes = 0
        self._documents = 0

    def report(self, kind: str, line: int, column: int, key: str = "", **values: Any) -> None:
        line = min(max(line, 1), self.lines)
        self.errors.append(ScenarioError(self.file, line, max(column, 1), key, kind, **values))

    def syntax(self, line: int, column: int, problem: str | None, text: str) -> None:
        lines = text.split("\n")
        row = lines[min(line, self.lines) - 1]
        indent = row[: len(row) - len(row.lstrip())]
        if "\t" in indent:
            self.report("tab", line, indent.index("\t") + 1, found="a tab", allowed="spaces")
            return
        detail = re.sub(r"\s+", " ", problem)[:120] if problem else None
        self.report("syntax", line, column, found=shown(row.strip()) or "the end", detail=detail)

    def take(self, event: Any) -> None:
        """Take one event; the names of events are the same in every release of ruamel.yaml."""
        step = _STEPS.get(type(event).__name__)
        if step:
            step(self, event)

    def document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._fatal("documents", event, allowed="one document, without ---")

    def alias(self, event: Any) -> None:
        self._report_at("alias", event, found=f"*{event.anchor}")
        self._add(self._node("scalar", event), None)

    def scalar(self, event: Any) -> None:
        self._guard(event)
        plain = event.style is None or event.style == ""
        text = str(event.value)
        if hidden := _CONTROL.search(text):  # written as an escape such as "\\0"
            self._report_at("control_character", event, found=f"U+{ord(hidden.group()):04X}")
            text = _CONTROL.sub("?", text)
        self._add(self._node("scalar", event, text=text, plain=plain), None)

    def open(self, event: Any) -> None:
        self._guard(event)
        if len(self._open) >= MAX_DEPTH:
            self._fatal("too_deep", event, allowed=f"at most {MAX_DEPTH} levels")
            return
        kind: Kind = "list" if type(event).__name__.startswith("Sequence") else "mapping"
        self._add(self._node(kind, event), event)

    def close(self, event: Any) -> None:
        self._open.pop()
        self._keys.pop()
        self._names.pop()

    def _guard(self, event: Any) -> None:
        if event.anchor is not None:
            self._report_at("alias", event, found=f"&{event.anchor}")
        if event.tag is not None:
            self._report_at("tag", event, found=shown(str(event.tag)))

    def _node(self, kind: Kind, event: Any, **values: Any) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES and not self.stopped:
            self._fatal("too_many_values", event, allowed=f"at most {MAX_NODES}")
        line = min(event.start_mark.line + 1, self.lines)
        return Node(kind, line, event.start_mark.column + 1, **values)

    def _add(self, node: Node, opens: Any) -> None:
        if not self._open:
            self.root = node
        elif self._open[-1].kind == "list":
            self._open[-1].items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
            if node.kind != "scalar":
                self.report("complex_key", node.line, node.column, found=node.found())
        else:
            self._pair(self._open[-1], self._keys[-1], node)
            self._keys[-1] = None
        if opens is not None:
            self._open.append(node)
            self._keys.append(None)
            self._names.append({})

    def _pair(self, mapping: Node, key: Node, value: Node) -> None:
        if key.kind != "scalar":
            return
        first = self._names[-1].setdefault(key.text, key)
        if first is not key:
            detail = f"first on line {first.line}"
            self.report("duplicate_key", key.line, key.column, key.text, found=shown(key.text), detail=detail)
        else:
            mapping.pairs.append((key, value))

    def _report_at(self, kind: str, event: Any, **values: Any) -> None:
        self.report(kind, event.start_mark.line + 1, event.start_mark.column + 1, **values)

    def _fatal(self, kind: str, event: Any, **values: Any) -> None:
        self._report_at(kind, event, **values)
        self.stopped = True


_STEPS: dict[str, Callable[[_Builder, Any], None]] = {
    "DocumentStartEvent": _Builder.document,
    "AliasEvent": _Builder.alias,
    "ScalarEvent": _Builder.scalar,
    "SequenceStartEvent": _Builder.open,
    "MappingStartEvent": _Builder.open,
    "SequenceEndEvent": _Builder.close,
    "MappingEndEvent": _Builder.close,
}
