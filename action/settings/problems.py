"""What is wrong with settings, told so that each can be found and mended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from action.settings.sources import COMMAND_LINE, extra, masked, option

_EXCLUDES = {
    "recording": (
        "a saved recording is judged without project and database",
        *("database-url", "postgres-version", "keep", "save-recording", "timeout"),
        *("tree", "python", "env", "base", "init", "install"),
    ),
    "post-report": (
        "a stored report is posted without project and database",
        *("recording", "database-url", "postgres-version", "save-recording", "timeout"),
        *("tree", "python", "env", "base", "init", "install"),
    ),
    "database-url": ("that server has the version that it has", "postgres-version"),
}
_WRITTEN = ("json", "markdown", "sarif", "junit", "save-recording")


def shown(name: str, origin: str) -> str:
    """Return a setting as the user wrote it, with its source."""
    if origin != COMMAND_LINE:
        return f"{name} ({origin})"
    return f"{'PATH' if name == 'path' else f'--{name}'} ({origin})"


def contradictions(values: Mapping[str, Any], origins: Mapping[str, str]) -> list[str]:
    """Tell which settings of one source exclude each other; pyproject.toml may hold more than a run needs."""
    told = []
    for one, (why, *excluded) in _EXCLUDES.items():
        others = [name for name in excluded if one in values and _given(name, values, origins, origins[one])]
        if others:
            listed = ", ".join(shown(name, origins[name]).partition(" ")[0] for name in others)
            told.append(f"{shown(one, origins[one])}: not together with {listed}; {why}.")
    for index, one in enumerate(_WRITTEN):
        for other in _WRITTEN[index + 1 :]:
            if one in values and values[one] == values.get(other):
                told.append(f"{shown(one, origins[one])}: the same file as {shown(other, origins[other])}.")
    return told


def _given(name: str, values: Mapping[str, Any], origins: Mapping[str, str], origin: str) -> bool:
    return origins.get(name) == origin and values[name] is not False


def invalid(error: ValidationError, origins: Mapping[str, str], model: type[BaseModel]) -> list[str]:
    """Tell of each wrong value once: where it came from, what it was unless secret, what is accepted."""
    declared = {option(name, field): field for name, field in model.model_fields.items()}
    told: dict[str, str] = {}
    for details in error.errors(include_url=False):
        name = str(details["loc"][0])
        accepts = extra(declared[name])["accepts"]
        head = shown(name, origins.get(name, "default"))
        told.setdefault(name, f"{head}: {_observed(name, details)}; accepted: {accepts}.")
    return list(told.values())


def _observed(name: str, details: ErrorDetails) -> str:
    reason = details["msg"].removeprefix("Value error, ") if details["type"] == "value_error" else ""
    is_plain = isinstance(details["input"], str | int | float | Path)
    given = (
        repr(masked(str(details["input"]))) if is_plain and name not in ("database-url", "env", "github-token") else ""
    )
    return ", ".join(part for part in (given, reason) if part) or "not accepted"
