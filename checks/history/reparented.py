"""Find revisions of the base whose parents or dependencies this change alters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from checks.common_causes import parents
from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import by_id, children, order
from checks.graph.index import index_of
from checks.graph.marks import Marks
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore
from checks.graph.rewriting import parent_title, with_parent
from checks.plural import MOST_JOINED, listed
from checks.recording.revisions import Changes, Graph, Revision

_FIELDS = ("down_revision", "depends_on")


@dataclass(frozen=True, kw_only=True)
class _Move:
    """A revision whose parents or dependencies this change alters."""

    before: Revision
    """As the merge base has it."""
    now: Revision
    fields: tuple[str, ...]
    """Which of ``_FIELDS`` this change alters."""
    slipped_in: tuple[str, ...]
    """The new revisions among its ancestors, parents first, as many as are named."""
    more: int
    """How many more there are."""
    first: Revision | None
    """The first of them, which the others are based on; None where there is no such one."""


def reparented(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision of the base whose ``down_revision`` or ``depends_on`` this change alters.

    Left out are fields that the base alters in the same way, fields that change only because a revision was removed
    or got a new id (rule ``removed-revision``), and ids of several files, since Alembic may take either file.
    """
    graph = merged.recording.graph
    now, before, on_base = by_id(graph), by_id(changes.fork_graph), by_id(changes.base_graph)
    ids = changed_ids(merged)
    slipped_in = _SlippedIn(graph, changes.new, set(ids.values()))
    here, there = _files_of(graph), _files_of(changes.fork_graph)
    for id_ in order(graph):
        if not here[id_] == there[id_] == 1:
            continue
        fields = tuple(f for f in _FIELDS if _is_altered(f, before[id_], now[id_], on_base.get(id_), ids))
        if not fields:
            continue
        move = slipped_in.move(before[id_], now[id_], fields)
        if not _follows_from_removal(move, merged):
            yield _finding(merged, changes, move)


class _SlippedIn:
    """The new revisions among the ancestors of each one."""

    def __init__(self, graph: Graph, new: Sequence[str], renamed: Collection[str]) -> None:
        self._graph = graph
        self._new = tuple(id_ for id_ in new if id_ not in renamed)

    @cached_property
    def _marks(self) -> Marks:
        return Marks(index_of(self._graph).needs, self._new)

    @cached_property
    def _entries(self) -> int:
        """Return, as bits, those that follow none of the others."""
        new, parents = set(self._new), index_of(self._graph).parents
        return self._marks.bits(id_ for id_ in self._new if new.isdisjoint(parents[id_]))

    def move(self, before: Revision, now: Revision, fields: tuple[str, ...]) -> _Move:
        """Return an altered revision with what comes before it."""
        found = self._marks.of(now.id)
        named, entries = tuple(islice(self._marks.named(found), MOST_JOINED)), found & self._entries
        entry = by_id(self._graph)[next(self._marks.named(entries))] if entries.bit_count() == 1 else None
        return _Move(
            before=before,
            now=now,
            fields=fields,
            slipped_in=named,
            more=found.bit_count() - len(named),
            first=entry if entry is not None and len(entry.down_revisions) <= 1 else None,
        )


def changed_ids(merged: MergedGraph) -> Mapping[str, str]:
    """Return each old id that this change replaces, with the new id: of the same revision, or of the same file."""
    if merged.changes is None:
        return {}
    here = {revision.path: revision.id for revision in merged.recording.graph.revisions if revision.id in merged.new}
    old = (revision for revision in merged.changes.fork_graph.revisions if revision.id in merged.removed)
    by_file = {revision.id: here[revision.path] for revision in old if revision.path in here}
    return {**by_file, **merged.replaced}


def _files_of(graph: Graph) -> Counter[str]:
    """Return how many files have each id."""
    return Counter(revision.id for revision in graph.revisions)


def _is_altered(field: str, before: Revision, now: Revision, on_base: Revision | None, ids: Mapping[str, str]) -> bool:
    expected = {ids.get(id_, id_) for id_ in _named_in(field, before)}
    return _named_in(field, now) != expected and (on_base is None or _named_in(field, now) != _named_in(field, on_base))


def _named_in(field: str, revision: Revision) -> frozenset[str]:
    if field == "down_revision":
        return frozenset(revision.down_revisions)
    return frozenset(name for name in revision.depends_on if not name.startswith("{"))  # which it is, is unknown


def _follows_from_removal(move: _Move, merged: MergedGraph) -> bool:
    """Return whether a revision only loses parents that were removed, and gets no new ancestor."""
    lost = frozenset[str]().union(*(_named_in(f, move.before) - _named_in(f, move.now) for f in move.fields))
    return bool(lost) and lost <= merged.removed and not move.slipped_in


def _finding(merged: MergedGraph, changes: Changes, move: _Move) -> Finding:
    now, slipped_in = move.now, _inserted(move, merged.named)
    altered = " and ".join(
        f"its {field} has changed from {_listed(field, move.before)} to {_listed(field, now)}" for field in move.fields
    )
    return Finding(
        rule="reparented-revision",
        severity=Severity.ERROR,
        message=f"{merged.named(now.id)} is already on {changes.base}, but {altered}.",
        why=f"Databases that already ran {now.id} never run a revision that is inserted before it: {slipped_in}. They "
        "will differ from new databases."
        if slipped_in
        else "New databases run the revisions in a different order from databases that already ran this one.",
        remedy=_remedy(merged, move),
        path=now.path,
        line=now.down_revision_line if "down_revision" in move.fields else now.depends_on_line or now.line,
        revision=now.id,
        problem=parents(now.id),
        fixes=tuple(_fixes(merged, changes, move)),
    )


def _listed(field: str, revision: Revision) -> str:
    named = revision.down_revisions if field == "down_revision" else revision.depends_on
    return listed(named, MOST_JOINED) or "None"


def _inserted(move: _Move, named: Callable[[str], str]) -> str:
    """Return the new revisions before it, and how many more there are."""
    return ", ".join(map(named, move.slipped_in)) + (f" and {move.more} more" if move.more else "")


def _remedy(merged: MergedGraph, move: _Move) -> str:
    undo = "Restore the old `down_revision`." if move.fields == ("down_revision",) else "Restore the file."
    if not move.slipped_in:
        return undo
    last = _last(merged) or "the head"
    if move.first is None:
        return f"{undo} Move {_inserted(move, str)} after {last}."
    return f"{undo} Set {move.first.id}'s `down_revision` to {last}."


def _fixes(merged: MergedGraph, changes: Changes, move: _Move) -> Iterator[Snippet]:
    before, now = move.before, move.now
    if move.fields == ("down_revision",):
        title = f"Restore the old down_revision (line {now.down_revision_line})"
        yield Snippet(title=title, text=before.down_revision_text, language="python", path=now.path)
    else:
        yield Snippet(title="Restore the file", text=restore(changes, before.path, now.path), language="shell")
    last, first = _last(merged), move.first
    if last and first:
        title, text = parent_title(first, last), with_parent(first, last)
        yield Snippet(title=title, text=text, language="python", path=first.path)


def _last(merged: MergedGraph) -> str | None:
    """Return the base's head; None where it has several, or another revision already follows it."""
    alone = merged.base_heads[0] if len(merged.base_heads) == 1 else None
    return None if alone is None or children(merged.recording.graph).get(alone, (alone,)) else alone
