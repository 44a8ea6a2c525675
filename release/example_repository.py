"""The example as a repository of its own, whose second commit is what a pull request would add."""

from __future__ import annotations

import shutil
from pathlib import Path

from release.history import Repository

_EXAMPLE = Path(__file__).parents[1] / "examples" / "bookstore"
_AUTHOR = {"NAME": "alembic-checks", "EMAIL": "alembic-checks@users.noreply.github.com"}
_NEW = "migrations/versions/2026_*"


def make(folder: Path) -> None:
    """Make the repository in a folder that is not there yet."""
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    repository = Repository(folder)
    repository.git("init", "--quiet", "--initial-branch=main")
    for message, added in (("Deployed", (".", f":!{_NEW}")), ("New", (".",))):
        repository.git("add", *added)
        people = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _AUTHOR.items()}
        repository.git("commit", "--quiet", "--message", message, environ=people)
