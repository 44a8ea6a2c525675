"""JSON documents that carry a version: written, read, and refused where the version is another."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from action.errors import SettingsError


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
    problems = [
        f"{'.'.join(str(part) for part in details['loc'][1:]) or noun}: {details['msg']}"
        for details in error.errors(include_url=False, include_input=False)
    ]
    more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
    return SettingsError(
        f"This {noun} of alembic-checks is damaged: {'; '.join(problems[:5])}{more}.",
        why="It was changed after it was written, or cut short.",
        remedy=f"Make the {noun} again.",
    )
