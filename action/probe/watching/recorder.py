"""What a migration does while it runs: its statements, their transactions, the line of Python that sent each."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable, Dict, Optional, Set

from sqlalchemy import MetaData, event
from sqlalchemy.engine import Engine

from ..protocol.caps import TEXT
from ..protocol.event_fields import ErrorFields
from ..protocol.wire import Wire
from .closely import LinesRun, digests
from .commits import Commits
from .endings import (
    begins,
    connection_of,
    driver_connection,
    has_failed,
    in_autocommit,
    is_idle,
    of_statement,
    was_rolled_back,
)
from .frames import Places
from .shown import Showing


class Recorder:
    """Sends an event for each statement of the step that is under way."""

    def __init__(self, wire: Wire, places: Places, error_of: Callable[[BaseException], ErrorFields]) -> None:
        self._wire, self._places, self._error_of = wire, places, error_of
        self.commits = Commits(wire)
        self.step: Optional[str] = None
        self.model_tables: frozenset[str] = frozenset()
        self.version_table = "alembic_version"
        self.watched: frozenset[str] = frozenset()
        """The revisions of which the values of statements are sent as well, and the lines that ran."""
        self.shown: frozenset[str] = frozenset()
        """The revisions of which the statements are sent as SQL that can be copied, too."""
        self._showing = Showing()
        self._lines = LinesRun()
        self._in_statement = self._in_stamp = False
        self._transactions: Dict[int, int] = {}
        self._used: Set[int] = set()
        """Transactions in which a statement came back."""
        self._by_hand: Set[int] = set()
        """Connections in autocommit, in a transaction that the migration has begun with a statement."""
        self._count = 0
        self._started = self.step_started = 0.0
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
        self.step, self._in_statement, self.step_started = revision, False, time.perf_counter()
        self._wire.step(revision=revision)
        self._showing.begin()
        if revision in self.watched and file is not None:
            self._lines.start(file)

    def end_step(self) -> None:
        """Say that the revision under way is done."""
        lines = self._lines.stop()
        self._wire.step_done(seconds=time.perf_counter() - self.step_started, lines=lines)
        self.step, self._in_statement = None, False

    def _before_cursor_execute(
        self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        self._in_stamp = self.step is not None and self._is_bookkeeping(sql)
        went_back = was_rolled_back(connection_of(cursor), forget=True)
        if self.step is None:
            return
        if self._transaction(connection, cursor) in self._used and is_idle(connection_of(cursor)):
            self._begin_anew(connection, went_back)  # after the driver's own commit() or rollback()
        if self._in_stamp:
            return
        frames = self._places.of_stack(sys._getframe(1))
        transaction = self._transaction(connection, cursor)
        self._in_statement = True
        values = digests(sql, TEXT, parameters, executemany) if self.step in self.watched else []
        shown = None
        if self.step in self.shown:
            shown = self._showing.of(sql, parameters, executemany, connection.dialect.paramstyle)
        self._wire.statement(sql=sql, frames=frames, transaction=transaction, values=values, shown=shown)
        self._started = time.perf_counter()

    def _transaction(self, connection: Any, cursor: Any) -> Optional[int]:
        """Return the number of a statement's transaction; None in autocommit."""
        alone = in_autocommit(cursor) and id(connection) not in self._by_hand
        return None if alone else self._transactions.get(id(connection))

    def _is_bookkeeping(self, sql: str) -> bool:
        """Tell Alembic's own update of the version table, which says nothing that the steps do not say."""
        return self.version_table in sql[:200] and sql.startswith(("UPDATE ", "INSERT INTO ", "DELETE FROM "))

    def _after_cursor_execute(
        self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if self._in_stamp:
            self._in_stamp = False
            self._wire.stamped(transaction=self._transaction(connection, cursor))
        if self._in_statement:
            self._wire.statement_done(seconds=time.perf_counter() - self._started)
            self._in_statement = False
            number = self._transaction(connection, cursor)
            if number is None:
                self.commits.in_autocommit(cursor)
                if begins(sql, cursor):
                    self._begin(connection)
                    self._by_hand.add(id(connection))
                return
            self._used.add(number)
            went_back = of_statement(sql, cursor)
            if went_back is not None:  # the old way to CREATE INDEX CONCURRENTLY: op.execute("COMMIT")
                self._begin_anew(connection, went_back)

    def _failed(self, context: Any) -> None:
        if self.step is not None and self._in_statement:
            self._in_statement = False
            self._wire.statement_failed(self._error_of(context.sqlalchemy_exception or context.original_exception))

    def _begin(self, connection: Any) -> None:
        self._count += 1
        self._transactions[id(connection)] = self._count
        self._by_hand.discard(id(connection))

    def _begin_anew(self, connection: Any, went_back: bool) -> None:
        """Take what follows for another transaction: the last one was ended past SQLAlchemy."""
        if not went_back:
            self._ended(connection, done=True)
        self._begin(connection)

    def _commit(self, connection: Any) -> None:
        raw = driver_connection(connection)
        if has_failed(raw) or was_rolled_back(raw, forget=False):
            self._rollback(connection)
        self._ended(connection, done=False)  # SQLAlchemy says so just before it asks the server

    def _ended(self, connection: Any, *, done: bool) -> None:
        number = self._transactions.pop(id(connection), None)
        if number is not None:
            self._wire.commit(transaction=number)
        self.commits.of_transaction(connection, number, done=done)

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
