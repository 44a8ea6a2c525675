"""Compares files of the working tree with a commit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from action.repository import git
from action.repository.inside import read_inside

_MOST_NAMED = 200
"""Paths that one command line names; for more of them, the whole commit is listed."""
_AS_THEY_ARE = {"GIT_LITERAL_PATHSPECS": "1"}


def same(one: bytes | None, other: bytes | None) -> bool:
    """Return whether two files are the same, apart from line ends, which a checkout may change."""
    if one is None or other is None:
        return one is other
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def differing_since(root: Path, sha: str, paths: Iterable[str], env: Mapping[str, str] | None = None) -> frozenset[str]:
    """Return which of the paths, relative to ``root``, have another content in the working tree than at a commit.

    A file that exists on one side only differs. A link, a folder or a path out of the repository counts as no file.
    Raises GitError.
    """
    wanted = {path for path in paths if _is_plain(path)}
    named = tuple(wanted) if len(wanted) <= _MOST_NAMED else (".",)
    listed = git.listing(root, sha, named, {**(env or {}), **_AS_THEY_ARE})
    names = {path: blob for path, blob in listed.items() if path in wanted}
    contents = git.blobs(root, tuple(names.values()), env)
    before = {path: contents[blob] for path, blob in names.items()}
    return frozenset(path for path in wanted if not same(before.get(path), _in_work(root, path)))


def content_at(root: Path, sha: str, path: str, env: Mapping[str, str] | None = None) -> bytes | None:
    """Return the content of a file at a commit; None where it does not exist there. Raises GitError."""
    blob = git.listing(root, sha, (path,), {**(env or {}), **_AS_THEY_ARE}).get(path)
    return None if blob is None else git.blobs(root, (blob,), env)[blob]


def direct_files(root: Path, sha: str, folder: str, env: Mapping[str, str] | None = None) -> frozenset[str]:
    """Return the paths of the files that a folder, not its subfolders, has at a commit. Raises GitError."""
    listed = git.listing(root, sha, (f"{folder}/",), {**(env or {}), **_AS_THEY_ARE})
    return frozenset(path for path in listed if path.rpartition("/")[0] == folder)


def _is_plain(path: str) -> bool:
    """Return whether a path is written as Git writes it."""
    return os.path.normpath(path) == path and not path.startswith(("/", "../")) and path not in (".", "..")


def _in_work(root: Path, path: str) -> bytes | None:
    """Return the content of a regular file, None where there is none; links are not followed, as Git does not."""
    top = Path(os.path.realpath(root))
    if os.path.realpath(top / path) != str(top / path):
        return None
    try:
        return read_inside(top / path, top)
    except OSError:
        return None
