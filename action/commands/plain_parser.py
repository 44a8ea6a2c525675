"""The parser of commands that have no settings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from action.errors import SettingsError
from action.settings.sources import empty_parser


def plain_parser(usage: str, description: str) -> argparse.ArgumentParser:
    """Return the parser of a command, whose options are to be added."""
    built = empty_parser(f"alembic-checks {usage}", description, "")
    built.add_argument("-h", "--help", action="help", help="Show this text and exit")
    return built


def parsed(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.Namespace:
    """Return the arguments. Raises SettingsError for wrong ones, and SystemExit after ``--help``."""
    try:
        return parser.parse_args(words)
    except argparse.ArgumentError as error:
        command = " ".join((parser.usage or "").split()[:2])
        raise SettingsError(f"{error}.", remedy=f"Run `{command} --help` to see how it is used.") from error
