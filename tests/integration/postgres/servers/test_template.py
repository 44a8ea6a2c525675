"""The cached data directory: a hit equals a miss, and no state of the cache stops a run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from action.errors import PostgresError
from action.postgres.servers import template
from action.postgres.servers.connection import connected
from action.postgres.servers.embedded import boot
from action.postgres.servers.interface import PostgresServer


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have an empty cache, not yet made."""
    monkeypatch.setenv(template.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def inode(cache: Path) -> int:
    (archive,) = cache.iterdir()
    assert archive.stat().st_mode & 0o077 == 0
    return archive.stat().st_ino


def state(server: PostgresServer) -> dict[str, object]:
    """Return all settings and the catalog's content by which two servers could differ."""
    passing = ("port", "cluster_name", "data_directory", "config_file", "hba_file", "ident_file")
    with connected(server.admin) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name <> ALL (%s)", (list(passing),))
        settings = dict(cursor.fetchall())
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        identifier = cursor.fetchone()
        cursor.execute("SELECT datname, encoding, datcollate, datctype FROM pg_database ORDER BY 1")
        databases = cursor.fetchall()
        cursor.execute("SELECT array_agg(rolname::text ORDER BY 1) FROM pg_roles WHERE rolcanlogin")
        return {
            "settings": settings,
            "identifier": identifier,
            "databases": databases,
            "roles": cursor.fetchall(),
        }


def test_hit_equals_miss(cache: Path) -> None:
    with boot() as missed:
        first = state(missed)
    kept = inode(cache)
    with boot() as hit:
        assert state(hit) == first
    assert inode(cache) == kept


def test_what_a_killed_run_did_not_finish_goes_when_the_next_archive_is_made(cache: Path) -> None:
    cache.mkdir()
    for name, hours in ((".new-old", 2), (".new-young", 0.5), ("other", 2)):
        (cache / name).write_text("half of an archive")
        os.utime(cache / name, (time.time() - hours * 3600,) * 2)
    with boot():
        assert sorted(path.name for path in cache.iterdir() if path.suffix != ".tar") == [".new-young", "other"]


def test_databases_are_utf8_without_a_language(server: PostgresServer) -> None:
    with connected(server.address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pg_encoding_to_char(encoding), datcollate FROM pg_database")
        assert cursor.fetchall() in ([("UTF8", "C.UTF-8")], [("UTF8", "C")])


@pytest.mark.parametrize("length", [0, 100_000, 20_000_000])
def test_truncated_archive_is_remade(cache: Path, length: int) -> None:
    with boot():
        kept = inode(cache)
    (archive,) = cache.iterdir()
    with archive.open("r+b") as file:
        file.truncate(length)
    with boot() as server:
        assert state(server)["roles"] == [(["alembic_checks", "postgres"],)]
    assert inode(cache) != kept
    assert archive.stat().st_size > 20_000_000


def test_archive_with_a_damaged_control_file_is_remade(cache: Path) -> None:
    with boot():
        kept = inode(cache)
    (archive,) = cache.iterdir()
    content = bytearray(archive.read_bytes())
    header = content.index(b"global/pg_control\0")
    content[header + 512 : header + 512 + 256] = bytes(256)
    archive.write_bytes(content)
    with boot() as server:
        assert state(server)["roles"] == [(["alembic_checks", "postgres"],)]
    assert inode(cache) != kept


def test_unwritable_cache_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(template.CACHE_VARIABLE, "/proc/nowhere")
    with boot() as server:
        assert state(server)["roles"] == [(["alembic_checks", "postgres"],)]
        assert sorted(path.name for path in server.directory.iterdir()) == [
            "data",
            "owner.pid",
            "postgres.log",
        ]


def test_cache_stands_where_the_user_keeps_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(template.CACHE_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with boot():
        assert len(list((tmp_path / "alembic-checks" / "templates").glob("postgres-*.tar"))) == 1


def test_failed_initdb_shows_its_output(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "_initdb_options", lambda _major: ["--no-such-option"])
    with pytest.raises(PostgresError) as raised, boot():
        pass
    assert raised.value.what == "PostgreSQL could not be started: initdb failed."
    assert "no-such-option" in raised.value.details
    assert not cache.exists()
