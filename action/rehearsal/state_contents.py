"""What is read of a database between two revisions, on one connection: its schema, and what keeps its number."""

from __future__ import annotations

from dataclasses import dataclass

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.postgres.identities import ColumnFacts, ColumnId, Identities, read_columns, read_identities
from action.probe.protocol.companions import database_of
from action.rehearsal.database_state import version_table
from action.rehearsal.plan import Plan
from action.rehearsal.several_databases import numbers
from action.session.session import Session
from checks.recording.schema import Schema


@dataclass(frozen=True, slots=True)
class Contents:
    """What one database has; empty where no check asks for it."""

    schema: Schema
    identities: Identities
    columns: dict[ColumnId, ColumnFacts]


def contents_of(plan: Plan, session: Session, databases: Databases, database: str) -> list[Contents]:
    """Read every database that env.py migrates, the first one first: what the checks of the plan ask for."""
    return [_read(plan, session, databases, database, number) for number in numbers(session)]


def _read(plan: Plan, session: Session, databases: Databases, database: str, number: int) -> Contents:
    with databases.connect(database_of(database, number)) as connection:
        schema = read_schema(connection) if plan.undoes else Schema()
        if not plan.seeks_losses:
            return Contents(schema, Identities({}, {}, {}, {}), {})
        found = read_identities(connection, version_table(session, number))
        tables = [oid for oid, one in found.relations.items() if one.kind != "sequence"]
        return Contents(schema, found, read_columns(connection, tables))
