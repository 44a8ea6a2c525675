"""The models against the migrations: two schemas read from two real databases, and what differs between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.comparison.columns import compare_columns
from checks.comparison.facts import MIGRATED, Fact, Scope, TableName, Weight
from checks.comparison.relations import compare_relations
from checks.comparison.types import compare_types
from checks.comparison.values import definition
from checks.recording.absent import Absent
from checks.recording.models import Models
from checks.recording.schema import SchemaObject
from checks.sql import execute, literal, quoted

HAND_KINDS = (
    "extension",
    "view",
    "materialized view",
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "event trigger",
    "rule",
    "policy",
    "statistics",
    "composite type",
    "range type",
    "collation",
    "domain",
    "sequence",
    "grant",
)
STATED = ("persistence", "partition_key", "parents", "options", "tablespace", "access_method")
"""Storage: a difference only where the models say something of it, otherwise made by hand."""
STORAGE = (*STATED, "row_security", "force_row_security", "replica_identity")


def compare(models: Models, version_table: TableName | None = None) -> tuple[Fact, ...]:
    """Return every difference that counts, worst first; none where the models could not be built.

    A table that is missing as a whole is one fact. Column order, owners and privileges never count; nor do what
    extensions brought, partition children and inherited tables, and classes that only hand-written migrations make.
    """
    if isinstance(models.modelled, Absent):
        return ()
    scope = Scope(models, models.modelled, version_table)
    facts = [*_tables(scope), *compare_types(scope)]
    return tuple(sorted(_without_implied(facts), key=lambda fact: fact.rank))


def _tables(scope: Scope) -> Iterator[Fact]:
    for table in scope.tables:
        if table not in scope.modelled.tables:
            continue
        if table not in scope.migrated.tables:
            yield _missing(scope, table)
            continue
        yield from _of_table(scope, scope.modelled.tables[table], scope.migrated.tables[table])
        yield from compare_columns(scope, table)
        yield from compare_relations(scope, table)
    for table, item in scope.migrated.tables.items():
        children = item.attributes["is_partition"] or item.attributes["parents"]
        if table in scope.named or table[0] not in scope.models.schemas or children:
            continue
        if not scope.hides("table", table, table[1]):
            yield _extra(scope, table)


def _without_implied(facts: list[Fact]) -> Iterator[Fact]:
    """Leave out NOT NULL where the primary key that would bring it is told as missing."""
    keys = {
        (fact.object.rsplit(".", 1)[0], fact.expected)
        for fact in facts
        if fact.kind == "missing" and (fact.expected or "").startswith("PRIMARY KEY (")
    }
    for fact in facts:
        table, _, column = fact.object.rpartition(".")
        implied = fact.kind == "not-null" and any(
            owner == table and column in (text or "")[13:-1].replace('"', "").split(", ") for owner, text in keys
        )
        if not implied:
            yield fact


def _listed(scope: Scope, table: TableName, *, modelled: bool) -> str:
    columns = (scope.modelled if modelled else scope.migrated).columns.get(table, {})
    return "\n".join(f"{name} {definition(column)}" for name, column in columns.items())


def _missing(scope: Scope, table: TableName) -> Fact:
    return Fact(
        kind="table-missing",
        weight=Weight.BREAKS,
        object=".".join(table),
        message=f"Table {'.'.join(table)} is in the models but not in {MIGRATED}.",
        why="Every query of the model fails.",
        expected=_listed(scope, table, modelled=True),
    )


def _extra(scope: Scope, table: TableName) -> Fact:
    argument = scope.schema_argument(table[0])
    return Fact(
        kind="table-extra",
        weight=Weight.DIFFERS,
        object=".".join(table),
        message=f"Table {'.'.join(table)} is in {MIGRATED} but not in the models.",
        why="Its model is gone, is not imported by env.py, or never was; autogenerate would drop the table.",
        actual=_listed(scope, table, modelled=False),
        repair=(f"op.drop_table({quoted(table[1])}{argument})",),
    )


def _of_table(scope: Scope, mine: SchemaObject, theirs: SchemaObject) -> Iterator[Fact]:
    name = f"{mine.schema}.{mine.name}"
    for attribute in STATED:
        wanted, found = mine.attributes[attribute], theirs.attributes[attribute]
        if wanted is not None and wanted != found:
            words = attribute.replace("_", " ")
            yield Fact(
                kind=attribute,
                weight=Weight.DIFFERS,
                object=name,
                message=f"The {words} of table {name} differs: {wanted} in the models,"
                f" {found or 'none'} in {MIGRATED}.",
                why="The table is stored in another way than the models say.",
                expected=str(wanted),
                actual=None if found is None else str(found),
            )
    wanted, found = mine.attributes["comment"], theirs.attributes["comment"]
    if wanted != found:
        text = "NULL" if wanted is None else literal(str(wanted))
        yield Fact(
            kind="comment",
            weight=Weight.COSMETIC,
            object=name,
            message=f"The comment of table {name} differs between the models and {MIGRATED}.",
            why="Only what people read in the database differs.",
            expected=None if wanted is None else str(wanted),
            actual=None if found is None else str(found),
            repair=(execute(f"COMMENT ON TABLE {scope.sql(mine.schema, mine.name)} IS {text}"),),
        )


def made_by_hand(models: Models) -> tuple[str, ...]:
    """Return what the migrations made that models have no words for, one object an entry, by kind."""
    declared = {*models.enums, *models.sequences, *models.views}
    children = {
        (o.schema, o.name) for o in models.migrated.objects if o.kind == "table" and o.attributes["is_partition"]
    }
    modelled = {
        o.key: o for o in (() if isinstance(models.modelled, Absent) else models.modelled.objects) if o.kind == "table"
    }
    found = []
    for item in models.migrated.objects:
        counted = item.schema in models.schemas or not item.schema
        if not counted or (item.schema, item.table) in children or (item.schema, item.name) in declared:
            continue
        if item.kind in HAND_KINDS and not item.attributes.get("owned_by"):
            found.append((item.kind, ".".join(p for p in (item.schema, item.table, item.name) if p)))
        elif item.kind == "table" and (item.schema, item.name) not in children:
            found += _storage(modelled.get(item.key), item)
        elif item.kind == "column" and item.attributes["storage"]:
            found.append(("storage", f"{item.schema}.{item.table}.{item.name}"))
    return tuple(f"{kind} {name}" for kind, name in sorted(found, key=lambda entry: (_order(entry[0]), entry)))


def _order(kind: str) -> int:
    return HAND_KINDS.index(kind) if kind in HAND_KINDS else len(HAND_KINDS)


def _storage(mine: SchemaObject | None, item: SchemaObject) -> list[tuple[str, str]]:
    if mine is None:
        return []
    odd = [a for a in STORAGE if item.attributes[a] and not mine.attributes[a]]
    return [("storage", f"{item.schema}.{item.name} ({', '.join(a.replace('_', ' ') for a in odd)})")] if odd else []


def counted(entries: tuple[str, ...]) -> str:
    """Return ``2 functions, 1 view`` for entries of made_by_hand."""
    kinds = sorted((*HAND_KINDS, "storage"), key=len, reverse=True)
    numbers = Counter(next(kind for kind in kinds if entry.startswith(f"{kind} ")) for entry in entries)
    return ", ".join(f"{n} {_plural(kind) if n > 1 else kind}" for kind, n in numbers.items())


def _plural(kind: str) -> str:
    if kind in ("statistics", "storage"):
        return f"{kind} settings" if kind == "storage" else kind
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
