"""The rows that Alembic's version table holds once revisions are applied, and how other rows differ from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.graph.algorithms import ancestors, by_id, effective_heads, order, unresolved
from checks.recording.absent import Absent
from checks.recording.revisions import Graph


def rows_of(graph: Graph, applied: Iterable[str]) -> tuple[str, ...]:
    """Return the version table's rows in a database that these revisions are applied to, with all that they need.

    Alembic keeps a row for each applied revision that no other applied revision follows or depends on.
    """
    revisions = tuple(dict.fromkeys(applied))
    needed = ancestors(graph, *revisions, dependencies=True)
    return tuple(id_ for id_ in revisions if id_ not in needed)


def rows_at(graph: Graph, targets: tuple[str, ...] = ()) -> tuple[str, ...] | Absent:
    """Return the rows after an upgrade of an empty database to ``targets``, or to all heads when empty.

    Absent where the graph does not tell the heads; of given targets, whatever Alembic accepts together stays apart.
    """
    if targets:
        return rows_of(graph, targets)
    reason = _doubt(graph)
    return effective_heads(graph) if reason is None else Absent(reason=reason)


def _doubt(graph: Graph) -> str | None:
    """Return why the graph may not be the one that Alembic reads; None where it is."""
    for file in graph.unreadable:
        return f"The revision in {file.path} cannot be read: {file.reason}."
    for revision, name, field in unresolved(graph):
        if name.startswith("{"):
            return f"The {field} of {revision.id} is not a literal but {name[1:-1]}."
        return f"The {field} of {revision.id} names {name}, but no version file is known to have that name."
    first = by_id(graph)
    for revision in graph.revisions:
        other = first[revision.id]
        if (other.down_revisions, other.depends_on) != (revision.down_revisions, revision.depends_on):
            return f"Two files have the revision id {revision.id}: {other.path} and {revision.path}."
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How the rows of a version table differ from those that it should hold."""

    not_applied: tuple[str, ...] = ()
    """Revisions, parents first."""
    still_applied: tuple[str, ...] = ()
    """Rows of revisions that do not lead to those which should be there."""
    unknown: tuple[str, ...] = ()
    """Rows of which no version file has the revision."""
    superseded: tuple[str, ...] = ()
    """Rows of revisions that another row stands for as well."""

    @property
    def surplus(self) -> tuple[str, ...]:
        """Return the rows that Alembic itself does not leave."""
        return (*self.still_applied, *self.unknown, *self.superseded)

    @property
    def text(self) -> str:
        """Return a clause that names all of them, such as ``Not applied: b2; unknown revision: z9``."""
        parts = {
            "still applied": self.still_applied,
            "not applied": self.not_applied,
            "unknown revision": self.unknown,
            "listed beside a later revision": self.superseded,
        }
        text = "; ".join(f"{title}: {', '.join(ids)}" for title, ids in parts.items() if ids)
        return text[:1].upper() + text[1:]  # not capitalize(): ids of revisions keep their case


def difference(graph: Graph, wanted: Iterable[str], rows: Iterable[str]) -> Difference | None:
    """Return how rows differ from the wanted ones; None where both are the same set."""
    wanted, rows = tuple(wanted), tuple(sorted(set(rows)))
    if set(wanted) == set(rows):
        return None
    known, needed, held = by_id(graph), _applied(graph, wanted), _applied(graph, rows)
    there = (*order(graph), *(id_ for id_ in wanted if id_ not in known))
    kept = set(rows_of(graph, rows))
    return Difference(
        not_applied=tuple(id_ for id_ in there if id_ in needed - held),
        still_applied=tuple(id_ for id_ in rows if id_ in known and id_ not in needed),
        unknown=tuple(id_ for id_ in rows if id_ not in known and id_ not in needed),
        superseded=tuple(id_ for id_ in rows if id_ in needed and id_ not in kept),
    )


def _applied(graph: Graph, rows: tuple[str, ...]) -> frozenset[str]:
    return ancestors(graph, *rows, dependencies=True).union(rows)
