"""Write the lines of downgrade() that take a database back from one schema to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.comparison.alterations import owned
from checks.comparison.by_table import TableName, tuple_of
from checks.comparison.definitions import column as column_definition
from checks.comparison.definitions import relation, type_of
from checks.comparison.lines import DROPPED_FIRST, created, dropped, reverting
from checks.comparison.names import Names
from checks.comparison.object_names import comment_line
from checks.comparison.objects import changed_objects
from checks.comparison.relation_lines import rename
from checks.comparison.settings import SETTINGS, settings
from checks.recording.schema import Fate, ObjectChange, Schema, SchemaObject
from checks.sql import execute, identifier, literal

_RELATIONS = ("constraint", "index")
_ATTACHED = DROPPED_FIRST[: DROPPED_FIRST.index("column")]
"""Kinds that use tables and columns: dropped before these, and created after them."""
_ALONE = DROPPED_FIRST[DROPPED_FIRST.index("table") + 1 :]
"""Kinds that tables, columns and each other can use: created before these, and dropped after them."""
_CREATED_FIRST = ("primary key", "unique", "index", "exclusion", "check", "foreign key")
"""A foreign key needs a key of the other table, so it is created last and dropped first."""


def lines_back(found: Schema, wanted: Schema, default_schema: str, version_table: TableName) -> tuple[str, ...]:
    """Return the lines that make ``wanted`` of ``found``, and a comment for what PostgreSQL cannot take back.

    What the catalog does not have all of, such as a collation, has no line.
    """
    changes = changed_objects(wanted, found, without=(version_table,))
    return tuple(_Reversal(Names(default_schema), wanted, changes).lines())


class _Reversal:
    def __init__(self, names: Names, wanted: Schema, changes: tuple[ObjectChange, ...]) -> None:
        """Sort the changes; ``before`` is the wanted object of each, ``after`` the one that is there."""
        self._names = names
        own = [change for change in changes if not _is_inherited(change)]
        # What is there with another definition goes, and comes back as it was.
        self._altered = [change for change in own if change.fate is Fate.CHANGED and not self._is_redefined(change)]
        self._left = [c.after for c in own if c not in self._altered and c.after is not None]
        self._lost = [c.before for c in own if c not in self._altered and c.before is not None]
        self._renamed = list(self._pairs_of_one_definition())
        for old, item in self._renamed:
            self._left.remove(old)
            self._lost.remove(item)
        made = {(table.schema, table.name) for table in self._lost if table.kind == "table" and _is_plain(table)}
        self._parts = [item for item in wanted.objects if (item.schema, item.table) in made]
        self._lost += [item for item in self._parts if item.kind in _ATTACHED]

    def lines(self) -> Iterator[str]:
        """Yield what is in the way first, then what other objects need, then the objects that need them."""
        yield from self._dropped()
        for item in self._alone(self._lost, reversed(_ALONE)):
            yield from created(self._names, item)
        yield from self._tables()
        yield from self._columns()
        for item in self._alone(self._left, _ALONE):
            yield from dropped(self._names, item)
        for old, item in self._renamed:
            yield rename(self._names, old, item.name)
        for item in self._of(self._lost, reversed(_ATTACHED)):
            yield from created(self._names, item)
        yield from self._changed_otherwise()

    def _of(self, items: list[SchemaObject], kinds: Iterable[str]) -> list[SchemaObject]:
        """Return the objects of some kinds in the order of these, constraints and indexes in that of creation."""
        order = tuple(kinds)

        def place(item: SchemaObject) -> tuple[int, int]:
            if item.kind in _RELATIONS:
                return min(order.index(kind) for kind in _RELATIONS if kind in order), _order(item)
            return order.index(item.kind), 0

        return sorted((item for item in items if item.kind in order), key=place)

    def _pairs_of_one_definition(self) -> Iterator[tuple[SchemaObject, SchemaObject]]:
        lost = self._of(self._lost, _RELATIONS)
        for old in self._of(self._left, _RELATIONS):
            for item in lost:
                same = type_of(old) == type_of(item) and relation(old) == relation(item)
                if same and (old.schema, old.table) == (item.schema, item.table):
                    lost.remove(item)
                    yield old, item
                    break

    def _is_redefined(self, change: ObjectChange) -> bool:
        before, after = change.before, change.after
        if before is None or after is None or before.kind not in _ATTACHED:
            return False
        if before.kind in _RELATIONS:
            return (type_of(before), relation(before)) != (type_of(after), relation(after))
        return bool(change.attributes.keys() - SETTINGS) and any(created(self._names, before))

    def _dropped(self) -> Iterator[str]:
        columns = {item.key.path for item in self._of(self._left, ("column",))}
        for item in reversed(self._of(self._left, reversed(_ATTACHED))):
            # What uses a dropped column is dropped with it.
            used = tuple_of(item, "columns") if item.kind in _RELATIONS else ()
            if not columns & {(item.schema, str(item.table), name) for name in used}:
                yield from dropped(self._names, item)
        for kind in ("table", "column"):
            for item in reversed(self._of(self._left, (kind,))):
                yield from dropped(self._names, item)

    def _alone(self, items: list[SchemaObject], kinds: Iterable[str]) -> Iterator[SchemaObject]:
        """Yield the objects without a table; not the sequence that comes or goes with its column."""
        columns = {item.key.path for item in items if item.kind == "column"}
        for item in self._of(items, kinds):
            goes_with_column = item.kind == "sequence" and (
                item.attributes["identity"] or item.attributes["owned_by"] in columns
            )
            if not goes_with_column:
                yield item

    def _tables(self) -> Iterator[str]:
        for table in self._of(self._lost, ("table",)):
            if _is_plain(table):
                own = [item for item in self._parts if (item.schema, item.table) == (table.schema, table.name)]
                columns = [item for item in own if item.kind == "column"]
                shown = ", ".join(f"{identifier(column.name)} {column_definition(column)}" for column in columns)
                yield execute(f"CREATE TABLE {self._names.sql(table.schema, table.name)} ({shown})")
                for item in (table, *columns):
                    yield from settings(self._names, item, item.attributes, {})

    def _columns(self) -> Iterator[str]:
        for item in self._of(self._lost, ("column",)):
            yield from created(self._names, item)
        for change in self._altered:
            if change.key.kind == "column":
                yield from reverting(self._names, change)
        for item in self._alone(self._lost, ("sequence",)):
            if item.attributes["owned_by"] is not None:
                yield owned(self._names, item)

    def _changed_otherwise(self) -> Iterator[str]:
        for old, item in self._renamed:
            if old.attributes["comment"] != item.attributes["comment"]:
                yield comment_line(self._names, item, item.attributes["comment"])
        for change in self._altered:
            before, after = change.before, change.after
            if before is None or after is None or before.kind == "column":
                continue
            stays = [value for value in _values(after) if value not in _values(before)]
            if before.kind == "enum" and stays:
                name = self._names.sql(before.schema, before.name)
                for value in stays:
                    shown = literal(" ".join(value.split()))
                    yield f"# PostgreSQL cannot remove a value from an enum: {shown} stays in {name}"
            elif before.kind not in _RELATIONS:
                yield from reverting(self._names, change)
            elif "comment" in change.attributes:
                yield comment_line(self._names, before, before.attributes["comment"])


def _is_inherited(change: ObjectChange) -> bool:
    return any(item is not None and item.attributes.get("inherited") for item in (change.before, change.after))


def _is_plain(table: SchemaObject) -> bool:
    return not (table.attributes["parents"] or table.attributes["partition_key"])


def _values(item: SchemaObject) -> tuple[str, ...]:
    return tuple_of(item, "values") if item.kind == "enum" else ()


def _order(item: SchemaObject) -> int:
    return _CREATED_FIRST.index(type_of(item))
