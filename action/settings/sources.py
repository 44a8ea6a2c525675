"""The sources of settings: the command line, the action's inputs and pyproject.toml.

The parser is argparse: pydantic-settings joins repeated options with commas and so garbles
``--env 'ORIGINS=["a","b"]'``.
"""

from __future__ import annotations

import argparse
import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, get_origin

from pydantic.fields import FieldInfo

from action.about import program_version
from action.errors import ExitCode
from action.repository.inside import read_inside
from action.repository.regular import reason
from action.sandbox.looking import exists, is_file
from action.settings.declaring import Declared, Setting, setting_of

COMMAND_LINE = "command line"
INPUT = "input"
TABLE = "alembic-checks"
REPLACED = {
    "drift-breaks": "missing-migration.breaks",
    "drift-differs": "missing-migration.differs",
    "drift-cosmetic": "schema-differs",
}
"""Settings of earlier versions, with what the setting ``severity`` calls the findings whose severity they set."""
_NEAR = 0.7
"""The similarity (difflib's ratio) from which an unknown name counts as a misspelling of a known one."""

_DESCRIPTION = """\
Run an Alembic project's migrations on a throwaway PostgreSQL and report what a
deploy would do. Each option can also be set in [tool.alembic-checks] of
pyproject.toml; the command line wins.
Other commands, each with --help: list, merge, rules, explain, code-quality"""

_MEANINGS = {
    ExitCode.PASSED: "passed",
    ExitCode.FINDINGS: "findings at or above --fail-on, or a check could not run",
    ExitCode.SETTINGS: "wrong settings",
    ExitCode.NO_PROJECT: "no Alembic config found",
    ExitCode.NO_POSTGRES: "no PostgreSQL server was available",
    ExitCode.PROJECT_CODE: "the project's own code failed to load",
    ExitCode.OUR_FAULT: "a bug in alembic-checks",
}
_EPILOG = """\
FILE may also be a device or a pipe; as a file to write, - is standard output.
In values of --env, {url} {host} {port} {user} {password} {database} stand for
the scratch database.

Exit codes:
""" + "\n".join(f"  {code:<4}{text}" for code, text in _MEANINGS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsSource:
    """The settings of one source, unvalidated, by option name."""

    label: str
    folder: Path
    """The folder that relative paths of this source start from."""
    values: Mapping[str, Any]
    problems: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """The settings that this source may not set, by option name."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise argparse.ArgumentError(None, message)


def option(name: str, declared: FieldInfo) -> str:
    """Return the name of a setting as users write it, without dashes: ``fail-on``."""
    return declared.alias or name.replace("_", "-")


def empty_parser(usage: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """Return a parser without arguments, which raises its errors."""

    def formatter(prog: str) -> argparse.HelpFormatter:
        return argparse.RawDescriptionHelpFormatter(prog, max_help_position=28, width=80)

    return _Parser(
        "alembic-checks",
        usage=usage,
        description=description,
        epilog=epilog,
        formatter_class=formatter,
        add_help=False,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )


def parser(model: type[Declared]) -> argparse.ArgumentParser:
    """Build the command line of a declaration, in its order, one group after another."""
    built = empty_parser("alembic-checks [OPTIONS] [PATH]", _DESCRIPTION, _EPILOG)
    groups: dict[str, Any] = {}
    for name, declared in model.model_fields.items():
        about = setting_of(declared)
        if about.place == "action":
            continue
        if about.group not in groups:
            groups[about.group] = built.add_argument_group(about.group)
        add_option(groups[about.group], option(name, declared), declared)
    version = f"alembic-checks {program_version()}"
    other = groups[setting_of(model.model_fields["verbose"]).group]
    other.add_argument("--version", action="version", version=version, help="Show the version and exit")
    other.add_argument("-h", "--help", action="help", help="Show this text and exit")
    return built


def add_option(group: argparse._ActionsContainer, name: str, declared: FieldInfo) -> None:
    """Add the option of a setting."""
    about = setting_of(declared)
    shown = about.help.replace("%", "%%")
    if about.positional:
        either = group.add_mutually_exclusive_group()
        either.add_argument(name, nargs="?", metavar=about.metavar, help=shown)
        either.add_argument(f"--{name}", dest=name, metavar=about.metavar, help=f"The same as {about.metavar}")
    elif declared.annotation is bool:
        group.add_argument(*about.short, f"--{name}", action="store_true", help=shown)
    else:
        action = "append" if is_many(declared) else "store"
        group.add_argument(f"--{name}", action=action, metavar=about.metavar, help=shown)


def command_line(
    argv: Sequence[str], model: type[Declared], cwd: Path, built: argparse.ArgumentParser | None = None
) -> SettingsSource:
    """Read the command line; an unknown option becomes a problem and does not end the program.

    ``built`` is the parser of a subcommand.
    """
    built = parser(model) if built is None else built
    flags = [flag for action in built._actions for flag in action.option_strings]
    try:
        values, unread = built.parse_known_args(_without_misplaced_secrets(argv, flags, model))
    except argparse.ArgumentError as error:
        name = f"{error.argument_name}: " if error.argument_name else ""
        return SettingsSource(label=COMMAND_LINE, folder=cwd, values={}, problems=(f"{name}{error.message}.",))
    problems = tuple(f"{word} ({COMMAND_LINE}): {unknown(word, flags)}" for word in map(_named, unread))
    given = {name.replace("_", "-"): value for name, value in vars(values).items()}
    return SettingsSource(label=COMMAND_LINE, folder=cwd, values=given, problems=problems)


def _without_misplaced_secrets(argv: Sequence[str], flags: Sequence[str], model: type[Declared]) -> list[str]:
    """Return the arguments without the value after a misspelt secret, or after one that is no option here, or any more.

    The parser would refuse that value as an unknown argument, and quote it.
    """
    fields = model.model_fields.items()
    secrets = [f"--{option(name, field)}" for name, field in fields if setting_of(field).is_hidden]

    def is_secret(before: str, word: str) -> bool:
        if before.startswith("--") and before[2:] in REPLACED:
            return True
        meant = before not in flags and difflib.get_close_matches(before, secrets, n=1, cutoff=_NEAR)
        return bool(meant) and "=" not in before and not word.startswith("--")

    return [word for before, word in zip(("", *argv), argv, strict=False) if not is_secret(before, word)]


def is_many(declared: FieldInfo) -> bool:
    """Return whether a setting takes several values, as a repeated option or an input of several lines."""
    return get_origin(declared.annotation) in (tuple, dict)


def pyproject(path: Path, model: type[Declared], *, trusted: bool = True) -> list[SettingsSource]:
    """Read ``[tool.alembic-checks]`` of the pyproject.toml at ``path``, else at its repository's root.

    A file that is not ``trusted`` is the pull request's: its settings of files, servers and tokens are ignored.
    """
    root = next((folder for folder in (path, *path.parents) if exists(folder / ".git")), path)
    for folder in dict.fromkeys((path, root)):
        if is_file(folder / "pyproject.toml"):
            source = _table(folder / "pyproject.toml", root, model)
            if source is not None:
                return [source if trusted else _untrusted(source, model)]
    return []


def _untrusted(source: SettingsSource, model: type[Declared]) -> SettingsSource:
    fields = model.model_fields.items()
    ours = {option(name, field) for name, field in fields if setting_of(field).needs_trust}
    values = {name: value for name, value in source.values.items() if name not in ours}
    return replace(source, values=values, ignored=tuple(name for name in source.values if name in ours))


def _table(file: Path, repository: Path, model: type[Declared]) -> SettingsSource | None:
    label = f"[tool.{TABLE}] of {file}"
    try:
        tools = tomllib.loads(read_inside(file, repository).decode("utf-8-sig")).get("tool", {})
    except (ValueError, RecursionError, OSError) as error:
        why = reason(error) if isinstance(error, OSError) else error
        return SettingsSource(label=label, folder=file.parent, values={}, problems=(f"{file}: cannot be read: {why}.",))
    if not isinstance(tools, dict) or TABLE not in tools:
        return None
    if not isinstance(tools[TABLE], dict):
        return SettingsSource(label=label, folder=file.parent, values={}, problems=(f"{label}: not a table.",))
    fields = model.model_fields.items()
    canonical = {alias: option(name, field) for name, field in fields for alias in setting_of(field).aliases}
    given = {key.replace("_", "-"): value for key, value in tools[TABLE].items()}
    values = {canonical.get(key, key): value for key, value in given.items()}
    known = [option(name, field) for name, field in fields if _may_stand_in_a_file(setting_of(field))]
    problems = tuple(f"{key} ({label}): {unknown(key, known)}" for key in values if key not in known)
    return SettingsSource(
        label=label,
        folder=file.parent,
        values={key: value for key, value in values.items() if key in known},
        problems=problems,
    )


def _may_stand_in_a_file(about: Setting) -> bool:
    return not (about.place == "action" and about.needs_trust)


def masked(text: str) -> str:
    """Hide the credentials of a URL in a text."""
    return re.sub(r":/+[^@/\s]*@", "://***@", text)


def _named(word: str) -> str:
    return word.partition("=")[0] if word.startswith("-") else masked(word)


def unknown(name: str, known: Sequence[str]) -> str:
    """Return the end of a sentence about a name that no setting has."""
    replaced = REPLACED.get(name.lstrip("-"))
    if replaced is not None:
        return f"replaced by severity; set severity to {replaced}=LEVEL."
    near = difflib.get_close_matches(name, known, n=3, cutoff=_NEAR)
    return f"unknown; did you mean {' or '.join(near)}?" if near else "unknown."
