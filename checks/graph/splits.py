"""Find the heads that ``alembic upgrade head`` does not accept, and how to join them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.graph.algorithms import ancestors, branch_labels, branch_point, heads, lineage, order
from checks.graph.merged import MergedGraph, created
from checks.graph.second_histories import second_starts
from checks.graph.version_rows import rows_of
from checks.policy import Policy
from checks.recording.revisions import Revision


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


def splits(merged: MergedGraph, policy: Policy) -> Iterator[Split]:
    """Yield a split for every extra head.

    Left out are heads with different labels, heads of a history that starts with ``depends_on``, heads that
    ``allow-heads`` lists, and heads that another rule explains: those after a missing parent, a cycle, a duplicated
    id or the start of a second history.
    """
    second = {start.id for start in second_starts(merged, policy)}
    continuing = _continuing(merged)
    for group in _groups(merged, policy):
        yield from _of_group(merged, _ranked(merged, group, continuing), continuing, second)


def _groups(merged: MergedGraph, policy: Policy) -> list[list[str]]:
    """Return the heads in groups that conflict: those with the same branch labels, of which none needs another."""
    labels, allowed = branch_labels(merged.graph), set(policy.allow_heads)
    groups: dict[frozenset[str], list[str]] = {}
    for head in heads(merged.graph):
        if not ({head} | labels[head]) & allowed and merged.is_whole(head):
            groups.setdefault(labels[head], []).append(head)
    return [list(rows_of(merged.graph, group)) for group in groups.values()]


def _continuing(merged: MergedGraph) -> set[str]:
    """Return, for each head of the base, the oldest head that continues it: itself, or one that is based on it."""
    free, found = set(merged.base_heads), set()
    for head in merged.by_age(merged.revisions[head] for head in heads(merged.graph)):
        if mine := lineage(merged.graph, head.id) & free:
            free -= mine
            found.add(head.id)
    return found


def _ranked(merged: MergedGraph, group: Sequence[str], continuing: set[str]) -> list[str]:
    """Return the heads of a group, those that continue the base first, then by age.

    The age of a head is that of the first revision that no other head of the group is based on.
    """
    oldest = {_own_line(merged, head, group)[0]: head for head in group}
    by_age = [oldest[revision.id] for revision in merged.by_age(merged.revisions[id_] for id_ in oldest)]
    return sorted(by_age, key=lambda head: head not in continuing)


def _own_line(merged: MergedGraph, head: str, group: Sequence[str]) -> tuple[str, ...]:
    others = frozenset[str]().union(*(lineage(merged.graph, other) for other in group if other != head))
    return _in_order(merged, lineage(merged.graph, head) - others)


def _of_group(merged: MergedGraph, ranked: Sequence[str], continuing: set[str], second: set[str]) -> Iterator[Split]:
    target, below = ranked[0], lineage(merged.graph, ranked[0])
    for extra in ranked[1:]:
        chain = _in_order(merged, lineage(merged.graph, extra) - below)
        entries = [merged.revisions[id_] for id_ in chain if not set(merged.revisions[id_].down_revisions) & set(chain)]
        if any(_is_explained(merged, entry, second) for entry in entries):
            continue
        movable = _movable(merged, chain, entries, target)
        yield Split(
            first=ranked[0],
            extra=extra,
            heads=tuple(ranked),
            start=branch_point(merged.graph, ranked[0], extra),
            old=extra in continuing,
            chain=chain,
            movable=movable,
            target=target,
            because=_because(merged, ranked[0], extra, ranked, continuing),
        )
        if movable:
            target, below = extra, below | lineage(merged.graph, extra)


def _is_explained(merged: MergedGraph, entry: Revision, second: set[str]) -> bool:
    """Return whether another rule, or a dependency, explains the start of a chain."""
    dependent_start = not entry.down_revisions and entry.depends_on
    return bool(entry.id in second or dependent_start or set(entry.down_revisions) & merged.duplicated)


def _movable(merged: MergedGraph, chain: Sequence[str], entries: Sequence[Revision], target: str) -> Revision | None:
    """Return the start of the chain, where no revision of it is on the base and moving it closes no cycle."""
    single = len(entries) == 1 and len(entries[0].down_revisions) <= 1
    on_base = any(merged.on_base(id_) for id_ in chain)
    needed = ancestors(merged.graph, target, dependencies=True) & set(chain)
    return entries[0] if single and not on_base and not needed else None


def _because(merged: MergedGraph, first: str, extra: str, group: Sequence[str], continuing: set[str]) -> str:
    if merged.on_base(first) and not merged.on_base(extra):
        return f"{first} came first: it is already on {merged.base}."
    based = [bool(lineage(merged.graph, head) & set(merged.base_heads)) for head in (first, extra)]
    if based == [True, False]:
        return f"{first} is based on the head of {merged.base}; {extra} is not."
    one, other = (merged.revisions[_own_line(merged, head, group)[0]] for head in (first, extra))
    dates = created(one), created(other)
    if dates[0] and dates[1] and dates[0] < dates[1]:
        return f"{first} came first by create date: {one.created} before {other.created}."
    if extra in continuing:
        return ""
    base = f"{merged.base} has neither" if merged.changes else "there is no base (--base)"
    return f"It is not known which head came first: {base}, and the create dates do not show it."


def _in_order(merged: MergedGraph, ids: Iterable[str]) -> tuple[str, ...]:
    wanted = set(ids)
    return tuple(id_ for id_ in order(merged.graph) if id_ in wanted)
