"""Finds where a revision graph has more heads than ``alembic upgrade head`` accepts, and how to join them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.graph.algorithms import ancestors, branch_labels, branch_point, effective_heads, lineage, order
from checks.graph.merged import MergedGraph, created
from checks.graph.second_histories import second_starts
from checks.policy import Policy
from checks.recording.revisions import Revision


@dataclass(frozen=True, kw_only=True)
class Split:
    """One head too many, beside one that was there first."""

    first: str
    """The head that was there first."""
    extra: str
    """The other head."""
    heads: tuple[str, ...]
    """All heads that are in each other's way."""
    start: str | None
    """The branch point; None when the two have separate bases."""
    old: bool
    """The base has this split already."""
    chain: tuple[str, ...]
    """What only the extra head comes from, and itself, parents first."""
    movable: Revision | None
    """The first of the chain, where it can be put on top of ``target``; None where only a merge revision helps."""
    target: str
    """The head to put the chain on."""
    because: str
    """How it is known which head was there first, in a sentence."""


def splits(merged: MergedGraph, policy: Policy) -> Iterator[Split]:
    """Yield a split for every extra head.

    Not counted: heads whose labels differ, heads that only an unlabelled dependency sets apart, allowed ones, those
    above the start of a second history, which has a rule of its own, and those above a missing parent or a cycle.
    """
    apart = {start.id for start in second_starts(merged, policy)}
    going_on = _going_on(merged)
    for group in _groups(merged, policy):
        yield from _of_group(merged, _ranked(merged, group, going_on), going_on, apart)


def _groups(merged: MergedGraph, policy: Policy) -> list[list[str]]:
    """Return the heads that are in each other's way: those of the same branch labels."""
    labels, allowed = branch_labels(merged.graph), set(policy.allow_heads)
    groups: dict[frozenset[str], list[str]] = {}
    for head in effective_heads(merged.graph):
        if not ({head} | labels[head]) & allowed and merged.is_whole(head):
            groups.setdefault(labels[head], []).append(head)
    return list(groups.values())


def _going_on(merged: MergedGraph) -> set[str]:
    """Return the heads that are a head of the base, or go on from one that no other head goes on from."""
    free, found = set(merged.base_heads), set()
    heads = merged.by_age(merged.revisions[head] for head in effective_heads(merged.graph))
    for head in heads:
        if mine := lineage(merged.graph, head.id) & free:
            free -= mine
            found.add(head.id)
    return found


def _ranked(merged: MergedGraph, group: Sequence[str], going_on: set[str]) -> list[str]:
    """Return heads that conflict, the one that was there first first.

    Without a base, a head is as old as the oldest revision that only it comes from.
    """
    oldest = {_own_line(merged, head, group)[0]: head for head in group}
    by_age = [oldest[revision.id] for revision in merged.by_age(merged.revisions[id_] for id_ in oldest)]
    return sorted(by_age, key=lambda head: head not in going_on)


def _own_line(merged: MergedGraph, head: str, group: Sequence[str]) -> tuple[str, ...]:
    others = frozenset[str]().union(*(lineage(merged.graph, other) for other in group if other != head))
    return _in_order(merged, lineage(merged.graph, head) - others)


def _of_group(merged: MergedGraph, ranked: Sequence[str], going_on: set[str], apart: set[str]) -> Iterator[Split]:
    target, below = ranked[0], lineage(merged.graph, ranked[0])
    for extra in ranked[1:]:
        chain = _in_order(merged, lineage(merged.graph, extra) - below)
        entries = [merged.revisions[id_] for id_ in chain if not set(merged.revisions[id_].down_revisions) & set(chain)]
        if any(_is_explained(merged, entry, apart) for entry in entries):
            continue
        movable = _movable(merged, chain, entries, target)
        yield Split(
            first=ranked[0],
            extra=extra,
            heads=tuple(ranked),
            start=branch_point(merged.graph, ranked[0], extra),
            old=extra in going_on,
            chain=chain,
            movable=movable,
            target=target,
            because=_because(merged, ranked[0], extra, ranked, going_on),
        )
        if movable:
            target, below = extra, below | lineage(merged.graph, extra)


def _is_explained(merged: MergedGraph, entry: Revision, apart: set[str]) -> bool:
    stands_apart = not entry.down_revisions and entry.depends_on
    return bool(entry.id in apart or stands_apart or set(entry.down_revisions) & merged.duplicated)


def _movable(merged: MergedGraph, chain: Sequence[str], entries: Sequence[Revision], target: str) -> Revision | None:
    """Return the revision to re-parent: one that nobody has applied yet, where that closes no cycle."""
    single = len(entries) == 1 and len(entries[0].down_revisions) <= 1
    merged_already = any(merged.on_base(id_) for id_ in chain)
    needed = ancestors(merged.graph, target, dependencies=True) & set(chain)
    return entries[0] if single and not merged_already and not needed else None


def _because(merged: MergedGraph, first: str, extra: str, group: Sequence[str], going_on: set[str]) -> str:
    if merged.on_base(first) and not merged.on_base(extra):
        return f"{first} came first: it is on {merged.base} already."
    if first in going_on and extra not in going_on:
        return f"{first} goes on from the head of {merged.base}, {extra} does not."
    one, other = (merged.revisions[_own_line(merged, head, group)[0]] for head in (first, extra))
    dates = created(one), created(other)
    if dates[0] and dates[1] and dates[0] < dates[1]:
        return f"{first} came first by the create dates: {one.created} before {other.created}."
    if extra in going_on:
        return ""
    return f"Which of the two came first is not known: neither {_whether_based(merged)} nor a create date tells."


def _whether_based(merged: MergedGraph) -> str:
    return merged.base if merged.changes else "a base (--base)"


def _in_order(merged: MergedGraph, ids: Iterable[str]) -> tuple[str, ...]:
    wanted = set(ids)
    return tuple(id_ for id_ in order(merged.graph) if id_ in wanted)
