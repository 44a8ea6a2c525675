"""Find the heads that ``alembic upgrade head`` does not accept, and how to join them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from checks.graph.algorithms import branch_labels, heads
from checks.graph.index import Index, index_of
from checks.graph.marks import Marks
from checks.graph.merged import MergedGraph, created
from checks.graph.region import Region
from checks.graph.second_histories import second_starts
from checks.policy import Policy
from checks.recording.revisions import Revision

MOST = 10
"""Most extra heads of one branch that are each explained; of more, the heads are only named."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """A head, and the older head that it conflicts with."""

    first: str
    """The older head."""
    extra: str
    """The newer head, which is one too many."""
    heads: tuple[str, ...]
    """All heads that conflict with each other, these two included."""
    start: str | None
    """The branch point; None when the two have separate bases."""
    old: bool
    """Whether the base already has this split."""
    chain: tuple[str, ...]
    """The extra head and those of its ancestors that ``first`` does not have, parents first."""
    movable: Revision | None
    """The start of the chain, where its parent can become ``target``; None where only a merge revision helps."""
    target: str
    """The head that the chain can follow."""
    because: str
    """Why ``first`` is the older head: a sentence, or empty."""


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """More extra heads than anybody wants to read about one by one."""

    first: str
    """The head that came first."""
    extras: tuple[str, ...]
    """The heads that are too many, the oldest first."""
    heads: tuple[str, ...]
    """All heads that conflict with each other, these included."""
    old: bool
    """Whether the base already has these heads."""


def splits(merged: MergedGraph, policy: Policy) -> Iterator[Split]:
    """Yield a split for every extra head, but for those of a crowd.

    Left out are heads with different labels, heads of a history that starts with ``depends_on``, heads that
    ``allow-heads`` lists, and heads that another rule explains: those after a missing parent, a cycle, a duplicated
    id or the start of a second history.
    """
    yield from (found for found in conflicts(merged, policy) if isinstance(found, Split))


def conflicts(merged: MergedGraph, policy: Policy) -> Iterator[Split | Crowd]:
    """Yield the crowds, and the splits of all other extra heads, branch by branch."""
    second = {start.id for start in second_starts(merged, policy)}
    continuing = _continuing(merged)
    for group in _groups(merged, policy):
        yield from _Conflict(merged, Region(index_of(merged.graph), group), continuing, second).found()


def _groups(merged: MergedGraph, policy: Policy) -> list[list[str]]:
    """Return the heads in groups that conflict: those with the same branch labels, of which none needs another."""
    index, allowed = index_of(merged.graph), set(policy.allow_heads)
    labels = branch_labels(merged.graph, index.heads)
    groups: dict[frozenset[str], list[str]] = {}
    for head in index.heads:
        if not ({head} | labels[head]) & allowed and merged.is_whole(head):
            groups.setdefault(labels[head], []).append(head)
    conflicting = [group for group in groups.values() if len(group) > 1]
    if index.needs is index.parents:
        return conflicting
    needs = Marks(index.needs, index.heads)
    return [_unneeded(group, needs) for group in conflicting]


def _unneeded(group: Sequence[str], needs: Marks) -> list[str]:
    needed = 0
    for head in group:
        needed |= needs.of(head)
    return [head for head in group if not needs.bits((head,)) & needed]


def _continuing(merged: MergedGraph) -> set[str]:
    """Return, for each head of the base, the oldest head that continues it: itself, or one that is based on it."""
    parents, free = index_of(merged.graph).parents, set(merged.base_heads)
    seen, found = set[str](), set[str]()
    for head in merged.by_age(merged.revisions[head] for head in heads(merged.graph)):
        waiting = [head.id]
        while waiting:
            id_ = waiting.pop()
            if id_ in seen:  # an older head is based on it
                continue
            seen.add(id_)
            waiting += parents[id_]
            if id_ in free:
                found.add(head.id)
    return found


@dataclass(frozen=True)
class _Conflict:
    """Heads of which only one may be there."""

    merged: MergedGraph
    region: Region
    continuing: set[str]
    second: set[str]
    """Starts of second histories."""

    @property
    def _index(self) -> Index:
        return index_of(self.merged.graph)

    @cached_property
    def _ranked(self) -> tuple[str, ...]:
        """Return the heads, those that continue the base first, then by age.

        The age of a head is that of the first revision that no other head of the group is based on.
        """
        oldest = {start: head for head, start in self.region.starts.items()}
        by_age = [oldest[r.id] for r in self.merged.by_age(self.merged.revisions[id_] for id_ in oldest)]
        return tuple(sorted(by_age, key=lambda head: head not in self.continuing))

    def found(self) -> Iterator[Split | Crowd]:
        """Yield what is to be said of the heads."""
        if len(self.region.heads) < 2:
            return
        left = list(self._unexplained())
        for old in (True, False):
            extras = tuple(head for head in left if (head in self.continuing) is old)
            if len(extras) > MOST:
                left = [head for head in left if (head in self.continuing) is not old]
                yield Crowd(first=self._ranked[0], extras=extras, heads=self._ranked, old=old)
        yield from self._splits(left)

    def _unexplained(self) -> Iterator[str]:
        """Yield the heads after the first that no other rule explains."""
        first, explained = self.region.bit(self._ranked[0]), set[str]()
        for id_ in self.region.above(~first, first):
            below = [parent for parent in self._index.parents[id_] if not self.region.masks.get(parent, first) & first]
            if any(parent in explained for parent in below) or not (below or not self._is_explained(id_)):
                explained.add(id_)
        yield from (head for head in self._ranked[1:] if head not in explained)

    def _splits(self, extras: Sequence[str]) -> Iterator[Split]:
        first, target, below = self._ranked[0], self._ranked[0], self.region.bit(self._ranked[0])
        for extra in extras:
            chain = self.region.above(self.region.bit(extra), below)
            entries = self._entries(chain)
            if any(map(self._is_explained, entries)):
                continue
            movable = self._movable(chain, entries, target)
            yield Split(
                first=first,
                extra=extra,
                heads=self._ranked,
                start=self.region.meeting(first, extra),
                old=extra in self.continuing,
                chain=chain,
                movable=movable,
                target=target,
                because=self._because(extra),
            )
            if movable:
                target, below = extra, below | self.region.bit(extra)

    def _entries(self, chain: Sequence[str]) -> list[str]:
        """Return the revisions of a chain that follow none of it."""
        inside = set(chain)
        return [id_ for id_ in chain if inside.isdisjoint(self._index.parents[id_])]

    def _is_explained(self, entry: str) -> bool:
        """Return whether another rule, or a dependency, explains the start of a chain."""
        revision = self.merged.revisions[entry]
        dependent_start = not revision.down_revisions and revision.depends_on
        duplicated = not self.merged.duplicated.isdisjoint(revision.down_revisions)
        return bool(entry in self.second or dependent_start or duplicated)

    def _movable(self, chain: Sequence[str], entries: Sequence[str], target: str) -> Revision | None:
        """Return the start of the chain, where no revision of it is on the base and moving it closes no cycle."""
        entry = self.merged.revisions[entries[0]]
        single = len(entries) == 1 and len(entry.down_revisions) <= 1
        if not single or any(map(self.merged.on_base, chain)) or self._needs_any(target, chain):
            return None
        return entry

    def _needs_any(self, id_: str, wanted: Sequence[str]) -> bool:
        """Return whether a revision needs any of others that it is not based on."""
        index = self._index
        if index.needs is index.parents:
            return False
        sorted_all = len(index.acyclic) == len(index.order)
        lowest = min(index.places[one] for one in wanted) if sorted_all else 0
        seen, waiting = set[str](), [id_]
        while waiting:
            for needed in index.needs[waiting.pop()]:
                if needed not in seen and index.places[needed] >= lowest:
                    seen.add(needed)
                    waiting.append(needed)
        return not seen.isdisjoint(wanted)

    def _because(self, extra: str) -> str:
        merged, first = self.merged, self._ranked[0]
        if merged.on_base(first) and not merged.on_base(extra):
            return f"{first} came first: it is already on {merged.base}."
        if first in merged.with_base_head and extra not in merged.with_base_head:
            return f"{first} is based on the head of {merged.base}; {extra} is not."
        one, other = (merged.revisions[self.region.starts[head]] for head in (first, extra))
        dates = created(one), created(other)
        if dates[0] and dates[1] and dates[0] < dates[1]:
            return f"{first} came first by create date: {one.created} before {other.created}."
        if extra in self.continuing:
            return ""
        base = f"{merged.base} has neither" if merged.changes else "there is no base (--base)"
        return f"It is not known which head came first: {base}, and the create dates do not show it."


def lines(merged: MergedGraph, split: Split) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what only the first and only the extra head is based on, each from the branch point on."""
    index = index_of(merged.graph)
    region = Region(index, (split.first, split.extra))
    return _from(index, split.start, region.above(1, 2)), _from(index, split.start, region.above(2, 1))


def _from(index: Index, start: str | None, line: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of a line that come after its start."""
    if start is None:
        return line
    above = {start}
    for id_ in line:
        if not above.isdisjoint(index.parents[id_]):
            above.add(id_)
    return tuple(id_ for id_ in line if id_ in above)
