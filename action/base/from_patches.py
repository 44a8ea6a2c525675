"""A base that Git cannot fetch: rebuilt from the checked-out files and GitHub's patches of the pull request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from action.base.differences import differing_since
from action.base.from_git import as_base_error
from action.base.interface import BaseError, ChangedFile, Files
from action.base.patches import PatchError, reverted
from action.project.alembic_tree import Tree
from action.repository import git
from action.repository.export import checkout_at
from action.repository.inside import is_inside, read_inside
from action.sandbox.looking import is_file


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
    def fetched(self) -> str:
        """Return the branch that the pull request is merged into."""
        return self.name

    @property
    def now_sha(self) -> str:
        """Return the same commit: no later one is known."""
        return self.fork_sha

    @property
    def now(self) -> RebuiltBase:
        """Return the same files: no later ones are known."""
        return self

    @property
    def fork(self) -> RebuiltBase:
        """Return the files without the pull request's changes: itself."""
        return self

    def names(self) -> Collection[str]:
        """Return the path of every file without the pull request's changes."""
        with as_base_error():
            names = set(git.listing(self.root, self.head_sha, (".",)))
        names -= {file.path for file in self.changed if file.status in ("added", "copied", "renamed")}
        names |= {file.path for file in self.changed if file.status == "removed"}
        return names | {file.previous_path for file in self.changed if file.status == "renamed" and file.previous_path}

    def links(self) -> Collection[str]:
        """Return the path of every link and submodule; of what the pull request removes, GitHub does not say the kind.

        So those paths are among them.
        """
        with as_base_error():
            kept = git.links(self.root, self.head_sha)
        return {*kept, *(file.path for file in self.changed if file.status == "removed")}

    def read(self, below: Sequence[str], wanted: Callable[[str], bool]) -> Files:
        """Return the files whose path is wanted, without the pull request's changes."""
        moved_out = [file.path for file in self.changed if wanted(file.previous_path or "") and not wanted(file.path)]
        with as_base_error():
            listed = git.listing(self.root, self.head_sha, (*below, *moved_out))
            found = {path: blob for path, blob in listed.items() if wanted(path) or path in moved_out}
            contents = git.blobs(self.root, tuple(found.values()))
        return rebuilt({path: contents[blob] for path, blob in found.items()}, self.changed, wanted)

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files without the pull request's changes to a folder, which is created."""
        with as_base_error():
            checkout_at(self.root, self.head_sha, destination, [tree.workdir])
        names = {name for file in self.changed for name in (file.path, file.previous_path) if name is not None}
        paths = {name: destination / name for name in sorted(names)}
        there = {name: path for name, path in paths.items() if is_file(path) and not path.is_symlink()}
        # The pull request may have replaced a folder by a link that leads out of the export.
        if not all(is_inside(path, destination) for path in paths.values()):
            raise BaseError("the pull request changes files behind symbolic links")
        before = rebuilt(
            {name: read_inside(path, destination) for name, path in there.items()}, self.changed, lambda name: True
        )
        for name in there.keys() - before.keys():
            paths[name].unlink()
        for name, content in before.items():
            paths[name].parent.mkdir(parents=True, exist_ok=True)
            paths[name].write_bytes(content)

    def differing(self, paths: Iterable[str]) -> frozenset[str]:
        """Return which of the paths the pull request changes, or somebody changed in the working tree."""
        wanted = frozenset(paths)
        with as_base_error():
            uncommitted = differing_since(self.root, self.head_sha, wanted)
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
