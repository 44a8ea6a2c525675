"""What stops the project's code without being its doing: a lost connection, a full disk, too little memory."""

from __future__ import annotations

from typing import Any, Optional, Set

from sqlalchemy import event
from sqlalchemy.engine import Engine

from .load_failures import chain
from .protocol import fault_kinds
from .protocol.event_fields import FaultFields
from .protocol.wire import Wire
from .server_errors import error_of

_DRIVERS = ("psycopg2", "psycopg", "asyncpg", "pg8000")
_MESSAGE = 2000
"""Characters of a message that are sent."""


class Faults:
    """Sends each fault once; also one that the project's code catches, because later failures may follow from it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._sent: Set[str] = set()
        event.listen(Engine, "handle_error", self._failed)

    def _failed(self, context: Any) -> None:
        # Here, because SQLAlchemy then closes a connection that is lost, and it looks as if the project had closed it.
        self.look_at(context.original_exception, _raw(context.connection))

    def look_at(self, failure: BaseException, connection: Any = None) -> None:
        """Send the fault that an exception shows, if any; ``connection`` is the driver's own that it came from."""
        found = fault_of(failure, connection)
        if found is not None and found["kind"] not in self._sent:
            self._sent.add(found["kind"])
            self._wire.fault(found)


def fault_of(failure: BaseException, connection: Any = None) -> Optional[FaultFields]:
    """Return the fault that an exception, or one that led to it, stands for; None for a fault of the project's."""
    links = chain(failure)
    originals = [getattr(link, "orig", None) for link in links]
    links += [link for link in originals if isinstance(link, BaseException)]
    said = [(link, error_of(link)) for link in links]
    if any(error["sqlstate"] in fault_kinds.OWN_TIMEOUTS for _, error in said):
        return None
    for link, error in said:
        hint = error["hint"] if isinstance(error["hint"], str) else None
        kind = fault_kinds.of_exception(link) or fault_kinds.of_sqlstate(error["sqlstate"], hint)
        if kind is None and error["sqlstate"] is None and type(link).__module__.split(".")[0] in _DRIVERS:
            kind = fault_kinds.of_refusal(str(link))
        if kind is not None:
            return _fields(kind, error["message"] or error["error"])
    lost = next((link for link in links if _is_lost(link)), failure if _is_broken(connection) else None)
    return None if lost is None else _fields(fault_kinds.CONNECTION_LOST, lost)


def _fields(kind: str, message: object) -> FaultFields:
    return {"kind": kind, "text": str(message)[:_MESSAGE]}


def _raw(connection: Any) -> Any:
    """Return the driver's connection of SQLAlchemy's; not by its property, which would connect anew."""
    pooled = getattr(connection, "_dbapi_connection", None) or getattr(connection, "_Connection__connection", None)
    return getattr(pooled, "dbapi_connection", None) or getattr(pooled, "connection", None)


def _is_broken(connection: Any) -> bool:
    """Tell whether the other end closed a connection, as psycopg2 and psycopg know it."""
    return getattr(connection, "closed", None) == 2 or getattr(connection, "broken", None) is True


def _is_lost(error: BaseException) -> bool:
    """Tell the exception of a connection that the other end closed from that of one which the project closed itself."""
    driver, name = type(error).__module__.split(".")[0], type(error).__name__
    if driver == "psycopg2":
        # From a cursor, so not of a connection that was refused; the server's errors have a code.
        at_work = getattr(error, "cursor", None) is not None and getattr(error, "pgcode", None) is None
        return name == "OperationalError" and at_work
    if driver == "psycopg":
        return name == "OperationalError" and str(error).startswith(
            ("consuming input failed", "the connection is lost")
        )
    if driver == "asyncpg":
        # The server's own 08003 is of the same class, and has a severity.
        return name == "ConnectionDoesNotExistError" and getattr(error, "severity", None) is None
    return driver == "pg8000" and name == "InterfaceError" and "network error" in str(error)
