"""How transactions end: what a statement, or the driver's own commit() or rollback(), makes of what was sent before."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional, Type

_START = r"(?:\s|--[^\n]*\n|/\*(?:[^*/]|\*(?!/)|/(?!\*)|/\*(?:[^*]|\*(?!/))*\*/)*\*/)*"
"""What may stand before a statement, as ``checks.sql.LEADING`` has it; no text fits it in two ways."""
_COMMITS = re.compile(_START + r"(?:COMMIT|END)\b(?!\s+PREPARED\b)", re.IGNORECASE | re.DOTALL)
_GOES_BACK = re.compile(
    _START + r"(?:ROLLBACK|ABORT)\b(?!\s+PREPARED\b)(?!(?:\s+(?:WORK|TRANSACTION))?\s+TO\b)", re.IGNORECASE | re.DOTALL
)
_BEGINS = re.compile(_START + r"(?:BEGIN|START\s+TRANSACTION)\b", re.IGNORECASE | re.DOTALL)
_LAST = re.compile(r";\s*(?:ROLLBACK|ABORT)(?:\s+(?:WORK|TRANSACTION))?\s*;?\s*\Z", re.IGNORECASE)
"""At the end of several statements that were sent as one."""
_METHODS = {"commit": False, "rollback": True, "reset": True, "set_isolation_level": True}
"""Calls of a driver's connection that end its transaction, and whether they roll it back; two are psycopg2's."""
_ended: Dict[int, bool] = {}
"""From the id of a driver's connection to whether its transaction was rolled back, since its last statement."""


def followed(dialect: Any, parameters: Dict[str, Any]) -> Dict[str, Any]:
    """Return what to connect with, so that the calls of the driver's connection that end a transaction are noticed."""
    if getattr(dialect, "driver", "") != "psycopg2":
        return parameters
    module = getattr(dialect, "dbapi", None)
    base = parameters.get("connection_factory") or module.extensions.connection  # type: ignore[union-attr]
    # Its connections are no objects of Python: only a class of one's own can say what is called.
    return {**parameters, "connection_factory": _following(base)} if isinstance(base, type) else parameters


def follow(connection: Any) -> None:
    """Notice the calls of a driver's connection that end a transaction, where its class is one of Python's."""
    kind = type(connection)
    if "_alembic_checks" in vars(kind):
        return
    try:
        kind._alembic_checks = True
        for name in ("commit", "rollback"):
            setattr(kind, name, _noting(getattr(kind, name), _METHODS[name]))
    except (AttributeError, TypeError):  # a class of C
        return


def _following(base: Type[Any]) -> Type[Any]:
    if "_alembic_checks" in vars(base):
        return base
    methods = {name: _noting(getattr(base, name), back) for name, back in _METHODS.items() if hasattr(base, name)}
    return type(base.__name__, (base,), {"_alembic_checks": True, "__module__": base.__module__, **methods})


def _noting(original: Any, goes_back: bool) -> Any:
    def method(connection: Any, *args: Any, **kwargs: Any) -> Any:
        # Only the first call ends what was sent before.
        _ended.setdefault(id(connection), goes_back or has_failed(connection))
        return original(connection, *args, **kwargs)

    method.__name__, method.__doc__ = getattr(original, "__name__", "method"), getattr(original, "__doc__", None)
    return method


def was_rolled_back(connection: Any, *, forget: bool) -> bool:
    """Tell whether the driver itself has rolled back what was last sent; ``forget`` it before the next statement."""
    return bool(_ended.pop(id(connection), False) if forget else _ended.get(id(connection), False))


def of_statement(sql: str, cursor: Any) -> Optional[bool]:
    """Tell whether a statement that came back has rolled back its transaction; None where that goes on.

    False: it is committed.
    """
    if _GOES_BACK.match(sql):
        return True
    if _COMMITS.match(sql):  # the server answers it for a transaction that has failed with ROLLBACK
        return getattr(cursor, "statusmessage", None) == "ROLLBACK"
    return bool(_LAST.search(sql)) if is_idle(connection_of(cursor)) is True else None


def begins(sql: str, cursor: Any) -> bool:
    """Tell whether a statement that came back has begun a transaction, past the driver."""
    return _BEGINS.match(sql) is not None and is_idle(connection_of(cursor)) is False


def connection_of(cursor: Any) -> Any:
    """Return the driver's connection of a cursor, as SQLAlchemy has it."""
    return getattr(cursor, "_adapt_connection", None) or getattr(cursor, "connection", None)


def driver_connection(connection: Any) -> Any:
    """Return the driver's connection of one of SQLAlchemy's."""
    pooled = connection.connection
    return getattr(pooled, "dbapi_connection", None) or getattr(pooled, "connection", pooled)


def is_idle(connection: Any) -> Optional[bool]:
    """Tell whether the driver knows its connection to be in no transaction; None where it does not say."""
    raw: Any = getattr(connection, "_connection", connection)
    try:
        if hasattr(raw, "is_in_transaction"):  # asyncpg
            return not raw.is_in_transaction()
        if hasattr(raw, "_transaction_status"):  # pg8000
            return bool(raw._transaction_status == b"I")
        return int(raw.info.transaction_status) == 0  # psycopg2 and psycopg
    except Exception:
        return None


def has_failed(connection: Any) -> bool:
    """Tell whether the driver knows an error in the open transaction, which the server can only roll back."""
    raw: Any = getattr(connection, "_connection", connection)
    try:
        if hasattr(raw, "_transaction_status"):
            return bool(raw._transaction_status == b"E")
        return int(raw.info.transaction_status) == 3
    except Exception:
        return False


def in_autocommit(cursor: Any) -> bool:
    """Tell whether a statement on this cursor is its own transaction, for every driver."""
    connection = getattr(cursor, "connection", None) or getattr(cursor, "_adapt_connection", None)
    if getattr(connection, "autocommit", False) is True:
        return True
    return getattr(connection, "isolation_level", None) == "autocommit"
