"""What a person runs by hand where a deploy has stopped half-way, so that the database goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.drop_lines import drop_lines
from checks.findings import Snippet
from checks.recording.legs import Statement
from checks.recording.schema import ObjectChange
from checks.replay.repeatable import finalizing, plain

_ROWS = re.compile(r"INSERT|UPDATE|DELETE|TRUNCATE|WITH|MERGE|COPY|SELECT", re.IGNORECASE)
UNDO = "If it has happened, undo it by hand, then run alembic upgrade again"
FINISH = "If it has happened, do not run alembic upgrade again; run the rest by hand"
STAMP = "Then mark the revision as applied"
ONLY_STAMP = "If it has happened, do not run alembic upgrade again; mark the revision as applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What a stop left in the database, of one revision."""

    revision: str
    committed: Sequence[Statement]
    rest: Sequence[Statement]
    """What the revision had still to do, in its order."""
    during: Statement | None = None
    """The statement that was interrupted."""
    changed: Sequence[ObjectChange] = ()
    """Against the deployed database."""
    restores: bool = True
    """Whether it helps to undo by hand: not where the upgrade fails for another reason, or writes rows again."""


def way_out(left: LeftBehind) -> tuple[Snippet, ...]:
    """Return the SQL that undoes what is committed; where nothing undoes it, the rest of the revision and a stamp."""
    undoing = _undoing(left) if left.restores else None
    if undoing:
        return (Snippet(title=UNDO, text="\n".join(undoing), language="sql"),)
    rest = [finalizing(left.during.sql) if left.during is not None else None]
    rest += [f"{plain(statement.sql)};" for statement in left.rest if statement != left.during or not rest[0]]
    lines = [line for line in rest if line]
    stamp = Snippet(title=STAMP if lines else ONLY_STAMP, text=f"alembic stamp {left.revision}", language="shell")
    return (*([Snippet(title=FINISH, text="\n".join(lines), language="sql")] if lines else []), stamp)


def _undoing(left: LeftBehind) -> list[str] | None:
    """Return the statements that undo what came; None where something is not undone by dropping it."""
    if any(changes_rows(statement.sql) for statement in left.committed):
        return None
    text = " ".join(statement.sql for statement in left.committed)
    return drop_lines(left.changed, lambda key: key.name in text)


def changes_rows(sql: str) -> bool:
    """Tell whether a statement may change rows."""
    return _ROWS.match(plain(sql)) is not None
