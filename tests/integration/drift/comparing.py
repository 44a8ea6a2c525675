"""Run a case: create the migrated and the modelled database as a run of the action does, and compare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import URL, Connection, MetaData, create_engine
from sqlalchemy.pool import NullPool

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.postgres.servers.connection import connected
from action.postgres.servers.interface import Address
from action.probe import metadata as probe
from action.probe.column_facts import column_facts, without_refused
from action.rehearsal.modelled import Modelled
from checks.comparison.change import Change
from checks.comparison.compare import compare
from checks.comparison.object_lines import object_line
from checks.comparison.objects import changed_objects
from checks.comparison.reversal import lines_back
from checks.recording.models import LiteralDefault, Models
from checks.recording.schema import Schema
from tests.integration.drift.cases import Case

VERSION_TABLE = ("public", "alembic_version")


@contextmanager
def sqlalchemy_connection(address: Address, database: str) -> Iterator[Connection]:
    """Connect as the env.py of a project does, in one transaction that is committed at the end."""
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


def execute(databases: Databases, name: str, sql: str) -> None:
    """Run SQL in a database, and commit it; only a superuser changes a catalog."""
    of_catalogs = sql.startswith("UPDATE pg_")
    opened = connected(databases._server.admin, name) if of_catalogs else databases.connect(name)
    with opened as connection, connection.cursor() as cursor:
        cursor.execute(sql)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the comparison of a case found."""

    changes: tuple[Change, ...]
    remaining: tuple[Change, ...]
    """The changes that are left after their lines ran on the migrated database."""
    not_undone: tuple[str, ...]
    """What the lines for downgrade() leave of these lines, an object each."""


@contextmanager
def _as_they_are(metadatas: Sequence[MetaData]) -> Iterator[None]:
    """Give the models their defaults back: those that PostgreSQL refuses are taken off, in a process of its own."""
    columns = [column for metadata in metadatas for table in metadata.tables.values() for column in table.columns]
    defaults = [column.server_default for column in columns]
    try:
        yield
    finally:
        for column, default in zip(columns, defaults, strict=True):
            column.server_default = default


def run(databases: Databases, address: Address, case: Case) -> Result:
    """Create and compare both databases of a case, repair the migrated one and compare again; drop both."""
    migrated = databases.create("migrated")
    try:
        _migrate(databases, address, migrated, case)
        modelled = databases.create("modelled", template=migrated)
        try:
            with _as_they_are(case.metadatas()):
                models = _models(databases, address, case.metadatas(), migrated, modelled)
            models = Modelled(databases, modelled, 0, models).with_spellings(models.migrated).models
            changes = compare(models, VERSION_TABLE)
            remaining = changes
            first = models.migrated
            for _ in range(2):  # dropping a column can leave an enum that no column uses
                lines = [line for change in remaining for line in change.repair]
                if lines:
                    _repair(address, migrated, lines)
                    models = replace(models, migrated=read(databases, migrated))
                    models = Modelled(databases, modelled, 0, models).with_spellings(models.migrated).models
                    remaining = compare(models, VERSION_TABLE)
            not_undone = _undone(databases, address, migrated, first, models.migrated)
        finally:
            databases.drop(modelled)
        return Result(changes=changes, remaining=remaining, not_undone=not_undone)
    finally:
        databases.drop(migrated)


def _undone(databases: Databases, address: Address, name: str, first: Schema, repaired: Schema) -> tuple[str, ...]:
    """Undo the lines that repair, and return what is not as it was."""
    lines = lines_back(repaired, first, "public", VERSION_TABLE)
    if lines:
        _repair(address, name, list(lines))
    left = changed_objects(first, read(databases, name)) if lines else changed_objects(first, repaired)
    return tuple(object_line(change, ("before", "afterwards", "afterwards")) for change in left)


def _repair(address: Address, name: str, lines: list[str]) -> None:
    with sqlalchemy_connection(address, name) as connection:
        op = Operations(MigrationContext.configure(connection))
        for line in lines:
            exec(line, {"op": op, "sa": sqlalchemy})


def _migrate(databases: Databases, address: Address, name: str, case: Case) -> None:
    if case.created:
        with sqlalchemy_connection(address, name) as connection:
            for metadata in case.metadatas():
                metadata.create_all(connection)
    if case.sql:
        execute(databases, name, case.sql)


def _models(
    databases: Databases, address: Address, metadatas: Sequence[MetaData], migrated: str, modelled: str
) -> Models:
    with sqlalchemy_connection(address, modelled) as connection:
        description = probe.describe(connection, metadatas, "public")
        facts = column_facts(connection, metadatas, "public")
        without_refused(connection, metadatas, "public", facts["literals"])
        probe.rebuild(connection, metadatas, "public")

    return Models(
        migrated=read(databases, migrated),
        modelled=read(databases, modelled),
        schemas=tuple(description["schemas"]),
        tables=tuple(description["tables"]),
        enums=tuple(description["enums"]),
        sequences=tuple(description["sequences"]),
        views=tuple(description["views"]),
        supplied=tuple(facts["supplied"]),
        fetched=tuple(facts["fetched"]),
        literals=tuple(LiteralDefault(**fields) for fields in facts["literals"]),
    )


def read(databases: Databases, name: str) -> Schema:
    """Return the schema of a database."""
    with databases.connect(name) as connection:
        return read_schema(connection)
