"""Write the lines of downgrade() that take a database back from one schema to another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from checks.comparison.by_table import TableName, TypeName, tuple_of
from checks.comparison.column_lines import add_column, drop_column
from checks.comparison.column_reversal import altered
from checks.comparison.definitions import column as column_definition
from checks.comparison.definitions import domain, relation, sequence, type_of, values
from checks.comparison.names import Names
from checks.comparison.object_names import comment_line
from checks.comparison.objects import changed_objects
from checks.comparison.relation_lines import create, drop, rename
from checks.recording.schema import Fate, ObjectChange, Schema, SchemaObject
from checks.sql import execute, identifier, literal

_RELATIONS = ("constraint", "index")
_CREATED_FIRST = ("primary key", "unique", "index", "exclusion", "check", "foreign key")
"""A foreign key needs a key of the other table, so it is created last and dropped first."""


def lines_back(found: Schema, wanted: Schema, default_schema: str, version_table: TableName) -> tuple[str, ...]:
    """Return the lines that make ``wanted`` of ``found``, and a comment for what PostgreSQL cannot take back.

    What a migration of Alembic's own operations cannot make, such as a function, has no line.
    """
    changes = changed_objects(found, wanted, without=(version_table,))
    return tuple(_Reversal(Names(default_schema), wanted, changes).lines())


class _Reversal:
    def __init__(self, names: Names, wanted: Schema, changes: tuple[ObjectChange, ...]) -> None:
        self._names = names
        self._wanted = wanted
        self._gone = [c.before for c in changes if c.fate is Fate.WENT and c.before is not None]
        self._new = [c.after for c in changes if c.fate is Fate.CAME and c.after is not None]
        self._changed = [
            (c.before, c.after)
            for c in changes
            if c.fate is Fate.CHANGED and c.before is not None and c.after is not None
        ]
        self._renamed = list(self._pairs_of_one_definition())

    def lines(self) -> Iterator[str]:
        """Yield what is in the way first, then what other objects need, then the objects that need them."""
        yield from chain(self._drops(), self._types("new"), self._tables(), self._columns(), self._types("gone"))
        yield from (rename(self._names, old, new.name) for old, new in self._renamed)
        new = [*self._of(self._new, *_RELATIONS), *(after for _, after in self._redefined())]
        renamed = [one for pair in self._renamed for one in pair]
        yield from (create(self._names, item) for item in sorted(new, key=_order) if item not in renamed)
        yield from chain(self._sequences(), self._comments(), self._values())

    def _of(self, items: list[SchemaObject], *kinds: str) -> list[SchemaObject]:
        return [item for item in items if item.kind in kinds and not item.attributes.get("inherited")]

    def _pairs_of_one_definition(self) -> Iterator[tuple[SchemaObject, SchemaObject]]:
        new = self._of(self._new, *_RELATIONS)
        for old in self._of(self._gone, *_RELATIONS):
            for item in new:
                same = type_of(old) == type_of(item) and relation(old) == relation(item)
                if same and (old.schema, old.table) == (item.schema, item.table):
                    new.remove(item)
                    yield old, item
                    break

    def _redefined(self) -> list[tuple[SchemaObject, SchemaObject]]:
        return [
            (before, after)
            for before, after in self._changed
            if before.kind in _RELATIONS and (type_of(before), relation(before)) != (type_of(after), relation(after))
        ]

    def _drops(self) -> Iterator[str]:
        columns = {(item.schema, item.table, item.name) for item in self._of(self._gone, "column")}
        renamed = [old for old, _ in self._renamed]
        gone = [*self._of(self._gone, *_RELATIONS), *(before for before, _ in self._redefined())]
        for item in sorted(gone, key=_order, reverse=True):
            # What uses a dropped column is dropped with it.
            uses = {(item.schema, item.table, name) for name in tuple_of(item, "columns")}
            if item not in renamed and not uses & columns:
                yield drop(self._names, item)
        for table in reversed(self._of(self._gone, "table")):
            yield execute(f"DROP TABLE {self._names.sql(table.schema, table.name)}")
        yield from (drop_column(self._names, item) for item in reversed(self._of(self._gone, "column")))

    def _columns(self) -> Iterator[str]:
        for item in self._of(self._new, "column"):
            yield add_column(self._names, item)
        for before, after in self._changed:
            if before.kind == "column" and not after.attributes["inherited"]:
                yield from altered(self._names, before, after)

    def _tables(self) -> Iterator[str]:
        for table in self._of(self._new, "table"):
            if table.attributes["parents"] or table.attributes["partition_key"]:
                continue
            parts = [item for item in self._wanted.objects if (item.schema, item.table) == (table.schema, table.name)]
            columns = [f"{identifier(c.name)} {column_definition(c)}" for c in parts if c.kind == "column"]
            yield execute(f"CREATE TABLE {self._names.sql(table.schema, table.name)} ({', '.join(columns)})")
            relations = sorted((item for item in parts if item.kind in _RELATIONS), key=_order)
            yield from (create(self._names, item) for item in relations)

    def _types(self, which: str) -> Iterator[str]:
        """Yield the lines for enums, domains and sequences: domains can use enums."""
        tables = {(item.schema, item.name) for item in (*self._of(self._gone, "table"), *self._of(self._new, "table"))}
        items = self._new if which == "new" else self._gone
        for kind in ("enum", "domain", "sequence") if which == "new" else ("sequence", "domain", "enum"):
            for item in self._of(items, kind):
                owner = tuple_of(item, "owned_by") if kind == "sequence" else ()
                if not (kind == "sequence" and item.attributes["identity"]) and (owner[:2] not in tables):
                    yield from self._type(item, which)

    def _type(self, item: SchemaObject, which: str) -> Iterator[str]:
        name, kind = self._names.sql(item.schema, item.name), "TYPE" if item.kind == "enum" else item.kind.upper()
        if which == "gone":
            dropped = {(c.schema, c.table, c.name) for c in self._of(self._gone, "column")}
            if item.attributes.get("owned_by") not in dropped:
                yield execute(f"DROP {kind} {name}")
        elif item.kind == "enum":
            yield execute(f"CREATE TYPE {name} AS ENUM ({values(item)})")
        elif item.kind == "domain":
            yield execute(f"CREATE DOMAIN {name} AS {domain(item)}")
        elif item.attributes["owned_by"] is None:
            yield execute(f"CREATE SEQUENCE {name} {sequence(item)}")

    def _sequences(self) -> Iterator[str]:
        for before, after in self._changed:
            type_, options = after.attributes.get("type"), after.attributes.get("options")
            retyped = type_ != before.attributes.get("type")
            if before.kind == "sequence" and not after.attributes["identity"] and (retyped or options):
                name = self._names.sql(after.schema, after.name)
                yield execute(f"ALTER SEQUENCE {name} {sequence(after)}")

    def _comments(self) -> Iterator[str]:
        for before, after in [*self._changed, *((None, item) for item in self._new)]:
            wanted = after.attributes.get("comment")
            if after.kind in ("table", "column", *_RELATIONS) and wanted != (before and before.attributes["comment"]):
                yield comment_line(self._names, after, wanted)

    def _values(self) -> Iterator[str]:
        for before, after in self._changed:
            if before.kind != "enum" or before.attributes["values"] == after.attributes["values"]:
                continue
            name: TypeName = (after.schema, after.name)
            added = [label for label in tuple_of(before, "values") if label not in tuple_of(after, "values")]
            for label in added:
                shown = literal(" ".join(label.split()))
                yield f"# PostgreSQL cannot remove a value from an enum: {shown} stays in {self._names.sql(*name)}"


def _order(item: SchemaObject) -> int:
    return _CREATED_FIRST.index(type_of(item))
