"""Pydantic's errors told in the file's own terms: place, found, allowed and nearest match."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import MAX_ERRORS, ScenarioError, nearest, shown
from sim.scenario.yaml_nodes import Node

Model = TypeVar("Model", bound=BaseModel)

_BOOLEAN_WORDS = {"yes": "true", "on": "true", "ja": "true", "no": "false", "off": "false", "nei": "false"}
_TYPES: dict[str, str | tuple[str, ...]] = {
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "boolean": ("true", "false"),
}


def validate(
    model: type[Model], data: Mapping[str, Any], node: Node, file: str, path: str = ""
) -> tuple[Model | None, list[ScenarioError]]:
    """Return data as a model, strictly: no text becomes a number and no truth value either.

    Parameters
    ----------
    model : type of BaseModel
        What the mapping must be.
    data : mapping
        The plain values of ``node``, or some of its keys.
    node : Node
        Where the values stand.
    file, path : str
        The file's name and the key of ``node``, for errors.
    """
    try:
        # JSON is pydantic's strict way in that still takes a list for a tuple and a text for an enum.
        return model.model_validate_json(json.dumps(dict(data)), strict=True), []
    except ValidationError as error:
        schema = schema_of(model)
        return None, [_explain(detail, schema, node, file, path) for detail in error.errors()[: MAX_ERRORS + 1]]
    except Exception as error:  # a slip in an instrument's own validator is told, not thrown
        name = type(error).__name__
        return None, [ScenarioError(file, node.line, node.column, path, "not_allowed", detail=name)]


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model, or an empty one for a model that has none."""
    try:
        return model.model_json_schema()
    except Exception:  # types without a JSON Schema are allowed in an instrument's options
        return {}


def allowed_by(schema: Mapping[str, Any]) -> str | tuple[str, ...] | None:
    """Return in words, or as a list of words, what a JSON Schema allows."""
    if "anyOf" in schema:
        parts = [allowed_by(part) for part in schema["anyOf"] if part.get("type") != "null"]
        if len(parts) == 1:
            return parts[0]
        return " or ".join(part if isinstance(part, str) else ", ".join(part) for part in parts if part) or None
    if "enum" in schema:
        return tuple(str(value) for value in schema["enum"])
    if "const" in schema:
        return (str(schema["const"]),)
    kind = schema.get("type")
    if kind in ("number", "integer"):
        return ("a whole number" if kind == "integer" else "a number") + _limits(schema)
    if kind == "string" and "pattern" in schema:
        return str(schema.get("description", schema["pattern"]))
    if kind == "object" and "properties" in schema:
        return "a mapping with " + ", ".join(schema["properties"])
    return _TYPES.get(str(kind))


def nearest_value(found: str, allowed: str | tuple[str, ...] | None, kind: str | None) -> str | None:
    """Return what was probably meant: a word of the list, a decimal point or a truth value."""
    if isinstance(allowed, tuple):
        return _BOOLEAN_WORDS.get(found.lower()) if kind == "boolean" else nearest(found, allowed)
    if kind in ("number", "integer") and re.fullmatch(r"-?[0-9]+,[0-9]+", found):
        return found.replace(",", ".")
    return None


def _limits(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    words = []
    if low is not None or above is not None:
        words.append(f"at least {low:g}" if low is not None else f"above {above:g}")
    if high is not None or below is not None:
        words.append(f"at most {high:g}" if high is not None else f"below {below:g}")
    return f" {' and '.join(words)}" if words else ""


def _explain(detail: ErrorDetails, root: Mapping[str, Any], node: Node, file: str, path: str) -> ScenarioError:
    schema: Mapping[str, Any] = root
    place = node
    for part in detail["loc"]:
        schema = _step(schema, part, root)
        inner = _inside(place, part)
        path = _joined(path, part)
        if inner is None:
            break
        place = inner
    kind = _kind(detail["type"])
    if kind == "unknown_key":
        return _unknown(detail, root, node, file, path)
    if kind == "missing_key":
        return ScenarioError(file, place.line, place.column, path, kind, allowed=allowed_by(schema))
    allowed = allowed_by(schema)
    if kind == "not_allowed" and not isinstance(allowed, tuple) and "pattern" not in schema:
        text = detail["msg"].removeprefix("Value error, ")
        return ScenarioError(file, place.line, place.column, path, kind, place.found(), detail=shown(text))
    match = nearest_value(place.text, allowed, schema.get("type")) if place.kind == "scalar" else None
    return ScenarioError(file, place.line, place.column, path, kind, place.found(), allowed, match)


def _unknown(detail: ErrorDetails, root: Mapping[str, Any], node: Node, file: str, path: str) -> ScenarioError:
    schema: Mapping[str, Any] = root
    for part in detail["loc"][:-1]:
        schema = _step(schema, part, root)
        node = _inside(node, part) or node
    name = str(detail["loc"][-1])
    keys = tuple(schema.get("properties", {}))
    place = node.keys().get(name, node) if node.kind == "mapping" else node
    return ScenarioError(file, place.line, place.column, path, "unknown_key", shown(name), keys, nearest(name, keys))


def _kind(error: str) -> str:
    if error in ("missing", "extra_forbidden"):
        return "missing_key" if error == "missing" else "unknown_key"
    if error.startswith(("greater_than", "less_than", "multiple_of")):
        return "out_of_range"
    if error == "finite_number":
        return "not_finite"
    if error.endswith(("_type", "_parsing", "_from_float")):
        return "wrong_type"
    return "not_allowed"


def _inside(node: Node, part: str | int) -> Node | None:
    if node.kind == "list" and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return node.get(str(part)) if node.kind == "mapping" else None


def _joined(path: str, part: str | int) -> str:
    if isinstance(part, int):
        return f"{path}[{part}]"
    return f"{path}.{shown(part)}" if path else shown(part)


def _step(schema: Mapping[str, Any], part: str | int, root: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = _plain(schema, root)
    if isinstance(part, int):
        return _plain(schema.get("items", {}), root)
    inner = schema.get("properties", {}).get(part, schema.get("additionalProperties", {}))
    return _plain(inner if isinstance(inner, Mapping) else {}, root)


def _plain(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and take the one branch of a choice that is not null."""
    if "anyOf" in schema:
        branches = [branch for branch in schema["anyOf"] if branch.get("type") != "null"]
        if len(branches) == 1:
            schema = {**schema, **branches[0]}
            schema = {key: value for key, value in schema.items() if key != "anyOf"}
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return {**schema, **root.get("$defs", {}).get(name, {}), "$ref": None} if schema["$ref"] else schema
    return schema
