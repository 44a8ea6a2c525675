"""Makes replies whole: what GitHub's schema requires and a test does not care about is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.standin_api.contract import Contract

_FORMATS = {"uri": "https://github.example/x", "date-time": "2026-03-02T17:41:09Z", "email": "x@github.example"}


def filled(contract: Contract, schema: Mapping[str, Any], given: Any) -> Any:
    """Return ``given`` with all that the schema requires besides."""
    schema = _chosen(contract, schema, given)
    if given is None:
        given = _least(contract, schema)
    if isinstance(given, list):
        return [filled(contract, schema.get("items", {}), part) for part in given]
    if not isinstance(given, dict):
        return given
    properties = schema.get("properties", {})
    missing = [name for name in schema.get("required", ()) if name not in given]
    whole = {name: _with(contract, properties.get(name, {}), value) for name, value in given.items()}
    return whole | {name: _least(contract, properties.get(name, {})) for name in missing}


def _with(contract: Contract, schema: Mapping[str, Any], value: Any) -> Any:
    return None if value is None else filled(contract, schema, value)


def _chosen(contract: Contract, schema: Mapping[str, Any], given: Any) -> Mapping[str, Any]:
    """Return the schema itself, where it refers to another or offers several."""
    schema = contract.resolved(schema)
    parts = schema.get("allOf")
    if parts is not None:
        return _chosen(contract, parts[0], given)
    offered = schema.get("anyOf") or schema.get("oneOf")
    if offered is None or "properties" in schema:
        return schema
    useful = [part for part in offered if part.get("type") != "null"]
    return _chosen(contract, useful[0], given)


def _least(contract: Contract, schema: Mapping[str, Any]) -> Any:
    if any(part.get("type") == "null" for part in schema.get("anyOf", ())):
        return None
    schema = _chosen(contract, schema, None)
    kind = schema.get("type", "object" if "properties" in schema else "null")
    if isinstance(kind, list):
        return None if "null" in kind else _of(contract, schema, kind[0])
    return _of(contract, schema, kind)


def _of(contract: Contract, schema: Mapping[str, Any], kind: str) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        return filled(contract, schema, {})
    plain: dict[str, Any] = {"string": "x", "integer": 1, "number": 1, "boolean": False, "array": [], "null": None}
    return _FORMATS.get(schema.get("format", ""), plain[kind]) if kind == "string" else plain[kind]
