"""The part of a revision graph above the newest revision that some heads all have in common."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from functools import cached_property

from checks.graph.index import Index


class Region:
    """The revisions that some heads are based on, down to where they meet; below that, all heads have all in common.

    The heads are bits, the first of them the lowest. None may be based on another, and none may follow a cycle.
    """

    def __init__(self, index: Index, heads: Sequence[str]) -> None:
        self.heads = tuple(heads)
        self._index = index
        self.masks = self._walked()
        """Each revision with the heads that are based on it, the newest first."""

    def _walked(self) -> dict[str, int]:
        places, parents, whole = self._index.places, self._index.parents, (1 << len(self.heads)) - 1
        masks = {head: 1 << number for number, head in enumerate(self.heads)}
        waiting = [(-places[head], head) for head in self.heads]
        heapq.heapify(waiting)
        partial = len(waiting) if len(self.heads) > 1 else 0
        walked: dict[str, int] = {}
        while waiting and (partial or not walked or walked[next(reversed(walked))] != whole):
            _, id_ = heapq.heappop(waiting)
            mask = walked[id_] = masks[id_]
            partial -= mask != whole
            for parent in parents[id_]:
                if parent not in masks:
                    heapq.heappush(waiting, (-places[parent], parent))
                    partial += mask != whole
                elif masks[parent] != whole and masks[parent] | mask == whole:
                    partial -= 1
                masks[parent] = masks.get(parent, 0) | mask
        return walked

    def bit(self, head: str) -> int:
        """Return the bit of a head."""
        return self._bits[head]

    @cached_property
    def _bits(self) -> Mapping[str, int]:
        return {head: 1 << number for number, head in enumerate(self.heads)}

    @cached_property
    def starts(self) -> Mapping[str, str]:
        """Return, for each head, the first revision that no other head is based on."""
        alone = {mask: id_ for id_, mask in self.masks.items() if mask.bit_count() == 1}
        return {head: alone[bit] for head, bit in self._bits.items()}

    def meeting(self, one: str, other: str) -> str | None:
        """Return the newest revision that both heads are based on; None where they have separate bases."""
        both = self.bit(one) | self.bit(other)
        return next((id_ for id_, mask in self.masks.items() if mask & both == both), None)

    def above(self, heads: int, others: int) -> tuple[str, ...]:
        """Return what any of ``heads``, given as bits, and none of ``others`` is based on, parents first."""
        return tuple(id_ for id_, mask in reversed(self.masks.items()) if mask & heads and not mask & others)
