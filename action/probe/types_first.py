"""Types that the operations of a migration need: created once, before what uses them."""

from __future__ import annotations

from typing import Any, Iterable, Set

from alembic.operations import ops
from sqlalchemy.dialects import postgresql

from .patience import run_sql
from .protocol.requests import NeededTypeFields
from .selection import words_of

_TYPES = "SELECT t.typname::text FROM pg_type t WHERE t.typtype = 'e'"


def create_types_once(upgrade: Any, downgrade: Any, wanted: Iterable[NeededTypeFields], connection: Any) -> None:
    """Create the wanted types first, and have no CREATE TABLE create a type that is there by then."""
    existing = {str(name) for (name,) in run_sql(connection, _TYPES)}
    by_plugins = set().union(*(words_of(op) for op in upgrade.ops if type(op).__module__ != ops.__name__))
    first = [item for item in wanted if item["name"] not in existing | by_plugins]
    existing |= {item["name"] for item in first} | by_plugins
    for operation in upgrade.ops:
        if isinstance(operation, ops.CreateTableOp):
            operation.columns = [_using(column, existing, connection.dialect) for column in operation.columns]
            existing |= {_name_of(column, connection.dialect) for column in operation.columns} - {""}
    upgrade.ops = [*(ops.ExecuteSQLOp(item["create"]) for item in first), *upgrade.ops]
    downgrade.ops = [*downgrade.ops, *(ops.ExecuteSQLOp(item["drop"]) for item in reversed(first))]


def _name_of(column: Any, dialect: Any) -> str:
    type_ = getattr(column, "type", None)
    impl = None if type_ is None else type_.dialect_impl(dialect)
    return str(impl.name) if isinstance(impl, postgresql.ENUM) and impl.name else ""


def _using(column: Any, existing: Set[str], dialect: Any) -> Any:
    """Return the column; its enum is not created with the table where it exists already."""
    name = _name_of(column, dialect)
    if not name or name not in existing or not _is_plain(column.type):
        return column
    used = column._copy() if hasattr(column, "_copy") else column.copy()
    enum = column.type.dialect_impl(dialect)
    used.type = postgresql.ENUM(*enum.enums, name=enum.name, schema=enum.schema, create_type=False)
    return used


def _is_plain(type_: Any) -> bool:
    """Tell an enum that is written by its values from a type of the project's own, which renders as its class."""
    return type(type_).__module__.split(".")[0] == "sqlalchemy"
