"""Algorithms on a revision graph, which may have duplicate ids, cycles and missing parents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from checks.recording.revisions import Graph, Revision

Links = Mapping[str, tuple[str, ...]]
"""Revision id to the ids it is linked to; every id of the graph is a key, and only those are linked."""


class Unresolved(NamedTuple):
    """A name that no revision has."""

    revision: Revision
    name: str
    field: str
    """``down_revision`` or ``depends_on``."""


def by_id(graph: Graph) -> dict[str, Revision]:
    """Return the revisions by id; of a duplicated id, the one in the first file."""
    return {revision.id: revision for revision in reversed(graph.revisions)}


def parents(graph: Graph, *, dependencies: bool = False) -> Links:
    """Return each revision's down revisions that exist; with ``dependencies``, also the revisions it depends on.

    ``depends_on`` is a whole id or a branch label, as in ``alembic.script.revision.RevisionMap``.
    """
    links: dict[str, dict[str, None]] = {revision.id: {} for revision in graph.revisions}
    named = names(graph)
    for revision in graph.revisions:
        links[revision.id] |= {id_: None for id_ in revision.down_revisions if id_ in links}
        if dependencies:
            links[revision.id] |= {named[name]: None for name in revision.depends_on if name in named}
    return {id_: tuple(linked) for id_, linked in links.items()}


def names(graph: Graph) -> dict[str, str]:
    """Return every name that ``depends_on`` accepts, an id or a branch label, with the id of its revision.

    Alembic accepts no other: no abbreviated id, no ``label@head``, no ``heads``. ``down_revision`` takes ids alone.
    """
    labels = {label: revision.id for revision in graph.revisions for label in revision.branch_labels}
    return labels | {revision.id: revision.id for revision in graph.revisions}


def unresolved(graph: Graph) -> tuple[Unresolved, ...]:
    """Return the names in ``down_revision`` and ``depends_on`` that no revision of the graph has, in file order."""
    ids, named = {revision.id for revision in graph.revisions}, names(graph)
    return tuple(
        Unresolved(revision, name, field)
        for revision in graph.revisions
        for field, given, known in (
            ("down_revision", revision.down_revisions, ids),
            ("depends_on", revision.depends_on, named.keys()),
        )
        for name in given
        if name not in known
    )


def children(graph: Graph) -> Links:
    """Return, for each revision, those that name it as a down revision."""
    return _reversed(parents(graph))


def heads(graph: Graph) -> tuple[str, ...]:
    """Return the revisions that no other names as a down revision, as ``ScriptDirectory.get_heads()`` does.

    A revision that others only depend on is a head too; see ``effective_heads``.
    """
    above = children(graph)
    return tuple(id_ for id_ in above if not above[id_])


def effective_heads(graph: Graph) -> tuple[str, ...]:
    """Return the heads that no other revision depends on: the version table's rows after ``upgrade heads``."""
    above = _reversed(parents(graph, dependencies=True))
    return tuple(id_ for id_ in above if not above[id_])


def bases(graph: Graph) -> tuple[str, ...]:
    """Return the revisions that name no down revision at all."""
    rootless = {revision.id for revision in graph.revisions if revision.down_revisions}
    return tuple(id_ for id_ in _ids(graph) if id_ not in rootless)


def ancestors(graph: Graph, revision_id: str, *, dependencies: bool = False) -> frozenset[str]:
    """Return the revisions before a revision; itself only where it is in a cycle.

    With ``dependencies``, follow ``depends_on`` as well as ``down_revision``.
    """
    return _reachable(parents(graph, dependencies=dependencies), revision_id)


def descendants(graph: Graph, revision_id: str) -> frozenset[str]:
    """Return the revisions after a revision, through ``down_revision`` alone."""
    return _reachable(children(graph), revision_id)


def lineage(graph: Graph, revision_id: str) -> frozenset[str]:
    """Return a revision and its ancestors."""
    return ancestors(graph, revision_id) | {revision_id}


def order(graph: Graph) -> tuple[str, ...]:
    """Return every id once: parents and dependencies first, otherwise in file order, cycles last."""
    before = parents(graph, dependencies=True)
    ordered = _sorted(before)
    done = set(ordered)
    return (*ordered, *(id_ for id_ in before if id_ not in done))


def _sorted(before: Links) -> list[str]:
    """Return the ids in topological order, without cycles and the revisions after them."""
    after = _reversed(before)
    waiting = {id_: len(linked) for id_, linked in before.items()}
    ready = [id_ for id_ in reversed(waiting) if not waiting[id_]]
    ordered: list[str] = []
    while ready:
        ordered.append(ready.pop())
        for id_ in reversed(after[ordered[-1]]):
            waiting[id_] -= 1
            if not waiting[id_]:
                ready.append(id_)
    return ordered


def cycles(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """Return the cycles of down revisions and dependencies, each listed from child to parent; none overlap."""
    before = parents(graph, dependencies=True)
    left = before.keys() - set(_sorted(before))
    links = {id_: left & set(linked) for id_, linked in before.items() if id_ in left}
    found = []
    while _strip(links):
        path = [next(iter(links))]
        while path[-1] not in path[:-1]:
            path.append(min(links[path[-1]]))
        cycle = path[path.index(path[-1]) : -1]
        found.append(tuple(cycle))
        links = {id_: linked - set(cycle) for id_, linked in links.items() if id_ not in cycle}
    return tuple(found)


def branch_point(graph: Graph, one: str, other: str) -> str | None:
    """Return the newest revision that both have in common; None when they have separate bases."""
    common = lineage(graph, one) & lineage(graph, other)
    return next((id_ for id_ in reversed(order(graph)) if id_ in common), None)


def branch_labels(graph: Graph) -> dict[str, frozenset[str]]:
    """Return the branch labels of each revision, its own and those it inherits.

    Every descendant inherits a label. So does every ancestor down to the next branch point or merge point, where
    there is none above either; a revision that others depend on counts as a branch point
    (``RevisionMap._add_branches``).
    """
    below, above = parents(graph), children(graph)
    around = _reversed(parents(graph, dependencies=True))
    straight = {id_ for id_ in below if len(below[id_]) <= 1 and len(around[id_]) <= 1}
    found: dict[str, set[str]] = {id_: set() for id_ in below}
    for revision in graph.revisions:
        if revision.branch_labels:
            line = _reachable(above, revision.id) | {revision.id}
            for id_ in line | (_line_below(below, straight, revision.id) if line <= straight else set()):
                found[id_] |= set(revision.branch_labels)
    return {id_: frozenset(labels) for id_, labels in found.items()}


def line_below(graph: Graph, revision_id: str) -> set[str]:
    """Return a revision with its ancestors down to the next branch point or merge point, a merge point included."""
    below, above = parents(graph), children(graph)
    alone = {id_ for id_ in below if len(above[id_]) <= 1}
    return _line_below(below, alone, revision_id)


def _ids(graph: Graph) -> tuple[str, ...]:
    """Return every id once, in file order."""
    return tuple(dict.fromkeys(revision.id for revision in graph.revisions))


def _line_below(below: Links, allowed: set[str], id_: str) -> set[str]:
    """Return a revision and those below it in one line, as far as they are allowed."""
    line = {id_}
    while len(below[id_]) == 1 and below[id_][0] in allowed - line:
        id_ = below[id_][0]
        line.add(id_)
    return line


def _reversed(links: Links) -> Links:
    back: dict[str, list[str]] = {id_: [] for id_ in links}
    for id_, linked in links.items():
        for other in linked:
            back[other].append(id_)
    return {id_: tuple(linked) for id_, linked in back.items()}


def _reachable(links: Links, start: str) -> frozenset[str]:
    found: set[str] = set()
    waiting: list[Iterable[str]] = [links.get(start, ())]
    while waiting:
        for id_ in waiting.pop():
            if id_ not in found:
                found.add(id_)
                waiting.append(links[id_])
    return frozenset(found)


def _strip(links: dict[str, set[str]]) -> bool:
    """Delete, in place, every id that is neither in a cycle nor between two; return whether any id is left."""
    size = -1
    while size != len(links):
        size = len(links)
        linked = {other for others in links.values() for other in others}
        for id_ in [id_ for id_, others in links.items() if not others or id_ not in linked]:
            del links[id_]
        for id_ in links:
            links[id_] &= links.keys()
    return bool(links)
