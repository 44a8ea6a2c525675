"""GitHub's OpenAPI description as a judge: what of a request or a reply is not as it says, in sentences."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).with_name("openapi.json")
_HEADERS = {
    "Authorization": r"(token|Bearer) \S+",
    "X-GitHub-Api-Version": r"2022-11-28",
    "User-Agent": r"\S.*",
}
"""What each request has to say, besides what its endpoint wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An endpoint and a method of it."""

    method: str
    path: str
    described: Mapping[str, Any]
    pattern: re.Pattern[str]

    def matched(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters in a path, decoded; None where it is another endpoint."""
        match = self.pattern.fullmatch(path) if method == self.method else None
        return {name: unquote(value) for name, value in match.groupdict().items()} if match else None


class Contract:
    """All endpoints that we use, as GitHub describes them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:github", resource)
        self.operations = tuple(
            Operation(method=method.upper(), path=path, described=described, pattern=_pattern(path))
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        )

    def amiss_in_request(
        self, operation: Operation, path: Mapping[str, str], query: Mapping[str, str], body: Any
    ) -> Iterator[str]:
        """Yield what GitHub would not have expected, in the path, the query or the body; a name that it ignores too."""
        declared = {
            (parameter["in"], parameter["name"]): parameter
            for parameter in map(self._resolved, operation.described.get("parameters", ()))
        }
        for place, given in (("path", path), ("query", query)):
            for name, text in given.items():
                parameter = declared.get((place, name))
                if parameter is None:
                    yield f"{place} parameter {name} is unknown"
                else:
                    yield from self._amiss(_typed(text, parameter["schema"]), parameter["schema"], name)
        missing = [
            n for (p, n), d in declared.items() if d.get("required") and n not in (path if p == "path" else query)
        ]
        yield from (f"parameter {name} is missing" for name in missing)
        yield from self._amiss_in_body(operation, body)

    def _amiss_in_body(self, operation: Operation, body: Any) -> Iterator[str]:
        described = operation.described.get("requestBody")
        if described is None:
            yield from ["a body where there is none"] if body is not None else []
        elif body is None:
            yield from ["no body"] if described.get("required") else []
        else:
            schema = described["content"]["application/json"]["schema"]
            yield from self._amiss(body, schema, "body")
            yield from _unknown(body, schema, "body")

    def amiss_in_reply(self, operation: Operation | None, status: int, body: Any) -> Iterator[str]:
        """Yield what GitHub's reply would not be like; faults that it does not describe are basic errors."""
        described: Any = operation.described["responses"].get(str(status)) if operation else None
        if described is None:
            if status < 400:
                yield f"status {status} is not described"
            described = {"$ref": "#/components/responses/not_found"}
        content = self._resolved(described).get("content", {}).get("application/json")
        if content is None:
            yield from ["a body where there is none"] if body is not None else []
        else:
            yield from self._amiss(body, content["schema"], "reply")

    def reply_schema(self, operation: Operation, status: int) -> Mapping[str, Any]:
        """Return what a reply has to be like."""
        schema: Mapping[str, Any] = self._resolved(operation.described["responses"][str(status)])["content"][
            "application/json"
        ]["schema"]
        return schema

    def component(self, name: str) -> Mapping[str, Any]:
        """Return a schema by its name."""
        found: Mapping[str, Any] = self._document["components"]["schemas"][name]
        return found

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a schema refers to, or itself."""
        return self._resolved(schema)

    def _resolved(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in value:
            return value
        _, kind, name = value["$ref"].rsplit("/", 2)
        found: Mapping[str, Any] = self._document["components"][kind][name]
        return found

    def _amiss(self, value: Any, schema: Mapping[str, Any], name: str) -> Iterable[str]:
        # One compiled validator a schema would not be faster: a request is checked within milliseconds.
        absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', '"$ref": "urn:github#/'))
        found = Draft202012Validator(absolute, registry=self._registry).iter_errors(value)
        return [f"{name}{_where(error.absolute_path)}: {_shortened(error.message)}" for error in found]


def _shortened(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:150]} … {message[-150:]}"


def _where(path: Iterable[str | int]) -> str:
    return "".join(f".{part}" for part in path)


def _unknown(value: Any, schema: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the keys that GitHub would pass over in silence: a typing error of ours."""
    if isinstance(value, list):
        for part in value:
            yield from _unknown(part, schema.get("items", {}), name)
    elif isinstance(value, dict) and "properties" in schema:
        for key, part in value.items():
            if key not in schema["properties"]:
                yield f"{name}.{key} is unknown"
            else:
                yield from _unknown(part, schema["properties"][key], f"{name}.{key}")


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    return int(text) if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text) else text


def _pattern(path: str) -> re.Pattern[str]:
    # Names of branches hold slashes, and clients leave them as they are.
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return re.compile(pattern.replace("(?P<basehead>[^/]+)", "(?P<basehead>.+)"))


def amiss_in_headers(headers: Mapping[str, str], *, has_body: bool) -> Iterator[str]:
    """Yield the headers that are missing or not as GitHub wants them."""
    wanted = {**_HEADERS, **({"Content-Type": r"application/json"} if has_body else {})}
    for name, pattern in wanted.items():
        if not re.fullmatch(pattern, headers.get(name) or ""):
            yield f"header {name} is missing or wrong"


@functools.cache
def contract() -> Contract:
    """Return the contract of the committed description."""
    return Contract(json.loads(DOCUMENT.read_text(encoding="utf-8")))
