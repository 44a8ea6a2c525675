"""Look up the objects of a schema by the table that they belong to."""

from __future__ import annotations

import re

from checks.recording.schema import Schema, SchemaObject

_ON_INSERT = re.compile(r" (?:BEFORE|AFTER) (?:\w+(?: OF [^()]*?)? OR )*INSERT ")
TableName = tuple[str, str]
"""Schema and name."""
TypeName = tuple[str, str]
"""Schema and name of an enum or a domain."""


class SchemaByTable:
    """The objects of a schema, grouped by table; objects without a table are in ``alone``."""

    def __init__(self, schema: Schema) -> None:
        """Group the objects of a schema."""
        self.tables: dict[TableName, SchemaObject] = {}
        self.columns: dict[TableName, dict[str, SchemaObject]] = {}
        self.constraints: dict[TableName, list[SchemaObject]] = {}
        self.indexes: dict[TableName, list[SchemaObject]] = {}
        self.alone: dict[tuple[str, str, str], SchemaObject] = {}
        """Objects without a table, by kind, schema and name."""
        self.columns_of_type: dict[TypeName, list[SchemaObject]] = {}
        """The columns that use an enum or a domain, or an array of it, by the name of the type."""
        self.set_by_trigger: set[TableName] = set()
        """The tables with a trigger for INSERT, which may set any column."""
        for item in schema.objects:
            self._sort(item)

    def _sort(self, item: SchemaObject) -> None:
        owner = (item.schema, item.table or "")
        if item.kind == "table":
            self.tables[item.schema, item.name] = item
        elif item.kind == "column":
            self.columns.setdefault(owner, {})[item.name] = item
            named = item.attributes["named_type"]
            if isinstance(named, tuple):
                self.columns_of_type.setdefault((named[0], named[1]), []).append(item)
        elif item.kind == "constraint":
            self.constraints.setdefault(owner, []).append(item)
        elif item.kind == "index":
            self.indexes.setdefault(owner, []).append(item)
        elif item.kind == "trigger":
            if _ON_INSERT.search(str(item.attributes["definition"])):
                self.set_by_trigger.add(owner)
        elif item.table is None:
            self.alone[item.kind, item.schema, item.name] = item


def tuple_of(item: SchemaObject, attribute: str) -> tuple[str, ...]:
    """Return an attribute that is a list of names or values; empty where the attribute is not a list."""
    value = item.attributes[attribute]
    return value if isinstance(value, tuple) else ()
