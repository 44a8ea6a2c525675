"""The enums and domains of the models."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator

from sqlalchemy import types
from sqlalchemy.dialects import postgresql

from .schema_names import Name, name_of

DOMAIN: Any = getattr(postgresql, "DOMAIN", ())  # SQLAlchemy 2.0 and later


def named_types(connection: Any, metadatas: Iterable[Any], default_schema: str) -> Dict[Name, Any]:
    """Return the enums and domains in an order in which they can be created; the first of a name wins."""
    found: Dict[Name, Any] = {}
    for metadata in metadatas:
        columns = [column.type for table in metadata.tables.values() for column in table.columns]
        for type_ in [*columns, *_loose_types(metadata)]:
            for named in _within(type_, connection.dialect):
                found.setdefault(name_of(connection, named, default_schema), named)
    return found


def _loose_types(metadata: Any) -> Iterator[Any]:
    """Yield types that were given the metadata, whether or not a column uses them."""
    for listener in metadata.dispatch.before_create:
        target = getattr(listener, "target", None) or getattr(listener, "__self__", None)
        if isinstance(target, types.TypeEngine):
            yield target


def _within(type_: Any, dialect: Any) -> Iterator[Any]:
    """Yield the named types below a column's type on PostgreSQL, through decorators, variants and arrays."""
    impl: Any = type_.dialect_impl(dialect)
    while isinstance(impl, types.TypeDecorator):
        inner: Any = getattr(impl, "impl_instance", None) or impl.impl
        impl = inner.dialect_impl(dialect)
    if isinstance(impl, types.ARRAY):
        yield from _within(impl.item_type, dialect)
    elif DOMAIN and isinstance(impl, DOMAIN):
        yield from _within(impl.data_type, dialect)
        yield impl
    elif isinstance(impl, postgresql.ENUM) and impl.name:
        yield impl
