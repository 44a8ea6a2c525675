"""Projects whose code holds up whoever waits for the server: it stops it, takes its port, or leaves endless rows."""

from __future__ import annotations

from pathlib import Path

from tests import fake_server
from tests.projects import faults
from tests.projects.builder import BOOK, SYNC, EnvPy, tree

POSTMASTER = """
import os, signal, subprocess, sys
(pid,) = op.get_bind().execute(sa.text("SELECT pg_backend_pid()")).fetchone()
with open("/proc/%d/stat" % pid) as stat:
    postmaster = int(stat.read().rpartition(")")[2].split()[1])
"""
FREEZES = f"""
{POSTMASTER}
with open("/proc/%d/task/%d/children" % (postmaster, postmaster)) as children:
    for child in children.read().split():
        os.kill(int(child), signal.SIGSTOP)
os.kill(postmaster, signal.SIGSTOP)
op.execute("SELECT 1")
"""
TAKES_ITS_PLACE = f"""
{POSTMASTER}
(port,) = op.get_bind().execute(sa.text("SELECT inet_server_port()")).fetchone()
os.kill(postmaster, signal.SIGQUIT)
fake = subprocess.Popen(
    [sys.executable, {fake_server.__file__!r}, {{kind!r}}, str(port)], stdout=subprocess.PIPE, start_new_session=True
)
with open({{pids!r}}, "a") as pids:
    print(fake.pid, file=pids)
fake.stdout.readline()
op.execute("SELECT 1")
"""
AFTERWARDS = """
    connection.rollback()
    for statement in ({statements}):
        connection.execute(text(statement))
    connection.commit()
"""


def takes_its_place(kind: str, pids: Path) -> dict[str, str]:
    """Return a project that leaves a fake server on our server's port; ``pids`` gets its process."""
    return faults.project(TAKES_ITS_PLACE.format(kind=kind, pids=str(pids)))


def with_version_table(query: str) -> dict[str, str]:
    """Return a project whose env.py replaces the version table by a view, when all revisions have run."""
    statements = ("DROP TABLE alembic_version", f"CREATE VIEW alembic_version AS {query}")
    after = AFTERWARDS.format(statements=", ".join(map(repr, statements)))
    return tree(BOOK, env=EnvPy(run=SYNC + after).text)
