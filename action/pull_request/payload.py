"""Reads the event's file and single values of it; a value that is missing or has the wrong type is None."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from action.errors import SettingsError
from action.repository.regular import read_regular, sentence

Payload = Mapping[str, Any]

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NO_COMMIT = re.compile(r"0+")
_MOST_BYTES = 32 << 20
"""GitHub caps a payload at 25 MB (docs, "Webhook events and payloads")."""


def read_payload(environ: Mapping[str, str]) -> Payload:
    """Return the event that ``GITHUB_EVENT_PATH`` names; empty where none is named. Raises SettingsError."""
    name = environ.get("GITHUB_EVENT_PATH")
    if not name:
        return {}
    try:
        payload = json.loads(read_regular(name, most=_MOST_BYTES))
    except OSError as error:
        raise _unreadable(name, f"{sentence(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, f"It is not JSON: {error}.") from error
    if not isinstance(payload, dict):
        raise _unreadable(name, "It is not a JSON object.")
    return payload


def _unreadable(name: str, why: str) -> SettingsError:
    return SettingsError(
        f"The event file {name} cannot be read.",
        why=why,
        remedy="Set GITHUB_EVENT_PATH as the runner does, and mount that file into the container.",
    )


def part(payload: Payload, *keys: str) -> Payload:
    """Return the object below the keys; an empty one where there is none."""
    found = _below(payload, keys)
    return found if isinstance(found, Mapping) else {}


def text(payload: Payload, *keys: str) -> str | None:
    """Return the text below the keys; None where it is empty."""
    found = _below(payload, keys)
    return found if isinstance(found, str) and found else None


def number(payload: Payload, *keys: str) -> int | None:
    """Return the number below the keys; None where it is not above 0, as all of GitHub's numbers are."""
    found = _below(payload, keys)
    return found if type(found) is int and found > 0 else None


def commit(payload: Payload, *keys: str) -> str | None:
    """Return the commit below the keys; None for the zeros that stand for no commit."""
    found = text(payload, *keys) or ""
    return found if _COMMIT.fullmatch(found) and not _NO_COMMIT.fullmatch(found) else None


def _below(payload: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        payload = payload.get(key) if isinstance(payload, Mapping) else None
    return payload
