"""The user's machine: closed folders, no room, no rights, and files that are no files (Reliability 4 and 11)."""

from __future__ import annotations

from tests.faults import deeds as do
from tests.faults import things as of
from tests.faults.fault import As, Deed, Fault
from tests.projects.builder import BOOK, Revision, tree

_TWO = tree(BOOK, Revision(id="b2", down="a1"))
_STALE = "/dev/shm/alembic-checks-server-stale"
_WITHOUT_RIGHTS = 'exec setpriv --bounding-set=-all --inh-caps=-all "$@"'
_GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_WORKFLOW": "CI",
    "GITHUB_JOB": "migrations",
    "GITHUB_RUN_ID": "12",
    "INPUT_GITHUB-TOKEN": "a-token-of-the-job",
}
_CLOSED: dict[str, tuple[Deed, dict[str, str], int | tuple[int, ...], str]] = {
    # What is closed, how it is closed, files, exit code, and what the output names.
    "a data folder of PostgreSQL": (of.folder("/mnt/project/pgdata", 0o700), tree(BOOK), 0, "pgdata"),
    "a folder that shows names alone": (of.folder("/mnt/project/data", 0o744), tree(BOOK), 0, ""),
    "a folder that may be entered and not read": (of.folder("/mnt/project/data", 0o711), tree(BOOK), 0, "data"),
    "a version file": (of.mode("migrations/versions/b2_.py", 0o600), _TWO, (1, 5), "unreadable-revision"),
    "the folder of versions": (of.mode("migrations/versions", 0o700), _TWO, (1, 2, 3, 5), "versions"),
    "env.py": (of.mode("migrations/env.py", 0o600), tree(BOOK), (1, 5), "env.py"),
    "the models": (of.mode("models.py", 0o600), tree(BOOK), (1, 5), "models"),
    "alembic.ini": (of.mode("alembic.ini", 0o600), tree(BOOK), (2, 3), "alembic.ini"),
    "pyproject.toml": (of.file("/mnt/project/pyproject.toml", "", 0o600), tree(BOOK), (0, 2), "pyproject.toml"),
    "a .git folder": (of.folder("/mnt/project/.git", 0o700), tree(BOOK), (0, 2), ""),
}
_PIPES: dict[str, tuple[int | tuple[int, ...], str]] = {
    ".env": (0, "upgrade"),
    "alembic.ini": (3, "alembic.ini"),
    "pyproject.toml": ((0, 2), ""),
    "setup.cfg": (0, "upgrade"),
    "migrations/versions/b2_.py": ((1, 5), "b2_.py"),
    "migrations/env.py": ((1, 5), "env.py"),
    "migrations/script.py.mako": ((0, 1), ""),
    "schema.sql": ((0, 1), ""),
}
_NO_ROOM = "for each in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o size={size},mode={mode} tmpfs $each; done; "

ROWS = (
    *(
        Fault(
            name=f"an ordinary user may not read {what}",
            kind="R4",
            user=As.ORDINARY,
            files=files,
            before=close,
            code=code,
            says=(named,) if named else (),
            in_gate=what in ("a data folder of PostgreSQL", "a version file"),
        )
        for what, (close, files, code, named) in _CLOSED.items()
    ),
    *(
        Fault(
            name=f"{path} is a pipe",
            kind="R11",
            before=of.fifo(f"/mnt/project/{path}"),
            arguments=("--schema", path) if path == "schema.sql" else (),
            code=code,
            says=(named,) if named else (),
            within=30,
            in_gate=path in (".env", "migrations/versions/b2_.py"),
        )
        for path, (code, named) in _PIPES.items()
    ),
    Fault(
        name="postmaster.pid of a stale folder is a pipe",
        kind="R11",
        before=do.all_of(
            of.file(f"{_STALE}/owner.pid"), of.folder(f"{_STALE}/data"), of.fifo(f"{_STALE}/data/postmaster.pid")
        ),
        within=30,
        in_gate=True,
    ),
    Fault(
        name="owner.pid of a stale folder is a pipe",
        kind="R11",
        before=do.all_of(of.folder(f"{_STALE}/data"), of.fifo(f"{_STALE}/owner.pid")),
        within=30,
    ),
    Fault(
        name="no temporary folder is writable",
        kind="R11",
        user=As.ORDINARY,
        shell='cd / && exec "$@"',  # the working directory is the last folder that is tried
        arguments=("/mnt/project",),
        before=do.all_of(*(of.folder(path, 0o755) for path in ("/tmp", "/var/tmp", "/dev/shm"))),
        code=(2, 4),
        says=("TMPDIR",),
        in_gate=True,
    ),
    Fault(
        name="temporary folders without room",
        kind="R11",
        shell=_NO_ROOM.format(size="64k", mode=1777) + 'exec "$@"',
        code=(1, 2, 4),
    ),
    Fault(
        name="all capabilities are dropped",
        kind="R11",
        shell=_WITHOUT_RIGHTS,
        code=4,
        says=("PostgreSQL could not be started",),
        in_gate=True,
    ),
    Fault(
        name="all capabilities are dropped, with a server that is not ours",
        kind="R11",
        shell=_WITHOUT_RIGHTS,
        server=True,
        arguments=("--database-url", "{url}"),
        code=(0, 2),
    ),
    Fault(
        name="the working directory is deleted",
        kind="R11",
        shell='mkdir /mnt/gone && cd /mnt/gone && rmdir /mnt/gone && exec "$@"',
        code=2,
        says=("working directory",),
        in_gate=True,
    ),
    Fault(
        name="the working directory is deleted, and the path is whole",
        kind="R11",
        shell='mkdir /mnt/gone && cd /mnt/gone && rmdir /mnt/gone && exec "$@"',
        arguments=("/mnt/project",),
        code=(0, 2),
    ),
    Fault(name="a path that is too long", kind="R11", arguments=("x" * 300,), code=2, says=("too long",)),
    Fault(name="a path of 5000 characters", kind="R11", arguments=("x/" * 2500,), code=2, says=("too long",)),
    Fault(
        name="an output whose name is too long",
        kind="R11",
        arguments=("--json", f"/mnt/out/{'x' * 300}.json"),
        code=2,
        says=("name too long",),
    ),
    Fault(name="a path with a NUL", kind="R11", environ={"INPUT_PATH": "x"}, arguments=("--tree", "a\udc80b"), code=2),
    Fault(
        name="twelve file descriptors",
        kind="R11",
        shell='ulimit -n 12; exec "$@"',
        code=(1, 2, 4),
        says=("open files",),
        in_gate=True,
    ),
    Fault(name="forty file descriptors", kind="R11", shell='ulimit -n 40; exec "$@"', code=(0, 1, 2, 4)),
    Fault(
        name="a path that is a loop of links",
        kind="R11",
        before=of.link("/mnt/loop", "/mnt/loop"),
        arguments=("/mnt/loop",),
        code=2,
        says=("/mnt/loop",),
        in_gate=True,
    ),
    Fault(
        name="a loop of links in the project", kind="R11", before=of.link("/mnt/project/again", "."), verdict="passed"
    ),
    Fault(
        name="alembic.ini is a loop of links",
        kind="R11",
        files={"a": ""},
        before=of.link("/mnt/project/alembic.ini", "alembic.ini"),
        code=3,
    ),
    Fault(
        name="a TMPDIR that is no UTF-8",
        kind="R11",
        before=of.folder("/mnt/\udcff"),
        environ={"TMPDIR": "/mnt/\udcff"},
        code=(0, 2),
        in_gate=True,
    ),
    Fault(name="a TMPDIR that does not exist", kind="R11", environ={"TMPDIR": "/nowhere"}, code=(0, 2)),
    Fault(name="a HOME that does not exist", kind="R11", environ={"HOME": "/nowhere"}, verdict="passed"),
    Fault(
        name="a bad URL of the API",
        kind="R11",
        before=of.silent_api,
        environ={**of.PULL_REQUEST, "GITHUB_API_URL": "https://[::1"},
        code=2,
        says=("GITHUB_API_URL",),
        left=("file /mnt/project/alembic-checks-report.*",),
        in_gate=True,
    ),
    Fault(
        name="an API that is no URL at all",
        kind="R11",
        environ={**_GITHUB, "GITHUB_API_URL": "nonsense"},
        code=(0, 2),
        left=("file /mnt/project/alembic-checks-report.*",),
    ),
    Fault(
        name="little memory",
        kind="R11",
        shell='ulimit -v 100000; exec "$@"',
        code=(0, 1, 2, 4, 5),
    ),
    Fault(
        name="few processes for an ordinary user",
        kind="R11",
        user=As.ORDINARY,
        shell='ulimit -u 4; exec "$@"',
        code=(1, 2, 4),
    ),
    Fault(name="files of at most 1 kB", kind="R11", shell='ulimit -f 1; exec "$@"', code=(1, 2, 4)),
    Fault(
        name="an ordinary user without an entry for its number",
        kind="R11",
        shell='exec setpriv --reuid 12345 --regid 12345 --clear-groups "$@"',
        code=4,
        says=("does not run without an entry",),
    ),
)
