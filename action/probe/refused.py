"""The exception for a connection that must not be made; apart, so that it is there without SQLAlchemy."""

from __future__ import annotations


class Refused(Exception):
    """A connection that the probe does not let through."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
