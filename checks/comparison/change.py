"""One difference between a database as it is and as it is wanted, how much it matters, and what ends it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.recording.schema import ObjectKey, SchemaObject


class Weight(enum.StrEnum):
    """What a difference does to code that is written for the wanted database and runs on the other."""

    BREAKS = "breaks"
    DIFFERS = "differs"
    COSMETIC = "cosmetic"


class ChangeKind(enum.StrEnum):
    """What differs. ``missing`` is wanted and not there, ``extra`` is there and not wanted."""

    TABLE_MISSING = "table-missing"
    TABLE_EXTRA = "table-extra"
    PERSISTENCE = "persistence"
    PARTITION_KEY = "partition-key"
    PARENTS = "parents"
    OPTIONS = "options"
    TABLESPACE = "tablespace"
    ACCESS_METHOD = "access-method"

    COLUMN_MISSING = "column-missing"
    COLUMN_EXTRA = "column-extra"
    TYPE = "type"
    NOT_NULL = "not-null"
    COLLATION = "collation"

    DEFAULT = "default"
    SERIAL = "serial"
    IDENTITY = "identity"
    GENERATED = "generated"
    VALUE = "value"
    """Where the value of a column comes from that an INSERT leaves out: another one of the four above."""
    SEQUENCE_RANGE = "sequence-range"
    """The sequence of a serial column ends before the wanted one."""

    CONSTRAINT_MISSING = "constraint-missing"
    CONSTRAINT_EXTRA = "constraint-extra"
    CONSTRAINT_CHANGED = "constraint-changed"
    INDEX_MISSING = "index-missing"
    INDEX_EXTRA = "index-extra"
    INDEX_CHANGED = "index-changed"
    INDEX_INVALID = "index-invalid"
    NAME = "name"
    """A constraint or index that has another name."""
    FORM = "form"
    """A unique index in place of a unique constraint, or the other way round."""

    ENUM_MISSING = "enum-missing"
    ENUM_EXTRA = "enum-extra"
    ENUM_VALUE_MISSING = "enum-value-missing"
    ENUM_VALUE_EXTRA = "enum-value-extra"
    ENUM_ORDER = "enum-order"
    DOMAIN_MISSING = "domain-missing"
    DOMAIN = "domain"
    SEQUENCE_MISSING = "sequence-missing"
    SEQUENCE = "sequence"

    COMMENT = "comment"


NEEDED_FIRST = (ChangeKind.ENUM_MISSING, ChangeKind.DOMAIN_MISSING, ChangeKind.SEQUENCE_MISSING)
"""What columns are made of, so that its lines stand before theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: what would have to change for the database to be as it is wanted."""

    kind: ChangeKind
    key: ObjectKey
    """The object, by its wanted name where it is wanted."""
    before: SchemaObject | None
    """As it is; None where it is not there."""
    after: SchemaObject | None
    """As it is wanted; None where nobody wants it."""
    weight: Weight
    attributes: tuple[str, ...] = ()
    """The attributes that ``kind`` is about; others may differ too, in changes of their own."""
    part: str | None = None
    """The value of an enum that is missing or extra."""
    columns: tuple[SchemaObject, ...] = ()
    """Of a table that is missing or extra as a whole."""
    repair: tuple[str, ...] = ()
    """Lines for a migration's ``upgrade()`` that end the difference; empty where only autogenerate can write them."""

    @property
    def path(self) -> tuple[str, ...]:
        """Return the names that lead to what it is about, outermost first."""
        return self.key.path if self.part is None else (*self.key.path, self.part)

    @property
    def place(self) -> tuple[ChangeKind, ObjectKey, str | None]:
        """Return what it is about, whatever the two sides hold."""
        return (self.kind, self.key, self.part)

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Return what two readings of the same difference have in common."""
        return (*self.place, self._of_side(self.before), self._of_side(self.after))

    @property
    def rank(self) -> tuple[int, bool, tuple[str, ...], ChangeKind, ObjectKey]:
        """Return the sort key: worst first, what others need before them, then by name."""
        return (_WORST_FIRST[self.weight], self.kind not in NEEDED_FIRST, self.path, self.kind, self.key)

    def _of_side(self, item: SchemaObject | None) -> tuple[object, ...]:
        return () if item is None else (item.key, *(item.attributes[name] for name in self.attributes))


_WORST_FIRST = {weight: place for place, weight in enumerate(Weight)}
