"""Finds revisions that the base has and that come after other ones now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.findings import Finding, Severity, Snippet
from checks.graph.algorithms import ancestors, by_id, heads, order
from checks.graph.merged import MergedGraph
from checks.graph.restoring import restore
from checks.graph.rewriting import with_parent
from checks.recording.revisions import Changes, Graph, Revision

_FIELDS = {"down_revision": ("follows", "followed"), "depends_on": ("depends on", "depended on")}


@dataclass(frozen=True, kw_only=True)
class _Move:
    """A revision that comes after other ones than before."""

    before: Revision
    now: Revision
    fields: tuple[str, ...]
    """Which of ``_FIELDS`` this change altered."""
    slipped_in: tuple[str, ...]
    """The new revisions that are below it now, parents first."""


def reparented(merged: MergedGraph, changes: Changes) -> Iterator[Finding]:
    """Yield a finding for every revision of the base whose ``down_revision`` or ``depends_on`` this change alters.

    Not told: what the base has altered in the same way, and what only follows from revisions that were removed or got
    another id, which is told of those. An id of several files is passed over: which one Alembic takes is not known.
    """
    graph = merged.recording.graph
    now, before, on_base = by_id(graph), by_id(changes.fork_graph), by_id(changes.base_graph)
    ids = changed_ids(changes, graph)
    for id_ in order(graph):
        if id_ not in before or not (_is_alone(id_, graph) and _is_alone(id_, changes.fork_graph)):
            continue
        below = ancestors(graph, id_, dependencies=True) - set(ids.values())
        fields = tuple(f for f in _FIELDS if _is_altered(f, before[id_], now[id_], on_base.get(id_), ids))
        move = _Move(
            before=before[id_],
            now=now[id_],
            fields=fields,
            slipped_in=tuple(new for new in changes.new if new in below),
        )
        if fields and not _follows_from_removal(move, changes):
            yield _finding(merged, changes, move)


def changed_ids(changes: Changes, graph: Graph) -> dict[str, str]:
    """Return the ids that this change replaces by a new one in the same file."""
    here = {revision.path: revision.id for revision in graph.revisions if revision.id in changes.new}
    old = (revision for revision in changes.fork_graph.revisions if revision.id in changes.removed)
    return {revision.id: here[revision.path] for revision in old if revision.path in here}


def _is_alone(id_: str, graph: Graph) -> bool:
    return sum(revision.id == id_ for revision in graph.revisions) == 1


def _is_altered(field: str, before: Revision, now: Revision, on_base: Revision | None, ids: Mapping[str, str]) -> bool:
    meant = {ids.get(id_, id_) for id_ in _named_in(field, before)}
    return _named_in(field, now) != meant and (on_base is None or _named_in(field, now) != _named_in(field, on_base))


def _named_in(field: str, revision: Revision) -> frozenset[str]:
    return frozenset(revision.down_revisions if field == "down_revision" else revision.depends_on)


def _follows_from_removal(move: _Move, changes: Changes) -> bool:
    """Tell whether a revision only lets go of removed ones, and nothing new came below it."""
    lost = frozenset[str]().union(*(_named_in(f, move.before) - _named_in(f, move.now) for f in move.fields))
    return bool(lost) and lost <= set(changes.removed) and not move.slipped_in


def _finding(merged: MergedGraph, changes: Changes, move: _Move) -> Finding:
    now, slipped_in = move.now, ", ".join(map(merged.named, move.slipped_in))
    said = "; ".join(
        f"it {_FIELDS[field][0]} {_listed(field, now)} now, and {_FIELDS[field][1]} {_listed(field, move.before)} there"
        for field in move.fields
    )
    return Finding(
        rule="reparented-revision",
        severity=Severity.ERROR,
        message=f"{merged.named(now.id)} is on {changes.base} already, and comes after other revisions now: {said}.",
        why=f"A database that is past {now.id} never runs {slipped_in}, new below it, and differs from every database "
        "that is made from now on."
        if slipped_in
        else "A new database runs the revisions in another order than every database that is past it.",
        remedy=_remedy(move, _last(merged)),
        path=now.path,
        line=now.down_revision_line if "down_revision" in move.fields else now.depends_on_line or now.line,
        revision=now.id,
        fixes=tuple(_fixes(merged, changes, move)),
    )


def _listed(field: str, revision: Revision) -> str:
    named = revision.down_revisions if field == "down_revision" else revision.depends_on
    return " and ".join(named) or "no revision"


def _remedy(move: _Move, last: str | None) -> str:
    back = "Put the old line back" if move.fields == ("down_revision",) else "Restore the file"
    if not move.slipped_in:
        return f"{back}."
    return f"{back}, and put {', '.join(move.slipped_in)} on top of {last or 'the head'}."


def _fixes(merged: MergedGraph, changes: Changes, move: _Move) -> Iterator[Snippet]:
    before, now = move.before, move.now
    if move.fields == ("down_revision",):
        title = f"Put the old line back: {now.path}, line {now.down_revision_line}"
        yield Snippet(title=title, text=before.down_revision_text, language="python", path=now.path)
    else:
        yield Snippet(title="Restore the file", text=restore(changes, before.path, now.path), language="shell")
    last, first = _last(merged), _first(merged, move.slipped_in)
    if last and first:
        title = f"Put {first.id} on top of {last}, in line {first.down_revision_line}"
        yield Snippet(title=title, text=with_parent(first, last), language="python", path=first.path)


def _last(merged: MergedGraph) -> str | None:
    """Return the base's head where it has one, and nothing stands on it yet."""
    alone = merged.base_heads[0] if len(merged.base_heads) == 1 else None
    return alone if alone in heads(merged.recording.graph) else None


def _first(merged: MergedGraph, slipped_in: tuple[str, ...]) -> Revision | None:
    """Return the first of a chain of revisions; None where they are no chain."""
    known = by_id(merged.recording.graph)
    entries = [known[id_] for id_ in slipped_in if not set(known[id_].down_revisions) & set(slipped_in)]
    return entries[0] if len(entries) == 1 and len(entries[0].down_revisions) <= 1 else None
