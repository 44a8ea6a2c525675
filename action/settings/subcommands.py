"""The commands ``list`` and ``merge`` at a terminal: each sets what are inputs in the action.

A project's folder of the same name is ``./list``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from action.repository.regular import read_regular
from action.sandbox.looking import is_file
from action.settings.declaring import STDOUT, Declared
from action.settings.matrix import ListAs
from action.settings.sources import SettingsSource, add_option, empty_parser, option
from action.settings.sources import command_line as plain

_LARGEST = 10_000_000
"""Bytes of a matrix in a file."""
_LIST = """\
Print the Alembic configs of a project, and run nothing. With --base, the list
says which of them use a file that the change touches."""
_MERGE = """\
Merge the reports of several jobs (report.json) into one report with one exit
code. A job whose report is missing does not pass: name the Alembic configs of
all jobs with --expected."""


def command_line(argv: Sequence[str], model: type[Declared], cwd: Path) -> SettingsSource:
    """Read the command line, which may begin with a command."""
    command = COMMANDS.get(argv[0]) if argv else None
    if command is None:
        return plain(argv, model, cwd)
    make, complete = command
    source = plain(argv[1:], model, cwd, make(model))
    return source if source.problems else complete(source, cwd)


def _parser(
    usage: str, description: str, model: type[Declared], names: Sequence[str]
) -> tuple[argparse.ArgumentParser, argparse._ArgumentGroup]:
    built = empty_parser(usage, description, "")
    group = built.add_argument_group("Options")
    declared = {option(name, field): field for name, field in model.model_fields.items()}
    for name in names:
        add_option(group, name, declared[name])
    group.add_argument("-h", "--help", action="help", help="Show this text and exit")
    return built, group


def _list(model: type[Declared]) -> argparse.ArgumentParser:
    built, group = _parser("alembic-checks list [OPTIONS] [PATH]", _LIST, model, ("working-directory", "tree", "base"))
    group.add_argument("--json", action="store_const", const=STDOUT, help="Print a matrix for GitHub Actions")
    only = group.add_mutually_exclusive_group()
    for name, text in (
        (ListAs.TOUCHED, "Only the Alembic configs that the change touches"),
        (ListAs.TOGETHER, "Those that the change touches, and one entry for all others"),
    ):
        only.add_argument(f"--{name.value}", dest="list", action="store_const", const=name.value, help=text)
    add_option(group, "verbose", model.model_fields["verbose"])
    return built


def _merge(model: type[Declared]) -> argparse.ArgumentParser:
    names = ("fail-on", "json", "markdown", "sarif", "junit", "report-dir", "formats", "verbose")
    built, group = _parser("alembic-checks merge [OPTIONS] FILE...", _MERGE, model, names)
    group.add_argument("merge-reports", nargs="+", metavar="FILE", help="report.json of a job, or a folder of them")
    group.add_argument(
        "--expected",
        action="append",
        metavar="CONFIG",
        help="Alembic config that must be in a report, or the file that `list --json` printed; repeatable",
    )
    return built


def _listed(source: SettingsSource, cwd: Path) -> SettingsSource:
    return replace(source, values={"list": ListAs.ALL.value, **source.values})


def _merged(source: SettingsSource, cwd: Path) -> SettingsSource:
    expected = source.values.get("expected")
    if not expected:
        return source
    try:
        texts = [_text_of(name, cwd) for name in expected]
    except OSError as error:
        why = f"--expected ({source.label}): {error.filename} cannot be read: {error.strerror}."
        return replace(source, problems=(why,))
    return replace(source, values={**source.values, "expected": texts})


def _text_of(name: str, cwd: Path) -> str:
    """Return the matrix in a file of that name, else the name."""
    if not (name.endswith(".json") and is_file(cwd / name)):
        return name
    return read_regular(cwd / name, most=_LARGEST).decode("utf-8", "replace")


_Command = tuple[Callable[[type[Declared]], argparse.ArgumentParser], Callable[[SettingsSource, Path], SettingsSource]]
COMMANDS: Mapping[str, _Command] = {"list": (_list, _listed), "merge": (_merge, _merged)}
"""By name: the parser, and what completes the values that it read."""
