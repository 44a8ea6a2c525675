"""Find the cycles of a revision graph."""

from __future__ import annotations

from collections.abc import Iterable

from checks.graph.index import Links, reverse


def find_cycles(links: Links, left: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return cycles among the ids in ``left``, each as the links lead; none overlap.

    A walk starts at the first id, takes the least of its links, and so on until it meets itself. What it found is taken
    out, with all that is then in no cycle nor between two, and the walk goes on from what is left of it.
    """
    search = _Knot(links, left)
    found: list[tuple[str, ...]] = []
    path: list[str] = []
    places: dict[str, int] = {}
    for start in search.ids:
        while start in search.alive:
            step = search.least(path[-1]) if path else start
            if step not in places:
                places[step] = len(path)
                path.append(step)
                continue
            cycle = tuple(path[places[step] :])
            found.append(cycle)
            _cut(path, places, search.take_out(cycle))
    return tuple(found)


def _cut(path: list[str], places: dict[str, int], dead: Iterable[str]) -> None:
    """Shorten a path, in place, to what comes before the first id that was taken out."""
    first = min(places[id_] for id_ in dead if id_ in places)
    for id_ in path[first:]:
        del places[id_]
    del path[first:]


class _Knot:
    """The ids that are in a cycle or between two, with their links to each other."""

    def __init__(self, links: Links, left: Iterable[str]) -> None:
        self.ids = tuple(left)
        self.alive = set(self.ids)
        self._links = {id_: sorted(other for other in links[id_] if other in self.alive) for id_ in self.ids}
        self._back = reverse({id_: tuple(linked) for id_, linked in self._links.items()})
        self._out = {id_: len(linked) for id_, linked in self._links.items()}
        self._in = {id_: len(linked) for id_, linked in self._back.items()}
        self._tried = dict.fromkeys(self.ids, 0)
        self._strip([id_ for id_ in self.ids if not (self._out[id_] and self._in[id_])])

    def least(self, id_: str) -> str:
        """Return the least id that an id is linked to."""
        linked = self._links[id_]
        while linked[self._tried[id_]] not in self.alive:
            self._tried[id_] += 1
        return linked[self._tried[id_]]

    def take_out(self, ids: Iterable[str]) -> list[str]:
        """Take out ids, and all that is then in no cycle nor between two; return what was taken out."""
        return self._strip(list(ids))

    def _strip(self, waiting: list[str]) -> list[str]:
        taken = []
        while waiting:
            id_ = waiting.pop()
            if id_ not in self.alive:
                continue
            self.alive.discard(id_)
            taken.append(id_)
            for other in self._links[id_]:
                self._in[other] -= 1
                if not self._in[other]:
                    waiting.append(other)
            for other in self._back[id_]:
                self._out[other] -= 1
                if not self._out[other]:
                    waiting.append(other)
        return taken
