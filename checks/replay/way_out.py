"""What a person runs by hand where a deploy has stopped half-way, so that the database goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.comparison.drop_lines import drop_lines, dropped
from checks.findings import Snippet
from checks.recording.legs import Statement
from checks.recording.schema import ObjectChange
from checks.replay.repeatable import finalizing, index_of, plain

_ROWS = re.compile(r"INSERT|UPDATE|DELETE|TRUNCATE|WITH|MERGE|COPY|SELECT", re.IGNORECASE)
UNDO = "undo it by hand, then run alembic upgrade again"
_FINISH = "do not run alembic upgrade again; run the rest by hand"
_ONLY_STAMP = "do not run alembic upgrade again; mark the revision as applied"
_STAMP = "Then mark the revision as applied"
_HAPPENED = "If it has happened"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """What a person does after one stop."""

    does: str
    """What it is, after ``If it has happened``."""
    sql: tuple[str, ...] = ()
    stamp: str = ""
    """The revision to mark as applied."""

    def snippets(self, when: str) -> Iterator[Snippet]:
        """Yield the blocks of a report; ``when`` begins their title."""
        stamp = f"alembic stamp {self.stamp}"
        if self.sql:
            yield Snippet(title=f"{when}, {self.does}", text="\n".join(self.sql), language="sql")
        if self.stamp:
            title = _STAMP if self.sql else f"{when}, {self.does}"
            yield Snippet(title=title, text=stamp, language="shell")


def ways_out(stops: Sequence[tuple[str, WayOut]]) -> tuple[Snippet, ...]:
    """Return what to do, for all stops at once where that is possible; each stop is where it was, with the way out.

    Objects that only a later stop leaves are dropped if they exist, so that a person need not know where it stopped.
    """
    ways = list(dict.fromkeys(way for _, way in stops))
    if len(ways) > 1 and all(way.does == UNDO for way in ways):
        lines = dict.fromkeys(line for way in reversed(ways) for line in way.sql)
        ways = [WayOut(does=UNDO, sql=tuple(map(_if_exists, lines)))]
    if len(ways) == 1:
        return tuple(ways[0].snippets(_HAPPENED))
    of_way = {way: " or ".join(dict.fromkeys(place for place, one in stops if one == way)) for way in ways}
    if len({way.does for way in ways}) == 1 and not any(way.stamp for way in ways):
        every = [line for way in ways for line in (f"-- Stopped {of_way[way]}:", *way.sql)]
        return tuple(WayOut(does=ways[0].does, sql=tuple(every)).snippets(_HAPPENED))
    return tuple(snippet for way in ways for snippet in way.snippets(f"If it has stopped {of_way[way]}"))


def _if_exists(line: str) -> str:
    """Return a line that drops something, so that it does nothing where that is not there."""
    of_table = re.sub(r"^ALTER TABLE ", "ALTER TABLE IF EXISTS ", line)
    return re.sub(r"\bDROP (INDEX CONCURRENTLY|MATERIALIZED VIEW|[A-Z]+) ", r"DROP \1 IF EXISTS ", of_table, count=1)


def way_out(left: LeftBehind) -> WayOut:
    """Return the SQL that undoes what is committed; where nothing undoes it, the rest of the revision and a stamp."""
    undoing = _undoing(left) if left.restores else None
    if undoing:
        return WayOut(does=UNDO, sql=tuple(undoing))
    rest = [finalizing(left.during.sql) if left.during is not None else None]
    rest += [f"{plain(statement.sql)};" for statement in left.rest if statement != left.during or not rest[0]]
    lines = (*_invalid(left), *(line for line in rest if line))
    return WayOut(does=_FINISH if lines else _ONLY_STAMP, sql=lines, stamp=left.revision)


def _invalid(left: LeftBehind) -> Iterator[str]:
    """Yield the line that drops the invalid index of an interrupted build, which is in the way of the next one."""
    name = index_of(left.during.sql) if left.during is not None else None
    for change in left.changed:
        came = change.after if change.before is None else None
        if came is not None and came.kind == "index" and came.name == name:
            yield dropped(came)


def _undoing(left: LeftBehind) -> list[str] | None:
    """Return the statements that undo what came; None where something is not undone by dropping it."""
    if any(changes_rows(statement.sql) for statement in left.committed):
        return None
    text = " ".join(statement.sql for statement in left.committed)
    return drop_lines(left.changed, lambda key: key.name in text)


def changes_rows(sql: str) -> bool:
    """Tell whether a statement may change rows."""
    return _ROWS.match(plain(sql)) is not None
