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
    """Return the schema that the models' names without a schema mean here.

    The dialect asked when it first connected, which was before env.py's own ``SET search_path``.
    """
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
def untranslated(connection: Any) -> Iterator[Any]:
    """Give a connection on which a schema's name means that schema, as reflection needs it."""
    translated = connection.get_execution_options().get("schema_translate_map")
    if not translated:
        yield connection
        return
    try:
        yield connection.execution_options(schema_translate_map=None)
    finally:  # from SQLAlchemy 2 on, it is the same connection
        connection.execution_options(schema_translate_map=translated)


@contextmanager
def as_reflected(connection: Any) -> Iterator[None]:
    """Have reflection, and so autogenerate, find the models' tables without a schema where the engine makes them."""
    default = default_schema(connection)
    if default == current_schema(connection):
        with untranslated(connection):
            yield
        return
    [(path,)] = run_sql(connection, "SELECT current_setting('search_path')")
    known = connection.dialect.default_schema_name
    _search(connection, '"%s"' % default.replace('"', '""'))
    connection.dialect.default_schema_name = default
    try:
        with untranslated(connection):
            yield
    finally:
        connection.dialect.default_schema_name = known
    _search(connection, path)  # not after a failure, when the server may refuse it


def _search(connection: Any, path: str) -> None:
    run_sql(connection, "SELECT set_config('search_path', '%s', false)" % path.replace("'", "''"))
