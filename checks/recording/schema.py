"""A database's schema as plain rows, deparsed by the server: what two databases are compared by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Attribute: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaObject:
    """One object of a database and everything about it that can differ."""

    kind: str
    """``table``, ``column``, ``constraint``, ``index``, ``enum``, ``domain``, ``sequence``, ``view``, …"""
    schema: str
    table: str | None
    """The relation that it belongs to; None for what stands alone."""
    name: str
    attributes: dict[str, Attribute] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what names it in its database."""
        return (self.kind, self.schema, self.table or "", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All objects of a database, in the order of their keys."""

    objects: tuple[SchemaObject, ...] = ()


def changes(before: Schema, after: Schema) -> tuple[str, ...]:
    """Return what is new, gone or changed, a line for each object; the parts of a table that came or went with it."""
    old, new = ({item.key: item for item in schema.objects} for schema in (before, after))
    words = dict.fromkeys(new.keys() - old.keys(), "is new") | dict.fromkeys(old.keys() - new.keys(), "is gone")
    words |= {key: "is changed" for key in old.keys() & new.keys() if old[key] != new[key]}
    whole = {
        (schema, name)
        for kind, schema, _, name in words
        if kind == "table" and words["table", schema, "", name] != "is changed"
    }
    told = []
    for kind, schema, table, name in sorted(words):
        if (schema, table) not in whole:
            place = ".".join(part for part in (schema, table, name) if part)
            told.append(f"{kind} {place} {words[kind, schema, table, name]}")
    return tuple(told)
