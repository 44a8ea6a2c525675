"""Every connection is ours: whatever URL the project holds, SQLAlchemy connects to the scratch database."""

from __future__ import annotations

import os
import weakref
from typing import Any, Dict, List, Optional, Sequence

from sqlalchemy import event, exc
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from .engine_keys import KEY, Engines
from .protocol.requests import ServerPlace
from .refused import Refused
from .server_versions import ServerVersions
from .watching.endings import follow, followed

# The parameters that say where and as whom a driver connects; all else (timeouts, search_path options) stays.
PLACE = {
    "host", "hostaddr", "port", "user", "password", "passfile", "passwd", "dbname", "database", "dsn", "service",
    "sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "ssl", "ssl_context", "ssl_negotiation", "direct_tls",
    "requiressl", "gssencmode", "krbsrvname", "channel_binding", "require_auth", "target_session_attrs", "unix_sock",
    "load_balance_hosts", "async_creator_fn", "async_creator", "connection_class",
}  # fmt: skip


class Redirect:
    """Where connections go now, and those that were refused."""

    def __init__(self) -> None:
        self.host = self.user = self.password = self.database = ""
        self.port = 0
        self.parameters: Dict[str, Any] = {}
        self.refused: List[Refused] = []
        self.engines = Engines()
        self._versions = ServerVersions()
        self._fresh: Any = None
        self._key = ""
        self._used: Any = weakref.WeakSet()
        """The engines that have had a connection since the last change of the database."""
        self._left: List[Any] = []
        """Pools that were left behind: without a reference, their connections would be closed."""
        event.listen(Engine, "engine_connect", self._connecting)
        event.listen(Engine, "do_connect", self._do_connect)
        event.listen(Pool, "connect", self._connected)
        event.listen(Pool, "checkout", self._checked_out)

    def begin(self, engines: Sequence[str], server: ServerPlace, database: str) -> None:
        """Send all connections to a database, where the project has these engines."""
        self.engines.learn(engines)
        self.point(server, database)

    def point(self, server: ServerPlace, database: str) -> None:
        """Send all further connections to this database."""
        self.host, self.port = server["host"], int(server["port"])
        self.user, self.password = server["user"], server["password"]
        self.parameters = dict(server["parameters"])
        self.database = database
        self.engines.point(database)
        self._leave_pools()

    def _leave_pools(self) -> None:
        """Give every engine an empty pool; connections to an earlier database stay as they are, open and unused.

        To close one here could hang or fail: it belongs to another event loop, or to the process that this one is a
        fork of. A pool that pings its connections would use them first.
        """
        for engine in list(self._used):
            self._left.append(engine.pool)
            engine.pool = engine.pool.recreate()
        self._used.clear()

    def _connecting(self, connection: Any, *_: Any) -> None:
        if connection.dialect.name == "postgresql":  # an SQLite database in memory lives in its pool
            self._used.add(connection.engine)

    @property
    def _target(self) -> Any:
        return (self.database, os.getpid())  # a forked child must not share its parent's sockets

    def _do_connect(self, dialect: Any, record: Any, cargs: List[Any], cparams: Dict[str, Any]) -> Any:
        if dialect.name == "sqlite" and list(cargs[:1]) in ([], [""], [":memory:"]):
            self._fresh = record
            return None  # an application's cache, say: nothing that could be harmed
        self.require_postgresql(dialect)
        self._key = self.engines.key(cparams)
        database = self.engines.database(self._key, self.database)
        params = {name: value for name, value in cparams.items() if name not in PLACE}
        params.update(host=self.host, port=self.port, user=self.user, password=self.password)
        # libpq's drivers say dbname; asyncpg and pg8000 say database.
        if dialect.driver in ("asyncpg", "pg8000"):
            params["database"] = database
        else:
            params.update(self.parameters, dbname=database)
        # Connecting here, and returning the connection, leaves no listener of the project's a say in it.
        connection = dialect.connect(**followed(dialect, params))
        follow(connection)
        self._versions.meet(dialect, (self.host, self.port), connection)
        self._fresh = record
        return connection

    def require_postgresql(self, dialect: Any) -> None:
        """Refuse any other database; raises Refused."""
        if dialect.name != "postgresql":
            raise self.refuse("other-database", "connects to %s, not to PostgreSQL" % (dialect.name,))

    def _connected(self, connection: Any, record: Any) -> None:
        if self._fresh is not record or record is None:
            self._identify(connection)
        else:
            record.info[KEY] = self._key
        self._fresh = None
        record.info["alembic_checks"] = self._target

    def _identify(self, connection: Any) -> None:
        """Refuse a connection that did not come through the redirect (``creator=``), unless it is to our database."""
        found: Optional[str]
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT current_database()")
            found = str(cursor.fetchone()[0])
            cursor.close()
            connection.rollback()
        except Exception:
            found = None
        if found != self.database:
            raise self.refuse(
                "escaped", "opens a connection of its own (creator=) to database %r" % (found or "(unknown)",)
            )

    def _checked_out(self, connection: Any, record: Any, proxy: Any) -> None:
        # A pool whose engine nobody has connected with, such as that of a raw_connection(), was not left behind.
        if record.info.get("alembic_checks", self._target) != self._target:
            raise exc.DisconnectionError("this connection belongs to an earlier scratch database")

    def refuse(self, kind: str, message: str) -> Refused:
        """Return the exception to raise."""
        # Remembered too: env.py may swallow the exception and go on with something else.
        refusal = Refused(kind, message)
        self.refused.append(refusal)
        return refusal
