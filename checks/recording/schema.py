"""A database's schema as plain rows, deparsed by the server: what two databases are compared by."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Attribute: TypeAlias = str | int | bool | tuple[str, ...] | None


class ObjectKey(NamedTuple):
    """What names an object in its database."""

    kind: str
    """``table``, ``column``, ``constraint``, ``index``, ``enum``, ``domain``, ``sequence``, ``view``, …"""
    schema: str
    """Empty for what belongs to the whole database, such as an extension."""
    table: str
    """The relation that it belongs to; empty for what stands alone."""
    name: str

    @property
    def path(self) -> tuple[str, ...]:
        """Return the names that lead to it, outermost first."""
        return tuple(name for name in (self.schema, self.table, self.name) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaObject:
    """One object of a database and everything about it that can differ."""

    kind: str
    schema: str
    table: str | None
    """The relation that it belongs to; None for what stands alone."""
    name: str
    attributes: dict[str, Attribute] = field(default_factory=dict)
    """By kind, as ``action.postgres.catalog.read_schema`` lists them."""

    @property
    def key(self) -> ObjectKey:
        """Return what names it in its database."""
        return ObjectKey(self.kind, self.schema, self.table or "", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All objects of a database, in the order of their keys."""

    objects: tuple[SchemaObject, ...] = ()


class Fate(enum.StrEnum):
    """What became of an object between two readings."""

    CAME = "came"
    WENT = "went"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectChange:
    """One object that two readings of a schema do not agree on; at least one of the two has it."""

    before: SchemaObject | None
    after: SchemaObject | None

    def __post_init__(self) -> None:
        """Refuse a pair that is not two readings of one object."""
        if len({item.key for item in (self.before, self.after) if item is not None}) != 1:
            raise ValueError("before and after are not two readings of one object")

    @property
    def key(self) -> ObjectKey:
        """Return what names the object."""
        return next(item.key for item in (self.before, self.after) if item is not None)

    @property
    def fate(self) -> Fate:
        """Return what became of it."""
        if self.before is None:
            return Fate.CAME
        return Fate.WENT if self.after is None else Fate.CHANGED

    @property
    def attributes(self) -> dict[str, tuple[Attribute, Attribute]]:
        """Return the attributes that differ, each from what to what; empty for what came or went."""
        if self.before is None or self.after is None:
            return {}
        old, new = self.before.attributes, self.after.attributes
        names = sorted(old.keys() | new.keys())
        return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}
