"""Two real databases: what the migrations made, and what the models describe."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from checks.comparison import compare

from action.postgres.catalog import read_schema
from action.postgres.databases import Databases
from action.project.session import Ended, Session
from action.rehearsal.base import BaseCheckout
from action.rehearsal.leg import Collector
from checks.recording import Candidate, Drift, Frame, Hidden, Models
from checks.schema import Schema

MESSAGE = "match the models"


def compare_models(
    session: Session,
    base: BaseCheckout,
    databases: Databases,
    head: str,
    base_database: str | None,
    heads: Sequence[str],
) -> tuple[Drift | None, str | None]:
    """Return the models against the migrated database; None, with the reason, when not even a fallback is there."""
    models = read_models(session, databases, head)
    if isinstance(models, str):
        return None, models
    told = Drift(head=models)
    if models.modelled is not None and not compare(models, version_table(session)):
        return told, None
    candidate, why, operations, repaired = candidate_of(session, databases, head, heads)
    base_models, base_missing = _base(base, databases, base_database)
    return (
        Drift(
            head=models,
            base=base_models,
            base_missing=base_missing,
            candidate=candidate,
            candidate_missing=why,
            repaired=repaired,
            autogenerate=operations,
        ),
        None,
    )


def _base(base: BaseCheckout, databases: Databases, database: str | None) -> tuple[Models | None, str | None]:
    if database is None:
        return None, None
    session = base.session()
    if session is None:
        return None, base.missing
    models = read_models(session, databases, database)
    return (None, models) if isinstance(models, str) else (models, None)


def read_models(session: Session, databases: Databases, migrated: str) -> Models | str:
    """Build what the models describe in a copy of ``migrated`` and read both; a text says why it could not be done."""
    database = databases.create("models", template=migrated)
    collector = Collector()
    ended = session.perform("models", database, collector, lambda: None)
    databases.disconnect(database)
    broken = broken_off(collector, ended)
    if broken:
        return broken
    told, schema = collector.result, schema_of(databases, migrated)
    modelled = None if told["unbuilt"] else schema_of(databases, database)
    return Models(
        migrated=schema,
        modelled=modelled,
        unbuilt=told["unbuilt"],
        tables=pairs(told["tables"]),
        enums=pairs(told["enums"]),
        sequences=pairs(told["sequences"]),
        views=pairs(told["views"]),
        schemas=tuple(sorted({*told["schemas"], *(o.schema for o in schema.objects if told["include_schemas"])})),
        default_schema=told["default_schema"],
        hidden=tuple(Hidden(**row) for row in told["hidden"]),
        locations={name: Frame(path=p, line=line, function=f) for name, (p, line, f) in told["locations"].items()},
    )


def candidate_of(
    session: Session, databases: Databases, head: str, heads: Sequence[str]
) -> tuple[Candidate | None, str | None, tuple[str, ...], Schema | None]:
    """Return the migration that autogenerate writes, or why there is none; its operations; the schema after it ran."""
    database = databases.create("candidate", template=head)
    collector = Collector()
    # The id is made of what it builds upon: the same pull request gets the same file every time.
    rev_id = hashlib.sha256(" ".join(heads).encode()).hexdigest()[:12]
    ended = session.perform(
        "candidate", database, collector, lambda: None, head=heads[-1], rev_id=rev_id, message=MESSAGE
    )
    databases.disconnect(database)
    broken = broken_off(collector, ended)
    told = collector.result
    if broken or not told.get("content"):
        return None, broken or told.get("error"), tuple(told.get("operations", ())), None
    candidate = Candidate(
        path=told["path"],
        content=told["content"],
        revision=told["revision"],
        empty=told["empty"],
        error=told["error"],
    )
    repaired = None if told["error"] else schema_of(databases, database)
    return candidate, None, tuple(told["operations"]), repaired


def version_table(session: Session) -> tuple[str, str] | None:
    """Return (schema, name) of the tree's version table, which is no model's."""
    environment = session.environment
    return (environment.version_table_schema or "public", environment.version_table) if environment else None


def broken_off(collector: Collector, ended: Ended) -> str | None:
    """Return why a request gave nothing to use; None when it did."""
    if ended.timed_out:
        return "it did not come to its end in time"
    if ended.died or collector.crash:
        return ended.died or collector.crash.strip().splitlines()[-1]
    failed = collector.failed or collector.obstacle
    if failed is not None:
        return str(failed.get("message") or failed.get("text"))
    return None


def schema_of(databases: Databases, database: str) -> Schema:
    """Read a database's schema."""
    with databases.connect(database) as connection:
        return read_schema(connection)


def pairs(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Return (schema, name) pairs from their rows on the wire."""
    return tuple((row[0], row[1]) for row in rows)
