"""Running ``create_all`` statement by statement, so that what only migrations make does not stop it."""

from __future__ import annotations

import functools
import re
from types import TracebackType
from typing import Any, Callable, List, Optional, Tuple, Type

from sqlalchemy import event
from sqlalchemy import schema as sql

BATCH = 200
"""Tables or statements in one transaction; max_locks_per_transaction, 64 by default, allows for some 6000 locks."""

_DDL = re.compile(r"\s*(CREATE|ALTER|GRANT|REVOKE|COMMENT|DO)\b", re.IGNORECASE)
_MISSING = re.compile(r'(?:type|operator class|access method) "([^"]+)"|function ([\w.]+)\(')
_TAKEN = re.compile(r'relation "([^"]+)" already exists')
_CONCURRENTLY = re.compile(r"(\s*CREATE\s+(?:UNIQUE\s+)?INDEX)\s+CONCURRENTLY\b", re.IGNORECASE)
_DUPLICATE = ("42P06", "42P07", "42710", "42723")
_IN_TRANSACTION = "25001"
_UNDEFINED = ("42704", "42883")
_PARTS = (sql.CreateIndex, sql.AddConstraint)
_OURS = (sql.CreateTable, *_PARTS)
_HOLDERS = {
    "geometry": "postgis",
    "geography": "postgis",
    "halfvec": "vector",
    "sparsevec": "vector",
    "gen_random_uuid": "pgcrypto",
    "crypt": "pgcrypto",
    "digest": "pgcrypto",
    "similarity": "pg_trgm",
    "gin_trgm_ops": "pg_trgm",
    "gist_trgm_ops": "pg_trgm",
    "gist": "btree_gist",
    "gin": "btree_gin",
    "vector_l2_ops": "vector",
    "vector_ip_ops": "vector",
    "vector_cosine_ops": "vector",
    "hnsw": "vector",
    "ivfflat": "vector",
}
"""Which extension holds what does not bear its name; anything else is looked up by its own."""


def run_sql(connection: Any, statement: str, cursor: Any = None) -> List[Tuple[Any, ...]]:
    """Send a statement past SQLAlchemy, whose placeholders trip over colons and percent signs; return its rows."""
    own = cursor is None
    cursor = connection.connection.cursor() if own else cursor
    # pg8000 looks for placeholders even where no parameters are given.
    cursor.execute(statement.replace("%", "%%") if connection.dialect.driver == "pg8000" else statement)
    rows = [tuple(row) for row in cursor.fetchall()] if cursor.description else []
    if own:
        cursor.close()
    return rows


def attempt(cursor: Any, run: Callable[[], Any]) -> Optional[Exception]:
    """Run something that may fail without losing the transaction; return the error."""
    within = _saved(cursor)
    try:
        run()
    except Exception as error:
        if within:
            cursor.execute("ROLLBACK TO SAVEPOINT patience")
        return error
    if within:
        cursor.execute("RELEASE SAVEPOINT patience")
    return None


def at_once(connection: Any, run: Callable[[], Any]) -> bool:
    """Run something behind one savepoint; tell whether it went through, and undo it where it did not."""
    cursor = connection.connection.cursor()
    try:
        if not _saved(cursor):
            return False
        return attempt(cursor, run) is None
    finally:
        cursor.close()


def _saved(cursor: Any) -> bool:
    try:
        cursor.execute("SAVEPOINT patience")
    except Exception as error:
        if sqlstate(error) == "25P01":  # autocommit: there is nothing to go back to, and no need
            return False
        raise
    return True


def commit(cursor: Any) -> None:
    """Commit and go on in a new transaction, behind the back of driver and SQLAlchemy: it gives the locks back."""
    try:
        cursor.execute("COMMIT AND CHAIN")
    except Exception as error:
        if sqlstate(error) != "25P01":  # autocommit: there is nothing to commit
            raise


class Patience:
    """Retry a statement for want of an extension, and pass over what the database has from the migrations already."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.extensions: List[str] = []
        self.left_out: List[str] = []
        self.statements = 0

    def __enter__(self) -> None:
        event.listen(self.connection, "before_cursor_execute", self._before, retval=True)

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        event.remove(self.connection, "before_cursor_execute", self._before)

    def _before(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> Tuple[str, Any]:
        if executemany or not _DDL.match(statement):
            return statement, parameters
        construct = getattr(getattr(context, "compiled", None), "statement", None)
        for _ in range(8):
            send = functools.partial(connection.dialect.do_execute, cursor, statement, parameters, context)
            error = attempt(cursor, send)
            if error is None or (not isinstance(construct, _OURS) and self._harmless(error)):
                break
            if isinstance(construct, _PARTS) and sqlstate(error) in _DUPLICATE:
                # Two indexes of one name, say: the models' own mistake, which must not hide all the other tables.
                self.left_out.append("%s (%s)" % (" ".join(statement.split())[:200], _first_line(error)))
                break
            if isinstance(construct, sql.CreateTable):
                statement, unnamed = self._unnamed(statement, error), statement
                if statement != unnamed:
                    continue
            if sqlstate(error) == _IN_TRANSACTION and _CONCURRENTLY.match(statement):
                statement = _CONCURRENTLY.sub(r"\1", statement)  # the same index, and nobody waits for it here
            elif not self._mended(cursor, error):
                raise error
        self.statements += 1
        if self.statements % BATCH == 0:
            commit(cursor)
        return "SELECT 1", type(parameters)()

    def _harmless(self, error: Exception) -> bool:
        state = sqlstate(error)
        return state in _DUPLICATE or (
            state == "42704" and re.search(r'role ".*" does not exist', str(error)) is not None
        )

    def _unnamed(self, statement: str, error: Exception) -> str:
        """Return a CREATE TABLE without the name of a constraint that another table's has already."""
        taken = _TAKEN.search(str(error)) if sqlstate(error) in _DUPLICATE else None
        if taken is None:
            return statement
        named = re.compile(r'CONSTRAINT "?%s"? (?=UNIQUE|PRIMARY KEY|EXCLUDE)' % re.escape(taken.group(1)))
        bare, count = named.subn("", statement)
        if count:
            self.left_out.append("the name of %s (%s)" % (taken.group(1), _first_line(error)))
        return bare

    def _mended(self, cursor: Any, error: Exception) -> bool:
        """Create the extension whose absence the error shows; tell whether there was one."""
        missing = _MISSING.search(str(error)) if sqlstate(error) in _UNDEFINED else None
        if missing is None:
            return False
        wanted = (missing.group(1) or missing.group(2)).split(".")[-1]
        name = _extension(wanted)
        if name in self.extensions:
            return False
        available = "SELECT count(*) FROM pg_available_extensions WHERE name = '{0}'".format(name.replace("'", "''"))
        if not run_sql(self.connection, available, cursor)[0][0]:
            return False
        cursor.execute('CREATE EXTENSION IF NOT EXISTS "{0}" CASCADE'.format(name))
        self.extensions.append(name)
        return True


def _first_line(error: Exception) -> str:
    # SQLAlchemy's asyncpg dialect puts the class before the server's words.
    return re.sub(r"^<class '[^']*'>: ", "", str(error).strip()).split("\n")[0]


def _extension(wanted: str) -> str:
    if wanted in _HOLDERS:
        return _HOLDERS[wanted]
    if wanted.startswith(("uuid_generate_", "uuid_ns_")):
        return "uuid-ossp"
    if wanted.startswith("gist_") and wanted.endswith("_ops"):
        return "btree_gist"
    return wanted


def sqlstate(error: BaseException) -> Optional[str]:
    """Return the SQLSTATE of a driver's error: psycopg2, psycopg, asyncpg (also as SQLAlchemy wraps it), pg8000."""
    for holder in (error, error.__cause__, getattr(error, "orig", None)):
        for attribute in ("sqlstate", "pgcode"):
            value = getattr(holder, attribute, None)
            if isinstance(value, str):
                return value
        arguments = getattr(holder, "args", ())
        if arguments and isinstance(arguments[0], dict):
            return arguments[0].get("C")
    return None
