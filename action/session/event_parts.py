"""What events are made of: the parts that have fields of their own, each checked like the event."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from action.session.limits import MOST, STRICT, Below, Count, Text, Texts


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Line:
    """A line of the project's own Python."""

    path: Below
    line: Count
    function: Text


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RevisionLoaded:
    """A revision as Alembic has it."""

    revision: Text
    path: Text
    """Relative to the repository's root; absolute when it lies outside."""
    down_revisions: Texts
    depends_on: Texts
    branch_labels: Texts


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class WantedVariable:
    """A variable that the project needs."""

    name: Annotated[Text, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=200)]
    value: Text | None
    """One that is accepted, with ``{url}`` and its like still in it; None where none is known."""
    refused: Text | None = None
    """What is wrong with the value that it has; None where it is not set."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class EngineFound:
    """One of several databases that env.py migrates."""

    number: Annotated[int, Field(ge=0, le=99)]
    key: Text
    """What tells it from the others: its host, port and name."""
    name: Text
    """As env.py calls it."""
    metadata_given: bool
    tables: Count
    version_table: Text
    version_table_schema: Text | None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class HiddenObject:
    """An object that a filter of env.py hides."""

    kind: Text
    schema: Text
    table: Text
    name: Text
    extra: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ColumnUsed:
    """What maps a column of a table, or names it otherwise."""

    column: Text
    owner: Text
    """A class; empty where no class maps the table."""
    attribute: Text
    """Empty where the class names the column without mapping it."""
    statements: Texts


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TableMapped:
    """A table of the metadata, by the classes that map it."""

    schema: Text
    table: Text
    classes: Texts
    uses: Annotated[tuple[ColumnUsed, ...], Field(max_length=MOST)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LiteralWords:
    """A default that a model gives as a string."""

    schema: Text
    table: Text
    column: Text
    words: Text
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class UnimportedFile:
    """A file that nobody imported, with the tables that it declares beside those of the metadata."""

    path: Below
    line: Count
    module: Text
    tables: Annotated[Texts, Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Failing:
    """A statement of a migration that fails, by its lines."""

    first: Count
    last: Count
    error: Text


FailingLines: TypeAlias = Annotated[tuple[Failing, ...], Field(max_length=MOST)]


Lines: TypeAlias = Annotated[tuple[Line, ...], Field(max_length=50)]
