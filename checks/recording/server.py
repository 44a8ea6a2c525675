"""The PostgreSQL server that a run used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUsed:
    """One server; the results of several servers are several recordings."""

    version: str
    """As people write it: ``17.2``."""
    kind: str
    """The way in which the run got it: ``embedded`` or ``external``."""
    detail: str = ""
    """Where it came from, and how to reach it when it is kept; one line."""
