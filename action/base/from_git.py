"""A base that Git can read: in the clone itself, or fetched into a separate repository."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from action.base.differences import content_at, differing_since, direct_files
from action.base.interface import Base, BaseError, Files
from action.errors import SettingsError
from action.project.alembic_tree import Tree, is_version_file
from action.repository import git
from action.repository.export import checkout_at
from checks.recording.absent import Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class GitBase:
    """Two commits that Git can read."""

    name: str
    now_sha: str
    fork_sha: str
    note: str | None = None
    root: Path
    """The checkout."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Environment variables that name another repository, where the checkout's own does not have the commits."""

    def files_now(self, tree: Tree) -> Files:
        """Return the tree's version files at ``now_sha``."""
        with _as_base_error():
            return files_at(tree, self.root, self.now_sha, self.env)

    def files_at_fork(self, tree: Tree) -> Files:
        """Return the tree's version files at ``fork_sha``."""
        with _as_base_error():
            return files_at(tree, self.root, self.fork_sha, self.env)

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files of ``fork_sha`` to a folder, which is created."""
        with _as_base_error():
            checkout_at(self.root, self.fork_sha, destination, [tree.workdir], self.env)

    def paths(self) -> frozenset[str]:
        """Return the paths of all files at ``fork_sha``."""
        with _as_base_error():
            return frozenset(git.listing(self.root, self.fork_sha, (".",), self.env))

    def read(self, path: str) -> bytes | None:
        """Return the content of a file at ``fork_sha``; None where it does not exist there."""
        with _as_base_error():
            return content_at(self.root, self.fork_sha, path, self.env)

    def files_in(self, folder: str) -> frozenset[str]:
        """Return the paths of the files that a folder, not its subfolders, has at ``fork_sha``."""
        with _as_base_error():
            return direct_files(self.root, self.fork_sha, folder, self.env)

    def differing(self, paths: Iterable[str]) -> frozenset[str]:
        """Return which of the paths have another content at ``fork_sha`` than in the working tree."""
        with _as_base_error():
            return differing_since(self.root, self.fork_sha, paths, self.env)


@contextlib.contextmanager
def _as_base_error() -> Iterator[None]:
    try:
        yield
    except git.GitError as error:
        raise BaseError(f"Git says: {error}") from error


def named(root: Path, name: str) -> Base | Absent:
    """Return the base that the user named, from the clone. Raises SettingsError when the clone has no such name."""
    try:
        found, sha = _resolved(root, name)
        fork = git.merge_base(root, sha, "HEAD")
        if fork is None:
            return Absent(reason=_no_merge_base(root, found))
    except git.GitError as error:
        raise _unreadable(name, error) from error
    return GitBase(name=found, now_sha=sha, fork_sha=fork, root=root)


def files_at(tree: Tree, root: Path, sha: str, env: Mapping[str, str] | None = None) -> Files:
    """Return the tree's version files at a commit; none where it does not exist there. Raises GitError."""
    folders = {
        location: location.relative_to(root).as_posix()
        for location in tree.version_locations
        if location.is_relative_to(root)
    }
    listed = git.listing(root, sha, tuple(folders.values()), env)
    names = {path: blob for path, blob in listed.items() if is_version_path(path, tree, root)}
    contents = git.blobs(root, tuple(names.values()), env)
    return {path: contents[blob] for path, blob in names.items()}


def is_version_path(path: str, tree: Tree, root: Path) -> bool:
    """Return whether Alembic would list a path, relative to the repository's root, as a version file of the tree."""
    places = [place.relative_to(root).as_posix() for place in tree.version_locations if place.is_relative_to(root)]
    return any(_is_version_of(path, folder, tree.recursive) for folder in places)


def _is_version_of(path: str, folder: str, recursive: bool) -> bool:
    prefix = "" if folder == "." else f"{folder}/"
    if not path.startswith(prefix):
        return False
    *folders, name = path.removeprefix(prefix).split("/")
    outside = folders and (not recursive or any(part.endswith("__pycache__") for part in folders))
    return not outside and is_version_file(name)


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
