"""The commands that neither check anything nor have settings: they print what this program knows.

A project's folder of the same name is ``./rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from action.commands.convert import print_code_quality
from action.commands.reference import explain, print_rules

COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "rules": print_rules,
    "explain": explain,
    "code-quality": print_code_quality,
}


def run(argv: Sequence[str]) -> None:
    """Run the command that ``argv`` begins with. Raises SettingsError, and SystemExit after ``--help``."""
    name, *words = argv
    COMMANDS[name](words)
