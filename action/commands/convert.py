"""The command ``code-quality``: a stored report in the form that GitLab shows in a merge request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from action.commands.plain_parser import parsed, plain_parser
from action.pull_request import stored
from action.reports import code_quality

_TEXT = """\
Print a report.json as GitLab's Code Quality artifact, which GitLab shows in the
changes of a merge request."""


def print_code_quality(words: Sequence[str]) -> None:
    """Print the report of a file. Raises SettingsError for a file that is no report of this version."""
    parser = plain_parser("code-quality FILE", _TEXT)
    parser.add_argument("file", metavar="FILE", help="report.json of a run")
    print(code_quality.render(stored.read(Path(parsed(parser, words).file))), end="")
