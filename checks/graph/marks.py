"""Pass marks along the links of a graph, all in one walk: which of many ids lie before or after each one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checks.graph.index import Links, reachable, topological


class Marks:
    """For each id, which marked ids its links lead to; a set is the bits of a number, which costs little to unite."""

    def __init__(self, links: Links, marked: Iterable[str]) -> None:
        self._links = links
        self.marked: Sequence[str] = tuple(dict.fromkeys(marked))
        self._bits = {id_: 1 << number for number, id_ in enumerate(self.marked)}
        self._found: dict[str, int] = {}
        for id_ in topological(links):
            found = 0
            for other in links[id_]:
                found |= self._found[other] | self._bits.get(other, 0)
            self._found[id_] = found

    def of(self, id_: str) -> int:
        """Return what an id leads to, as bits; of itself only where a link leads back to it."""
        if id_ not in self._found:  # in a cycle, or linked to one
            self._found[id_] = self.bits(reachable(self._links, (id_,)))
        return self._found[id_]

    def bits(self, ids: Iterable[str]) -> int:
        """Return marked ids as bits; others are left out."""
        found = 0
        for id_ in ids:
            found |= self._bits.get(id_, 0)
        return found

    def named(self, bits: int) -> Iterator[str]:
        """Yield the ids of bits, in the order in which they were marked."""
        return named(self.marked, bits)


def named(names: Sequence[str], bits: int) -> Iterator[str]:
    """Yield the names of bits, the first of which is the lowest."""
    digits = bin(bits)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield names[at]
        at = digits.find("1", at + 1)


def passed_on(links: Links, order: Iterable[str], own: Mapping[str, int]) -> dict[str, int]:
    """Return the bits of each id with those of all that its links lead to; ``order`` has the latter first."""
    found: dict[str, int] = {}
    for id_ in order:
        bits = own.get(id_, 0)
        for other in links[id_]:
            bits |= found.get(other, 0)
        found[id_] = bits
    return found
