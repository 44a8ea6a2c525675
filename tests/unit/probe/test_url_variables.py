"""The variables that env.py may take its URL from, and which driver is put into them."""

from __future__ import annotations

import pytest

from action.probe import url_variables

SERVER = {"host": "127.0.0.1", "port": "5433", "user": "ann", "password": "s3cret", "database": "ac_1"}
ASYNC_ENV_PY = "from sqlalchemy.ext.asyncio import async_engine_from_config\n"


@pytest.mark.parametrize(
    ("sources", "sqlalchemy", "expected"),
    [
        ([], "1.3.24", ["", "psycopg", "asyncpg", "pg8000"]),
        ([], "2.0.58", ["", "psycopg", "asyncpg", "pg8000"]),
        ([], "2.1.9", ["psycopg2", "", "asyncpg", "pg8000"]),
        (["sqlalchemy.url = postgresql+pg8000://localhost/x"], "2.0.58", ["pg8000", "", "psycopg", "asyncpg"]),
        ([ASYNC_ENV_PY], "2.0.58", ["asyncpg", "psycopg", "", "pg8000"]),
        (["URL=postgres+psycopg2://x", ASYNC_ENV_PY], "2.0.58", ["", "asyncpg", "psycopg", "pg8000"]),
        (["postgresql+nothing://x"], "2.0.58", ["", "psycopg", "asyncpg", "pg8000"]),
    ],
)
def test_the_likeliest_driver_comes_first(sources: list[str], sqlalchemy: str, expected: list[str]) -> None:
    """All four drivers are installed beside the tests; the bare URL means psycopg from SQLAlchemy 2.1 on."""
    assert url_variables.drivers(sources, sqlalchemy) == expected


@pytest.mark.parametrize(
    ("text", "version"), [("2.1.9", (2, 1, 9)), ("1.4.54", (1, 4, 54)), ("2.1.0b2", (2, 1, 0)), ("2", (2,))]
)
def test_a_version_is_its_leading_numbers(text: str, version: tuple[int, ...]) -> None:
    assert url_variables.version_of(text) == version


def test_every_name_of_the_family_has_its_part() -> None:
    family = url_variables.family(SERVER, "psycopg2")
    url = "postgresql+psycopg2://ann:s3cret@127.0.0.1:5433/ac_1"
    assert {family[name] for name in url_variables.URLS} == {url}
    assert {family[name] for name in url_variables.SYNC_URLS} == {url}
    assert {family[name] for name in url_variables.ASYNC_URLS} == {url.replace("psycopg2", "asyncpg")}
    parts = ("POSTGRES_SERVER", "DB_PORT", "PGUSER", "DATABASE_PASSWORD", "POSTGRES_DB", "DB_NAME", "PGDATABASE")
    assert [family[name] for name in parts] == ["127.0.0.1", "5433", "ann", "s3cret", "ac_1", "ac_1", "ac_1"]


def test_a_synchronous_name_has_no_asynchronous_driver() -> None:
    family = url_variables.family(SERVER, "asyncpg")
    assert family["DATABASE_URL"].startswith("postgresql+asyncpg://")
    assert family["SYNC_DATABASE_URL"].startswith("postgresql+psycopg2://")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{url}", "postgresql+asyncpg://ann:s3cret@127.0.0.1:5433/ac_1"),
        ("{host}:{port}", "127.0.0.1:5433"),
        ("jdbc:postgresql://{host}/{database}?user={user}&password={password}", "jdbc:postgresql://127.0.0.1/ac_1?user=ann&password=s3cret"),
        ('{"key": "{nothing}"}', '{"key": "{nothing}"}'),
        ("", ""),
    ],
)  # fmt: skip
def test_a_variable_of_the_user_s_is_filled(text: str, filled: str) -> None:
    assert url_variables.fill(text, SERVER, "asyncpg") == filled


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgresql+asyncpg://real.example/shop", "postgresql+asyncpg://ann@h/d"),
        ("postgresql+nothing://real.example/shop", "postgresql://ann@h/d"),
        ("postgresql://real.example/shop", "postgresql://ann@h/d"),
        (None, "postgresql://ann@h/d"),
    ],
)
def test_the_driver_of_a_variable_that_was_set_is_kept(
    given: str | None, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if given is not None:
        monkeypatch.setenv("DATABASE_URL", given)
    assert url_variables.keep_driver("DATABASE_URL", "postgresql://ann@h/d") == kept
