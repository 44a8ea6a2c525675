"""Which of several trees a change touches: those that use a file which differs from the base."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from action.base.interface import Base, BaseError
from action.project.alembic_tree import Tree
from action.project.tree_files import NamedBySettings, TreeFiles
from action.repository import git
from checks.recording.untouched import Untouched

_SUBMODULES = ".gitmodules"


def untouched(
    trees: Sequence[Tree], every: Sequence[Tree], root: Path, base: Base, settings: NamedBySettings
) -> dict[str, Untouched]:
    """Return those of the trees, by path, that use no file which differs from the base.

    ``every`` has all trees of the project, of which ``trees`` are those of this run. A tree of which it cannot be said
    what it uses is not among them.
    """
    try:
        files, links = _work(root)
        links |= frozenset(base.fork.links())
        names = frozenset((*base.fork.names(), *files, *links))
        if _SUBMODULES in names:
            return {}  # the commit of a submodule is no file that could be compared
        uses = TreeFiles(every, root, names, settings)
        used = {tree.path: found for tree in trees if (found := uses.of(tree)) is not None and found.isdisjoint(links)}
        differing = base.differing(frozenset[str]().union(*used.values()))
    except (git.GitError, BaseError):
        return {}
    return {path: Untouched(files=len(found)) for path, found in used.items() if found.isdisjoint(differing)}


def reached_by(trees: Sequence[Tree], every: Sequence[Tree], root: Path, settings: NamedBySettings) -> frozenset[str]:
    """Return the files of the working tree that the trees use, as far as that can be said."""
    try:
        names, _ = _work(root)
    except git.GitError:
        return frozenset()
    uses = TreeFiles(every, root, names, settings)
    return frozenset(name for tree in trees for name in uses.of(tree) or ())


def _work(root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the paths that Git knows or does not ignore, and those of them that are links. Raises GitError."""
    known = git.git(root, "ls-files", "-z", "--stage")
    others = git.git(root, "ls-files", "-z", "--others", "--exclude-standard")
    entries = [entry.partition(b"\t") for entry in known.split(b"\0") if entry]
    names = [os.fsdecode(path) for _, _, path in entries]
    links = {os.fsdecode(path) for about, _, path in entries if not about.startswith(b"100")}
    found = [os.fsdecode(path) for path in others.split(b"\0") if path]
    links |= {name for name in found if (root / name).is_symlink()}
    return frozenset((*names, *found)), frozenset(links)
