"""What keeps a project from being run, or from being run in part."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ObstacleKind(enum.StrEnum):
    """Why a tree could not be rehearsed, or only in part."""

    MISSING_MODULE = "missing-module"
    MISSING_SETTINGS = "missing-settings"
    LOAD_FAILED = "load-failed"
    """env.py, or what it imports, raised."""
    EXITED = "exited"
    """env.py ended the process, such as by ``sys.exit(0)``."""
    NEVER_RAN = "never-ran"
    """env.py finished without ever running migrations."""
    OTHER_DATABASE = "other-database"
    """env.py connects to something that is not PostgreSQL."""
    ESCAPED = "escaped"
    """A connection went past the redirect to a server that is not ours; it was refused."""
    NOT_AT_HEADS = "not-at-heads"
    """env.py ran without an error, but our database's version table is not at the heads."""
    GRAPH = "graph"
    """Alembic itself cannot read the revision graph; check ``heads`` tells why."""
    TIMEOUT = "timeout"
    DIED = "died"
    """The project's process ended without a word (a signal, ``os._exit``)."""
    NO_SERVER = "no-server"
    """PostgreSQL could not be had."""
    NO_BASE = "no-base"
    """The base's database could not be made, neither by its migrations nor from its models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What kept the project from being rehearsed, told so that its owner can mend it."""

    kind: ObstacleKind
    message: str
    why: str = ""
    remedy: str = ""
    path: str | None = None
    line: int | None = None
    details: str = ""
    """The project's own traceback or last output."""

    @property
    def text(self) -> str:
        """Return what, why and what to do, a paragraph each."""
        return "\n".join(part for part in (self.message, self.why, self.remedy) if part)

    @property
    def is_project_code(self) -> bool:
        """Tell whether the project's own code failed to load (exit code 5) rather than could not be judged."""
        return self.kind in (
            ObstacleKind.MISSING_MODULE,
            ObstacleKind.MISSING_SETTINGS,
            ObstacleKind.LOAD_FAILED,
        )
