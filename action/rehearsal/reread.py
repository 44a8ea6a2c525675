"""Reads the revisions again where Alembic itself uses other files, or finds other values in them, than were read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from action.base.interface import Base
from action.project.alembic_tree import Tree
from action.project.folders import relative
from action.session.event_parts import RevisionLoaded
from action.session.events import EnvironmentFound
from action.version_files.as_loaded import RevisionUsed, corrections_of, is_as_loaded
from action.version_files.changes import read_changes
from action.version_files.reading import read_tree_graph, working_files
from checks.recording.tree import TreeRecording


def as_alembic_uses(tree: Tree, root: Path, found: EnvironmentFound) -> Tree:
    """Return the tree with the version locations that Alembic used; the same tree where they are as configured."""
    folders = tuple(_below(Path(folder), root) for folder in found.version_locations)
    if _real(folders) == _real(tree.version_locations) and found.recursive == tree.recursive:
        return tree
    return replace(tree, version_locations=folders, recursive=found.recursive)


def reread(
    recording: TreeRecording, tree: Tree, used: Tree, root: Path, base: Base | None, found: EnvironmentFound
) -> TreeRecording:
    """Return the recording with the revisions that Alembic has: the one given where those were read from ``tree``.

    ``used`` is the tree with the version locations that Alembic used.
    """
    loaded = [_loaded(one) for one in found.revisions]
    if used is tree and is_as_loaded(recording.graph, loaded):
        return recording
    corrections = corrections_of(used, root, loaded)
    graph = corrections.applied(read_tree_graph(used, root), dict(working_files(used, root)))
    graph = corrections.completed(graph)
    changes = recording.changes
    return replace(
        recording,
        version_locations=tuple(relative(folder, root) for folder in used.version_locations),
        graph=graph,
        changes=changes if base is None else read_changes(used, root, base, graph, corrections),
    )


def _below(folder: Path, root: Path) -> Path:
    """Return a folder as a path below ``root`` where it lies there, whatever links led to it."""
    inside = os.path.relpath(os.path.realpath(folder), os.path.realpath(root))
    return folder if folder.is_relative_to(root) or inside.startswith(os.pardir) else root / inside


def _real(folders: Sequence[Path]) -> set[str]:
    return {os.path.realpath(folder) for folder in folders}


def _loaded(found: RevisionLoaded) -> RevisionUsed:
    return RevisionUsed(
        id=found.revision,
        path=found.path,
        down_revisions=found.down_revisions,
        depends_on=found.depends_on,
        branch_labels=found.branch_labels,
    )
