"""The schema of a database as plain objects, as the server itself writes them, to compare two databases."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Attribute: TypeAlias = str | int | bool | tuple[str, ...] | None


class ObjectKey(NamedTuple):
    """The unique name of an object in its database."""

    kind: str
    """``table``, ``column``, ``constraint``, ``index``, ``enum``, ``domain``, ``sequence``, ``view``, …"""
    schema: str
    """The object's schema; empty for an object of the whole database, such as an extension."""
    table: str
    """The relation that the object belongs to; empty without one."""
    name: str

    @property
    def path(self) -> tuple[str, ...]:
        """Return the object's name with those of its schema and table, outermost first."""
        return tuple(name for name in (self.schema, self.table, self.name) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaObject:
    """One object of a database, with all attributes that can differ."""

    kind: str
    schema: str
    table: str | None
    """The relation that the object belongs to; None without one."""
    name: str
    attributes: dict[str, Attribute] = field(default_factory=dict)
    """By name; which there are depends on the kind (``action.postgres.catalog_rows``)."""

    @property
    def key(self) -> ObjectKey:
        """Return the object's unique name in its database."""
        return ObjectKey(self.kind, self.schema, self.table or "", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All objects of a database, in the order of their keys."""

    objects: tuple[SchemaObject, ...] = ()


class Fate(enum.StrEnum):
    """What happened to an object between two readings of a schema."""

    CAME = "came"
    WENT = "went"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectChange:
    """An object that differs between two readings of a schema; one of them may lack it."""

    before: SchemaObject | None
    after: SchemaObject | None

    def __post_init__(self) -> None:
        """Raise ValueError for a pair that is not two readings of one object."""
        if len({item.key for item in (self.before, self.after) if item is not None}) != 1:
            raise ValueError("before and after are not two readings of one object")

    @property
    def key(self) -> ObjectKey:
        """Return the object's unique name."""
        return next(item.key for item in (self.before, self.after) if item is not None)

    @property
    def fate(self) -> Fate:
        """Return what happened to the object."""
        if self.before is None:
            return Fate.CAME
        return Fate.WENT if self.after is None else Fate.CHANGED

    @property
    def attributes(self) -> dict[str, tuple[Attribute, Attribute]]:
        """Return the changed attributes, each with its old and new value; empty for a new or removed object."""
        if self.before is None or self.after is None:
            return {}
        old, new = self.before.attributes, self.after.attributes
        names = sorted(old.keys() | new.keys())
        return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}
