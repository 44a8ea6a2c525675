"""Which SQLSTATE and which errno is a fault of the server or the machine, and which is the migration's own."""

from __future__ import annotations

import errno
from typing import get_args

import pytest

from action.probe.protocol import fault_kinds
from action.probe.protocol.fault_kinds import FaultKind, of_exception, of_refusal, of_sqlstate
from action.session.fault_sentences import FIX, WHAT

FAULTS = {
    "53000": "out-of-files",
    "53100": "disk-full",
    "53200": "out-of-memory",
    "53300": "too-many-connections",
    "57P01": "connection-lost",
    "57P02": "server-stopped",
    "57P03": "server-stopped",
    "57P04": "connection-lost",
    "58000": "io-error",
    "58030": "io-error",
    "XX001": "data-corrupted",
    "XX002": "data-corrupted",
}
# One of each class of appendix A, and the neighbours of the faults.
OWN = (
    *("02000", "03000", "08000", "08001", "08003", "08006", "08P01", "09000", "0A000", "0B000", "0F000", "0L000"),
    *("0P000", "0Z000", "20000", "21000", "22012", "23505", "24000", "25001", "25P02", "25P03", "25P04", "26000"),
    *("27000", "28000", "28P01", "2B000", "2D000", "2F000", "34000", "38000", "39000", "3B000", "3D000", "3F000"),
    *("40001", "40P01", "42501", "42P01", "44000", "53400", "54000", "54001", "55000", "55006", "55P03", "57000"),
    *("57014", "57P05", "58P01", "58P02", "58P03", "72000", "F0000", "HV000", "P0001", "XX000", "", None),
)


@pytest.mark.parametrize(("sqlstate", "kind"), FAULTS.items())
def test_faults(sqlstate: str, kind: str) -> None:
    assert of_sqlstate(sqlstate) == kind


@pytest.mark.parametrize("sqlstate", OWN)
def test_errors_of_the_migration(sqlstate: str | None) -> None:
    assert of_sqlstate(sqlstate) is None


def test_more_locks_than_the_server_allows_are_no_lack_of_memory() -> None:
    hint = "You might need to increase max_locks_per_transaction."
    assert (of_sqlstate("53200", hint), of_sqlstate("53200", "Buy memory.")) == (None, "out-of-memory")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), "out-of-memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "out-of-memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk-full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk-full"),
        (OSError(errno.EIO, "Input/output error"), "io-error"),
        (OSError(errno.ENFILE, "Too many open files in system"), "out-of-files"),
        (OSError(errno.EMFILE, "Too many open files"), None),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), None),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), None),
        (OSError("no number"), None),
        (ValueError("x"), None),
    ],
)
def test_exceptions_of_python(error: Exception, kind: str | None) -> None:
    assert of_exception(error) == kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("FATAL:  sorry, too many clients already", "too-many-connections"),
        ("FATAL:  remaining connection slots are reserved for roles with SUPERUSER", "too-many-connections"),
        ('FATAL:  too many connections for role "app"', "too-many-connections"),
        ("FATAL:  the database system is in recovery mode", "server-stopped"),
        ("FATAL:  the database system is shutting down", "server-stopped"),
        ('FATAL:  database "x" does not exist', None),
        ("Connection refused", None),
    ],
)
def test_refusals(message: str, kind: str | None) -> None:
    assert of_refusal(message) == kind


def test_each_kind_has_its_sentences() -> None:
    ours = {fault_kinds.SERVER_RESTARTED, fault_kinds.SERVER_SILENT, fault_kinds.ANSWER_TOO_LARGE}
    kinds = {*get_args(FaultKind), *ours}
    assert (set(WHAT), set(FIX)) == (kinds, kinds)
    assert set(fault_kinds.SQLSTATES.values()) <= kinds
