"""Algorithms on a revision graph, which may have duplicate ids, cycles and missing parents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from checks.graph.cycle_search import find_cycles
from checks.graph.index import Links, index_of, reachable
from checks.graph.marks import named, passed_on
from checks.plural import joined
from checks.recording.revisions import Graph, Revision


class Unresolved(NamedTuple):
    """A name that no revision has."""

    revision: Revision
    name: str
    field: str
    """``down_revision`` or ``depends_on``."""


def by_id(graph: Graph) -> Mapping[str, Revision]:
    """Return the revisions by id; of a duplicated id, the one in the first file."""
    return index_of(graph).by_id


def names(graph: Graph) -> Mapping[str, str]:
    """Return every name that ``depends_on`` accepts, an id or a branch label, with the id of its revision.

    Alembic accepts no other (``alembic.script.revision.RevisionMap``): no abbreviated id, no ``label@head``, no
    ``heads``. ``down_revision`` takes ids alone.
    """
    return index_of(graph).names


def unresolved(graph: Graph) -> tuple[Unresolved, ...]:
    """Return the names in ``down_revision`` and ``depends_on`` that no revision of the graph has, in file order."""
    ids, named = by_id(graph), names(graph)
    return tuple(
        Unresolved(revision, name, field)
        for revision in graph.revisions
        for field, given, known in (
            ("down_revision", revision.down_revisions, ids.keys()),
            ("depends_on", revision.depends_on, named.keys()),
        )
        for name in given
        if name not in known
    )


def children(graph: Graph) -> Links:
    """Return, for each revision, those that name it as a down revision."""
    return index_of(graph).children


def followers_of(graph: Graph, revision_id: str) -> str:
    """Return the ids of those that name a revision as a down revision, joined by ``and``; empty where none does."""
    return joined([revision.id for revision in index_of(graph).followers.get(revision_id, ())])


def heads(graph: Graph) -> tuple[str, ...]:
    """Return the revisions that no other names as a down revision, as ``ScriptDirectory.get_heads()`` does.

    A revision that others only depend on is a head too; see ``effective_heads``.
    """
    return index_of(graph).heads


def effective_heads(graph: Graph) -> tuple[str, ...]:
    """Return the heads that no other revision depends on: the version table's rows after ``upgrade heads``."""
    return index_of(graph).effective_heads


def bases(graph: Graph) -> tuple[str, ...]:
    """Return the revisions that name no down revision at all."""
    rooted = {revision.id for revision in graph.revisions if revision.down_revisions}
    return tuple(dict.fromkeys(revision.id for revision in graph.revisions if revision.id not in rooted))


def ancestors(graph: Graph, *revision_ids: str, dependencies: bool = False) -> frozenset[str]:
    """Return the revisions before any of these; one of these only where it is before another, or in a cycle.

    With ``dependencies``, follow ``depends_on`` as well as ``down_revision``.
    """
    index = index_of(graph)
    return reachable(index.needs if dependencies else index.parents, revision_ids)


def descendants(graph: Graph, *revision_ids: str) -> frozenset[str]:
    """Return the revisions after any of these, through ``down_revision`` alone."""
    return reachable(index_of(graph).children, revision_ids)


def lineage(graph: Graph, *revision_ids: str) -> frozenset[str]:
    """Return revisions and their ancestors."""
    return ancestors(graph, *revision_ids).union(revision_ids)


def order(graph: Graph) -> tuple[str, ...]:
    """Return every id once: parents and dependencies first, otherwise in file order, cycles last."""
    return index_of(graph).order


def cycles(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """Return the cycles of down revisions and dependencies, each listed from child to parent; none overlap."""
    index = index_of(graph)
    done = set(index.acyclic)
    return find_cycles(index.needs, (id_ for id_ in index.needs if id_ not in done))


def branch_point(graph: Graph, one: str, other: str) -> str | None:
    """Return the newest revision that both have in common; None when they have separate bases."""
    return max(lineage(graph, one) & lineage(graph, other), key=index_of(graph).places.__getitem__, default=None)


def branch_labels(graph: Graph, ids: Iterable[str] | None = None) -> dict[str, frozenset[str]]:
    """Return the branch labels of revisions, or of all: their own and those they inherit.

    Every descendant inherits a label. So does every ancestor down to the next branch point or merge point, where
    there is none above either; a revision that others depend on counts as a branch point
    (``RevisionMap._add_branches``). Of what is in a cycle or after one, Alembic knows no labels: some are left out.
    """
    index = index_of(graph)
    labels = tuple(dict.fromkeys(label for revision in graph.revisions for label in revision.branch_labels))
    numbers, own = {label: number for number, label in enumerate(labels)}, dict[str, int]()
    for revision in graph.revisions if labels else ():
        for label in revision.branch_labels:
            own[revision.id] = own.get(revision.id, 0) | 1 << numbers[label]
    found = passed_on(index.parents, index.order, own)
    straight = {id_ for id_ in index.parents if len(index.parents[id_]) <= 1 and len(index.dependents[id_]) <= 1}
    for top in (id_ for id_ in index.heads if id_ in straight):
        for id_ in _lines_below(index.parents, straight, (top,)):
            found[id_] = found[top]
    chosen = tuple(found if ids is None else ids)
    sets = {bits: frozenset(named(labels, bits)) for bits in {found[id_] for id_ in chosen}}
    return {id_: sets[found[id_]] for id_ in chosen}


def lines_below(graph: Graph, revision_ids: Iterable[str]) -> set[str]:
    """Return revisions, each with its ancestors down to the next branch point or merge point, that one included."""
    index = index_of(graph)
    alone = {id_ for id_ in index.parents if len(index.children[id_]) <= 1}
    return _lines_below(index.parents, alone, revision_ids)


def _lines_below(below: Links, allowed: set[str], ids: Iterable[str]) -> set[str]:
    """Return revisions, each with those below it in one line, as far as they are allowed."""
    lines: set[str] = set()
    for id_ in ids:
        while id_ not in lines:
            lines.add(id_)
            if len(below[id_]) == 1 and below[id_][0] in allowed:
                id_ = below[id_][0]
    return lines
