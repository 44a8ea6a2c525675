"""Which of the operations that autogenerate finds go into a migration: those of the differences that were selected."""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.operations.ops import UpgradeOps
from alembic.runtime.migration import MigrationContext

from .protocol.requests import SelectedObject

Table = Tuple[str, str]
_ALTERED = {
    "modify_type": (None, ("type", "collation")),
    "modify_nullable": (None, ("not-null",)),
    "modify_server_default": (False, ("default", "serial", "identity", "generated", "value")),
    "modify_comment": (False, ("comment",)),
}
"""The changes of a column that one operation holds: the value for none, and the differences that each ends."""
_CUT = 54
"""Bytes that two spellings of one long name share: PostgreSQL cuts a name at 63, SQLAlchemy adds a hash."""
_OURS = ops.__name__


class Selected:
    """The differences whose operations are wanted."""

    def __init__(self, objects: Iterable[SelectedObject], default_schema: str) -> None:
        self._default = default_schema
        self._changes: Dict[Tuple[str, str, str], Set[str]] = {}
        """The kinds of differences of a table, or of a column."""
        self._relations: Dict[Table, List[SelectedObject]] = {}
        self._mentions: List[Set[str]] = []
        for item in objects:
            self._take(item)

    def _take(self, item: SelectedObject) -> None:
        name = item["names"][0]
        if item["kind"] in ("constraint", "index"):
            self._relations.setdefault((item["schema"], item["table"]), []).append(item)
        elif item["kind"] in ("table", "column"):
            key = (item["schema"], item["table"] or name, name if item["kind"] == "column" else "")
            self._changes.setdefault(key, set()).add(item["change"])
        self._mentions += [{item["table"], other} - {""} for other in item["names"]]
        self._mentions += [{other} for other in item["types"]]

    def of(self, operations: Iterable[Any]) -> List[Any]:
        """Return the operations, and the parts of operations, that end one of the differences."""
        found: List[Any] = []
        for operation in operations:
            if hasattr(operation, "ops"):
                part = copy.copy(operation)
                part.ops = self.of(operation.ops)
                found += [part] if part.ops else []
            elif isinstance(operation, ops.AlterColumnOp):
                found += self._altered(operation)
            elif self._holds(operation):
                found.append(operation)
        return found

    def _altered(self, operation: Any) -> List[Any]:
        kinds = self._of(self._table(operation), operation.column_name)
        kept = copy.copy(operation)
        for attribute, (nothing, ends) in _ALTERED.items():
            if not kinds.intersection(ends):
                setattr(kept, attribute, nothing)
        return [kept] if kept.has_changes() else []

    def _holds(self, operation: Any) -> bool:
        if type(operation).__module__ != _OURS or not _has_table(operation):
            return self._is_mentioned(operation)
        table = self._table(operation)
        kinds = self._of(table)
        if isinstance(operation, ops.CreateTableOp):
            return "table-missing" in kinds
        if isinstance(operation, ops.DropTableOp):
            return "table-extra" in kinds
        if isinstance(operation, (ops.CreateTableCommentOp, ops.DropTableCommentOp)):
            return "comment" in kinds
        if isinstance(operation, ops.AddColumnOp):
            return "column-missing" in self._of(table, operation.column.name)
        if isinstance(operation, ops.DropColumnOp):
            return "column-extra" in self._of(table, operation.column_name)
        return bool(kinds & {"table-missing", "table-extra"}) or self._holds_relation(table, operation)

    def _holds_relation(self, table: Table, operation: Any) -> bool:
        """Tell whether a constraint or an index is wanted, or goes with a column that is dropped."""
        name, columns = _name_of(operation), _columns_of(operation)
        if any("column-extra" in self._of(table, column) for column in columns):
            return isinstance(operation, (ops.DropIndexOp, ops.DropConstraintOp))
        for item in self._relations.get(table, ()):
            if name is not None and name.encode()[:63] in [other.encode()[:63] for other in item["names"]]:
                return True
            if (name is None or len(name) >= _CUT) and columns and columns == set(item["columns"]):
                return True
        return False

    def _is_mentioned(self, operation: Any) -> bool:
        """Tell whether an operation of a plugin names an object that was selected."""
        words = words_of(operation)
        return any(mention <= words for mention in self._mentions)

    def _of(self, table: Table, column: Any = "") -> Set[str]:
        return self._changes.get((*table, str(column)), set())

    def _table(self, operation: Any) -> Table:
        schema = getattr(operation, "schema", None) or (getattr(operation, "kw", None) or {}).get("source_schema")
        name = getattr(operation, "table_name", None) or getattr(operation, "source_table", None)
        return (str(schema or self._default), str(name))


def _has_table(operation: Any) -> bool:
    return bool(getattr(operation, "table_name", None) or getattr(operation, "source_table", None))


def _name_of(operation: Any) -> Optional[str]:
    name = getattr(operation, "index_name", None) or getattr(operation, "constraint_name", None)
    return None if name is None else str(name)


def _columns_of(operation: Any) -> Set[str]:
    whole = getattr(operation, "_reverse", None) or operation
    given = getattr(whole, "local_cols", None) or getattr(whole, "columns", None) or ()
    return {str(getattr(column, "name", column)) for column in given}


def words_of(operation: Any) -> Set[str]:
    """Return the words in the line of Python that an operation renders to, or in what it holds."""
    try:
        text = render_python_code(UpgradeOps([operation]))
    except Exception:  # a plugin's operation may need more than it gets here
        text = repr(getattr(operation, "__dict__", operation))
    return set(re.findall(r"\w+", text))


def drops_version_table(operation: Any, version_table: str) -> bool:
    """Tell whether an operation drops a version table of Alembic: this tree's, or one of another name or schema."""
    if not isinstance(operation, ops.DropTableOp):
        return False
    whole = getattr(operation, "_reverse", None)
    columns = [str(column.name) for column in getattr(whole, "columns", ()) if hasattr(column, "type")]
    return str(operation.table_name) == version_table or columns == ["version_num"]


def without_version_tables(operations: Iterable[Any], version_table: str) -> List[Any]:
    """Return the operations without those that drop a version table."""
    return [operation for operation in operations if not drops_version_table(operation, version_table)]


def described(operations: Any, dialect: Any) -> List[str]:
    """Return each operation of an upgrade as the line of Python that it renders to."""
    context, found = MigrationContext.configure(dialect=dialect), []
    for operation in getattr(operations, "ops", ()):
        found += described(operation, dialect) if hasattr(operation, "ops") else [_line(operation, context)]
    return found


def without_known(operations: Iterable[Any], known: Set[str], dialect: Any) -> List[Any]:
    """Return the operations that the base does not have."""
    context = MigrationContext.configure(dialect=dialect)
    found: List[Any] = []
    for operation in operations:
        if hasattr(operation, "ops"):
            part = copy.copy(operation)
            part.ops = without_known(operation.ops, known, dialect)
            found += [part] if part.ops else []
        elif _line(operation, context) not in known:
            found.append(operation)
    return found


def _line(operation: Any, context: Any) -> str:
    try:
        # SQL of the project's own may be known to the connection's dialect alone.
        lines = render_python_code(UpgradeOps([operation]), migration_context=context).splitlines()
    except Exception:  # as an operation of an extension that has no renderer; the template fails on it, too
        lines = [" ".join([type(operation).__name__, str(getattr(operation, "table_name", ""))]).strip()]
    code = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return " ".join(code).replace("( ", "(").replace(" )", ")")
