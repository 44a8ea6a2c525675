"""The schemas that the models' names mean on a connection: translated as its engine translates them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Optional, Tuple

from .patience import run_sql

Name = Tuple[str, str]


class _Unqualified:
    """What SQLAlchemy translates as it does a table without a schema."""

    schema: Optional[str] = None
    _use_schema_map = True

    def _translate_schema(self, schema: Any, translated: Any) -> Any:  # SQLAlchemy 1.3 and 1.4
        return translated.get(schema, schema)


def default_schema(connection: Any) -> str:
    """Return the schema that the models' names without a schema mean here."""
    return translation(connection) or current_schema(connection)


def translation(connection: Any) -> Optional[str]:
    """Return the schema that the engine puts in the place of none; None where it does not."""
    found = connection.schema_for_object(_Unqualified())
    return folded(found) if found else None


def current_schema(connection: Any) -> str:
    """Return the schema that unqualified names in SQL mean here."""
    [(current,)] = run_sql(connection, "SELECT current_schema()")
    return str(current or connection.dialect.default_schema_name or "public")


def schema_of(connection: Any, item: Any, default: str) -> str:
    """Return the catalog's name of the schema in which the engine makes a table, type or sequence."""
    schema = connection.schema_for_object(item)
    return folded(schema) if schema else default


def name_of(connection: Any, item: Any, default: str) -> Name:
    """Return the catalog's schema and name of a table, type or sequence."""
    return schema_of(connection, item, default), folded(item.name)


def folded(name: Any) -> str:
    """Return the name as the catalog holds it: folded where it is written without quotes, cut at 63 bytes."""
    text = str(name).lower() if getattr(name, "quote", None) is False else str(name)
    return text.encode()[:63].decode(errors="ignore")


@contextmanager
def untranslated(connection: Any) -> Iterator[None]:
    """Have a schema's name mean that schema, as reflection needs it."""
    translated = connection.get_execution_options().get("schema_translate_map")
    if not translated:
        yield
        return
    _translate(connection, None)
    try:
        yield
    finally:
        _translate(connection, translated)


def _translate(connection: Any, translated: Any) -> None:
    other = connection.execution_options(schema_translate_map=translated)
    if other is not connection:  # before SQLAlchemy 2, these are the options of a copy
        connection._execution_options = other._execution_options
        if "schema_for_object" in vars(other):
            connection.schema_for_object = other.schema_for_object


@contextmanager
def as_reflected(connection: Any) -> Iterator[None]:
    """Have reflection, and so autogenerate, find the models' tables without a schema where the engine makes them."""
    default, current, dialect = default_schema(connection), current_schema(connection), connection.dialect
    [(path,)] = run_sql(connection, "SELECT current_setting('search_path')")
    if default != current:
        _search(connection, '"%s"' % default.replace('"', '""'))
    # The dialect asked when it first connected, which was before env.py's own SET search_path.
    known, dialect.default_schema_name = dialect.default_schema_name, default
    try:
        with untranslated(connection):
            yield
    finally:
        dialect.default_schema_name = known
    if default != current:  # not after a failure, when the server may refuse it
        _search(connection, path)


def _search(connection: Any, path: str) -> None:
    run_sql(connection, "SELECT set_config('search_path', '%s', false)" % path.replace("'", "''"))
