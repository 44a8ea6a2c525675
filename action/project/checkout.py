"""Exports another commit of the project, so that its models can be imported beside those checked out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from action.project.git import git

_TIMEOUT = 600.0


def checkout_at(root: Path, sha: str, destination: Path, folders: Iterable[Path] = ()) -> None:
    """Write the files of a commit to ``destination``, a folder that is made, and leave the repository as it is.

    Untracked ``.env*`` files come along from the repository's root and from ``folders``, which lie below it:
    settings need them to load. Raises ``action.project.git.GitError``.
    """
    destination.mkdir(parents=True, exist_ok=True)
    # An index of our own: the user's index and list of worktrees are not touched.
    with tempfile.TemporaryDirectory(prefix="alembic-checks-") as scratch:
        env = {"GIT_INDEX_FILE": str(Path(scratch, "index"))}
        git(root, "read-tree", sha, env=env, timeout=_TIMEOUT)
        prefix = f"--prefix={destination.resolve()}/"
        git(root, "checkout-index", "--all", "--force", prefix, env=env, timeout=_TIMEOUT)
    for folder in dict.fromkeys((root, *folders)):
        _bring_settings(root, folder, destination / folder.relative_to(root))


def _bring_settings(root: Path, folder: Path, destination: Path) -> None:
    for path in sorted(folder.glob(".env*")):
        copy = destination / path.name
        if path.is_file() and not copy.exists() and not _is_tracked(root, path):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _is_tracked(root: Path, path: Path) -> bool:
    return bool(git(root, "ls-files", "-z", "--", str(path), env={"GIT_LITERAL_PATHSPECS": "1"}))
