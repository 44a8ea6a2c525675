"""Write the operations of Alembic for constraints and indexes as a person writes them, and SQL for all others."""

from __future__ import annotations

import re

from checks.comparison.names import Names
from checks.comparison.relation_lines import create
from checks.recording.schema import SchemaObject
from checks.sql import escaped, quoted

_PLAIN = r"[a-z_][a-z0-9_$]*"
_COLUMNS = rf"{_PLAIN}(?:, {_PLAIN})*"
_INDEX = re.compile(rf"USING (?P<method>\w+) \((?P<columns>{_COLUMNS})\)(?: WHERE \((?P<where>.*)\))?", re.DOTALL)
_UNIQUE = re.compile(rf"(?P<kind>UNIQUE|PRIMARY KEY) \((?P<columns>{_COLUMNS})\)")
_FOREIGN = re.compile(
    rf"FOREIGN KEY \((?P<columns>{_COLUMNS})\) REFERENCES (?:(?P<schema>{_PLAIN})\.)?(?P<table>{_PLAIN})"
    rf"\((?P<remote>{_COLUMNS})\)(?: ON UPDATE (?P<update>CASCADE|RESTRICT|SET NULL|SET DEFAULT))?"
    r"(?: ON DELETE (?P<delete>CASCADE|RESTRICT|SET NULL|SET DEFAULT))?(?P<deferrable> DEFERRABLE)?"
    r"(?P<initially> INITIALLY DEFERRED)?"
)


def create_relation(names: Names, item: SchemaObject) -> str:
    """Return the operation that creates a constraint or an index."""
    definition = str(item.attributes["definition"])
    if item.kind == "index":
        found = _INDEX.fullmatch(definition)
        return _index(names, item, found) if found else create(names, item)
    unique, foreign = _UNIQUE.fullmatch(definition), _FOREIGN.fullmatch(definition)
    if unique:
        # op.f: the name is final, so Alembic does not apply a naming convention to it again.
        name, table, argument = (
            f"op.f({quoted(item.name)})",
            quoted(str(item.table)),
            names.schema_argument(item.schema),
        )
        operation = "unique_constraint" if unique["kind"] == "UNIQUE" else "primary_key"
        return f"op.create_{operation}({name}, {table}, {_list(unique['columns'])}{argument})"
    if foreign:
        return _foreign_key(names, item, foreign)
    return create(names, item)


def _index(names: Names, item: SchemaObject, found: re.Match[str]) -> str:
    parts = [quoted(item.name), quoted(str(item.table)), _list(found["columns"])]
    parts += ["unique=True"] if item.attributes["unique"] else []
    parts += [f"postgresql_using={quoted(found['method'])}"] if found["method"] != "btree" else []
    parts += [f"postgresql_where=sa.text({escaped(found['where'])})"] if found["where"] else []
    return f"op.create_index({', '.join(parts)}{names.schema_argument(item.schema)})"


def _foreign_key(names: Names, item: SchemaObject, found: re.Match[str]) -> str:
    parts = [f"op.f({quoted(item.name)})", quoted(str(item.table)), quoted(found["table"])]
    parts += [_list(found["columns"]), _list(found["remote"])]
    parts += [f"onupdate={quoted(found['update'])}"] if found["update"] else []
    parts += [f"ondelete={quoted(found['delete'])}"] if found["delete"] else []
    parts += ["deferrable=True"] if found["deferrable"] else []
    parts += ['initially="DEFERRED"'] if found["initially"] else []
    own, other = names.schema_argument(item.schema), names.schema_argument(found["schema"] or "public")
    parts += [own.removeprefix(", ").replace("schema", "source_schema", 1)] if own else []
    parts += [other.removeprefix(", ").replace("schema", "referent_schema", 1)] if other else []
    return f"op.create_foreign_key({', '.join(parts)})"


def _list(columns: str) -> str:
    return f"[{', '.join(quoted(name) for name in columns.split(', '))}]"
