"""Lines of a migration that make, drop, rename or repair a constraint or an index."""

from __future__ import annotations

from checks.comparison.sides import Sides
from checks.recording.schema import SchemaObject
from checks.sql import escaped, execute, identifier, quoted

OPERATIONS = {"primary key": "primary", "unique": "unique", "foreign key": "foreignkey", "check": "check"}
"""What Alembic calls the types of constraints that it can drop."""


def create(sides: Sides, item: SchemaObject) -> str:
    """Return the operation that makes it."""
    table, name = sides.sql(item.schema, str(item.table)), identifier(item.name)
    a = item.attributes
    if item.kind == "index":
        return execute(f"CREATE {'UNIQUE ' if a['unique'] else ''}INDEX {name} ON {table} {a['definition']}")
    if a["type"] == "check" and a["validated"] and not a["no_inherit"]:
        # op.f: the name is final; a naming convention of the metadata would be applied to it once more.
        arguments = f"op.f({quoted(item.name)}), {quoted(str(item.table))}, {escaped(str(a['expression']))}"
        return f"op.create_check_constraint({arguments}{sides.schema_argument(item.schema)})"
    return execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {a['definition']}")


def drop(sides: Sides, item: SchemaObject) -> str:
    """Return the operation that drops it."""
    table, argument = quoted(str(item.table)), sides.schema_argument(item.schema)
    if item.kind == "index":
        return f"op.drop_index({quoted(item.name)}, table_name={table}{argument})"
    operation = OPERATIONS.get(str(item.attributes["type"]))
    if operation is None:
        return execute(f"ALTER TABLE {sides.sql(item.schema, str(item.table))} DROP CONSTRAINT {identifier(item.name)}")
    return f"op.drop_constraint(op.f({quoted(item.name)}), {table}, type_={quoted(operation)}{argument})"


def rename(sides: Sides, item: SchemaObject, name: str) -> str:
    """Return the operation that gives it another name."""
    old, new = identifier(item.name), identifier(name)
    if item.kind == "index":
        return execute(f"ALTER INDEX {sides.sql(item.schema, item.name)} RENAME TO {new}")
    return execute(f"ALTER TABLE {sides.sql(item.schema, str(item.table))} RENAME CONSTRAINT {old} TO {new}")


def reindex(sides: Sides, index: SchemaObject) -> str:
    """Return the operation that makes an invalid index valid."""
    return execute(f"REINDEX INDEX {sides.sql(index.schema, index.name)}")


def on_table(sides: Sides, constraint: SchemaObject) -> str:
    """Return ``CONSTRAINT … ON …``, which is how COMMENT ON names a constraint."""
    return f"CONSTRAINT {identifier(constraint.name)} ON {sides.sql(constraint.schema, str(constraint.table))}"
