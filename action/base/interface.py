"""The base that the revisions are compared with, wherever it was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from action.project.alembic_tree import Tree

Files = Mapping[str, bytes]
"""Files: path relative to the repository's root, and content."""


class BaseError(Exception):
    """A part of the base cannot be read; ``str(error)`` is why, in a clause."""


class ApiError(Exception):
    """GitHub's API gave no usable answer; ``str(error)`` is why, in a clause."""


class Snapshot(Protocol):
    """The regular files of one commit of the base; all methods raise BaseError where they cannot read them."""

    def names(self) -> Collection[str]:
        """Return the path of every file, relative to the repository's root."""

    def links(self) -> Collection[str]:
        """Return the path of all that is no regular file: symbolic links and submodules."""

    def read(self, below: Sequence[str], wanted: Callable[[str], bool]) -> Files:
        """Return the files whose path is wanted; all of these are at or below the paths of ``below``."""


class Base(Protocol):
    """The base; ``export`` raises BaseError where it cannot read what it should write."""

    @property
    def name(self) -> str:
        """Return the name for people: ``main``."""

    @property
    def now_sha(self) -> str:
        """Return the commit of the base now."""

    @property
    def fork_sha(self) -> str:
        """Return the commit that the pull request started from, or was merged with."""

    @property
    def fetched(self) -> str | None:
        """Return what another clone fetches to have ``fork_sha``; None where the reader's own clone has it."""

    @property
    def note(self) -> str | None:
        """Return a note for the report on what could not be found out about it; None where all is known."""

    @property
    def now(self) -> Snapshot:
        """Return the files at ``now_sha``."""

    @property
    def fork(self) -> Snapshot:
        """Return the files at ``fork_sha``."""

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files of ``fork_sha`` to a folder, which is created."""

    def differing(self, paths: Iterable[str]) -> frozenset[str]:
        """Return which of the paths, relative to the repository's root, differ from the working tree at ``fork_sha``.

        A file that only one of them has differs; one whose line ends alone changed does not. A link, a folder and a
        path out of the repository count as no file.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that a pull request changes, as GitHub's API lists it."""

    path: str
    """The path after the change; that of a removed file before it."""
    status: str
    """``added``, ``modified``, ``removed``, ``renamed``, …"""
    previous_path: str | None = None
    """The path before a rename."""
    patch: str | None = None
    """The hunks of its diff; None for a binary file and for a change that is too large for GitHub to show."""
    changes: int = 0
    """Lines added and deleted."""


class Api(Protocol):
    """The calls of GitHub's API that find a base; every method raises ApiError where there is no answer."""

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit where ``head`` left ``base``."""

    def pull_files(self, number: int) -> Sequence[ChangedFile]:
        """Return the files that a pull request changes."""
