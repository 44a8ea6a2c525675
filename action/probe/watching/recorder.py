"""What a migration does while it runs: its statements, their transactions, the line of Python that sent each."""

from __future__ import annotations

import re
import sys
import time
from typing import Any, Callable, Dict, Optional

from sqlalchemy import MetaData, event
from sqlalchemy.engine import Engine

from ..protocol.caps import TEXT
from ..protocol.event_fields import ErrorFields
from ..protocol.wire import Wire
from .closely import LinesRun, digests
from .frames import Places
from .shown import Showing

COMMITS = re.compile(r"\s*(COMMIT|END)\b", re.IGNORECASE)


class Recorder:
    """Sends an event for each statement of the step that is under way."""

    def __init__(self, wire: Wire, places: Places, error_of: Callable[[BaseException], ErrorFields]) -> None:
        self._wire, self._places, self._error_of = wire, places, error_of
        self.step: Optional[str] = None
        self.model_tables: frozenset[str] = frozenset()
        self.version_table = "alembic_version"
        self.watched: frozenset[str] = frozenset()
        """The revisions of which the values of statements are sent as well, and the lines that ran."""
        self.shown: frozenset[str] = frozenset()
        """The revisions of which the statements are sent as SQL that can be copied, too."""
        self._showing = Showing()
        self._lines = LinesRun()
        self._in_statement = False
        self._transactions: Dict[int, int] = {}
        self._count = 0
        self._started = self._step_started = 0.0
        for name, listener in (
            ("before_cursor_execute", self._before_cursor_execute),
            ("after_cursor_execute", self._after_cursor_execute),
            ("begin", self._begin),
            ("commit", self._commit),
            ("rollback", self._rollback),
            ("handle_error", self._failed),
        ):
            event.listen(Engine, name, listener)
        self._watch_create_all()

    def begin_step(self, revision: str, file: Optional[str] = None) -> None:
        """Say that a revision starts; ``file`` is the one that it is loaded from."""
        self.step, self._in_statement, self._step_started = revision, False, time.perf_counter()
        self._wire.step(revision=revision)
        self._showing.begin()
        if revision in self.watched and file is not None:
            self._lines.start(file)

    def end_step(self) -> None:
        """Say that the revision under way is done."""
        lines = self._lines.stop()
        self._wire.step_done(seconds=time.perf_counter() - self._step_started, lines=lines)
        self.step, self._in_statement = None, False

    def _before_cursor_execute(
        self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if self.step is None or self._is_bookkeeping(sql):
            return
        frames = self._places.of_stack(sys._getframe(1))
        transaction = None if in_autocommit(cursor) else self._transactions.get(id(connection))
        self._in_statement = True
        values = digests(sql, TEXT, parameters, executemany) if self.step in self.watched else []
        shown = None
        if self.step in self.shown:
            shown = self._showing.of(sql, parameters, executemany, connection.dialect.paramstyle)
        self._wire.statement(sql=sql, frames=frames, transaction=transaction, values=values, shown=shown)
        self._started = time.perf_counter()

    def _is_bookkeeping(self, sql: str) -> bool:
        """Tell Alembic's own update of the version table, which says nothing that the steps do not say."""
        return self.version_table in sql[:200] and sql.startswith(("UPDATE ", "INSERT INTO ", "DELETE FROM "))

    def _after_cursor_execute(
        self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if self._in_statement:
            self._wire.statement_done(seconds=time.perf_counter() - self._started)
            self._in_statement = False
            if COMMITS.match(sql):  # the old way to CREATE INDEX CONCURRENTLY: op.execute("COMMIT")
                self._commit(connection)
                self._begin(connection)

    def _failed(self, context: Any) -> None:
        if self.step is not None and self._in_statement:
            self._in_statement = False
            self._wire.statement_failed(self._error_of(context.sqlalchemy_exception or context.original_exception))

    def _begin(self, connection: Any) -> None:
        self._count += 1
        self._transactions[id(connection)] = self._count

    def _commit(self, connection: Any) -> None:
        number = self._transactions.pop(id(connection), None)
        if number is not None:
            self._wire.commit(transaction=number)

    def _rollback(self, connection: Any) -> None:
        self._transactions.pop(id(connection), None)

    def _watch_create_all(self) -> None:
        original = MetaData.create_all

        def create_all(metadata: Any, *args: Any, **kwargs: Any) -> Any:
            if self.step is not None:
                covered = self.model_tables & frozenset(metadata.tables)
                frames = self._places.of_stack(sys._getframe(1))
                self._wire.create_all(frames=frames, tables=len(covered))
            return original(metadata, *args, **kwargs)

        MetaData.create_all = create_all  # type: ignore[assignment,method-assign]


def in_autocommit(cursor: Any) -> bool:
    """Tell whether a statement on this cursor is its own transaction, for every driver."""
    connection = getattr(cursor, "connection", None) or getattr(cursor, "_adapt_connection", None)
    if getattr(connection, "autocommit", False) is True:
        return True
    return getattr(connection, "isolation_level", None) == "autocommit"
