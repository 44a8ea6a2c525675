"""A base that Git can read: in the clone itself, or fetched into a separate repository."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from action.base.differences import differing_since
from action.base.interface import BaseError, Files
from action.errors import SettingsError
from action.project.alembic_tree import Tree
from action.repository import git
from action.repository.export import checkout_at
from checks.recording.absent import Absent

_SHORT = 10
"""Characters of a hash that a report shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitBase:
    """Two commits that Git can read."""

    name: str
    now_sha: str
    fork_sha: str
    fetched: str | None = None
    note: str | None = None
    root: Path
    """The checkout."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Environment variables that name another repository, where the checkout's own does not have the commits."""

    @property
    def now(self) -> GitSnapshot:
        """Return the files at ``now_sha``."""
        return GitSnapshot(root=self.root, sha=self.now_sha, env=self.env)

    @property
    def fork(self) -> GitSnapshot:
        """Return the files at ``fork_sha``."""
        return GitSnapshot(root=self.root, sha=self.fork_sha, env=self.env)

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files of ``fork_sha`` to a folder, which is created."""
        with as_base_error():
            checkout_at(self.root, self.fork_sha, destination, [tree.workdir], self.env)

    def differing(self, paths: Iterable[str]) -> frozenset[str]:
        """Return which of the paths have another content at ``fork_sha`` than in the working tree."""
        with as_base_error():
            return differing_since(self.root, self.fork_sha, paths, self.env)


@dataclass(frozen=True, slots=True, kw_only=True)
class GitSnapshot:
    """The files of a commit that Git can read."""

    root: Path
    sha: str
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    def names(self) -> Collection[str]:
        """Return the path of every file."""
        with as_base_error():
            return git.listing(self.root, self.sha, (".",), self.env).keys()

    def links(self) -> Collection[str]:
        """Return the path of every symbolic link and submodule."""
        with as_base_error():
            return git.links(self.root, self.sha, self.env)

    def read(self, below: Sequence[str], wanted: Callable[[str], bool]) -> Files:
        """Return the files whose path is wanted, by two calls of Git."""
        with as_base_error():
            listed = git.listing(self.root, self.sha, below, self.env)
            found = {path: blob for path, blob in listed.items() if wanted(path)}
            contents = git.blobs(self.root, tuple(found.values()), self.env)
        return {path: contents[blob] for path, blob in found.items()}


@contextlib.contextmanager
def as_base_error() -> Iterator[None]:
    """Raise a GitError of the block as a BaseError."""
    try:
        yield
    except git.GitError as error:
        raise BaseError(f"Git says: {error}") from error


def named(root: Path, name: str) -> GitBase | Absent:
    """Return the base that the user named, from the clone. Raises SettingsError when the clone has no such name."""
    try:
        found, sha = _resolved(root, name)
        fork = git.merge_base(root, sha, "HEAD")
        if fork is None:
            return Absent(reason=_no_merge_base(root, found))
    except git.GitError as error:
        raise _unreadable(name, error) from error
    # A sentence that names the base by a whole hash is hard to read.
    shown = found[:_SHORT] if found == sha else found
    return GitBase(name=shown, now_sha=sha, fork_sha=fork, root=root)


def _resolved(root: Path, base: str) -> tuple[str, str]:
    """Return the ref as Git resolves it and its commit, or raise SettingsError."""
    for name in (base, f"origin/{base}"):
        sha = git.commit(root, name)
        if sha is not None:
            return name, sha
    shallow = " The clone is shallow: it has only a part of the history." if git.is_shallow(root) else ""
    raise SettingsError(
        f"The base {base} is not in the repository.",
        why=f"Git finds neither {base} nor origin/{base}.{shallow}",
        remedy=f"Run `git fetch origin {base}`, set `fetch-depth: 0` of actions/checkout, or change --base.",
    )


def _no_merge_base(root: Path, name: str) -> str:
    if git.is_shallow(root):
        return (
            f"This shallow clone does not have the history that it shares with {name}. "
            "Run `git fetch --unshallow`, or set `fetch-depth: 0` of actions/checkout."
        )
    return f"HEAD and {name} have no commit in common. Set --base to the branch that this one started from."


def _unreadable(base: str, error: git.GitError) -> SettingsError:
    return SettingsError(
        f"The base {base} cannot be read.",
        why=f"Git says: {error}.",
        remedy="Run inside the Git repository of the project, with git installed, or remove --base.",
    )
