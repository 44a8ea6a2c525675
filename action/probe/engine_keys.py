"""The databases that env.py itself names, by host, port and name: each gets a scratch database of its own."""

from __future__ import annotations

from typing import Any, Iterable, List, Mapping

from .protocol.companions import database_of

KEY = "alembic_checks_engine"
"""Where a connection keeps the key of its engine."""


class Engines:
    """The engines that env.py migrates, by their keys; a connection of any other goes where the first goes."""

    def __init__(self) -> None:
        self.keys: List[str] = []
        self._scratch: List[str] = []

    def point(self, database: str) -> None:
        """Know a scratch database, whose name may stand in a URL that the project was given earlier."""
        if database not in self._scratch:
            self._scratch.append(database)

    def learn(self, keys: Iterable[str]) -> None:
        """Add the engines of a run of env.py, in its order; where none of them is known, they are the first ones."""
        found = list(dict.fromkeys(keys))
        if not any(key in self.keys for key in found):
            self.keys = []
        self.keys += [key for key in found if key not in self.keys]

    def number(self, key: str) -> int:
        """Return the number of an engine; 0 for one that is not known."""
        return self.keys.index(key) if key in self.keys else 0

    def database(self, key: str, first: str) -> str:
        """Return the scratch database of an engine, where that of the first is ``first``."""
        return database_of(first, self.number(key))

    def key(self, params: Mapping[str, Any]) -> str:
        """Return what tells one database from others: ``host:port/name``, ``/rest`` for a name made of ours."""
        name = str(params.get("dbname") or params.get("database") or "")
        for database in sorted(self._scratch, key=len, reverse=True):
            if name.startswith(database):
                return "/" + name[len(database) :]
        host = str(params.get("host") or params.get("hostaddr") or "").lower()
        return "%s:%s/%s" % (host, params.get("port") or 5432, name)


def key_of(connection: Any) -> str:
    """Return the key of a connection of SQLAlchemy; empty for one that did not come through the redirect."""
    try:
        return str(connection.info.get(KEY, ""))
    except Exception:  # closed, or not SQLAlchemy's
        return ""
