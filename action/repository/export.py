"""Exports another commit of the project, so that its models can be imported beside those checked out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from action.repository.git import git
from action.repository.inside import is_inside, read_inside
from action.sandbox.user import User

_TIMEOUT = 600.0
# An attribute of the commit's may ask for a filter, a program that we would run; what git-lfs keeps is no code.
_NO_FILTERS = ("-c", "filter.lfs.process=", "-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false")


def checkout_at(
    root: Path, sha: str, destination: Path, folders: Iterable[Path] = (), env: Mapping[str, str] | None = None
) -> None:
    """Write the files of a commit to ``destination``, a folder that is made, and leave the repository as it is.

    Untracked ``.env*`` files come along from the repository's root and from ``folders``, which lie below it:
    settings need them to load. ``env`` may name another repository, which has the commit.
    Raises ``action.repository.git.GitError``.
    """
    destination.mkdir(parents=True, exist_ok=True)
    # An index of our own: the user's index and list of worktrees are not touched.
    with tempfile.TemporaryDirectory(prefix="alembic-checks-") as scratch:
        ours = {"GIT_INDEX_FILE": str(Path(scratch, "index")), "GIT_WORK_TREE": str(destination.resolve())}
        env = {**(env or {}), **ours}
        git(root, "read-tree", sha, env=env, timeout=_TIMEOUT)
        prefix = f"--prefix={destination.resolve()}/"
        git(root, *_NO_FILTERS, "checkout-index", "--all", "--force", prefix, env=env, timeout=_TIMEOUT)
    for folder in dict.fromkeys((root, *folders)):
        _bring_settings(root, folder, destination / folder.relative_to(root), destination)


def hand_over(folder: Path, user: User) -> None:
    """Give a folder of ours with all that is in it to a user; nothing to do where that is ourselves.

    The folder itself comes last: until then nobody else can enter it and put links where files were.
    """
    if not user.is_another:
        return
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            user.own(Path(path, name))
    user.own(folder)


def _bring_settings(root: Path, folder: Path, destination: Path, top: Path) -> None:
    for path in sorted(folder.glob(".env*")):
        copy = destination / path.name
        # Of our files only those of the checkout are copied, and to nowhere else: the commit may hold links too.
        wanted = path.is_file() and is_inside(path, root) and is_inside(copy, top) and not os.path.lexists(copy)
        if wanted and not _is_tracked(root, path):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(read_inside(path, root))


def _is_tracked(root: Path, path: Path) -> bool:
    return bool(git(root, "ls-files", "-z", "--", str(path), env={"GIT_LITERAL_PATHSPECS": "1"}))
