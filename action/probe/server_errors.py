"""What a server's error says, in the same fields for every driver."""

from __future__ import annotations

from typing import Any, List

from sqlalchemy.exc import DBAPIError

from .load_failures import chain
from .protocol.event_fields import ErrorFields


def error_of(failure: BaseException) -> ErrorFields:
    """Return what the server said; ``sqlstate`` is None when it was not the server."""
    found: ErrorFields = {
        "error": type(failure).__name__, "message": str(failure), "sqlstate": None, "detail": None, "hint": None,
    }  # fmt: skip
    links: List[Any] = [failure, getattr(failure, "orig", None)]
    links += [getattr(link, "__cause__", None) for link in list(links)]
    for link in filter(None, links):
        if isinstance(getattr(link, "args", None), tuple) and link.args and isinstance(link.args[0], dict):
            said = link.args[0]  # pg8000
            if "C" in said:
                found["sqlstate"], found["message"] = said["C"], said.get("M")
                found["detail"], found["hint"] = said.get("D"), said.get("H")
                return found
        state = getattr(link, "sqlstate", None) or getattr(link, "pgcode", None)
        if not state:
            continue
        diag = getattr(link, "diag", None)
        found["sqlstate"] = str(state)
        found["message"] = getattr(diag, "message_primary", None) or getattr(link, "message", None) or str(link)
        found["detail"] = getattr(diag, "message_detail", None) or getattr(link, "detail", None)
        found["hint"] = getattr(diag, "message_hint", None) or getattr(link, "hint", None)
    # SQLAlchemy's own exceptions have a ``detail`` list.
    found["detail"] = found["detail"] if isinstance(found["detail"], str) else None
    found["hint"] = found["hint"] if isinstance(found["hint"], str) else None
    return found


def server_error(failure: BaseException) -> BaseException:
    """Return the server's error where the driver's own, such as at a commit, only follows from it; else the failure."""
    if isinstance(failure, DBAPIError) and error_of(failure)["sqlstate"] is None:
        return next((link for link in chain(failure) if error_of(link)["sqlstate"] is not None), failure)
    return failure
