"""What env.py's include_object and include_name keep out of autogenerate, asked of them as Alembic would."""

from __future__ import annotations

import warnings
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from sqlalchemy import MetaData, inspect

from .protocol.event_fields import HiddenFields

Key = Tuple[Optional[str], str]


def hidden(
    connection: Any,
    metadatas: Iterable[Any],
    opts: Dict[str, Any],
    default_schema: str,
    errors: Optional[List[str]] = None,
) -> List[HiddenFields]:
    """Return what the filters hide, each as kind, schema, table, name; a filter that raises hides nothing.

    A constraint without a name is named by its columns, joined by ``, ``. ``include_name`` is asked, as Alembic does,
    only of names in the database; here it hides only what the models lack. What a filter raised goes to ``errors``.
    """
    filters = _Filters(opts, default_schema, [] if errors is None else errors)
    if not filters.active:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = {filters.key(t): t for metadata in metadatas for t in metadata.tables.values()}
        reflected = filters.reflect(connection, {schema for schema, _ in models})
        found = [*_of_models(filters, models, reflected), *_of_database(filters, models, reflected)]
    return sorted(found, key=lambda h: (h["schema"], h["table"], h["kind"], h["name"]))


class _Filters:
    def __init__(self, opts: Dict[str, Any], default_schema: str, errors: List[str]) -> None:
        self.include_object, self.include_name = opts.get("include_object"), opts.get("include_name")
        self.include_schemas = bool(opts.get("include_schemas"))
        self.active = bool(self.include_object or self.include_name)
        self.default_schema, self.errors = default_schema, errors

    def key(self, table: Any) -> Key:
        return (table.schema if table.schema != self.default_schema else None, str(table.name))

    def reflect(self, connection: Any, schemas: Iterable[Optional[str]]) -> Dict[Key, Any]:
        wanted = {None, *schemas}
        metadata, inspector = MetaData(), inspect(connection)
        if self.include_schemas:
            every = set(inspector.get_schema_names()) - {"information_schema", self.default_schema}
            wanted |= {schema for schema in every if not schema.startswith("pg_")}
        present = set(inspector.get_schema_names())
        for schema in sorted(wanted, key=str):
            if schema is None or schema in present:
                metadata.reflect(bind=connection, schema=schema)
        return {self.key(table): table for table in metadata.tables.values()}

    def objects(self, item: Any, name: Any, kind: str, reflected: bool, other: Any) -> bool:
        """Tell whether include_object lets the object through."""
        if not self.include_object:
            return True
        try:
            return bool(self.include_object(item, name, kind, reflected, other))
        except Exception as error:
            self._note("include_object", error)
            return True

    def names(self, name: Any, kind: str, schema: Optional[str], table: Optional[str]) -> bool:
        """Tell whether include_name lets a name of the database through."""
        if not self.include_name:
            return True
        parents: Dict[str, Any] = {} if kind == "schema" else {"schema_name": schema}
        if table is not None:
            parents["schema_qualified_table_name"] = "{0}.{1}".format(schema, table) if schema else table
            if kind != "table":
                parents["table_name"] = table
        try:
            return bool(self.include_name(name, kind, parents))
        except Exception as error:
            self._note("include_name", error)
            return True

    def hidden(self, kind: str, key: Key, name: Any) -> HiddenFields:
        return {"kind": kind, "schema": key[0] or self.default_schema, "table": key[1], "name": str(name)}

    def _note(self, which: str, error: Exception) -> None:
        text = "{0} raised {1}: {2}".format(which, type(error).__name__, error)
        if text not in self.errors:
            self.errors.append(text)


def _of_models(filters: _Filters, models: Dict[Key, Any], reflected: Dict[Key, Any]) -> Iterator[HiddenFields]:
    for key, table in models.items():
        other = reflected.get(key)
        if not filters.objects(table, table.name, "table", False, other):
            yield filters.hidden("table", key, key[1])
            continue
        for kind, mine, theirs in _parts(table, other):
            for name, item in mine.items():
                if not filters.objects(item, _given(item), kind, False, theirs.get(name)):
                    yield filters.hidden(kind, key, name)
            for name, item in theirs.items():
                through = name in mine or (
                    filters.names(_given(item), kind, key[0], key[1])
                    and filters.objects(item, _given(item), kind, True, None)
                )
                if not through:
                    yield filters.hidden(kind, key, name)


def _of_database(filters: _Filters, models: Dict[Key, Any], reflected: Dict[Key, Any]) -> Iterator[HiddenFields]:
    for key, table in reflected.items():
        if key in models:
            continue
        through = (
            filters.names(key[0], "schema", None, None)
            and filters.names(key[1], "table", key[0], key[1])
            and filters.objects(table, table.name, "table", True, None)
        )
        if not through:
            yield filters.hidden("table", key, key[1])


def _parts(table: Any, other: Any) -> Iterator[Tuple[str, Dict[str, Any], Dict[str, Any]]]:
    """Yield what a table and its counterpart in the database are made of: the kind, and both sides by name."""
    for kind in ("column", "index", "unique_constraint", "foreign_key_constraint"):
        yield kind, _of_kind(kind, table), _of_kind(kind, other)


def _of_kind(kind: str, table: Any) -> Dict[str, Any]:
    if table is None:
        return {}
    if kind == "column":
        return {str(column.name): column for column in table.columns}
    if kind == "index":
        return {_name_of(index): index for index in table.indexes}
    return {_name_of(constraint): constraint for constraint in table.constraints if constraint.__visit_name__ == kind}


def _given(item: Any) -> Optional[str]:
    return str(item.name) if isinstance(item.name, str) else None


def _name_of(item: Any) -> str:
    return _given(item) or ", ".join(str(c.name) for c in item.columns)
