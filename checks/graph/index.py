"""The links of a revision graph, worked out once: every question about the graph is answered from them."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from operator import attrgetter

from checks.recording.revisions import Graph, Revision

Links = Mapping[str, tuple[str, ...]]
"""Revision id to the ids it is linked to; every id of the graph is a key, and only those are linked."""


class Index:
    """The revisions of one graph by their ids and names, and who comes before whom."""

    def __init__(self, revisions: tuple[Revision, ...]) -> None:
        self._revisions = revisions

    @cached_property
    def by_id(self) -> Mapping[str, Revision]:
        """Return the revisions by id; of a duplicated id, the one in the first file."""
        found: dict[str, Revision] = {}
        for revision in self._revisions:
            found.setdefault(revision.id, revision)
        return found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return every name that ``depends_on`` accepts, an id or a branch label, with the id of its revision."""
        labels = {label: revision.id for revision in self._revisions for label in revision.branch_labels}
        return labels | {revision.id: revision.id for revision in self._revisions}

    @cached_property
    def parents(self) -> Links:
        """Return each revision's down revisions that exist."""
        links: dict[str, dict[str, None]] = {revision.id: {} for revision in self._revisions}
        for revision in self._revisions:
            links[revision.id].update((id_, None) for id_ in revision.down_revisions if id_ in links)
        return {id_: tuple(linked) for id_, linked in links.items()}

    @cached_property
    def needs(self) -> Links:
        """Return each revision's down revisions and the revisions that it depends on, as far as they exist."""
        named = self.names
        more: dict[str, dict[str, None]] = {}
        for revision in self._revisions:
            found = [named[name] for name in revision.depends_on if name in named]
            if found:
                more.setdefault(revision.id, dict.fromkeys(self.parents[revision.id])).update(dict.fromkeys(found))
        if not more:
            return self.parents
        return {id_: tuple(more.get(id_, linked)) for id_, linked in self.parents.items()}

    @cached_property
    def children(self) -> Links:
        """Return, for each revision, those that name it as a down revision."""
        return reverse(self.parents)

    @cached_property
    def dependents(self) -> Links:
        """Return, for each revision, those that name it as a down revision or depend on it."""
        return self.children if self.needs is self.parents else reverse(self.needs)

    @cached_property
    def followers(self) -> Mapping[str, tuple[Revision, ...]]:
        """Return, for each name in ``down_revision``, the files that have it there; the name may be a missing one."""
        return _naming(self._revisions, attrgetter("down_revisions"))

    @cached_property
    def depending(self) -> Mapping[str, tuple[Revision, ...]]:
        """Return, for each name in ``depends_on``, the files that have it there."""
        return _naming(self._revisions, attrgetter("depends_on"))

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Return the revisions that no other names as a down revision."""
        return tuple(id_ for id_, above in self.children.items() if not above)

    @cached_property
    def effective_heads(self) -> tuple[str, ...]:
        """Return the heads that no other revision depends on."""
        return tuple(id_ for id_, above in self.dependents.items() if not above)

    @cached_property
    def acyclic(self) -> tuple[str, ...]:
        """Return what is neither in a cycle nor after one, parents and dependencies first."""
        return tuple(topological(self.needs))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Return every id once: parents and dependencies first, otherwise in file order, cycles last.

        After a cycle that a dependency closes, parents still come first.
        """
        done = set(self.acyclic)
        if len(done) == len(self.needs):
            return self.acyclic
        left = {
            id_: tuple(p for p in linked if p not in done) for id_, linked in self.parents.items() if id_ not in done
        }
        rest = topological(left)
        done.update(rest)
        return (*self.acyclic, *rest, *(id_ for id_ in left if id_ not in done))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the place of each id in ``order``."""
        return {id_: place for place, id_ in enumerate(self.order)}

    def in_order(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return ids of the graph, sorted as ``order`` is."""
        return tuple(sorted(ids, key=self.places.__getitem__))


def _naming(
    revisions: Iterable[Revision], names: Callable[[Revision], tuple[str, ...]]
) -> Mapping[str, tuple[Revision, ...]]:
    found: dict[str, list[Revision]] = {}
    for revision in revisions:
        for name in dict.fromkeys(names(revision)):
            found.setdefault(name, []).append(revision)
    return {name: tuple(naming) for name, naming in found.items()}


_KNOWN: dict[int, tuple[weakref.ref[Graph], Index]] = {}
"""By the identity of a graph: to compare or hash its values costs as much as to index it. Gone with the graph."""


def index_of(graph: Graph) -> Index:
    """Return the index of a graph, which is made when it is first asked for and lives as long as the graph."""
    key = id(graph)
    known = _KNOWN.get(key)
    if known is not None and known[0]() is graph:
        return known[1]
    made = Index(graph.revisions)
    _KNOWN[key] = (weakref.ref(graph, lambda _: _KNOWN.pop(key, None)), made)
    return made


def reverse(links: Links) -> Links:
    """Return the links in the other direction."""
    back: dict[str, list[str]] = {id_: [] for id_ in links}
    for id_, linked in links.items():
        for other in linked:
            back[other].append(id_)
    return {id_: tuple(linked) for id_, linked in back.items()}


def topological(before: Links) -> list[str]:
    """Return the ids, those before an id first, without cycles and what comes after them."""
    after = reverse(before)
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


def reachable(links: Links, starts: Iterable[str]) -> frozenset[str]:
    """Return what the links lead to from any of the ids; these only where a link leads back to them."""
    found: set[str] = set()
    waiting: list[Iterable[str]] = [links.get(start, ()) for start in starts]
    while waiting:
        for id_ in waiting.pop():
            if id_ not in found:
                found.add(id_)
                waiting.append(links[id_])
    return frozenset(found)
