"""What has to be true of the version table after a leg: what its route promises, proven by our own connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from checks.graph.version_rows import Difference, difference, rows_at
from checks.recording.absent import Absent
from checks.recording.revisions import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedTo:
    """The version table holds the rows that Alembic leaves at the targets, and no others."""

    graph: Graph
    """Of the code that runs."""
    targets: tuple[str, ...] = ()
    """Revisions; all heads when empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRows:
    """The version table holds these rows and no others."""

    rows: tuple[str, ...]
    """Empty for a database that no revision is applied to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Nothing is promised of the version table."""


Goal: TypeAlias = UpgradedTo | AtRows | Unproven


def wanted_rows(goal: Goal, named: Sequence[str]) -> tuple[str, ...]:
    """Return the rows that the version table should hold; empty where nothing is promised.

    ``named`` are the heads that Alembic itself names: they count where the graph does not tell them.
    """
    match goal:
        case UpgradedTo(graph=graph, targets=targets):
            rows = rows_at(graph, targets)
            return tuple(dict.fromkeys(named)) if isinstance(rows, Absent) else rows
        case AtRows(rows=rows):
            return rows
        case Unproven():
            return ()


def unreached(goal: Goal, rows: Sequence[str], named: Sequence[str]) -> Difference | Absent | None:
    """Return how the rows of the version table differ from the goal; None where they are it.

    Absent, with the reason, where the graph does not tell the heads, and Alembic itself names others than these rows.
    ``named`` as in ``wanted_rows``.
    """
    match goal:
        case UpgradedTo(graph=graph, targets=targets):
            computed = rows_at(graph, targets)
            if isinstance(computed, Absent):
                return None if rows and set(rows) == set(named) else computed
            return difference(graph, computed, rows)
        case AtRows(rows=wanted):
            kept, lost = sorted(set(rows) - set(wanted)), sorted(set(wanted) - set(rows))
            return Difference(not_applied=tuple(lost), still_applied=tuple(kept)) if kept or lost else None
        case Unproven():
            return None
