"""Lists the trees of a project: for people, or as the matrix of a workflow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from action.commands.progress import Progress
from action.commands.read_trees import Reading, World
from action.project.discovery import find_project, repository_root
from action.reports import escape
from action.settings import Settings
from action.settings.matrix import ListAs
from action.supervisor.run_folder import remove_scratch
from action.supervisor.signals import CleanUp
from checks.plural import plural
from checks.recording.absent import Absent

MOST_JOBS = 256
"""Jobs that GitHub makes of one matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTree:
    """A tree as a list names it."""

    path: str
    revisions: int
    new: int | None
    """Revisions that the base does not have; None without a base."""
    touched: bool
    """Whether its migrations run in a check of this change."""


def list_trees(settings: Settings, progress: Progress, world: World) -> tuple[ListedTree, ...]:
    """Return the trees of the project, and whether the change touches each; nothing of the project runs."""
    with CleanUp() as stack:
        stack.callback(remove_scratch)
        with progress.phase("finding the project"):
            found = find_project(settings.path, settings.tree)
        reading = Reading(settings, progress, world, repository_root(settings.path), stack)
        compares = reading.may_leave_alone(found)
        read = reading.read_with_touch(found) if compares else reading.read(found.trees)
        return tuple(
            ListedTree(
                path=one.tree.path,
                revisions=len(one.recording.graph.revisions),
                new=None if isinstance(one.recording.changes, Absent) else len(one.recording.changes.new),
                touched=not one.is_left_alone,
            )
            for one in read
        )


def matrix(trees: Sequence[ListedTree], entries: ListAs) -> dict[str, list[dict[str, Any]]]:
    """Return the trees as a matrix: each entry has the value of ``tree``, a name for people, and whether it is touched.

    Trees that share an entry stand on a line each, as the input takes them; those beyond GitHub's limit do, too.
    """
    touched = [tree for tree in trees if tree.touched]
    alone = trees if entries is ListAs.ALL else touched
    rest = [tree for tree in trees if not tree.touched] if entries is ListAs.TOGETHER else []
    jobs = MOST_JOBS - bool(rest)
    groups = [[*alone[number::jobs]] for number in range(min(jobs, len(alone)))]
    found = [_entry(group, group[0].path if len(group) == 1 else plural(len(group), "config")) for group in groups]
    if rest:
        found.append(_entry(rest, f"{len(rest)} unchanged" if len(rest) > 1 else rest[0].path))
    return {"include": found}


def _entry(trees: Sequence[ListedTree], name: str) -> dict[str, Any]:
    value = "\n".join(tree.path for tree in trees)
    return {"tree": value, "name": name, "touched": any(tree.touched for tree in trees)}


def as_json(document: dict[str, list[dict[str, Any]]]) -> str:
    """Return a matrix on one line, as the output of a step has to be."""
    return json.dumps(document)


def for_people(trees: Sequence[ListedTree], entries: ListAs) -> str:
    """Return a line for each tree."""
    shown = [tree for tree in trees if tree.touched or entries is not ListAs.TOUCHED]
    width = max((len(tree.path) for tree in shown), default=0)
    lines = [f"{escape.line(tree.path):<{width}}  {_about(tree)}" for tree in shown]
    return "\n".join(lines) if lines else "The change touches no Alembic config."


def _about(tree: ListedTree) -> str:
    parts = [plural(tree.revisions, "revision")]
    if tree.new is not None:
        parts += [f"{tree.new or 'none'} new", "touched" if tree.touched else "not touched"]
    return ", ".join(parts)
