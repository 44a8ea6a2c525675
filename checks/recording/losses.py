"""What a revision takes away of the deployed database, seen in the catalogs and in rows that were put in before."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from checks.recording.legs import Statement


class Mapped(enum.StrEnum):
    """Whether the models of the base describe an object."""

    YES = "yes"
    UNREAD = "unread"
    """They do, but no statement of the ORM names it unless it is asked for: the first of two steps was done."""
    NO = "no"
    UNKNOWN = "unknown"


class Values(enum.StrEnum):
    """What became of the values that were put into a table before the revision ran."""

    GONE = "gone"
    ELSEWHERE = "elsewhere"
    """They are in another column or table."""
    UNSEEN = "unseen"
    """Nothing was put in, or nothing can be in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnUse:
    """What maps a column in the models of the base, or names it otherwise."""

    owner: str
    """A class; empty where no class maps the table, so that its ``Table`` does."""
    attribute: str
    """Of the class, or the key in the ``Table``; empty where the class names the column without mapping it."""
    statements: tuple[str, ...] = ()
    """Those of the class that name the column though the code does not ask for it: ``SELECT``, ``INSERT``, ``UPDATE``,
    and ``RETURNING`` for the one of an INSERT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An attribute or a class that maps an object on one side: at the base, or in the working tree."""

    owner: str
    """A class; empty for a key of a ``Table`` that no class maps."""
    attribute: str = ""
    """Of a column."""
    others: tuple[str, ...] = ()
    """What it maps on the other side: columns of the same table, or tables as ``schema.name``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """An object of the deployed database that is gone."""

    kind: str
    """``table``, ``column``, ``foreign table``, ``view``, ``materialized view``, ``sequence``, ``function``, …"""
    schema: str
    table: str = ""
    """Of a column."""
    name: str
    type: str = ""
    """Of a column."""
    columns: tuple[tuple[str, str], ...] = ()
    """Of a table: name and type of each."""
    takes: tuple[str, ...] = ()
    """The objects that went with it, as PostgreSQL describes them."""
    again: bool = False
    """Whether the revision creates an object of that name again."""
    is_computed: bool = False
    """Whether PostgreSQL computes the values of the column."""
    is_partition: bool = False
    values: Values = Values.UNSEEN
    mapped: Mapped = Mapped.UNKNOWN
    place: int | None = None
    """Of a column: its place in the table of the base's models, the first is 1."""
    classes: tuple[str, ...] = ()
    """The classes of the base's models that map the table; of a column, its table."""
    uses: tuple[ColumnUse, ...] = ()
    """Of a column."""
    carried: tuple[Carried, ...] = ()
    """The attributes or classes that map it at the base, where a new object may be what it was renamed to."""
    statement: Statement | None = None
    """The statement that removed it, where one is known to."""
    is_named: bool = True
    """Whether a statement of the revision names it; what CASCADE takes is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A table or a column that the revision creates."""

    schema: str
    table: str = ""
    """Of a column."""
    name: str
    type: str = ""
    """Of a column."""
    columns: tuple[tuple[str, str], ...] = ()
    """Of a table: name and type of each."""
    place: int | None = None
    """Of a column: its place in the table of the models, the first is 1."""
    carried: tuple[Carried, ...] = ()
    """The attributes or classes that map it in the working tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """A table of the deployed database of which no row is left."""

    schema: str
    name: str
    rows: int
    """How many rows were put in before."""
    with_it: tuple[str, ...] = ()
    """Other tables that the same statement emptied by a foreign key, as ``schema.name``."""
    statement: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retyped:
    """A column of the deployed database that has another type now."""

    schema: str
    table: str
    name: str
    before: str
    after: str
    values: Values = Values.UNSEEN
    """GONE where different values became the same one, ELSEWHERE where each was converted."""
    converts: bool = False
    """Whether the statement says by ``USING`` how values are converted."""
    is_replaced: bool = False
    """Whether that ``USING`` does not name the column, so that it has other values afterwards."""
    statement: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsGone:
    """Values of an enum that are gone."""

    schema: str
    name: str
    labels: tuple[str, ...]
    mapped: tuple[str, ...] = ()
    """Those of ``labels`` that the base's models have."""
    is_mapped: Mapped = Mapped.UNKNOWN
    columns: tuple[str, ...] = ()
    """The columns that used the enum, as ``schema.table.column``."""
    statement: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One revision: what the deployed database had before it, and has no more."""

    revision: str
    dropped: tuple[Dropped, ...] = ()
    added: tuple[Added, ...] = ()
    """The new tables and columns, where something was dropped."""
    emptied: tuple[Emptied, ...] = ()
    retyped: tuple[Retyped, ...] = ()
    labels: tuple[LabelsGone, ...] = ()
    undecided: tuple[str, ...] = ()
    """Tables and columns of which it is not known whether values are lost, as ``schema.table`` or with the column."""
    unseen: str = ""
    """Why it was not seen what became of rows: a sentence; empty where it was seen, or nothing was to be decided."""
    models_unknown: str = ""
    """Why the models of the base are not known: a sentence; empty where they are, or nothing asks for them."""
    reason: str = ""
    """Why the revision was not examined: a sentence; empty where it was."""
