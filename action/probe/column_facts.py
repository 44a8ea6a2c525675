"""What only the models say of the value of a column: Python defaults, FetchedValue, defaults that are strings."""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterable, List, Tuple

from sqlalchemy.schema import DefaultClause, FetchedValue

from .mappings import all_mappers
from .patience import attempt
from .protocol.event_fields import ColumnFactsFields, LiteralFields
from .schema_names import name_of

Place = Tuple[str, str, str]
_UNSET = ("PydanticUndefined", "Undefined", "PydanticUndefinedType", "UndefinedType", "MISSING", "_MISSING_TYPE")


def column_facts(connection: Any, metadatas: Iterable[Any], default_schema: str) -> ColumnFactsFields:
    """Return the facts of all columns, by the names that the catalog has."""
    tables = [table for metadata in metadatas for table in metadata.tables.values()]
    given = _given_to_objects()
    facts: ColumnFactsFields = {"supplied": [], "fetched": [], "literals": []}
    for table in tables:
        schema, name = name_of(connection, table, default_schema)
        for column in table.columns:
            place = (schema, name, str(column.name))
            default = column.server_default
            if column.default is not None or id(column) in given:
                facts["supplied"].append(place)
            if type(default) is FetchedValue:
                facts["fetched"].append(place)
            elif isinstance(default, DefaultClause) and isinstance(default.arg, str):
                facts["literals"].append(_literal(place, default.arg))
    return facts


def _literal(place: Place, words: str) -> LiteralFields:
    schema, table, column = place
    return {"schema": schema, "table": table, "column": column, "words": words, "refused": False}


def without_refused(
    connection: Any, metadatas: Iterable[Any], default_schema: str, literals: List[LiteralFields]
) -> None:
    """Take the defaults off the models that PostgreSQL refuses for the type of their column, and mark them.

    One of them would keep all models from being created. Only the copy of the models in this process loses them.
    """
    suspects = {(f["schema"], f["table"], f["column"]): f for f in literals if _looks_like_a_call(f["words"])}
    if not suspects:
        return
    cursor = connection.connection.cursor()
    for metadata in metadatas:
        for table in metadata.tables.values():
            for column in table.columns:
                found = suspects.get((*name_of(connection, table, default_schema), str(column.name)))
                if found is not None and _refuses(cursor, connection.dialect, column, found["words"]):
                    column.server_default = None
                    found["refused"] = True
    cursor.close()


def _looks_like_a_call(words: str) -> bool:
    return words.rstrip().endswith(")") or words.strip().upper().startswith(("CURRENT_", "LOCALTIME", "SESSION_"))


def _refuses(cursor: Any, dialect: Any, column: Any, words: str) -> bool:
    cast = "SELECT CAST('{0}' AS {1})".format(words.replace("'", "''"), column.type.compile(dialect))
    error = attempt(cursor, lambda: cursor.execute(cast))
    state = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None) or ""
    return error is not None and str(state).startswith("22")  # data exception: the text is no value of the type


def _given_to_objects() -> Dict[int, Any]:
    """Return the columns, by id, whose attribute gets a value when an object of the mapped class is made."""
    found: Dict[int, Any] = {}
    for mapper in all_mappers() or ():
        fields: Dict[str, Any] = {}
        for name in ("__dataclass_fields__", "__fields__", "model_fields"):
            with contextlib.suppress(Exception):
                fields.update(getattr(mapper.class_, name, None) or {})
        for key, column in mapper.columns.items() if fields else ():
            if _has_default(fields.get(key)):
                found[id(column)] = column
    return found


def _has_default(field: Any) -> bool:
    for name in ("default", "default_factory"):
        value = getattr(field, name, None)
        if value is not None and value is not Ellipsis and type(value).__name__ not in _UNSET:
            return True
    return False
