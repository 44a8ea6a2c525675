"""The schemas of the models and of the migrated database, read from the server, and what autogenerate finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from checks.recording.absent import Absent
from checks.recording.expressions import Compared
from checks.recording.places import Frame
from checks.recording.schema import ObjectChange, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """An object that env.py hides from autogenerate, by ``include_object`` or ``include_name``."""

    kind: str
    """``table``, ``column``, ``index``, ``unique_constraint``, ``foreign_key_constraint`` or ``check_constraint``."""
    schema: str
    table: str
    name: str
    """The object's name; for a table, the same as ``table``."""
    extra: bool = False
    """Whether the filter was asked about an object of the database that the models lack: it hides no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralDefault:
    """A default that a model gives as a string, ``server_default="…"``, so that PostgreSQL reads it as a constant."""

    schema: str
    table: str
    column: str
    words: str
    refused: bool
    """Whether PostgreSQL refuses it for the column's type; the model was then created without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Lines of a proposed migration that failed on a copy of the database, so they are not in it."""

    lines: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedUndo:
    """What running downgrade() of a proposed migration, and upgrade() again, showed on a copy of the database."""

    failure: str | None = None
    """The error of downgrade(); None where it ran."""
    left: tuple[ObjectChange, ...] = ()
    """The objects that are not as before the migration, after its downgrade()."""
    again_failure: str | None = None
    """The error of the second upgrade(); None where it ran, or was not run because downgrade() failed."""
    again: tuple[ObjectChange, ...] = ()
    """The objects that the second upgrade() made otherwise than the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The migration that Alembic's autogenerate writes for the new differences, or for the old ones."""

    path: str
    """The path of the new version file, relative to the repository's root."""
    content: str
    revision: str
    """Its id; where the migration consists of several files, that of the last one."""
    empty: bool
    """Whether the migration changes nothing."""
    repaired: Schema | Absent
    """The schema after this migration ran on a copy of the migrated database; absent where it failed."""
    added: tuple[str, ...] = ()
    """The lines of ``upgrade()`` that alembic-checks added, because autogenerate cannot write them."""
    added_undo: tuple[str, ...] = ()
    """The lines of ``downgrade()`` that alembic-checks added."""
    undo: TriedUndo | Absent | None = None
    """Absent where the undo could not be tried; None where the migration changes nothing or did not run."""
    hooks_failed: str | None = None
    """Why the project's post-write hooks did not run; None when they did, or there are none."""
    more: tuple[tuple[str, str], ...] = ()
    """Path and content of the further version files, where a hook of env.py splits the migration."""
    left_out: tuple[LeftOut, ...] = ()

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Return path and content of every file, in the order in which they are applied."""
        return ((self.path, self.content), *self.more)

    @property
    def ran(self) -> bool:
        """Return whether the migration changes something and ran on a copy of the database."""
        return not self.empty and isinstance(self.repaired, Schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The two schemas to compare, and which of their objects the comparison covers."""

    migrated: Schema
    modelled: Schema | Absent
    """Absent where ``create_all`` failed."""
    left_out: tuple[str, ...] = ()
    """Indexes and constraints of the models that could not be created because their name is taken, with the reason."""
    tables: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every table of the metadata; the default schema is filled in."""
    enums: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every enum and domain that the metadata creates."""
    sequences: tuple[tuple[str, str], ...] = ()
    """(schema, name) of every sequence of the metadata that belongs to no column."""
    views: tuple[tuple[str, str], ...] = ()
    """(schema, name) of metadata tables that are views in the migrated database, and of further version tables."""
    schemas: tuple[str, ...] = ()
    """The schemas to compare: the default one and those of the models, or all with ``include_schemas``."""
    default_schema: str = "public"
    hidden: tuple[Hidden, ...] = ()
    spellings: tuple[Compared, ...] = ()
    """What the server made of expressions that the two databases write in different ways."""
    supplied: tuple[tuple[str, str, str], ...] = ()
    """(schema, table, column) of the columns that the models give a value in Python when an INSERT omits them."""
    fetched: tuple[tuple[str, str, str], ...] = ()
    """The same of the columns of which the models only say that the database gives them a value: ``FetchedValue``."""
    literals: tuple[LiteralDefault, ...] = ()
    """The columns whose default the models give as a string."""
    locations: dict[str, Frame] = field(default_factory=dict)
    """From ``schema.table`` and ``schema.table.column`` to the line of the model that declares it, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """All that was read to compare the models with the migrated database."""

    head: Models
    base: Models | Absent | None = None
    """The same at the base commit; None where the comparison does not need it."""
    candidate: Candidate | Absent | None = None
    """Absent where autogenerate wrote no file; None where there is no difference, or none is known to be new."""
    old_candidate: Candidate | None = None
    """That for the old differences, which follows the other; None where there are none, or autogenerate wrote no file.
    """
    autogenerate: tuple[str, ...] = ()
    """Autogenerate's own operations, rendered; the only source when ``head.modelled`` is absent."""
    base_autogenerate: tuple[str, ...] | None = None
    """The same at the base commit; None where it is not needed or not known."""
    named_by_old: dict[str, str] | None = None
    """From ``.``-joined names of objects that differ to a version file of the base that names them.

    None where the base database was not created from the models.
    """
