"""Comparing a branch with its base, as the program does."""

from __future__ import annotations

from action.base.locate import locate
from action.project.discovery import find_trees, repository_root
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph
from tests.repositories import Repository


def read(project: Repository, base: str | None = "main", folder: str = "") -> tuple[Changes | None, str | None]:
    root = repository_root(project.root)
    (tree,) = find_trees(project.root / folder)
    with locate(root, None, name=base) as found:
        changes = read_changes(tree, root, found, read_tree_graph(tree, root))
    return (None, changes.reason) if isinstance(changes, Absent) else (changes, None)


def changes(project: Repository, base: str = "main") -> Changes:
    found, missing = read(project, base)
    assert found is not None
    assert missing is None
    return found


def ids(graph: Graph) -> list[str]:
    return sorted(revision.id for revision in graph.revisions)


def move_main(project: Repository, *lines: str, remove: tuple[str, ...] = ()) -> None:
    """Commit to main what others merged meanwhile, and go back to ``work`` with its uncommitted files."""
    project.git("checkout", "--quiet", "main")
    project.revisions(*lines)
    project.remove(*remove)
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message=x")
    project.git("checkout", "--quiet", "work")
