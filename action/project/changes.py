"""What the checked-out revisions change against the base that they will be merged into."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from action.errors import SettingsError
from action.project import git
from action.project.checkout import checkout_at
from action.project.meaning import upgrade_meaning
from action.project.revisions import is_version_file, read_graph, working_files
from action.project.tree import Tree
from checks.graph import order
from checks.revisions import Changes, Graph

__all__ = ["checkout_at", "read_changes"]

Files = Mapping[str, bytes]
"""Version files: path relative to the repository's root, and content."""


def read_changes(tree: Tree, root: Path, base: str | None, graph: Graph) -> tuple[Changes | None, str | None]:
    """Return how the working tree differs from ``base``, or None and why that is not known.

    Uncommitted and untracked files count: what is checked is what lies there. Nothing is guessed: without a common
    commit there are no changes. Raises SettingsError when ``base`` cannot be read at all.
    """
    if base is None:
        return None, "No base was named, so every revision is taken as it stands."
    try:
        name, base_sha = _resolved(root, base)
        fork_sha = git.merge_base(root, base_sha, "HEAD")
        if fork_sha is None:
            return None, _no_merge_base(root, name)
        base_files, fork_files = _files_at(tree, root, base_sha), _files_at(tree, root, fork_sha)
    except git.GitError as error:
        raise _unreadable(base, error) from error
    return _changes(tree, root, graph, (name, base_sha, fork_sha), base_files, fork_files), None


def _changes(tree: Tree, root: Path, graph: Graph, named: tuple[str, str, str], base: Files, fork: Files) -> Changes:
    name, base_sha, fork_sha = named
    work = dict(working_files(tree, root))
    fork_graph = read_graph(fork.items())
    edited = _edited(graph, work, fork_graph, fork)
    known, present = {r.id for r in fork_graph.revisions}, {r.id for r in graph.revisions}
    return Changes(
        base=name,
        base_sha=base_sha,
        merge_base_sha=fork_sha,
        base_graph=read_graph(base.items()),
        fork_graph=fork_graph,
        merged_graph=read_graph(_merged(base, fork, work).items()),
        new=tuple(id_ for id_ in order(graph) if id_ not in known),
        removed=tuple(id_ for id_ in order(fork_graph) if id_ not in present),
        edited=edited,
        reworked=tuple(id_ for id_ in edited if _reworked(id_, graph, work, fork_graph, fork)),
    )


def _merged(base: Files, fork: Files, work: Files) -> Files:
    """Merge three ways by file: what the working tree left alone is the base's, what it touched is its own."""
    merged = {}
    for path in sorted({*base, *work}):
        side = base if _same(work.get(path), fork.get(path)) else work
        if path in side:
            merged[path] = side[path]
    return merged


def _edited(graph: Graph, work: Files, fork_graph: Graph, fork: Files) -> tuple[str, ...]:
    before = {revision.id: fork[revision.path] for revision in fork_graph.revisions}
    return tuple(
        revision.id
        for revision in graph.revisions
        if revision.id in before and not _same(before[revision.id], work.get(revision.path))
    )


def _reworked(id_: str, graph: Graph, work: Files, fork_graph: Graph, fork: Files) -> bool:
    now = next(revision.path for revision in graph.revisions if revision.id == id_)
    then = next(revision.path for revision in fork_graph.revisions if revision.id == id_)
    meant = upgrade_meaning(work[now])
    return meant is None or meant != upgrade_meaning(fork[then])


def _same(one: bytes | None, other: bytes | None) -> bool:
    """Tell whether two files are the same but for the line ends that a checkout may change."""
    if one is None or other is None:
        return one is other
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _resolved(root: Path, base: str) -> tuple[str, str]:
    """Return the ref as Git resolves it and its commit, or raise SettingsError."""
    for name in (base, f"origin/{base}"):
        sha = git.commit(root, name)
        if sha is not None:
            return name, sha
    shallow = " The clone is shallow: it holds only a part of the history." if git.is_shallow(root) else ""
    raise SettingsError(
        f"The base {base} cannot be found in the repository.",
        why=f"Git knows neither {base} nor origin/{base}.{shallow}",
        remedy=f"Fetch it (git fetch origin {base}; fetch-depth: 0 for actions/checkout), or name another --base.",
    )


def _no_merge_base(root: Path, name: str) -> str:
    if git.is_shallow(root):
        return (
            f"The history shared with {name} is not in this shallow clone: fetch it "
            "(git fetch --unshallow, or fetch-depth: 0 for actions/checkout)."
        )
    return f"HEAD and {name} have no commit in common: name the base that this branch started from."


def _unreadable(base: str, error: git.GitError) -> SettingsError:
    return SettingsError(
        f"The base {base} cannot be compared with.",
        why=f"Git says: {error}.",
        remedy="Run inside the Git repository of the project, with git installed, or leave --base out.",
    )


def _files_at(tree: Tree, root: Path, sha: str) -> Files:
    """Return the tree's version files at a commit; none where it does not exist there."""
    folders = {
        location: location.relative_to(root).as_posix()
        for location in tree.version_locations
        if location.is_relative_to(root)
    }
    listed = git.listing(root, sha, tuple(folders.values()))
    names = {
        path: blob
        for folder in folders.values()
        for path, blob in listed.items()
        if _is_version_of(path, folder, tree.recursive)
    }
    contents = git.blobs(root, tuple(names.values()))
    return {path: contents[blob] for path, blob in names.items()}


def _is_version_of(path: str, folder: str, recursive: bool) -> bool:
    """Tell whether Alembic lists a path as a version file of a version location."""
    prefix = "" if folder == "." else f"{folder}/"
    if not path.startswith(prefix):
        return False
    *folders, name = path.removeprefix(prefix).split("/")
    outside = folders and (not recursive or any(part.endswith("__pycache__") for part in folders))
    return not outside and is_version_file(name)
