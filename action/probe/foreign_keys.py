"""Foreign keys that point from the tables of one metadata to those of another."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Dict, Iterable, Iterator, List, Sequence, Tuple

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.exc import NoReferencedTableError
from sqlalchemy.schema import AddConstraint, Constraint
from sqlalchemy.types import NullType

from .patience import run_sql
from .schema_names import Name, name_of


def link(connection: Any, metadatas: Sequence[Any], default: str) -> None:
    """Have each foreign key whose target its own metadata lacks find it on another one, or in the database.

    SQLAlchemy looks up ``ForeignKey("table.column")`` on the metadata of its own table alone. What is nowhere is left
    to SQLAlchemy, whose error names it.
    """
    lost = [(key, _wanted(key)) for key in _foreign_keys(metadatas) if not _is_found(key)]
    known = {key: table for metadata in reversed(metadatas) for key, table in metadata.tables.items()} if lost else {}
    for key, table_key in lost:
        target = known.get(table_key)
        if target is None:
            target = _in_database(connection, key, default)
        column = None if target is None else _column_of(target, key)
        if column is not None:
            key._set_target_column(column)


@contextmanager
def detached(metadatas: Iterable[Any], wanted: Dict[int, List[Any]]) -> Iterator[List[Any]]:
    """Take off the tables the foreign keys to what ``create_all`` of their own metadata does not make; give these.

    ``wanted`` has the tables of each metadata that are to be made, by its ``id``. A constraint of no kind, a note about
    one that a migration makes by hand, has no SQL at all: it is taken off, too.
    """
    keys, notes = [], []
    for metadata in metadatas:
        own = {id(table) for table in wanted[id(metadata)]}
        for table in wanted[id(metadata)]:
            keys += [key for key in table.foreign_key_constraints if id(key.referred_table) not in own]
            notes += [(table, note) for note in table.constraints if type(note) is Constraint]
    taken = [*((key.table, key) for key in keys), *notes]
    parts = [(key, list(key.elements), key._create_rule) for key in keys]
    try:
        for table, constraint in taken:
            table.constraints.discard(constraint)
        for key, elements, _ in parts:
            key.table.foreign_keys.difference_update(elements)
        yield keys
    finally:
        for table, constraint in taken:
            table.constraints.add(constraint)
        for key, elements, rule in parts:
            key.table.foreign_keys.update(elements)
            key._create_rule = rule


def attach(connection: Any, keys: Iterable[Any]) -> None:
    """Add foreign keys to the tables that are there, in an order that does not depend on their addresses."""
    for key in sorted(keys, key=lambda key: (str(key.table.key), [str(c.name) for c in key.columns], str(key.name))):
        connection.execute(AddConstraint(key))


def in_order(metadatas: Sequence[Any]) -> List[Any]:
    """Return the metadatas, each after those that it points to where they do not point back."""
    found: List[Any] = []
    seen = set()

    def visit(metadata: Any) -> None:
        if id(metadata) not in seen:
            seen.add(id(metadata))
            for other in metadatas:
                if id(other) in targets[id(metadata)]:
                    visit(other)
            found.append(metadata)

    targets = {id(metadata): _targets(metadata) for metadata in metadatas}
    for metadata in metadatas:
        visit(metadata)
    return found


def _targets(metadata: Any) -> "set[int]":
    return {id(key.column.table.metadata) for key in _foreign_keys([metadata]) if _is_found(key)} - {id(metadata)}


def _foreign_keys(metadatas: Iterable[Any]) -> Iterator[Any]:
    for metadata in metadatas:
        for table in metadata.tables.values():
            yield from table.foreign_keys


def _is_found(key: Any) -> bool:
    try:
        return key.column is not None
    except NoReferencedTableError:
        return False
    except Exception:  # a column that its table lacks: SQLAlchemy says so
        return True


def _wanted(key: Any) -> str:
    """Return the key of the table that a foreign key names, as SQLAlchemy looks for it."""
    _, table_key, _ = key._resolve_col_tokens()
    return str(table_key)


def _column_of(table: Any, key: Any) -> Any:
    """Return the column of a table that a foreign key names; None where there is none."""
    _, _, name = key._resolve_col_tokens()
    if name is None:
        return table.columns.get(key.parent.key)
    if key.link_to_name:
        return next((column for column in table.columns if column.name == name), None)
    return table.columns.get(name)


def _in_database(connection: Any, key: Any, default: str) -> Any:
    """Return a table, on a metadata of its own, for the one in the database that a foreign key names; None if none."""
    schema, name, column = _tokens(key)
    table = Table(name, MetaData(), Column(column or key.parent.key, NullType()), schema=schema)
    relation: Name = name_of(connection, table, default)
    found = run_sql(
        connection,
        "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND n.nspname = '%s' AND c.relname = '%s'"
        % tuple(part.replace("'", "''") for part in relation),
    )
    return table if found else None


def _tokens(key: Any) -> Tuple[Any, str, Any]:
    schema, name, column = key._column_tokens
    return (key.parent.table.metadata.schema if schema is None else schema), name, column
