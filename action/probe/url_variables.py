"""The environment variables that env.py reads its URL from, each filled with the scratch database."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Dict, Iterable, List, Mapping, Tuple

# Found in 47 random and 14 well-known env.py files; the driver is decided for each kind of name apart.
URLS = (
    "DATABASE_URL", "DATABASE_URI", "DATABASE_DSN", "DB_URL", "DB_URI", "DB_DSN", "PG_URL", "PG_DSN",
    "POSTGRES_URL", "POSTGRES_URI", "POSTGRES_DSN", "POSTGRESQL_URL", "SQLALCHEMY_DATABASE_URI",
    "SQLALCHEMY_DATABASE_URL", "SQLALCHEMY_URL", "ALEMBIC_DATABASE_URL", "ALEMBIC_DB_URL", "ALEMBIC_URL",
)  # fmt: skip
SYNC_URLS = ("SYNC_DATABASE_URL", "DATABASE_URL_SYNC", "SYNC_DATABASE_URI", "SYNC_DB_URL")
ASYNC_URLS = (
    "ASYNC_DATABASE_URL",
    "DATABASE_URL_ASYNC",
    "ASYNC_DATABASE_URI",
    "ASYNC_DB_URL",
    "ASYNC_DB_URI",
)
PREFIXES = ("POSTGRES", "POSTGRESQL", "DB", "DATABASE", "PG")
PARTS = {
    "host": ("_HOST", "_SERVER", "_HOSTNAME"),
    "port": ("_PORT",),
    "user": ("_USER", "_USERNAME"),
    "password": ("_PASSWORD", "_PASS", "_PWD"),
    "database": ("_DB", "_NAME", "_DATABASE", "_DBNAME"),
}
LIBPQ = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "database",
}
SAID = re.compile(r"postgres(?:ql)?\+(\w+)://")
ASYNC_ENV = re.compile(r"\b(async_engine_from_config|create_async_engine|AsyncEngine|run_async)\b")


def installed() -> List[str]:
    """Return the PostgreSQL drivers that this interpreter can import, the usual ones first."""
    return list(_found(tuple(sys.path)))


@lru_cache(maxsize=None)
def _found(path: "Tuple[str, ...]") -> "Tuple[str, ...]":
    """Return the same for the folders of ``sys.path``: every leg asks, and a fork has what its parent has found."""
    return tuple(name for name in ("psycopg2", "psycopg", "asyncpg", "pg8000") if find_spec(name) is not None)


def drivers(sources: Iterable[str], sqlalchemy_version: str) -> List[str]:
    """Return the drivers to put into the URL, the likeliest first: ``""`` is the bare ``postgresql://``.

    ``sources`` are the texts that may tell: the configuration, env.py, ``.env`` files.
    """
    have = installed()
    texts = list(sources)
    said = [name for text in texts for name in SAID.findall(text) if name in have or name == "psycopg_async"]
    bare = "psycopg" if version_of(sqlalchemy_version) >= (2, 1) else "psycopg2"
    order = said + (["asyncpg", "psycopg"] if any(ASYNC_ENV.search(text) for text in texts) else []) + have
    wanted = [name for name in dict.fromkeys(order) if name in have]
    return ["" if name == bare else name for name in wanted] or [""]


def version_of(text: str) -> "tuple[int, ...]":
    """Return the leading numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def family(server: Mapping[str, Any], driver: str) -> Dict[str, str]:
    """Return the whole family of variables, all of one value."""
    have = installed()
    sync = driver if driver != "asyncpg" else next((d for d in ("psycopg2", "psycopg", "pg8000") if d in have), driver)
    aside = next((d for d in ("asyncpg", "psycopg") if d in have), driver)
    values = {name: str(server[name]) for name in ("host", "port", "user", "password", "database")}
    found = {name: url(values, driver) for name in URLS}
    found.update({name: url(values, sync) for name in SYNC_URLS})
    found.update({name: url(values, aside) for name in ASYNC_URLS})
    for prefix in PREFIXES:
        for part, suffixes in PARTS.items():
            found.update({prefix + suffix: values[part] for suffix in suffixes})
    found.update({name: values[part] for name, part in LIBPQ.items()})
    return found


def url(values: Mapping[str, Any], driver: str) -> str:
    """Return an SQLAlchemy URL; nothing in it needs escaping."""
    return "postgresql%s://%s:%s@%s:%s/%s" % (
        "+" + driver if driver else "",
        values["user"],
        values["password"],
        values["host"],
        values["port"],
        values["database"],
    )


def fill(text: str, server: Mapping[str, Any], driver: str) -> str:
    """Fill ``{url} {host} {port} {user} {password} {database}`` of a variable that the user gave."""
    values = {name: str(server[name]) for name in ("host", "port", "user", "password", "database")}
    values["url"] = url(values, driver)
    return re.sub(r"\{(%s)\}" % "|".join(values), lambda match: values[match.group(1)], text)


def set_variables(place: Mapping[str, Any], driver: str, given: Dict[str, str]) -> None:
    """Set the family of usual variables, and the user's own over them."""
    for name, value in family(place, driver).items():
        os.environ[name] = keep_driver(name, value)
    for name, value in given.items():
        os.environ[name] = fill(value, place, driver)


def keep_driver(name: str, value: str) -> str:
    """Return our URL with the driver that the variable already had in this environment, when it can be imported."""
    match = SAID.match(os.environ.get(name, ""))
    if match is None or match.group(1) not in installed():
        return value
    return re.sub(r"^postgresql(\+\w+)?://", "postgresql+%s://" % match.group(1), value)
