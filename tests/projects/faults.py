"""Migrations and models that run while the server or the machine fails, and neighbours that fail by themselves."""

from __future__ import annotations

from tests.projects import builder
from tests.projects.builder import BOOK, MODELS, EnvPy, Revision, tree

ENDS_ITS_CONNECTION = 'op.execute("SELECT pg_terminate_backend(pg_backend_pid())")'
ENDED_FROM_OUTSIDE = """
op.execute("SELECT 1")
import psycopg2
(pid,) = op.get_bind().execute(sa.text("SELECT pg_backend_pid()")).fetchone()
with psycopg2.connect("") as other:
    other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
other.close()
op.execute("SELECT 2")
"""
ENDED_IN_ITS_OWN_CURSOR = """
cursor = op.get_bind().connection.cursor()
cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
"""
SWALLOWS_IT = """
try:
    op.execute("SELECT pg_terminate_backend(pg_backend_pid())")
except Exception:
    pass
raise ValueError("the import did not finish")
"""
KILLS_ITS_BACKEND = """
import os, signal
(pid,) = op.get_bind().execute(sa.text("SELECT pg_backend_pid()")).fetchone()
os.kill(pid, signal.SIGKILL)
op.execute("SELECT pg_sleep(30)")
"""
STOPS_THE_SERVER = """
op.execute("COPY (SELECT 1) TO PROGRAM 'kill -QUIT $(head -1 postmaster.pid)'")
op.execute("SELECT pg_sleep(30)")
"""
FILLS_THE_DISK = """
with open("/dev/full", "w") as export:
    export.write("titles")
"""
FILLS_THE_SERVERS_DISK = "op.execute(\"COPY (SELECT repeat('x', 100000)) TO '/dev/full'\")"
TAKES_TOO_MUCH_MEMORY = "titles = bytearray(1 << 62)"
TAKES_ALL_CONNECTIONS = """
engines = [sa.create_engine(op.get_bind().engine.url) for _ in range(1000)]
held = [engine.connect() for engine in engines]
"""
STOPPED = {
    "it ends its own connection": (ENDS_ITS_CONNECTION, "The connection to PostgreSQL was lost"),
    "its connection is ended from outside": (ENDED_FROM_OUTSIDE, "The connection to PostgreSQL was lost"),
    "its own cursor is cut off": (ENDED_IN_ITS_OWN_CURSOR, "The connection to PostgreSQL was lost"),
    "it goes on without its connection": (SWALLOWS_IT, "The connection to PostgreSQL was lost"),
    "its backend is killed": (KILLS_ITS_BACKEND, "PostgreSQL restarted"),
    "the server stops": (STOPS_THE_SERVER, "PostgreSQL stopped"),
    "its own files fill the disk": (FILLS_THE_DISK, "The disk was full"),
    "the server's files fill the disk": (FILLS_THE_SERVERS_DISK, "The disk was full"),
    "it takes too much memory": (TAKES_TOO_MUCH_MEMORY, "Memory was full"),
    "it takes all connections": (TAKES_ALL_CONNECTIONS, "PostgreSQL had no free connection"),
}
"""What stands in ``upgrade``, and what happened."""

FAILING = {
    "an ordinary error": (
        'op.execute("SELECT nothing(1)")',
        "function nothing(integer) does not exist.",
    ),
    "its statement_timeout": (
        'op.execute("SET statement_timeout = 50")\nop.execute("SELECT pg_sleep(30)")',
        "canceling statement due to statement timeout.",
    ),
    "its lock_timeout": (
        """
        op.execute("SET lock_timeout = 50")
        op.execute("SELECT pg_advisory_lock(1)")
        with sa.create_engine(op.get_bind().engine.url).connect() as other:
            other.execute(sa.text("SET lock_timeout = 50"))
            other.execute(sa.text("SELECT pg_advisory_lock(1)"))
        """,
        "canceling statement due to lock timeout.",
    ),
    "its limit on idle transactions": (
        'op.execute("SET idle_in_transaction_session_timeout = 50")\nimport time\ntime.sleep(1)\n'
        'op.execute("SELECT 1")',
        "OperationalError: (psycopg2.OperationalError) server closed the connection unexpectedly.",
    ),
    "it closes its connection by mistake": (
        'op.get_bind().close()\nop.execute("SELECT 1")',
        "ResourceClosedError: This Connection is closed.",
    ),
    "it closes the driver's connection by mistake": (
        'op.get_bind().connection.dbapi_connection.close()\nop.execute("SELECT 1")',
        "InterfaceError: (psycopg2.InterfaceError) connection already closed.",
    ),
    "another database refuses it": (
        'import psycopg2\npsycopg2.connect("host=127.0.0.1 port=1 dbname=warehouse")',
        'OperationalError: connection to server at "127.0.0.1", port 1 failed: Connection refused.',
    ),
    "a connection exception that the migration raises": (
        "op.execute(\"DO $$ BEGIN RAISE EXCEPTION 'no link' USING ERRCODE = '08003'; END $$\")",
        "no link.",
    ),
    "a limit on temporary files": (
        'op.execute("SET temp_file_limit = 0")\nop.execute("SET work_mem = 64")\n'
        'op.execute("SELECT count(*) FROM (SELECT g FROM generate_series(1, 100000) g ORDER BY -g) x")',
        "temporary file size exceeds temp_file_limit (0kB).",
    ),
    "more locks than the server allows": (
        'op.execute("DO $$ BEGIN FOR i IN 1..100000 LOOP PERFORM pg_advisory_lock(i); END LOOP; END $$")',
        "out of shared memory.",
    ),
    "it exits": ("import sys\nsys.exit(3)", "SystemExit: 3."),
}
"""What stands in ``upgrade``, and the end of the finding's message."""

AT_CREATE = """
from sqlalchemy import event, text
event.listen(metadata, "before_create", lambda target, connection, **kw: connection.execute(
    text("SELECT pg_terminate_backend(pg_backend_pid())")))
"""
"""Models whose creation ends the connection."""


def ending(upgrade: str) -> Revision:
    """Return the new revision during which it happens."""
    return Revision(id="b2", down="a1", upgrade=upgrade)


def project(upgrade: str) -> dict[str, str]:
    return tree(BOOK, ending(upgrade))


def with_driver(driver: str, upgrade: str) -> dict[str, str]:
    shape = builder.ASYNC if driver == "asyncpg" else builder.SYNC
    env = EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', run=shape).text
    return tree(BOOK, ending(upgrade), env=env)


def once(upgrade: str, marker: str) -> str:
    """Return an ``upgrade`` that does so in the first run alone, and creates the table in each."""
    body = "\n".join(f"    {line}" for line in upgrade.strip().splitlines())
    return f"import os\nif not os.path.exists({marker!r}):\n    open({marker!r}, 'w').close()\n{body}\n{builder.CREATE_BOOK}"


WITH_ISBN = MODELS.replace('Column("title"', 'Column("isbn", String(13)), Column("title"')
