"""A PostgreSQL server that is not the program's own: what a user names with ``database-url``."""

from __future__ import annotations

import os
import subprocess
import time
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from action.postgres.servers.account import server_account
from action.postgres.servers.binaries import find

FOLDER = Path("/mnt/second")
ROLE, PASSWORD = "ann", "hush-hush-123"
_PORT = 5432
_LOCKS = int.from_bytes(b"alem", "big")
_LISTS = {
    "database": "SELECT datname FROM pg_database",
    "role": "SELECT rolname FROM pg_roles",
    "lock": "SELECT objid::text FROM pg_locks WHERE locktype = 'advisory'",
    "session": "SELECT application_name || ': ' || left(query, 80) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
}


@dataclass(slots=True, kw_only=True)
class SecondServer:
    """A server in the namespaces of a row, where its port is free."""

    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Return the postmaster."""
        return self.process.pid

    @property
    def url(self) -> str:
        """Return the address, for a role that may create databases and no more."""
        return f"postgresql://{ROLE}:{PASSWORD}@127.0.0.1:{_PORT}/postgres"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the superuser and return its rows."""
        with closing(_connect(database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []

    def contents(self) -> set[str]:
        """Return what a run may leave here: databases, roles, advisory locks and sessions; empty when it is gone."""
        with suppress(psycopg2.OperationalError):
            return {f"{kind} {row[0]}" for kind, query in _LISTS.items() for row in self.run(query)}
        return set()

    def hold_lock_of(self, run: str) -> psycopg2.extensions.connection:
        """Take the lock of a run, in a session that stays: its class, and the checksum of the run's name."""
        connection = _connect("postgres")
        connection.autocommit = True
        key = zlib.crc32(run.encode())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCKS, key - (key >> 31 << 32)))
        return connection

    def part(self, title: str) -> int:
        """Return one of its processes: ``checkpointer``."""
        for path in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            if title in Path(f"/proc/{path}/cmdline").read_text(errors="replace"):
                return int(path)
        raise AssertionError(f"the second server has no {title}")

    def parts(self) -> list[int]:
        """Return the server's processes, the postmaster first."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]


def start() -> SecondServer:
    """Start it, and wait until it answers."""
    account = server_account()
    FOLDER.mkdir()
    account.own(FOLDER)
    binaries = find(None, account, FOLDER)
    data, password = FOLDER / "data", FOLDER / "password"
    password.write_text(PASSWORD)
    account.own(password)
    options = ["--no-sync", "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--locale=C.UTF-8"]
    done = account.run([binaries.program("initdb"), "-D", data, "--encoding=UTF8", *options])
    assert done.returncode == 0, done.stdout
    settings = {
        "fsync": "off",
        "unix_socket_directories": "",
        "shared_buffers": "16MB",
        "listen_addresses": "127.0.0.1",
    }
    with (FOLDER / "log").open("wb") as log:
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        process = account.start([binaries.program("postgres"), "-D", data, "-p", str(_PORT), *words], log)
    server = SecondServer(process=process)
    while not server.contents():
        assert process.poll() is None, (FOLDER / "log").read_text()
        time.sleep(0.01)
    server.run(f"CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE PASSWORD '{PASSWORD}'")
    return server


def _connect(database: str) -> psycopg2.extensions.connection:
    environ = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
    try:
        return psycopg2.connect(
            host="127.0.0.1", port=_PORT, user="postgres", password=PASSWORD, dbname=database, connect_timeout=2
        )
    finally:
        os.environ.update(environ)
