"""A PostgreSQL server for a test session (one a worker under xdist) with fresh databases; a user without rights."""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from psycopg2.extensions import connection as Connection

from action.interpreter.host import Host
from action.interpreter.which import find_interpreter, version_of
from action.postgres.databases import Databases
from action.postgres.servers.embedded import boot
from action.postgres.servers.interface import PostgresServer
from action.project.discovery import find_trees
from action.sandbox.processes import end_all
from action.sandbox.project_user import ProjectUser
from tests.repositories import Repository


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """Boot the newest PostgreSQL of this machine."""
    with boot() as booted:
        yield booted


@pytest.fixture(scope="session")
def databases(server: PostgresServer) -> Iterator[Databases]:
    """Own the scratch databases of the session."""
    with Databases(server) as owner:
        yield owner


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """Create an empty database, return its name and drop it after the test, whoever is connected."""
    name = databases.create("test")
    yield name
    databases.drop(name)
    databases.drop_new_roles()


@pytest.fixture
def connection(databases: Databases, database: str) -> Iterator[Connection]:
    """Connect to the fresh database in autocommit mode."""
    with databases.connect(database) as connected:
        yield connected


@pytest.fixture
def shared() -> Iterator[Path]:
    """Make a folder that everybody can enter; those of pytest are closed to others."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="alembic-checks-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder).resolve()


@pytest.fixture
def stranger(shared: Path) -> Iterator[ProjectUser]:
    """Return a user whom no other process of this machine runs as; needs no entry in the password file."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    user = ProjectUser(name="stranger", uid=710_000 + os.getpid() % 10_000, gid=710_000, home=shared / "home")
    assert user.home is not None
    user.home.mkdir()
    user.own(user.home)
    yield user
    end_all(user)


@pytest.fixture
def reachable(stranger: ProjectUser) -> str:
    """Return a Python of our version that the stranger can start."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        if stranger.can_run(python) and version_of(python) == version:
            return python
    pytest.skip(f"no Python {version} on this machine can be started by another user")


@pytest.fixture
def python(stranger: ProjectUser, reachable: str, shared: Path) -> Iterator[str]:
    """Return an interpreter with our packages that the stranger can start."""
    repository = Repository(shared / "lender")
    repository.tree()
    packages = repository.root / ".venv" / "lib" / f"python{version_of(reachable)}"
    packages.mkdir(parents=True)
    (packages / "site-packages").symlink_to(sysconfig.get_path("purelib"))
    repository.files({".venv/pyvenv.cfg": ""})
    with ExitStack() as cleanup:
        (tree,) = find_trees(repository.root)
        host = Host(user=stranger, own=reachable, environ={})
        found = find_interpreter(tree, repository.root, cleanup, host=host).python
        assert found is not None
        yield found
