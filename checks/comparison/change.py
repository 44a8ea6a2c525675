"""One difference between the migrated database and the models, how much it matters, and how to repair it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.recording.schema import ObjectKey, SchemaObject


class Weight(enum.StrEnum):
    """How much a difference matters to code that uses the models and runs on the migrated database."""

    BREAKS = "breaks"
    """Code that uses the models fails."""
    DIFFERS = "differs"
    """Nothing fails at once, but the database does not do what the models declare."""
    OUTSIDE = "outside"
    """Only what does not go through the models is hurt: raw SQL, bulk loads, another program."""
    COSMETIC = "cosmetic"
    """Nobody is hurt: no statement of the models fails or does something else."""


class ChangeKind(enum.StrEnum):
    """What differs. ``missing``: only the models have the object. ``extra``: only the migrated database has it."""

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
    """The value of a column that an INSERT omits comes from another of the four sources above."""
    FETCHED = "fetched"
    """The models say that the database gives the column its value, and the migrations let it have none."""
    FROZEN = "frozen"
    """The models give a time as a string, which PostgreSQL computes only once: when the default is created."""
    QUOTED = "quoted"
    """The models give a call as a string, which PostgreSQL keeps as text."""
    REFUSED = "refused"
    """The models give a call as a string, which PostgreSQL refuses for the type of the column."""
    SEQUENCE_RANGE = "sequence-range"
    """The sequence of a serial column ends earlier than in the models."""

    CONSTRAINT_MISSING = "constraint-missing"
    CONSTRAINT_EXTRA = "constraint-extra"
    CONSTRAINT_CHANGED = "constraint-changed"
    INDEX_MISSING = "index-missing"
    INDEX_EXTRA = "index-extra"
    INDEX_CHANGED = "index-changed"
    INDEX_INVALID = "index-invalid"
    NAME = "name"
    """A constraint or index has another name."""
    FORM = "form"
    """A unique index takes the place of a unique constraint, or the other way round."""

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


STRINGS = (ChangeKind.FROZEN, ChangeKind.QUOTED, ChangeKind.REFUSED)
"""Faults of a model alone: its default is a string where an expression is meant."""
NEEDED_FIRST = (ChangeKind.ENUM_MISSING, ChangeKind.DOMAIN_MISSING, ChangeKind.SEQUENCE_MISSING)
"""Objects that columns use, so their lines come before the lines of the columns."""

_LONGEST = 100_000
"""Characters of a line that repairs something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: what a migration must change so that the database matches the models."""

    kind: ChangeKind
    key: ObjectKey
    """The object, by its name in the models if they have it."""
    before: SchemaObject | None
    """The object in the migrated database; None where it is missing."""
    after: SchemaObject | None
    """The object in the models; None where they do not have it."""
    weight: Weight
    attributes: tuple[str, ...] = ()
    """The attributes that differ; other attributes may differ in other changes."""
    part: str | None = None
    """The value of an enum that is missing or extra."""
    columns: tuple[SchemaObject, ...] = ()
    """The columns of a table that is missing or extra as a whole."""
    unproven: bool = False
    """Whether the two sides may mean the same: only their spelling is known to differ."""
    words: str | None = None
    """The string that a model gives as a default."""
    witness: str | None = None
    """Values that the server gave to the two sides, and that tell them apart."""
    repair: tuple[str, ...] = ()
    """Lines of ``upgrade()`` that repair the difference; empty where only autogenerate can write them."""

    def __post_init__(self) -> None:
        """Drop lines too long for a reader; the text of an object without end is not whole in them."""
        if any(len(line) > _LONGEST for line in self.repair):
            object.__setattr__(self, "repair", ())

    @property
    def path(self) -> tuple[str, ...]:
        """Return the qualified name of the object in parts, such as schema, table and column."""
        return self.key.path if self.part is None else (*self.key.path, self.part)

    @property
    def place(self) -> tuple[ChangeKind, ObjectKey, str | None]:
        """Return the kind and the object of the change, without the values of the two sides."""
        return (self.kind, self.key, self.part)

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Return a key that is equal for the same difference at the base and at the head."""
        return (*self.place, self._of_side(self.before), self._of_side(self.after))

    @property
    def rank(self) -> tuple[int, bool, tuple[str, ...], ChangeKind, ObjectKey]:
        """Return the sort key: the worst first, then objects that other objects need, then by name."""
        return (_WORST_FIRST[self.weight], self.kind not in NEEDED_FIRST, self.path, self.kind, self.key)

    def _of_side(self, item: SchemaObject | None) -> tuple[object, ...]:
        return () if item is None else (item.key, *(item.attributes[name] for name in self.attributes))


_WORST_FIRST = {weight: place for place, weight in enumerate(Weight)}
