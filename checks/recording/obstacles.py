"""Reasons why the project's migrations cannot run, or run only in part."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ObstacleKind(enum.StrEnum):
    """The kinds of reasons."""

    MISSING_MODULE = "missing-module"
    REMOVED_MODULE = "removed-module"
    """The change under check has removed or renamed a module, or a name in it, that the project imports."""
    MISSING_SETTINGS = "missing-settings"
    LOAD_FAILED = "load-failed"
    """env.py, or a module that it imports, raised an exception."""
    EXITED = "exited"
    """env.py ended the process, for example with ``sys.exit(0)``."""
    NEVER_RAN = "never-ran"
    """env.py finished without running any migration."""
    OTHER_DATABASE = "other-database"
    """env.py connects to a database that is not PostgreSQL."""
    SAME_DATABASE = "same-database"
    """env.py migrates one database on two connections at once, and one would wait for the other."""
    ESCAPED = "escaped"
    """A connection avoided the redirect and reached another server; it was refused."""
    OTHER_CODE = "other-code"
    """Modules of the project were imported from another copy of it than the one under check."""
    NOT_AT_HEADS = "not-at-heads"
    """env.py ran without an error, but our database's version table is not at the heads."""
    GRAPH = "graph"
    """Alembic cannot read the revision graph; check ``heads`` gives the reason."""
    TIMEOUT = "timeout"
    DIED = "died"
    """The project's process ended without a message (a signal, ``os._exit``)."""
    NO_SERVER = "no-server"
    """No PostgreSQL server was available."""
    INTERRUPTED = "interrupted"
    """The server or the machine failed during the run, such as by a lost connection, a full disk or too little memory.

    What was running then is not judged: it is no fault of the project or of a revision.
    """
    NO_BASE = "no-base"
    """Neither the migrations nor the models of the base could create its schema."""
    MISSING_X_ARGS = "missing-x-args"
    """env.py looks for ``-x`` arguments that are not set."""
    OWN_CONFIG = "own-config"
    """env.py needs what only the project's own program sets: its Config, or the context of its application."""
    NO_CONFIG = "no-config"
    """The setting ``alembic-config`` does not lead to a Config."""
    OTHER_SCRIPTS = "other-scripts"
    """The project's own Config, or its own command, is about other migrations."""
    COMMAND_ENDED = "command-ended"
    """The project's own command ended without running env.py."""
    INIT_FAILED = "init-failed"
    """The command of the setting ``init`` failed."""
    NEEDS_SUPERUSER = "needs-superuser"
    """A migration, or what runs before it, needs a right that only a superuser has, and connects as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why the project's migrations cannot run: what, why and fix for the project's owner."""

    kind: ObstacleKind
    message: str
    why: str = ""
    remedy: str = ""
    path: str | None = None
    line: int | None = None
    details: str = ""
    """The project's own traceback or last output."""
    module: str = ""
    """The module that could not be imported, or that lacks ``missing_name``; empty for any other reason."""
    missing_name: str = ""
    """The name that could not be imported from ``module``."""

    @property
    def text(self) -> str:
        """Return what, why and fix, a line each."""
        return "\n".join(part for part in (self.message, self.why, self.remedy) if part)

    @property
    def is_project_code(self) -> bool:
        """Return whether the project's own code failed to load (exit code 5)."""
        return self.kind in (
            ObstacleKind.MISSING_MODULE,
            ObstacleKind.MISSING_SETTINGS,
            ObstacleKind.LOAD_FAILED,
            ObstacleKind.MISSING_X_ARGS,
            ObstacleKind.OWN_CONFIG,
            ObstacleKind.NO_CONFIG,
            ObstacleKind.OTHER_SCRIPTS,
            ObstacleKind.COMMAND_ENDED,
        )
