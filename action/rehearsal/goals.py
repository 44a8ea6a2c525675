"""What has to be true of the version table after a leg: what its route promises, proven by our own connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from action.session.session import Session
from checks.recording.absent import Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedTo:
    """Nothing is left that Alembic would still apply on the way to the targets."""

    targets: tuple[str, ...] = ()
    """Revisions; all heads when empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DowngradedTo:
    """The version table holds these rows and no others."""

    rows: tuple[str, ...]
    """Empty for a database that no revision is applied to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Nothing is promised of the version table."""


ALL_HEADS = UpgradedTo()
Goal: TypeAlias = UpgradedTo | DowngradedTo | Unproven


def unreached(goal: Goal, session: Session, rows: tuple[str, ...]) -> str | None:
    """Return what keeps the rows of the version table from being the goal, in a clause; None where they are it."""
    match goal:
        case UpgradedTo(targets=targets):
            pending = session.pending(rows, targets)
            if isinstance(pending, Absent):
                return f"Alembic cannot list what is left to apply: {pending.reason}"
            return f"Not applied: {', '.join(pending)}" if pending else None
        case DowngradedTo(rows=wanted):
            kept, lost = sorted(set(rows) - set(wanted)), sorted(set(wanted) - set(rows))
            parts = [f"still applied: {', '.join(kept)}"] if kept else []
            parts += [f"not applied: {', '.join(lost)}"] if lost else []
            text = "; ".join(parts)
            return text[:1].upper() + text[1:] or None  # not capitalize(): ids of revisions keep their case
        case Unproven():
            return None
