"""Revisions and their graph, as read from version files, and how they differ from the base's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One ``# alembic-checks: ignore[rule] reason`` comment of a version file."""

    rules: tuple[str, ...]
    reason: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version file, read without running it."""

    id: str
    path: str
    """Relative to the repository's root."""
    line: int
    """Of ``revision = …``."""
    down_revision_line: int
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    message: str = ""
    """First line of the module's docstring."""
    created: str | None = None
    """``Create Date`` of the docstring, as written."""
    depends_on_line: int | None = None
    """Of ``depends_on = …``, where it is assigned."""
    down_revision_text: str = ""
    """The source line that assigns ``down_revision``, as written."""
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A version file whose revision could not be read statically."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The revisions of a tree, in file order; may hold duplicates, cycles and dangling parents."""

    revisions: tuple[Revision, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an edited revision does otherwise than at the merge base."""

    revision: str
    parts: tuple[str, ...]
    """Which of ``upgrade`` and ``downgrade`` do something else."""
    on_base: tuple[str, ...] = ()
    """Those of them that the base as it is now has changed in the same way."""
    line: int = 1
    """The first line of the working tree's file that does something else."""
    old_path: str
    """Of its file at the merge base."""
    diff: str = ""
    """From the merge base to the working tree, as a unified diff; may be cut off, and is empty for very long files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the checked-out tree differs from the base that it will be merged into."""

    base: str
    """The base as the user named it, such as ``origin/main``."""
    base_sha: str
    merge_base_sha: str
    base_note: str | None = None
    """What is not known of the base, in a sentence."""
    base_graph: Graph
    """At the base as it is now."""
    fork_graph: Graph
    """At the merge base: what the working tree started from."""
    merged_graph: Graph
    """The working tree's version files merged into the base's: what will be there after the merge."""
    new: tuple[str, ...] = ()
    """Revisions that the working tree adds, parents first."""
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    """Revisions of the merge base whose file differs (by bytes) in the working tree."""
    reworked: tuple[str, ...] = ()
    """Those of them that do something else when they are applied, or come after something else."""
    edits: tuple[Edit, ...] = ()
    """What those do otherwise whose code changed, in upgrade or downgrade."""
    uncompared: tuple[Unreadable, ...] = ()
    """Version files of the merge base or the working tree that changed, and could not be compared."""
