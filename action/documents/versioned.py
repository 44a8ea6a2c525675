"""Writes and reads JSON documents that have a version; another version is refused."""

from __future__ import annotations

import json

from pydantic import ValidationError

from action.errors import SettingsError


def encode(document: object) -> str:
    """Return indented JSON; characters that UTF-8 cannot encode (stray bytes of a path) become ``?``."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def decode(text: str, noun: str, version_field: str, version: int) -> object:
    """Read JSON of our version. Raises SettingsError for any other version, and for invalid JSON."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"This file is not a {noun} of alembic-checks: {error}.",
            remedy=f"Use a {noun} that alembic-checks wrote.",
        ) from None
    found = document.get(version_field) if isinstance(document, dict) else None
    if type(found) is not int or found != version:
        raise SettingsError(
            f"The {version_field} is {json.dumps(found)[:40]}, but this version of alembic-checks reads {version}.",
            why="The fields of another version may have another meaning.",
            remedy=f"Create the {noun} again with this version of alembic-checks.",
        )
    return document


def malformed(noun: str, error: ValidationError) -> SettingsError:
    """Return the error of a document whose fields do not fit its version."""
    problems = [
        f"{'.'.join(str(part) for part in details['loc'][1:]) or noun}: {details['msg']}"
        for details in error.errors(include_url=False, include_input=False)
    ]
    more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
    return damaged(noun, "; ".join(problems[:5]) + more)


def difference(found: object, whole: object, place: str = "") -> str | None:
    """Return the first part of a document that is not as we would write it, with its place; None without one."""
    if isinstance(found, dict) and isinstance(whole, dict):
        for name in (*whole, *(name for name in found if name not in whole)):
            if name not in found or name not in whole:
                return f"{place}{name}: {'missing' if name in whole else 'unknown'}"
            inner = difference(found[name], whole[name], f"{place}{name}.")
            if inner is not None:
                return inner
        return None
    if isinstance(found, list) and isinstance(whole, list) and len(found) == len(whole):
        pairs = enumerate(zip(found, whole, strict=True))
        return next(filter(None, (difference(one, other, f"{place}{n}.") for n, (one, other) in pairs)), None)
    same = found == whole and isinstance(found, bool) == isinstance(whole, bool)
    return None if same else f"{place.rstrip('.')}: not a value that alembic-checks writes"


def damaged(noun: str, problem: str) -> SettingsError:
    """Return the error of a document that is not as we wrote it; ``problem`` names the place and what is wrong."""
    return SettingsError(
        f"This {noun} of alembic-checks is damaged: {problem}.",
        why="The file was changed after it was written, or is incomplete.",
        remedy=f"Create the {noun} again.",
    )
