"""The report as a versioned JSON document, and that document's schema (docs/report.schema.json)."""

from __future__ import annotations

import sys
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from action.documents.versioned import decode, encode, malformed
from checks.findings import SCHEMA_VERSION, Report

# A tuple, because only its configuration applies to standard-library dataclasses inside. Built at first use: that takes
# longer than reading a schema, and a run without --json does not need it.
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
    """Read a document; raises SettingsError for unknown or wrong fields."""
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


if __name__ == "__main__":
    sys.stdout.write(encode(schema()))
