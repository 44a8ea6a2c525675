"""The report as a versioned JSON document, and that document's schema (docs/report.schema.json)."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from action.errors import SettingsError
from checks.findings import SCHEMA_VERSION, Report

# A tuple, because only its configuration reaches standard-library dataclasses inside. Built when first used: it takes
# longer than reading a schema, and a run without --json never needs it.
_ADAPTER: TypeAdapter[tuple[Report]] = TypeAdapter(
    tuple[Report],
    config=ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
        defer_build=True,
    ),
)


def dump(report: Report) -> str:
    """Return the document."""
    (document,) = _ADAPTER.dump_python((report,), mode="json")
    return encode(document)


def load(text: str) -> Report:
    """Read a document again; whatever is unknown or amiss in it raises SettingsError."""
    document = decode(text, "report", "schema_version", SCHEMA_VERSION)
    try:
        (report,) = _ADAPTER.validate_python((document,))
    except ValidationError as error:
        raise malformed("report", error) from None
    return report


def schema() -> dict[str, Any]:
    """Return the JSON schema of the document."""
    made = _ADAPTER.json_schema(mode="serialization")
    made["$defs"]["Report"]["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The report of alembic-checks",
        "$ref": "#/$defs/Report",
        "$defs": made["$defs"],
    }


def encode(document: Any) -> str:
    """Return JSON for people and programs; what UTF-8 cannot hold (a path's stray bytes) becomes ``?``."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def decode(text: str, noun: str, version_field: str, version: int) -> Any:
    """Read JSON whose version must be ours; raises SettingsError, naming a version that is not."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"This is not a {noun} of alembic-checks: {error}.",
            remedy=f"Give a {noun} that alembic-checks wrote.",
        ) from None
    found = document.get(version_field) if isinstance(document, dict) else None
    if type(found) is not int or found != version:
        raise SettingsError(
            f"The {version_field} is {json.dumps(found)[:40]}; this alembic-checks reads {version}.",
            why="Its fields may mean something else than they do here.",
            remedy=f"Make the {noun} again with this version of alembic-checks.",
        )
    return document


def malformed(noun: str, error: ValidationError) -> SettingsError:
    """Say what in a document is not as its version has it."""
    told = [
        f"{'.'.join(str(part) for part in details['loc'][1:]) or noun}: {details['msg']}"
        for details in error.errors(include_url=False, include_input=False)
    ]
    more = f" (and {len(told) - 5} more)" if len(told) > 5 else ""
    return SettingsError(
        f"This {noun} of alembic-checks is damaged: {'; '.join(told[:5])}{more}.",
        why="It was changed after it was written, or cut short.",
        remedy=f"Make the {noun} again.",
    )


if __name__ == "__main__":
    sys.stdout.write(encode(schema()))
