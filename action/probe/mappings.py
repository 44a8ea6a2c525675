"""Which classes map a table, by which attribute each column, and which statements of the ORM name it unasked."""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple

import sqlalchemy
from sqlalchemy.schema import Column
from sqlalchemy.sql import visitors

from .protocol.event_fields import ColumnUseFields, MappedTableFields
from .schema_names import Name, folded, name_of

_KEEPS_DEFERRED = not sqlalchemy.__version__.startswith("1.3.")
"""Whether the refresh of an object leaves deferred columns out; before SQLAlchemy 1.4 it names them."""
Uses = Dict[Tuple[str, str], Set[str]]
"""From a class and its attribute to the statements that name the column."""


class _Described:
    """What the mappers say of one table."""

    def __init__(self) -> None:
        self.classes: Dict[str, None] = {}
        self.columns: Dict[str, Uses] = {}

    def use(self, column: Any, owner: str, attribute: str) -> Set[str]:
        """Return the statements that name a column by an attribute, to be added to."""
        return self.columns.setdefault(str(column.name), {}).setdefault((owner, attribute), set())


def mapped_tables(connection: Any, metadatas: Iterable[Any], default_schema: str) -> List[MappedTableFields]:
    """Return every table of the metadata with its classes and the uses of its columns; nothing where none is known."""
    tables = [table for metadata in metadatas for table in metadata.tables.values()]
    mappers = all_mappers()
    if mappers is None:
        return []
    by_id: Dict[int, _Described] = {}
    by_key: Dict[str, _Described] = {}
    for mapper in mappers:
        with contextlib.suppress(Exception):  # a mapper that is half built says nothing of its table
            for table, found in _read(mapper, connection.dialect, by_id):
                by_key.setdefault(str(getattr(table, "key", "")), found)
    if any(id(table) in by_id for table in tables):
        by_key = {}  # otherwise the metadata holds copies of the tables that the classes map, as of ``to_metadata``
    found_of = {id(table): by_id.get(id(table)) or by_key.get(table.key) or _Described() for table in tables}
    return [_fields(table, name_of(connection, table, default_schema), found_of[id(table)]) for table in tables]


def all_mappers() -> Optional[List[Any]]:
    """Return the mappers of the process; None where this SQLAlchemy does not tell."""
    with contextlib.suppress(ImportError, AttributeError):
        from sqlalchemy.orm import mapperlib

        if hasattr(mapperlib, "_mapper_registry"):  # SQLAlchemy 1.3
            return list(mapperlib._mapper_registry)
        return [mapper for registry in mapperlib._all_registries() for mapper in list(registry.mappers)]
    return None


def _fields(table: Any, name: Name, known: _Described) -> MappedTableFields:
    found: List[ColumnUseFields] = []
    for column in table.columns:
        uses = known.columns.get(str(column.name), {}) if known.classes else {("", str(column.key)): set()}
        for (owner, attribute), named in uses.items():
            statements = sorted(named)
            found.append(
                {"column": folded(column.name), "owner": owner, "attribute": attribute, "statements": statements}
            )
    return {"schema": name[0], "table": name[1], "classes": list(known.classes), "uses": found}


def _read(mapper: Any, dialect: Any, tables: Dict[int, _Described]) -> Iterator[Tuple[Any, _Described]]:
    """Add what one mapper says, and yield each table that it names."""
    own = [table for table in mapper.tables if mapper.inherits is None or table not in mapper.inherits.tables]
    for table in own:
        found = tables.setdefault(id(table), _Described())
        found.classes.setdefault(str(mapper.class_.__name__))
        for column in table.columns:
            filled = (("INSERT", column.default), ("UPDATE", column.onupdate))
            named = {statement for statement, value in filled if value is not None}
            if named:  # SQLAlchemy fills these in, whether the class maps the column or not
                found.use(column, str(mapper.class_.__name__), "").update(named)
        yield table, found
    for prop in {id(prop): prop for prop in _properties(mapper)}.values():
        owner = str(prop.parent.class_.__name__)
        for column, is_attribute in _columns(prop):
            found = tables.setdefault(id(column.table), _Described())
            statements = found.use(column, owner, str(prop.key) if is_attribute else "")
            if not (prop.deferred and _KEEPS_DEFERRED):
                statements.add("SELECT")
            if is_attribute:
                statements.update(_written(mapper, column, dialect))
            yield column.table, found


def _properties(mapper: Any) -> Iterator[Any]:
    for column in list(mapper.columns):
        with contextlib.suppress(Exception):
            yield mapper.get_property_by_column(column)


def _columns(prop: Any) -> Iterator[Tuple[Any, bool]]:
    """Yield the columns of tables that a property is made of, and whether it maps them as an attribute."""
    for element in prop.columns:
        if isinstance(element, Column):
            yield from ((base, True) for base in element.base_columns if isinstance(base, Column))
            continue
        for part in visitors.iterate(element, {}):
            if isinstance(part, Column) and part.table is not None:
                yield from ((base, False) for base in part.base_columns if isinstance(base, Column))


def _written(mapper: Any, column: Any, dialect: Any) -> Iterator[str]:
    """Yield the statements that name a column when an object is saved whose attribute nobody set."""
    if column.server_default is None:
        yield "INSERT"  # of NULL
    elif _is_eager(_owner(mapper, column.table), column.table, dialect):
        yield "RETURNING"


def _owner(mapper: Any, table: Any) -> Any:
    """Return the mapper that writes a table, of a class and those that it inherits from."""
    while mapper.inherits is not None and table in mapper.inherits.tables:
        mapper = mapper.inherits
    return mapper


def _is_eager(mapper: Any, table: Any, dialect: Any) -> bool:
    """Tell whether an INSERT returns what the database filled in: from SQLAlchemy 2 on, unless a mapper forbids it."""
    if mapper.eager_defaults == "auto":
        return bool(table.implicit_returning and getattr(dialect, "insert_executemany_returning", True))
    return bool(mapper.eager_defaults)
