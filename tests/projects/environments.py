"""Virtual environments of other versions and drivers than ours: made once for a machine, outside the repository."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "alembic-checks-tests"
_NEWEST = (f"sqlalchemy=={version('sqlalchemy')}", f"alembic=={version('alembic')}")
_ANY = ("3.11", "3.12", "3.13", "3.14", "3.10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What an environment holds, and the Pythons that it runs on, the preferred one first."""

    packages: tuple[str, ...]
    pythons: tuple[str, ...] = _ANY


OURS = Requirements(packages=())
"""The environment that the tests run in: psycopg2, and the newest of all."""
MATRIX = {
    "psycopg2": OURS,
    "psycopg": Requirements(packages=(*_NEWEST, "psycopg[binary]==3.*")),
    "asyncpg": Requirements(packages=(*_NEWEST, "asyncpg", "greenlet")),
    "pg8000": Requirements(packages=(*_NEWEST, "pg8000")),
    "sqlalchemy-1.3": Requirements(
        packages=("sqlalchemy==1.3.24", "alembic==1.8.1", "psycopg2-binary"), pythons=("3.9", *_ANY)
    ),
    "sqlalchemy-1.4": Requirements(packages=("sqlalchemy==1.4.54", "alembic==1.13.3", "psycopg2-binary")),
    "sqlalchemy-1.4-asyncpg": Requirements(packages=("sqlalchemy==1.4.54", "alembic==1.13.3", "asyncpg", "greenlet")),
    "sqlalchemy-1.4-pg8000": Requirements(packages=("sqlalchemy==1.4.54", "alembic==1.9.4", "pg8000")),
    "sqlalchemy-2.0": Requirements(packages=("sqlalchemy==2.0.*", "alembic==1.13.3", "psycopg2-binary")),
    "sqlalchemy-2.0-psycopg": Requirements(packages=("sqlalchemy==2.0.*", "alembic==1.16.5", "psycopg[binary]==3.*")),
}

SETTINGS = {
    "pydantic 1": Requirements(packages=(*_NEWEST, "psycopg2-binary", "pydantic==1.10.*")),
    "pydantic 2": Requirements(packages=(*_NEWEST, "psycopg2-binary", "pydantic-settings==2.*")),
}
"""Environments of projects that keep their settings in a class."""
EVERY_LIBRARY = Requirements(
    packages=(
        *(*_NEWEST, "psycopg2-binary", "pydantic-settings==2.*", "python-decouple==3.*", "environs"),
        *("dynaconf==3.*", "starlette"),
    )
)
"""An environment with the usual libraries for settings."""

FRAMEWORKS = {
    "Flask-Migrate 4": Requirements(
        packages=(*_NEWEST, "psycopg2-binary", "flask-migrate==4.1.0", "flask-sqlalchemy==3.1.1", "flask-alembic==3.3.0")
    ),
    "Flask-Migrate 2.5": Requirements(
        packages=(
            "sqlalchemy==1.3.24", "alembic==1.8.1", "psycopg2-binary", "flask-migrate==2.5.3", "flask-sqlalchemy==2.5.1",
            "flask==1.1.4", "werkzeug<2", "jinja2<3.1", "itsdangerous<2.1", "markupsafe<2.1", "click<8",
        ),
        pythons=("3.9", *_ANY),
    ),
    "advanced-alchemy": Requirements(
        packages=(*_NEWEST, "asyncpg", "psycopg[binary]==3.*", "advanced-alchemy==1.12.0", "litestar[cli]==2.*", "fastapi", "quart")
    ),
}  # fmt: skip
"""Environments of projects whose framework runs their migrations."""


def python_of(requirements: Requirements) -> str | None:
    """Return the interpreter of an environment, which is made when it is not there; None when no Python can run it."""
    if requirements is OURS:
        return sys.executable
    found = next((path for name in requirements.pythons if (path := interpreter(name))), None)
    if found is None:
        return None
    key = hashlib.sha256("\n".join(requirements.packages).encode()).hexdigest()[:12]
    folder = CACHE / f"{key}-py{_version(found)}"
    CACHE.mkdir(parents=True, exist_ok=True)
    # Workers of pytest-xdist, and other runs, want the same environment at the same time.
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The link to an interpreter that has been removed since does not exist.
        if not ((folder / ".ready").exists() and (folder / "bin" / "python").exists()):
            _make(folder, found, requirements.packages)
    return str(folder / "bin" / "python")


def _make(folder: Path, python: str, packages: tuple[str, ...]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _uv("venv", "--python", python, str(folder))
    _uv("pip", "install", "--python", str(folder / "bin" / "python"), *packages)
    (folder / ".ready").touch()


def _uv(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uv", "--quiet", "--no-config", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@cache
def interpreter(name: str) -> str | None:
    """Return a Python of this minor version: ours, on PATH, or of pyenv."""
    for path in _candidates(name):
        if _version(path) == name:
            return path
    return None


def _candidates(name: str) -> Iterator[str]:
    yield sys.executable
    on_path = shutil.which(f"python{name}")
    if on_path:
        yield on_path
    yield from sorted(map(str, (Path.home() / ".pyenv" / "versions").glob(f"{name}.*/bin/python")))


@cache
def _version(python: str) -> str:
    script = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=False)
    return done.stdout.strip()
