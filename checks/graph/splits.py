"""Finds where a revision graph has more heads than ``alembic upgrade head`` accepts, and how to join them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.graph.algorithms import ancestors, branch_labels, branch_point, effective_heads, lineage, order
from checks.graph.merged import Ground, created
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


def splits(ground: Ground, policy: Policy, explained: Iterable[str]) -> Iterator[Split]:
    """Yield a split for every extra head.

    Not counted: heads whose labels differ, heads that only an unlabelled dependency sets apart, allowed ones, those
    above a revision that another rule tells of (``explained``), and those above a missing parent or a cycle.
    """
    told = set(explained)
    going_on = _going_on(ground)
    for group in _groups(ground, policy):
        yield from _of_group(ground, _ranked(ground, group, going_on), going_on, told)


def _groups(ground: Ground, policy: Policy) -> list[list[str]]:
    """Return the heads that are in each other's way: those of the same branch labels."""
    labels, allowed = branch_labels(ground.graph), set(policy.allow_heads)
    groups: dict[frozenset[str], list[str]] = {}
    for head in effective_heads(ground.graph):
        if not ({head} | labels[head]) & allowed and ground.is_whole(head):
            groups.setdefault(labels[head], []).append(head)
    return list(groups.values())


def _going_on(ground: Ground) -> set[str]:
    """Return the heads that are a head of the base, or go on from one that no other head goes on from."""
    free, found = set(ground.base_heads), set()
    heads = ground.by_age(ground.revisions[head] for head in effective_heads(ground.graph))
    for head in heads:
        if mine := lineage(ground.graph, head.id) & free:
            free -= mine
            found.add(head.id)
    return found


def _ranked(ground: Ground, group: Sequence[str], going_on: set[str]) -> list[str]:
    """Return heads that conflict, the one that was there first first.

    Without a base, a head is as old as the oldest revision that only it comes from.
    """
    oldest = {_own_line(ground, head, group)[0]: head for head in group}
    by_age = [oldest[revision.id] for revision in ground.by_age(ground.revisions[id_] for id_ in oldest)]
    return sorted(by_age, key=lambda head: head not in going_on)


def _own_line(ground: Ground, head: str, group: Sequence[str]) -> tuple[str, ...]:
    others = frozenset[str]().union(*(lineage(ground.graph, other) for other in group if other != head))
    return _in_order(ground, lineage(ground.graph, head) - others)


def _of_group(ground: Ground, ranked: Sequence[str], going_on: set[str], told: set[str]) -> Iterator[Split]:
    target, below = ranked[0], lineage(ground.graph, ranked[0])
    for extra in ranked[1:]:
        chain = _in_order(ground, lineage(ground.graph, extra) - below)
        entries = [ground.revisions[id_] for id_ in chain if not set(ground.revisions[id_].down_revisions) & set(chain)]
        if any(_is_explained(ground, entry, told) for entry in entries):
            continue
        movable = _movable(ground, chain, entries, target)
        yield Split(
            first=ranked[0],
            extra=extra,
            heads=tuple(ranked),
            start=branch_point(ground.graph, ranked[0], extra),
            old=extra in going_on,
            chain=chain,
            movable=movable,
            target=target,
            because=_because(ground, ranked[0], extra, ranked, going_on),
        )
        if movable:
            target, below = extra, below | lineage(ground.graph, extra)


def _is_explained(ground: Ground, entry: Revision, told: set[str]) -> bool:
    stands_apart = not entry.down_revisions and entry.depends_on
    return bool(entry.id in told or stands_apart or set(entry.down_revisions) & ground.duplicated)


def _movable(ground: Ground, chain: Sequence[str], entries: Sequence[Revision], target: str) -> Revision | None:
    """Return the revision to re-parent: one that nobody has applied yet, where that closes no cycle."""
    single = len(entries) == 1 and len(entries[0].down_revisions) <= 1
    merged_already = any(ground.on_base(id_) for id_ in chain)
    needed = ancestors(ground.graph, target, dependencies=True) & set(chain)
    return entries[0] if single and not merged_already and not needed else None


def _because(ground: Ground, first: str, extra: str, group: Sequence[str], going_on: set[str]) -> str:
    if ground.on_base(first) and not ground.on_base(extra):
        return f"{first} came first: it is on {ground.base} already."
    if first in going_on and extra not in going_on:
        return f"{first} goes on from the head of {ground.base}, {extra} does not."
    one, other = (ground.revisions[_own_line(ground, head, group)[0]] for head in (first, extra))
    dates = created(one), created(other)
    if dates[0] and dates[1] and dates[0] < dates[1]:
        return f"{first} came first by the create dates: {one.created} before {other.created}."
    if extra in going_on:
        return ""
    return f"Which of the two came first is not known: neither {_whether_based(ground)} nor a create date tells."


def _whether_based(ground: Ground) -> str:
    return ground.base if ground.changes else "a base (--base)"


def _in_order(ground: Ground, ids: Iterable[str]) -> tuple[str, ...]:
    wanted = set(ids)
    return tuple(id_ for id_ in order(ground.graph) if id_ in wanted)
