"""Which revisions are judged one by one, by the checks of what a revision does, takes away and leaves when it stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.graph.algorithms import ancestors, names, order
from checks.recording.absent import Absent
from checks.recording.revisions import Changes, Graph
from checks.recording.tree import TreeRecording

SHORTEST = 4
"""Characters of the shortest revision id that Alembic finds by its beginning; a shorter one is written in full."""


def judged_revisions(
    graph: Graph, changes: Changes | Absent, *, start_after: Sequence[str], all_revisions: bool
) -> tuple[str, ...]:
    """Return the revisions to judge, in the order in which they are applied.

    They are the new ones; with ``all_revisions`` those of the base too; and where no base is known, all that come after
    ``start_after``. A revision of ``start_after``, and whatever runs before it, is never judged.
    """
    meant = [revisions_named(graph, name) for name in start_after]
    starts = {found[0] for found in meant if len(found) == 1}
    in_order = order(graph)
    if all_revisions or (isinstance(changes, Absent) and starts):
        candidates = set(in_order)
    else:
        candidates = set() if isinstance(changes, Absent) else set(changes.new)
    candidates -= starts | ancestors(graph, *starts, dependencies=True)
    return tuple(revision for revision in in_order if revision in candidates)


def to_judge(recording: TreeRecording) -> tuple[str, ...]:
    """Return the revisions that the checks of single revisions have to judge: those of this run, and every new one.

    One that is named by ``start-after``, and all before it, is not among them.
    """
    graph, changes, start_after = recording.graph, recording.changes, recording.start_after
    new = judged_revisions(graph, changes, start_after=start_after, all_revisions=False)
    return tuple(dict.fromkeys((*recording.judged, *new)))


def is_old(recording: TreeRecording, revision: str) -> bool:
    """Return whether the base has a revision already."""
    return not isinstance(recording.changes, Absent) and revision not in recording.changes.new


def revisions_named(graph: Graph, name: str) -> tuple[str, ...]:
    """Return the revisions that a name stands for, as Alembic does: an id, a branch label, or the beginning of either.

    Several where the beginning is not the only one, none where there is no such revision.
    """
    known = names(graph)
    if name in known:
        return (known[name],)
    begun = [full for full in known if name and len(full) >= SHORTEST and full.startswith(name)]
    return tuple(dict.fromkeys(known[full] for full in begun))


def unknown_starts(graphs: Iterable[Graph], start_after: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return each name that stands for no one revision, with the revisions that it could mean.

    A name that no graph has is left out where every graph has another: it then belongs to an Alembic config that this
    run leaves out. So is every name where a version file cannot be read: that file may have it.
    """
    graphs = tuple(graphs)
    if any(graph.unreadable for graph in graphs):
        return {}
    found = {name: [revisions_named(graph, name) for graph in graphs] for name in start_after}
    covered = all(any(len(found[name][at]) == 1 for name in start_after) for at in range(len(graphs)))
    wrong: dict[str, tuple[str, ...]] = {}
    for name, each in found.items():
        several = next((revisions for revisions in each if len(revisions) > 1), ())
        if several or not (covered or any(each)):
            wrong[name] = several
    return wrong
