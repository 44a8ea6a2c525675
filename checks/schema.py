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
