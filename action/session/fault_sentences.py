"""The sentences for a fault of the server or of the machine: what happened, to which revision, what to do."""

from __future__ import annotations

from action.probe.protocol import fault_kinds
from checks.recording.obstacles import Obstacle, ObstacleKind

LOADING = "env.py was being loaded"
_SHOWN = 200
"""Characters of a statement or message in a sentence."""
_AGAIN = "Run the check again."
_MEMORY = f"Give the job or the server more memory. {_AGAIN}"
WHAT = {
    fault_kinds.CONNECTION_LOST: "The connection to PostgreSQL was lost",
    fault_kinds.SERVER_STOPPED: "PostgreSQL stopped",
    fault_kinds.SERVER_RESTARTED: "PostgreSQL restarted",
    fault_kinds.SERVER_SILENT: "PostgreSQL did not answer",
    fault_kinds.ANSWER_TOO_LARGE: "PostgreSQL sent too much",
    fault_kinds.TOO_MANY_CONNECTIONS: "PostgreSQL had no free connection",
    fault_kinds.DISK_FULL: "The disk was full",
    fault_kinds.OUT_OF_MEMORY: "Memory was full",
    fault_kinds.OUT_OF_FILES: "The system's limit on open files was reached",
    fault_kinds.IO_ERROR: "A disk or the operating system failed",
    fault_kinds.DATA_CORRUPTED: "PostgreSQL found damaged data",
}
FIX = {
    fault_kinds.CONNECTION_LOST: f"{_AGAIN} If it happens again, look for what ends the connection: the server's log, "
    "a proxy, or pg_terminate_backend() in a migration.",
    fault_kinds.SERVER_STOPPED: f"{_AGAIN} If it happens again, read the server's log.",
    fault_kinds.SERVER_RESTARTED: f"{_AGAIN} If it happens again, read the server's log.",
    fault_kinds.SERVER_SILENT: f"{_AGAIN} If it happens again, read the server's log, and look for what stops the "
    "server or locks its catalogs.",
    fault_kinds.ANSWER_TOO_LARGE: "Look for a migration that creates an unusual number of objects or rows, or very "
    f"long texts. {_AGAIN}",
    fault_kinds.TOO_MANY_CONNECTIONS: f"Raise max_connections, or close what else is connected. {_AGAIN}",
    fault_kinds.DISK_FULL: f"Free disk space, or use a larger disk. {_AGAIN}",
    fault_kinds.OUT_OF_MEMORY: _MEMORY,
    fault_kinds.OUT_OF_FILES: f"Raise the limit on open files. {_AGAIN}",
    fault_kinds.IO_ERROR: f"Check the disk and the server's log. {_AGAIN}",
    fault_kinds.DATA_CORRUPTED: f"Use another server or disk. {_AGAIN}",
}
_WHY = {fault_kinds.ANSWER_TOO_LARGE: "alembic-checks reads a limited number of rows and bytes, to keep memory free."}


def interrupted(kind: str, *, during: str, said: str = "", statement: str = "") -> Obstacle:
    """Return the obstacle; ``during`` is a clause such as ``revision b2 ran``, ``said`` the error's own words."""
    facts = [f"The error was: {short(said).rstrip('.')}."] if said else []
    facts += [f"The statement was: {short(statement)}"] if statement else []
    facts += [_WHY.get(kind, "This is a fault of the server or the machine, so it says nothing about the project.")]
    return Obstacle(
        kind=ObstacleKind.INTERRUPTED,
        message=f"{WHAT[kind]} while {during}.",
        why="\n".join(facts),
        remedy=FIX[kind],
        details=said,
    )


def short(text: str) -> str:
    """Return a statement or message as a sentence quotes it: on one line, and not long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
