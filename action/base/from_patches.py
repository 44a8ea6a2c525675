"""A base that Git cannot fetch: rebuilt from the checked-out files and GitHub's patches of the pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.base.differences import content_at, differing_since, direct_files
from action.base.from_git import files_at, is_version_path
from action.base.interface import BaseError, ChangedFile, Files
from action.base.patches import PatchError, reverted
from action.project.alembic_tree import Tree
from action.repository import git
from action.repository.export import checkout_at
from action.repository.inside import is_inside


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuiltBase:
    """The base as it was when the pull request started, or was last merged with it; later commits are not known."""

    name: str
    fork_sha: str
    note: str | None
    root: Path
    head_sha: str
    """The checked-out commit; uncommitted files are not part of the base."""
    changed: Sequence[ChangedFile]

    @property
    def now_sha(self) -> str:
        """Return the same commit: no later one is known."""
        return self.fork_sha

    def files_now(self, tree: Tree) -> Files:
        """Return the same files: no later ones are known."""
        return self.files_at_fork(tree)

    def files_at_fork(self, tree: Tree) -> Files:
        """Return the tree's version files without the pull request's changes."""

        def counts(path: str) -> bool:
            return is_version_path(path, tree, self.root)

        moved_out = [file.path for file in self.changed if counts(file.previous_path or "") and not counts(file.path)]
        try:
            listed = git.listing(self.root, self.head_sha, moved_out)
            contents = git.blobs(self.root, tuple(listed.values()))
            files = files_at(tree, self.root, self.head_sha)
        except git.GitError as error:
            raise BaseError(f"Git says: {error}") from error
        return rebuilt({**files, **{path: contents[blob] for path, blob in listed.items()}}, self.changed, counts)

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files without the pull request's changes to a folder, which is created."""
        try:
            checkout_at(self.root, self.head_sha, destination, [tree.workdir])
        except git.GitError as error:
            raise BaseError(f"Git says: {error}") from error
        names = {name for file in self.changed for name in (file.path, file.previous_path) if name is not None}
        paths = {name: destination / name for name in sorted(names)}
        there = {name: path for name, path in paths.items() if path.is_file() and not path.is_symlink()}
        # The pull request may have replaced a folder by a link that leads out of the export.
        if not all(is_inside(path, destination) for path in paths.values()):
            raise BaseError("the pull request changes files behind symbolic links")
        before = rebuilt({name: path.read_bytes() for name, path in there.items()}, self.changed, lambda name: True)
        for name in there.keys() - before.keys():
            paths[name].unlink()
        for name, content in before.items():
            paths[name].parent.mkdir(parents=True, exist_ok=True)
            paths[name].write_bytes(content)

    def paths(self) -> frozenset[str]:
        """Return the paths of all files before the change."""
        try:
            listed = git.listing(self.root, self.head_sha, (".",))
        except git.GitError as error:
            raise BaseError(f"Git says: {error}") from error
        added = {file.path for file in self.changed if file.status in ("added", "copied", "renamed")}
        gone = {file.previous_path for file in self.changed if file.status == "renamed"}
        gone |= {file.path for file in self.changed if file.status == "removed"}
        return frozenset(listed) - added | {path for path in gone if path is not None}

    def read(self, path: str) -> bytes | None:
        """Return the content of a file before the change; None where it did not exist."""
        now = next((file.path for file in self.changed if file.previous_path == path), path)
        names = tuple({path, now})
        try:
            contents = {name: content_at(self.root, self.head_sha, name) for name in names}
        except git.GitError as error:
            raise BaseError(f"Git says: {error}") from error
        here = {name: content for name, content in contents.items() if content is not None}
        return rebuilt(here, self.changed, lambda name: name in names).get(path)

    def files_in(self, folder: str) -> frozenset[str]:
        """Return the paths of the files that a folder, not its subfolders, has or had before the change."""
        listed = {name for file in self.changed for name in (file.path, file.previous_path) if name is not None}
        try:
            known = direct_files(self.root, self.head_sha, folder)
        except git.GitError as error:
            raise BaseError(f"Git says: {error}") from error
        return known | {name for name in listed if name.rpartition("/")[0] == folder}

    def differing(self, paths: Iterable[str]) -> frozenset[str]:
        """Return which of the paths the pull request changes, or somebody changed in the working tree."""
        wanted = frozenset(paths)
        try:
            uncommitted = differing_since(self.root, self.head_sha, wanted)
        except git.GitError as error:
            raise BaseError(f"Git says: {error}") from error
        listed = (name for file in self.changed for name in _changed_names(file))
        return uncommitted | wanted.intersection(listed)


def rebuilt(files: Files, changed: Iterable[ChangedFile], counts: Callable[[str], bool]) -> Files:
    """Return the files before the change, of the paths for which ``counts`` is true. Raises BaseError."""
    relevant = [file for file in changed if counts(file.path) or counts(file.previous_path or file.path)]
    before = {path: content for path, content in files.items() if path not in {file.path for file in relevant}}
    for file in relevant:
        if counts(file.path) and (file.path in files) is (file.status == "removed"):
            raise BaseError(f"GitHub's list does not match the checked-out {file.path}")
        was = file.previous_path if file.status == "renamed" else file.path
        if file.status not in ("added", "copied") and was is not None and counts(was):
            before[was] = _before(files.get(file.path, b""), file)
    return before


def _changed_names(file: ChangedFile) -> tuple[str | None, ...]:
    """Return the paths where the content was another one, or none, before the change."""
    if file.status == "renamed":
        return (file.path, file.previous_path)
    return () if _keeps_content(file) else (file.path,)


def _keeps_content(file: ChangedFile) -> bool:
    return file.patch is None and not file.changes and file.status in ("renamed", "changed", "unchanged")


def _before(content: bytes, file: ChangedFile) -> bytes:
    if _keeps_content(file):
        return content
    if file.patch is None:
        raise BaseError(f"GitHub shows no patch of {file.path}")
    try:
        return reverted(content, file.patch, file.changes)
    except PatchError as error:
        raise BaseError(f"the change of {file.path} cannot be undone: {error}") from error
