"""Revisions and their graph, read from version files, and how they differ from those of the base."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class SuppressionScope(enum.StrEnum):
    """What a suppression is about."""

    LINE = "line"
    """A statement: all of its lines."""
    FUNCTION = "function"
    MODULE = "module"
    """The whole file, also findings about its revision that have no line in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One ``# alembic-checks: ignore[rule] reason`` comment of a version file."""

    rules: tuple[str, ...]
    reason: str
    line: int
    scope: SuppressionScope = SuppressionScope.MODULE
    first: int = 1
    """The first of the lines that it is about."""
    last: int = 1
    batch: int | None = None
    """The line of ``with op.batch_alter_table(…)`` around its statement: what runs there runs when that block ends."""
    words: tuple[str, ...] = ()
    """In such a block: the texts in the statement, which name what it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DowngradeText:
    """The ``downgrade`` of a version file, as written there: a function, or another name bound to it."""

    line: int
    is_empty: bool = False
    """Whether its body does nothing: ``pass``, a docstring, ``return``."""
    raises: bool = False
    """Whether the first thing that its body does is to raise an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version file, read without running it."""

    id: str
    path: str
    """Relative to the repository's root."""
    line: int
    """The line of ``revision = …``."""
    down_revision_line: int
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    """Revision ids and branch labels; ``{source}`` for one that is not a literal."""
    branch_labels: tuple[str, ...] = ()
    """``{source}`` for one that is not a literal."""
    message: str = ""
    """First line of the module's docstring."""
    created: str | None = None
    """``Create Date`` of the docstring, as written there."""
    depends_on_line: int | None = None
    """The line of ``depends_on = …``; None without one."""
    down_revision_text: str = ""
    """The source text that assigns ``down_revision``, as written there."""
    suppressions: tuple[Suppression, ...] = ()
    downgrade: DowngradeText | None = None
    """None where the file defines and imports nothing of that name."""
    irreversible: str = ""
    """The words by which a docstring, a comment or an exception says that it cannot be undone; empty without them."""


class UnreadKind(enum.StrEnum):
    """Why the text itself of a version file could not be read."""

    DENIED = "denied"
    """A right is missing."""
    FOLDER = "folder"
    """A folder of version files could not be listed, so the files in it are not known."""
    SPECIAL = "special"
    """A pipe, a socket, a device, or a file too large to be read."""
    OUTSIDE = "outside"
    """A link out of the repository, which Alembic follows."""
    BROKEN = "broken"
    """A link to nothing or in a circle, or a file that the disk does not give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A version file whose revision could not be read without running it, or a folder of them."""

    path: str
    line: int | None
    reason: str
    unread: UnreadKind | None = None
    """None where the text was read, but does not tell the revision."""


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Graph:
    """The revisions of an Alembic environment, in file order; it may have duplicate ids, cycles and missing parents."""

    revisions: tuple[Revision, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    version_column_named: str | None = None
    """The first file that names the column of the version table, such as one that widens it; None where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An edited revision whose code differs from that at the merge base."""

    revision: str
    parts: tuple[str, ...]
    """Which of ``upgrade`` and ``downgrade`` have changed."""
    on_base: tuple[str, ...] = ()
    """Those ``parts`` that the base has meanwhile changed in the same way."""
    line: int = 1
    """The first changed line in the working tree's file."""
    old_path: str
    """The path of its file at the merge base."""
    diff: str = ""
    """The unified diff from the merge base to the working tree; cut off when long, empty for very long files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedId:
    """A revision of the merge base that has another id in the working tree."""

    old: str
    """One of ``Changes.removed``."""
    new: str
    """One of ``Changes.new``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the working tree's version files differ from the base that they will be merged into."""

    base: str
    """The base as the user named it, such as ``origin/main``."""
    base_sha: str
    merge_base_sha: str
    fetched: str | None = None
    """What a clone fetches from ``origin`` to have the merge base, such as ``main``; None where this clone has it."""
    base_note: str | None = None
    """A sentence about what is unknown about the base; None when all is known."""
    base_graph: Graph
    """The graph at the base as it is now."""
    fork_graph: Graph
    """The graph at the merge base, where the working tree's branch started."""
    merged_graph: Graph
    """The graph after the merge: the working tree's version files merged into those of the base."""
    new: tuple[str, ...] = ()
    """Revisions that the working tree adds, parents first."""
    removed: tuple[str, ...] = ()
    replaced: tuple[ReplacedId, ...] = ()
    """Those ``removed`` and ``new`` revisions that are the same, under another id."""
    edited: tuple[str, ...] = ()
    """Revisions of the merge base whose file differs (by bytes) in the working tree."""
    reworked: tuple[str, ...] = ()
    """Those ``edited`` revisions whose upgrade or parents have changed."""
    edits: tuple[Edit, ...] = ()
    """The ``edited`` revisions whose upgrade or downgrade has changed."""
    uncompared: tuple[Unreadable, ...] = ()
    """Changed version files that could not be compared, of the merge base or the working tree."""
