"""What env.py's include_object and include_name keep out of autogenerate, asked of them as Alembic would."""

from __future__ import annotations

import warnings
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from sqlalchemy import MetaData, inspect

from .filtered_pairs import Pair, pairs
from .protocol.event_fields import HiddenFields
from .schema_names import name_of, untranslated

Key = Tuple[Optional[str], str]


def hidden(
    connection: Any,
    metadatas: Iterable[Any],
    opts: Dict[str, Any],
    default_schema: str,
    errors: Optional[List[str]] = None,
) -> List[HiddenFields]:
    """Return what the filters hide, each as kind, schema, table, name; a filter that raises hides nothing.

    A constraint without a name is named by its columns, joined by ``, ``. What the filters were asked as an object of
    the database that the models lack is ``extra``. ``include_name`` is asked, as Alembic does, only of names in the
    database; here it hides only what the models lack. What a filter raised goes to ``errors``.
    """
    filters = _Filters(opts, default_schema, [] if errors is None else errors)
    if not filters.active:
        return []
    models: Dict[Key, Any] = {}
    for table in (table for metadata in metadatas for table in metadata.tables.values()):
        models.setdefault(filters.key(*name_of(connection, table, default_schema)), table)
    with warnings.catch_warnings(), untranslated(connection):
        warnings.simplefilter("ignore")
        reflected = filters.reflect(connection, {key[0] for key in models})
        found = [*_of_models(filters, models, reflected), *_of_database(filters, models, reflected)]
    return sorted(found, key=lambda h: (h["schema"], h["table"], h["kind"], h["name"]))


class _Filters:
    def __init__(self, opts: Dict[str, Any], default_schema: str, errors: List[str]) -> None:
        self.include_object, self.include_name = opts.get("include_object"), opts.get("include_name")
        self.include_schemas = bool(opts.get("include_schemas"))
        self.active = bool(self.include_object or self.include_name)
        self.default_schema, self.errors = default_schema, errors
        # Alembic asks about every table but its own.
        own = str(opts.get("version_table") or "alembic_version")
        self.version_table = self.key(opts.get("version_table_schema"), own)

    def key(self, schema: Optional[str], name: str) -> Key:
        return (schema if schema != self.default_schema else None, name)

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
        found = {self.key(table.schema, str(table.name)): table for table in metadata.tables.values()}
        found.pop(self.version_table, None)
        return found

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

    def hidden(self, kind: str, key: Key, name: Any, extra: bool = False) -> HiddenFields:
        schema = key[0] or self.default_schema
        return {"kind": kind, "schema": schema, "table": key[1], "name": str(name), "extra": extra}

    def lets_through(self, pair: Pair, key: Key) -> bool:
        """Ask about an object of a table that both have, as Alembic asks where the two sides differ."""
        if pair.reflected and not self.names(pair.name, pair.kind, key[0], key[1]):
            return False
        return self.objects(pair.item, pair.name, pair.kind, pair.reflected, pair.other)

    def _note(self, which: str, error: Exception) -> None:
        text = "{0} raised {1}: {2}".format(which, type(error).__name__, error)
        if text not in self.errors:
            self.errors.append(text)


def _of_models(filters: _Filters, models: Dict[Key, Any], reflected: Dict[Key, Any]) -> Iterator[HiddenFields]:
    for key, table in models.items():
        if key == filters.version_table:
            continue
        other = reflected.get(key)
        if not filters.objects(table, table.name, "table", False, other):
            yield filters.hidden("table", key, key[1])
            continue
        for pair in pairs(table, other):
            if not filters.lets_through(pair, key):
                yield filters.hidden(pair.kind, key, pair.label, extra=pair.reflected)
                if not pair.reflected and pair.renamed is not None:
                    yield filters.hidden(pair.kind, key, pair.renamed)


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
            yield filters.hidden("table", key, key[1], extra=True)
