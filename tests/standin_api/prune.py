"""Cuts GitHub's OpenAPI description down to the endpoints that we use: facts of the schemas, no prose.

To renew it, unpack ``generated/api.github.com.json`` of the npm package @octokit/openapi (23.0.2, MIT) and run
``python -m tests.standin_api.prune api.github.com.json > tests/standin_api/openapi.json``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ENDPOINTS = {
    "/user": ("get",),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch", "delete"),
    "/repos/{owner}/{repo}/statuses/{sha}": ("post",),
    "/repos/{owner}/{repo}/check-runs": ("post",),
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ("patch",),
    "/repos/{owner}/{repo}/pulls": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/files": ("get",),
    "/repos/{owner}/{repo}/compare/{basehead}": ("get",),
}
_PROSE = {"description", "summary", "title", "example", "examples", "externalDocs", "tags", "operationId", "deprecated"}
_NAMED = {"properties", "responses", "content", "schemas", "parameters", "headers"}
"""Keywords whose keys are names, so that a property called ``description`` stays."""
_REF = re.compile(r'"\$ref": "#/components/(\w+)/([^"]+)"')


def pruned(document: dict[str, Any]) -> dict[str, Any]:
    """Return the endpoints and all that they refer to, as OpenAPI 3.1, whose schemas are JSON Schema."""
    paths = {
        path: {method: _facts(document["paths"][path][method]) for method in methods}
        for path, methods in ENDPOINTS.items()
    }
    components: dict[str, dict[str, Any]] = {}
    wanted = set(_refs(paths))
    while wanted:
        kind, name = wanted.pop()
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _facts(document["components"][kind][name])
            wanted |= set(_refs(components[kind][name]))
    ordered = {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())}
    version = document["info"]["version"]
    return {"openapi": "3.1.0", "info": {"version": version}, "paths": paths, "components": ordered}


def _facts(value: Any, *, names: bool = False) -> Any:
    if isinstance(value, list):
        return [_facts(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _facts(part, names=key in _NAMED and not names and isinstance(part, dict))
        for key, part in value.items()
        if names or not (key in _PROSE or key.startswith("x-") or key == "nullable")
    }
    return _or_null(kept) if value.get("nullable") is True and not names else kept


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Say in JSON Schema what OpenAPI 3.0 says by ``nullable``."""
    if isinstance(schema.get("type"), str):
        enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [schema["type"], "null"], **enum}
    return {"anyOf": [schema, {"type": "null"}]}


def _refs(value: Any) -> Iterator[tuple[str, str]]:
    yield from _REF.findall(json.dumps(value))


def lines(document: dict[str, Any]) -> Iterable[str]:
    """Yield the JSON text, each operation and each component on a line of its own, so that a change can be read."""
    yield f'{{"openapi": {json.dumps(document["openapi"])}, "info": {json.dumps(document["info"])},'
    yield from _group('"paths"', document["paths"], ",")
    yield '"components": {'
    kinds = list(document["components"].items())
    for index, (kind, named) in enumerate(kinds):
        yield from _group(json.dumps(kind), named, "," if index + 1 < len(kinds) else "")
    yield "}}"


def _group(name: str, named: dict[str, Any], end: str) -> Iterable[str]:
    yield f"{name}: {{"
    yield ",\n".join(f"{json.dumps(key)}: {json.dumps(part, separators=(',', ':'))}" for key, part in named.items())
    yield f"}}{end}"


if __name__ == "__main__":
    print("\n".join(lines(pruned(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))))
