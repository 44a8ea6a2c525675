"""Exports another commit of the project, so that its models can be imported too."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from action.repository.git import git
from action.repository.inside import is_inside, opened_inside
from action.sandbox.looking import entries, is_file
from action.sandbox.user import User
from action.supervisor.run_folder import new_folder

_TIMEOUT = 600.0
_LARGEST = 1 << 30
"""Bytes of a file that is copied for the base's code."""
# The commit's attributes may name a filter, a program that we would run; files of git-lfs are no code.
_NO_FILTERS = ("-c", "filter.lfs.process=", "-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false")


def checkout_at(
    root: Path, sha: str, destination: Path, folders: Iterable[Path] = (), env: Mapping[str, str] | None = None
) -> None:
    """Write the files of a commit to ``destination``, a folder that is created; the repository does not change.

    Untracked ``.env*`` files come along from the repository's root and from ``folders``, which lie below it:
    settings need them to load. ``env`` may name another repository, which has the commit.
    Raises ``action.repository.git.GitError``.
    """
    destination.mkdir(parents=True, exist_ok=True)
    # A separate index: the user's index and list of worktrees do not change.
    with new_folder("index-") as scratch:
        ours = {"GIT_INDEX_FILE": str(scratch / "index"), "GIT_WORK_TREE": str(destination.resolve())}
        env = {**(env or {}), **ours}
        git(root, "read-tree", sha, env=env, timeout=_TIMEOUT)
        prefix = f"--prefix={destination.resolve()}/"
        git(root, *_NO_FILTERS, "checkout-index", "--all", "--force", prefix, env=env, timeout=_TIMEOUT)
    for folder in dict.fromkeys((root, *folders)):
        bring_settings(root, folder, destination / folder.relative_to(root), destination)


def hand_over(folder: Path, user: User) -> None:
    """Make a user the owner of a folder of ours and everything in it; do nothing for the current user.

    The folder itself comes last: until then no other user can enter it and replace files by links.
    """
    if not user.is_another:
        return
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            user.own(Path(path, name))
    user.own(folder)


def bring_settings(root: Path, folder: Path, destination: Path, top: Path) -> None:
    """Copy a folder's untracked ``.env*`` files to a folder of an export, whose top folder is ``top``."""
    for path in entries(folder):
        copy = destination / path.name
        is_lacking = path.name.startswith(".env") and is_file(path) and not os.path.lexists(copy)
        if is_lacking and not _is_tracked(root, path):
            bring_file(path, root, copy, top)


def bring_file(path: Path, root: Path, copy: Path, top: Path) -> bool:
    """Copy a file of the checkout into an export, whose top folder is ``top``, if it lacks it; return whether it did.

    Only files of the checkout are copied, and only into the export: both may contain links that lead elsewhere.
    """
    if os.path.lexists(copy) or not (is_inside(path, root) and is_inside(copy, top)):
        return False
    try:
        with opened_inside(path, root, most=_LARGEST) as file:
            copy.parent.mkdir(parents=True, exist_ok=True)
            with copy.open("xb") as made:
                shutil.copyfileobj(file, made)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        return False  # the code of the base says what it lacks
    return True


def _is_tracked(root: Path, path: Path) -> bool:
    return bool(git(root, "ls-files", "-z", "--", str(path), env={"GIT_LITERAL_PATHSPECS": "1"}))
