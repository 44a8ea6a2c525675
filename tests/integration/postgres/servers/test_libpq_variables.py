"""The caller's PG* variables: none of them reaches a server of ours, whatever it says."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pytest
from psycopg2 import _psycopg

from action.postgres.servers import libpq_variables
from action.postgres.servers.connection import connected
from action.postgres.servers.interface import PostgresServer

WRONG = {
    "PGHOSTADDR": "127.0.0.2",
    "PGPORT": "1",
    "PGOPTIONS": "-c search_path=elsewhere",
    "PGSSLMODE": "verify-full",
    "PGCHANNELBINDING": "require",
    "PGTARGETSESSIONATTRS": "standby",
    "PGREQUIREAUTH": "none",
    "PGCLIENTENCODING": "SQL_ASCII",
    "PGTZ": "America/New_York",
    "PGDATESTYLE": "German",
    "PGGEQO": "off",
    "PGCONNECT_TIMEOUT": "1",
}
"""Where the name alone would be no wrong value that libpq takes."""
SETTINGS = "SELECT current_setting('TimeZone'), current_setting('DateStyle'), current_setting('search_path')"


class _Option(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_char_p) for name in ("keyword", "envvar", "compiled", "value", "label", "dispchar")),
        ("dispsize", ctypes.c_int),
    )


def of_libpq() -> Iterator[str]:
    """Yield the variables that the libpq of psycopg2 reads for its parameters."""
    defaults = ctypes.CDLL(_psycopg.__file__).PQconndefaults
    defaults.restype = ctypes.POINTER(_Option)
    options = defaults()
    number = 0
    while options[number].keyword:
        if options[number].envvar:
            yield options[number].envvar.decode()
        number += 1


def test_all_that_libpq_knows_are_dropped() -> None:
    assert set(of_libpq()) - set(libpq_variables.NAMES) == set()


@pytest.mark.parametrize("name", libpq_variables.NAMES)
def test_a_wrong_value_changes_nothing(name: str, server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, WRONG.get(name, "/nowhere"))
    with connected(server.address) as connection, connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        assert cursor.fetchall() == [("UTC", "ISO, MDY", '"$user", public')]
        assert connection.encoding == "UTF8"


def test_what_the_project_may_have_is_not_dropped() -> None:
    kept = {"PGDATA": "/data", "PGCRYPTO_KEY": "k", "PG_HOST": "h", "DATABASE_URL": "u"}
    environ = {**kept, "PGHOST": "h", "PGSERVICE": "s"}
    libpq_variables.drop(environ)
    assert environ == kept
