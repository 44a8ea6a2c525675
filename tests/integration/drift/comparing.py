"""Running a case: two real databases, built the way the rehearsal builds them, read and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import URL, Connection, MetaData, create_engine
from sqlalchemy.pool import NullPool

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.postgres.interface import Address
from action.probe import models as probe
from checks.comparison import compare
from checks.facts import Fact
from checks.recording import Models
from checks.schema import Schema
from tests.integration.drift.cases import Case


@contextmanager
def sqlalchemy_connection(address: Address, database: str) -> Iterator[Connection]:
    """Connect as a project's env.py would, in one transaction that is committed."""
    url = URL.create(
        "postgresql+psycopg2",
        username=address.user,
        password=address.password,
        host=address.host,
        port=address.port,
        database=database,
    )
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def run(databases: Databases, address: Address, case: Case) -> tuple[Fact, ...]:
    """Return the facts of a case; its databases are dropped."""
    return compare(models_of(databases, address, case), ("public", "alembic_version"))


def models_of(databases: Databases, address: Address, case: Case) -> Models:
    """Build both databases of a case and read them."""
    migrated = databases.create("migrated")
    try:
        _migrate(databases, address, migrated, case)
        modelled = databases.create("modelled", template=migrated)
        try:
            return _models(databases, address, case.metadatas(), migrated, modelled)
        finally:
            databases.drop(modelled)
    finally:
        databases.drop(migrated)


def _migrate(databases: Databases, address: Address, name: str, case: Case) -> None:
    if case.created:
        with sqlalchemy_connection(address, name) as connection:
            for metadata in case.metadatas():
                metadata.create_all(connection)
    if case.sql:
        with databases.connect(name) as ours, ours.cursor() as cursor:
            cursor.execute(case.sql)


def _models(
    databases: Databases, address: Address, metadatas: Sequence[MetaData], migrated: str, modelled: str
) -> Models:
    with sqlalchemy_connection(address, modelled) as connection:
        told = probe.describe(connection, metadatas, "public")
        probe.rebuild(connection, metadatas, "public")

    def pairs(key: str) -> tuple[tuple[str, str], ...]:
        return tuple((schema, name) for schema, name in told[key])

    return Models(
        migrated=read(databases, migrated),
        modelled=read(databases, modelled),
        schemas=tuple(told["schemas"]),
        tables=pairs("tables"),
        enums=pairs("enums"),
        sequences=pairs("sequences"),
        views=pairs("views"),
    )


def read(databases: Databases, name: str) -> Schema:
    """Read a database's schema."""
    with databases.connect(name) as connection:
        return read_schema(connection)
