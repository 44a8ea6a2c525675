"""Merges the sources of settings and validates the result; one error holds every problem."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from action.errors import SettingsError
from action.sandbox.looking import resolved
from action.settings import inputs, sources, subcommands
from action.settings.declaration import Settings
from action.settings.declaring import STDOUT, Declared, setting_of
from action.settings.problems import contradictions, invalid
from action.settings.sources import SettingsSource, option

_FOLDER = "working-directory"


def load(
    argv: Sequence[str],
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    *,
    report_ignored: Callable[[str], None] = lambda line: None,
    model: type[Settings] = Settings,
) -> Settings:
    """Merge and validate all sources: command line, inputs of the action, pyproject.toml, defaults.

    ``environ`` is given only where we run as the action: pyproject.toml is then the pull request's. ``report_ignored``
    takes a sentence for each setting of that file that is ignored. ``model`` is the declaration.
    Raises SettingsError with every problem at once, and SystemExit after ``--help`` and ``--version``.
    """
    found = [subcommands.command_line(argv, model, cwd)]
    if environ is not None:
        found += inputs.inputs(environ, model, cwd)
    given = next((source.values[_FOLDER] for source in found if _FOLDER in source.values), ".")
    if not any("post-report" in source.values for source in found):
        start = resolved(cwd / given)
        read = sources.pyproject(start, model, trusted=environ is None)
        found += [source if source.folder == start else _without_folder(source) for source in read]
    values, origins = _merged(found, model)
    path = resolved(cwd / values.get(_FOLDER, given))
    problems = [problem for source in found for problem in source.problems]
    problems += contradictions(values, origins)
    try:
        settings = model.model_validate({**values, _FOLDER: path})
    except ValidationError as error:
        problems += invalid(error, origins, model)
    else:
        if not problems:
            _report_ignored(found, model, report_ignored)
            return settings
    raise _refused(problems, at_terminal=environ is None)


def _without_folder(source: SettingsSource) -> SettingsSource:
    """Return the settings of a folder above: only who is in that folder means the one that it names."""
    return replace(source, values={name: value for name, value in source.values.items() if name != _FOLDER})


def _merged(found: Sequence[SettingsSource], model: type[Declared]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values that win and the source of each, by option name; the first source wins."""
    declared = {option(name, field): field for name, field in model.model_fields.items()}
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for source in found:
        for name, value in source.values.items():
            if name not in values:
                values[name] = _located(value, declared[name], source.folder)
                origins[name] = source.label
    return values, origins


def _located(value: Any, declared: FieldInfo, folder: Path) -> Any:
    """Make a path absolute; an interpreter given as a bare command name is left to PATH."""
    if not isinstance(value, str) or not value:
        return value
    if value == STDOUT and setting_of(declared).is_written:
        return "/dev/stdout"
    is_path = Path in (declared.annotation, *get_args(declared.annotation))
    if is_path or (declared.alias == "python" and "/" in value):
        # Not resolved: a virtual environment's python is a symbolic link out of it.
        return os.path.normpath(folder / os.path.expanduser(value))  # noqa: PTH111 - Path raises without a home
    return value


def _report_ignored(found: Sequence[SettingsSource], model: type[Declared], report: Callable[[str], None]) -> None:
    declared = {option(name, field): field for name, field in model.model_fields.items()}
    for source in found:
        for name in source.ignored:
            is_input = setting_of(declared[name]).is_input
            instead = "Set the input" if is_input else f"Set it in the input `{inputs.OPTIONS}`"
            report(f"{name} ({source.label}) is ignored: a pull request can change that file. {instead} instead.")


def _refused(problems: Sequence[str], *, at_terminal: bool) -> SettingsError:
    count = "a setting is wrong" if len(problems) == 1 else f"{len(problems)} settings are wrong"
    where = "`alembic-checks --help`" if at_terminal else "action.yml and docs/settings.md"
    return SettingsError(
        f"{count[0].upper()}{count[1:]}:",
        why="\n".join(f"  {problem}" for problem in problems),
        remedy=f"Correct the settings above; see {where} for all settings.",
    )
