"""What SQLAlchemy knows of a server: learnt once for an engine, and wrong when the engine is led to another server."""

from __future__ import annotations

import weakref
from typing import Any, Tuple


class ServerVersions:
    """The server that each dialect has met first."""

    def __init__(self) -> None:
        self._met: Any = weakref.WeakKeyDictionary()

    def meet(self, dialect: Any, place: Tuple[str, int], connection: Any) -> None:
        """Take note of a new connection; where it leads to another server than before, have the dialect know that."""
        if self._met.get(dialect, place) != place:
            _teach(dialect, connection)
        self._met[dialect] = place


def _teach(dialect: Any, connection: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT current_setting('server_version_num')")
    number = int(cursor.fetchone()[0])
    cursor.close()
    connection.rollback()
    dialect.server_version_info = (number // 10000, number % 10000)
    if hasattr(dialect, "_supports_jsonb_subscripting"):  # the only flag that depends on a supported version
        dialect._supports_jsonb_subscripting = number >= 140000
