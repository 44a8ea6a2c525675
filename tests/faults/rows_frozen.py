"""Servers that do not answer, drip, or answer without end (Reliability 2 and Security 3)."""

from __future__ import annotations

from signal import SIGSTOP

from tests.faults import deeds as do
from tests.faults import fake_server as fake
from tests.faults import things as of
from tests.faults.fault import As, Fault
from tests.faults.projects import IN_A_MIGRATION, IN_ENV_PY, migration
from tests.faults.rows_signals import URL
from tests.projects.builder import BOOK, EnvPy, Revision, tree

_LIMIT = ("--timeout", "5")
_LEFT = ("database ac_.*", "role ac_.*", "lock .*", "session .*")
_FAKES = {
    "a server that says nothing": fake.silent,
    "a server that drips its answer to the login": fake.drips,
    "a server that sends notices without end": fake.endless_notices,
    "a server that answers no question": fake.answers_nothing,
    "a server whose rows do not end": fake.endless_rows,
    "a server whose rows drip": fake.drips_rows,
    "a server that announces 2 GB": fake.a_huge_message,
    "a server that hangs up": fake.closes,
    "a server that speaks HTTP": fake.nonsense,
}
_GATE = ("a server that says nothing", "a server whose rows do not end", "a server whose rows drip")
_BECOMES = """
op.execute("ALTER TABLE alembic_version RENAME TO hidden")
op.execute("CREATE VIEW alembic_version AS {query}")
"""
_VIEWS = {
    "rows without end": "SELECT md5(g::text)::varchar(32) AS version_num FROM generate_series(1, 1000000000000) g",
    "a row that is never ready": "SELECT version_num FROM hidden, pg_sleep(100000)",
    "a row of 500 MB": "SELECT repeat('x', 500000000) AS version_num",
}
_HELD = """
import subprocess, sys
code = '''
import psycopg2, time
other = psycopg2.connect("")
other.cursor().execute("LOCK TABLE book IN ACCESS EXCLUSIVE MODE")
print("held", flush=True)
time.sleep(100000)
'''
op.get_bind().connection.dbapi_connection.commit()
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
"""
_STOPS_ITS_BACKEND = """
import os, signal
(pid,) = op.get_bind().execute(sa.text("SELECT pg_backend_pid()")).fetchone()
os.kill(pid, signal.SIGSTOP)
op.execute("SELECT 1")
"""
_STOPS_THE_SERVER = """
import os, signal
(pid,) = op.get_bind().execute(sa.text("SELECT pg_backend_pid()")).fetchone()
parent = int(open(f"/proc/{pid}/stat").read().rpartition(") ")[2].split()[1])
os.kill(parent, signal.SIGSTOP)
"""
_FLOODS_THE_PIPE = """
import stat
def flood():
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            if stat.S_ISFIFO(os.fstat(fd).st_mode):
                while True:
                    os.write(fd, b'x' * 65536)
        except OSError:
            pass
flood()
"""

ROWS = (
    *(
        Fault(
            name=name,
            kind="S3" if "end" in name or "drip" in name else "R2",
            before=of.served(behave),
            arguments=("--database-url", fake.URL, *_LIMIT),
            code=4,
            says=("127.0.0.1:5433",),
            never=("hush-hush",),
            within=45,
            in_gate=name in _GATE,
        )
        for name, behave in _FAKES.items()
    ),
    *(
        Fault(
            name=f"the version table becomes {what}",
            kind="S3",
            files=tree(BOOK, Revision(id="b2", down="a1", upgrade=_BECOMES.format(query=query))),
            arguments=_LIMIT,
            shell='ulimit -v 4000000; exec "$@"',
            code=1,
            within=60,
            in_gate=what == "rows without end",
        )
        for what, query in _VIEWS.items()
    ),
    Fault(
        name="the server that is not ours is frozen before the run",
        kind="R2",
        server=True,
        arguments=(*URL, *_LIMIT),
        before=do.second_server(SIGSTOP),
        after=of.the_second_server_goes_on,
        code=4,
        within=45,
        in_gate=True,
    ),
    Fault(
        name="the server that is not ours is frozen while env.py loads",
        kind="R2",
        files=IN_ENV_PY,
        server=True,
        arguments=(*URL, *_LIMIT),
        during=do.all_of(do.marked("env.py"), do.second_server(SIGSTOP)),
        code=(1, 4, 5),
        left=_LEFT,
        within=90,
    ),
    Fault(
        name="the server that is not ours is frozen in a migration",
        kind="R2",
        files=IN_A_MIGRATION,
        server=True,
        arguments=(*URL, *_LIMIT),
        during=do.all_of(do.marked("migration"), do.second_server(SIGSTOP)),
        code=1,
        says=("ac_",),
        left=_LEFT,
        within=90,
        in_gate=True,
    ),
    Fault(
        name="packets to the server that is not ours are dropped",
        kind="R2",
        files=IN_A_MIGRATION,
        server=True,
        arguments=(*URL, *_LIMIT),
        during=do.all_of(do.marked("migration"), of.network_is_down),
        after=of.network_is_up,
        code=1,
        left=_LEFT,
        within=90,
    ),
    Fault(
        name="our own server is frozen in a migration",
        kind="R2",
        files=IN_A_MIGRATION,
        arguments=_LIMIT,
        during=do.all_of(do.marked("migration"), do.sent_to(SIGSTOP, "postgres")),
        code=1,
        within=90,
        in_gate=True,
    ),
    Fault(
        name="our own server is frozen while env.py loads",
        kind="R2",
        files=IN_ENV_PY,
        arguments=_LIMIT,
        during=do.all_of(do.marked("env.py"), do.sent_to(SIGSTOP, "postgres")),
        code=(1, 4, 5),
        within=90,
    ),
    Fault(
        name="a migration of an ordinary user stops its backend",
        kind="S3",
        user=As.ORDINARY,
        files=migration(_STOPS_ITS_BACKEND),
        arguments=_LIMIT,
        code=1,
        within=60,
        in_gate=True,
    ),
    Fault(
        name="a migration of an ordinary user stops the server",
        kind="S3",
        user=As.ORDINARY,
        files=migration(_STOPS_THE_SERVER),
        arguments=_LIMIT,
        code=1,
        within=90,
    ),
    Fault(
        name="a child of the migration keeps a table locked",
        kind="S3",
        files=tree(BOOK, Revision(id="b2", down="a1", upgrade=_HELD)),
        arguments=_LIMIT,
        code=(0, 1),
        within=60,
    ),
    Fault(
        name="a migration that never ends",
        kind="S3",
        files=IN_A_MIGRATION,
        arguments=("--timeout", "2"),
        code=1,
        says=("did not finish within 2 seconds",),
        within=30,
    ),
    Fault(
        name="env.py never ends",
        kind="S3",
        files=IN_ENV_PY,
        arguments=("--timeout", "2"),
        code=1,
        says=("within 2 seconds",),
        within=30,
    ),
    Fault(
        name="env.py floods the pipe to the program",
        kind="S3",
        files=tree(BOOK, env=EnvPy(top=_FLOODS_THE_PIPE).text),
        arguments=_LIMIT,
        code=(1, 5),
        says=("pipe that is private to alembic-checks",),
        within=30,
    ),
    Fault(
        name="a migration prints without end",
        kind="S3",
        files=migration("import os\nwhile True:\n    os.write(1, b'x' * 65536)"),
        arguments=("--timeout", "3"),
        shell='ulimit -v 4000000; exec "$@"',
        code=1,
        within=30,
    ),
)  # fmt: skip
