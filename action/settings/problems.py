"""Sentences about wrong settings: each names the setting, its source and the accepted values."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from action.repository.outlets import identity
from action.settings.declaring import Declared, Setting, setting_of
from action.settings.dependencies import NONE
from action.settings.inputs import IN_OPTIONS
from action.settings.sources import COMMAND_LINE, INPUT, masked, option

_SERVER = ("database-url", "postgres", "postgres-image", "postgres-setup", "superuser")
_DEPENDENCIES = ("install", "python", "python-version", "apt-packages", "cache-dir")
_WAY_IN = ("alembic-config", "command", "x-args")
_PROJECT = ("tree", "env", "env-files", "base", "init", "schema", *_DEPENDENCIES, *_WAY_IN, "timeout", "save-recording")
_EXCLUDES = {
    "recording": ("a saved run is checked without project and database", *_SERVER, "keep", "trace", *_PROJECT),
    "post-report": ("a stored report is posted without project and database", "recording", *_SERVER, *_PROJECT),
    "merge-reports": (
        "stored reports are merged without project and database",
        *("list", "post-report", "recording", *_SERVER, *_PROJECT, "rehearse"),
    ),
    "list": ("a list runs no migrations", "recording", "post-report", "save-recording"),
    "database-url": ("no other server is started then", "postgres", "postgres-image"),
    "superuser": ("the role of that URL runs the migrations", "database-url"),
    "schema": ("only one of them can create the base database", "init"),
}
_SHORTEST = 4
"""Characters of the shortest value that is searched for in a text."""
_WRITTEN = ("json", "markdown", "sarif", "junit", "save-recording", "trace", "report-dir")
_OF_THE_FOLDER = {"report.json": "json", "report.md": "markdown", "report.sarif": "sarif", "report.junit.xml": "junit"}
"""The files that are written to the folder ``report-dir``, with the setting of the same report."""


def shown(name: str, origin: str) -> str:
    """Return a setting as the user wrote it, with its source."""
    if origin != COMMAND_LINE:
        return f"{name} ({origin})"
    return f"{'PATH' if name == 'working-directory' else f'--{name}'} ({origin})"


def contradictions(values: Mapping[str, Any], origins: Mapping[str, str]) -> list[str]:
    """Return a sentence for each pair of settings of one source that cannot be combined.

    Settings of different sources can: pyproject.toml may hold more than a run needs.
    """
    problems = []
    for one, (why, *excluded) in _EXCLUDES.items():
        is_set = one in values and not _is_off(values[one])
        others = [name for name in excluded if is_set and _given(name, values, origins, origins[one])]
        if others:
            listed = ", ".join(shown(name, origins[name]).partition(" ")[0] for name in others)
            problems.append(f"{shown(one, origins[one])}: cannot be combined with {listed}: {why}.")
    if "formats" in values and "report-dir" not in values and origins["formats"] == COMMAND_LINE:
        problems.append(f"{shown('formats', COMMAND_LINE)}: needs --report-dir.")
    return problems + _same_files(values, origins)


def _same_files(values: Mapping[str, Any], origins: Mapping[str, str]) -> list[str]:
    """Return a sentence for each pair of settings that name one place to write to."""
    problems = []
    places = {name: Path(values[name]) for name in _WRITTEN if isinstance(values.get(name), str | Path)}
    for one, other in itertools.combinations(places, 2):
        if identity(places[one]) == identity(places[other]):
            problems.append(f"{shown(one, origins[one])}: the same file as {shown(other, origins[other])}.")
    for one, place in places.items():
        file = _OF_THE_FOLDER.get(place.name)
        if (
            file not in (None, one)
            and "report-dir" in places
            and identity(place.parent) == identity(places["report-dir"])
        ):
            folder = shown("report-dir", origins["report-dir"])
            problems.append(f"{shown(one, origins[one])}: the same file as {place.name} of {folder}.")
    return problems


def _given(name: str, values: Mapping[str, Any], origins: Mapping[str, str], origin: str) -> bool:
    # ``none`` is the default of an input in host/action.yml: the runner always gives it.
    if _whose(origins.get(name)) != _whose(origin):
        return False
    return not _is_off(values[name]) and str(values[name]).strip().lower() != NONE


def _whose(origin: str | None) -> str | None:
    """Return the source of a setting: a line of ``options`` comes from the workflow, as an input does."""
    return INPUT if origin == IN_OPTIONS else origin


def _is_off(value: object) -> bool:
    return str(value).strip().lower() in ("false", "off", "no", "0")


def invalid(error: ValidationError, origins: Mapping[str, str], model: type[Declared]) -> list[str]:
    """Return a sentence for each wrong value: its source, the value unless it is secret, and the accepted values."""
    declared = {option(name, field): setting_of(field) for name, field in model.model_fields.items()}
    problems: dict[str, str] = {}
    for details in error.errors(include_url=False):
        name = str(details["loc"][0])
        about = declared[name]
        head = shown(name, origins.get(name, "default"))
        problems.setdefault(name, f"{head}: {_observed(about, details)}; accepted: {about.accepts}.")
    return list(problems.values())


def _observed(about: Setting, details: ErrorDetails) -> str:
    reason = details["msg"].removeprefix("Value error, ") if details["type"] == "value_error" else ""
    if about.is_hidden:
        # A validator may quote what it refuses.
        return reason if reason and not _quotes(reason, details["input"]) else "not accepted"
    is_plain = isinstance(details["input"], str | int | float | Path)
    given = repr(masked(str(details["input"]))) if is_plain else ""
    return ", ".join(part for part in (given, reason) if part) or "not accepted"


def _quotes(reason: str, given: Any) -> bool:
    """Return whether a text holds a value, or a part of one; those shorter than four characters do not count."""
    if isinstance(given, Mapping):
        return any(_quotes(reason, part) for part in given.values())
    if isinstance(given, list | tuple | set):
        return any(_quotes(reason, part) for part in given)
    text = given.get_secret_value() if isinstance(given, SecretStr) else str(given)
    return len(text) >= _SHORTEST and text in reason
