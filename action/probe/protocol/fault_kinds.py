"""Faults of the server and of the machine, classified by SQLSTATE or errno: they say nothing about a migration.

Both ends import this. Source of the SQLSTATEs: PostgreSQL documentation, appendix A; of what raises them: its source.
"""

from __future__ import annotations

import errno
import re
from typing import Literal, Optional

CONNECTION_LOST = "connection-lost"
SERVER_STOPPED = "server-stopped"
SERVER_RESTARTED = "server-restarted"
SERVER_SILENT = "server-silent"
ANSWER_TOO_LARGE = "answer-too-large"
"""These three are seen by our own connection alone; no error says them."""
TOO_MANY_CONNECTIONS = "too-many-connections"
DISK_FULL = "disk-full"
OUT_OF_MEMORY = "out-of-memory"
OUT_OF_FILES = "out-of-files"
IO_ERROR = "io-error"
DATA_CORRUPTED = "data-corrupted"
FaultKind = Literal[
    "connection-lost", "server-stopped", "too-many-connections", "disk-full", "out-of-memory", "out-of-files",
    "io-error", "data-corrupted",
]  # fmt: skip
"""Those that the probe sends."""

SQLSTATES = {
    "53000": OUT_OF_FILES,  # insufficient_resources: the system's limit on open files
    "53100": DISK_FULL,
    "53200": OUT_OF_MEMORY,
    "53300": TOO_MANY_CONNECTIONS,
    "57P01": CONNECTION_LOST,  # admin_shutdown: pg_terminate_backend(), or the server stops
    "57P02": SERVER_STOPPED,  # crash_shutdown
    "57P03": SERVER_STOPPED,  # cannot_connect_now: it starts, stops or recovers
    "57P04": CONNECTION_LOST,  # database_dropped
    "58000": IO_ERROR,  # system_error
    "58030": IO_ERROR,
    "XX001": DATA_CORRUPTED,
    "XX002": DATA_CORRUPTED,  # index_corrupted
}
"""All others are the project's own, among them 53400 (a limit that is set, such as temp_file_limit), 54xxx (too
complex), 57014 (statement_timeout), 58P01 (no such file) and XX000 (extensions use it for wrong input).

Class 08 is not here: a migration that uses dblink gets it on a connection that is whole. Whether a connection is lost
is seen at the connection itself.
"""
OWN_TIMEOUTS = ("25P03", "25P04", "57P05")
"""PostgreSQL ends a connection for a time limit that was set: idle in transaction, transaction, idle session."""
_LOCK_TABLE = ("max_locks_per_transaction", "max_pred_locks_per_transaction")
_REFUSALS = (
    (
        TOO_MANY_CONNECTIONS,
        re.compile("too many clients already|connection slots are reserved|too many connections for "),
    ),
    (SERVER_STOPPED, re.compile("the database system is (starting up|shutting down|in recovery|not )")),
)
"""No driver passes on the SQLSTATE of a connection that was refused."""
_ERRNOS = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.ENOMEM: OUT_OF_MEMORY,
    errno.ENFILE: OUT_OF_FILES,
    errno.EIO: IO_ERROR,
}


def of_sqlstate(sqlstate: Optional[str], hint: Optional[str] = None) -> Optional[str]:
    """Return the kind of fault; None for an error of the migration's own, such as more locks than the server allows."""
    if sqlstate == "53200" and hint and any(setting in hint for setting in _LOCK_TABLE):
        return None
    return SQLSTATES.get(sqlstate or "")


def of_refusal(message: str) -> Optional[str]:
    """Return the kind of fault for which the server refused a connection; None for another reason, or language."""
    return next((kind for kind, pattern in _REFUSALS if pattern.search(message)), None)


def of_exception(error: BaseException) -> Optional[str]:
    """Return the kind of fault of an exception that Python or the system raised; None for any other exception."""
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    return _ERRNOS.get(error.errno or 0) if isinstance(error, OSError) else None
