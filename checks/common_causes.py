"""The names of problems that several findings are about: those of an Alembic environment that bear one name are one."""

from __future__ import annotations

from collections.abc import Iterable

EDITED = "edited revisions"
"""Revisions of the base whose code this change alters."""
REMOVED = "removed revisions"
"""Revisions of the base that this change deletes, or squashes into others."""
LOST_IMPORT = "a removed module"
MISSING_MIGRATION = "a missing migration"
UNIMPORTED = "models that env.py does not import"


def heads(ids: Iterable[str]) -> str:
    """Return the name of heads that conflict."""
    return f"heads {' '.join(sorted(ids))}"


def parents(id_: str) -> str:
    """Return the name of a revision of the base that this change bases on others."""
    return f"parents of {id_}"


def replaced(id_: str) -> str:
    """Return the name of a revision of the base that has another id now; ``id_`` is the old one."""
    return f"another id of {id_}"


def long_id(id_: str) -> str:
    """Return the name of a revision id that its column cannot hold."""
    return f"length of {id_}"


def torn(id_: str) -> str:
    """Return the name of a revision that does not run again after it stopped half-way."""
    return f"half of {id_}"


def failure(message: str) -> str:
    """Return the name of a failure of migrations, by the message of the first that failed so."""
    return f"failure {message}"
