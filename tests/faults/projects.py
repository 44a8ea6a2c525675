"""Projects that rows use: their code leaves a mark where it is, and waits there."""

from __future__ import annotations

from tests.faults.scene import MARKS
from tests.projects.builder import BOOK, CREATE_BOOK, EnvPy, Revision, tree


def mark(name: str) -> str:
    """Return code that leaves a mark."""
    return f"open('{MARKS}/{name}', 'w').close()\n"


def waits(name: str) -> str:
    """Return code that leaves a mark and never goes on."""
    return f"{mark(name)}import threading\nthreading.Event().wait()\n"


def migration(code: str) -> dict[str, str]:
    """Return a project whose only revision runs the code first."""
    return tree(Revision(id="a1", upgrade=f"{code}\n{CREATE_BOOK.strip()}"))


def env_py(code: str) -> dict[str, str]:
    """Return a project whose env.py runs the code first."""
    return tree(BOOK, env=EnvPy(top=code).text)


IN_ENV_PY = env_py(waits("env.py"))
IN_A_MIGRATION = migration(waits("migration"))
IN_INSTALL = f"touch {MARKS}/install; sleep 600"
"""An install command that never ends."""
IN_INIT = f"sh -c 'touch {MARKS}/init; sleep 600'"
"""An init command that never ends."""
NEEDS_A_TABLE = tree(BOOK, env=EnvPy(before='connection.execute(text("SELECT * FROM needed"))').text)
"""A project whose env.py asks for what only an init command makes."""
