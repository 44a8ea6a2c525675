"""Refuses a run in which an Alembic config is known to exist but cannot be read: it would not be judged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from action.errors import SettingsError
from action.project.folders import relative
from action.repository import git
from checks.plural import listed, plural

_NAME = "alembic.ini"


def refuse_hidden_configs(skipped: Mapping[Path, str], repository: Path) -> None:
    """Raise SettingsError where an alembic.ini is, or by Git's index lies below, what was skipped, with the reasons."""
    hidden = dict(_hidden(skipped, repository)) if skipped else {}
    if not hidden:
        return
    names = [f"{path} ({why})" for path, why in hidden.items()]
    raise SettingsError(
        f"{plural(len(hidden), 'Alembic config')} cannot be read: {listed(names)}.",
        why="The migrations that it configures would not be checked.",
        remedy="Give the user who runs the check the right to read it, or name the configs to check with --tree.",
    )


def _hidden(skipped: Mapping[Path, str], repository: Path) -> Iterator[tuple[str, str]]:
    for path, why in skipped.items():
        if path.name == _NAME:
            yield relative(path, repository), why
            continue
        try:
            below = git.git(repository, "ls-files", "-z", "--", relative(path, repository), env=_LITERALLY)
        except git.GitError:
            continue
        found = (os.fsdecode(one) for one in below.split(b"\0") if one)
        yield from ((one, why) for one in found if one.rpartition("/")[2] == _NAME)


_LITERALLY = {"GIT_LITERAL_PATHSPECS": "1"}
