"""Write the lines of a migration that create, drop, rename or repair a constraint or an index."""

from __future__ import annotations

from checks.comparison.names import Names
from checks.recording.schema import SchemaObject
from checks.sql import escaped, execute, identifier, quoted

OPERATIONS = {"primary key": "primary", "unique": "unique", "foreign key": "foreignkey", "check": "check"}
"""The types of constraints that Alembic can drop, with Alembic's name for each."""


def create(names: Names, item: SchemaObject) -> str:
    """Return the operation that creates the constraint or index."""
    table, name = names.table_of(item), identifier(item.name)
    a = item.attributes
    if item.kind == "index":
        return execute(f"CREATE {'UNIQUE ' if a['unique'] else ''}INDEX {name} ON {table} {a['definition']}")
    if a["type"] == "check" and a["validated"] and not a["no_inherit"]:
        # op.f: the name is final, so Alembic does not apply a naming convention to it again.
        arguments = f"op.f({quoted(item.name)}), {quoted(str(item.table))}, {escaped(str(a['expression']))}"
        return f"op.create_check_constraint({arguments}{names.schema_argument(item.schema)})"
    return execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {a['definition']}")


def drop(names: Names, item: SchemaObject) -> str:
    """Return the operation that drops the constraint or index."""
    table, argument = quoted(str(item.table)), names.schema_argument(item.schema)
    if item.kind == "index":
        return f"op.drop_index({quoted(item.name)}, table_name={table}{argument})"
    operation = OPERATIONS.get(str(item.attributes["type"]))
    if operation is None:
        return execute(f"ALTER TABLE {names.table_of(item)} DROP CONSTRAINT {identifier(item.name)}")
    return f"op.drop_constraint(op.f({quoted(item.name)}), {table}, type_={quoted(operation)}{argument})"


def rename(names: Names, item: SchemaObject, name: str) -> str:
    """Return the operation that renames the constraint or index."""
    old, new = identifier(item.name), identifier(name)
    if item.kind == "index":
        return execute(f"ALTER INDEX {names.sql(item.schema, item.name)} RENAME TO {new}")
    return execute(f"ALTER TABLE {names.table_of(item)} RENAME CONSTRAINT {old} TO {new}")


def reindex(names: Names, index: SchemaObject) -> str:
    """Return the operation that rebuilds an INVALID index."""
    return execute(f"REINDEX INDEX {names.sql(index.schema, index.name)}")


def on_table(names: Names, constraint: SchemaObject) -> str:
    """Return ``CONSTRAINT … ON …``: the name of a constraint for COMMENT ON."""
    return f"CONSTRAINT {identifier(constraint.name)} ON {names.table_of(constraint)}"
