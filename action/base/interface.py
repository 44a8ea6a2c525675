"""The base that the revisions are compared with, wherever it was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from action.project.alembic_tree import Tree

Files = Mapping[str, bytes]
"""Version files: path relative to the repository's root, and content."""


class BaseError(Exception):
    """A part of the base cannot be read; ``str(error)`` is why, in a clause."""


class ApiError(Exception):
    """GitHub's API gave no usable answer; ``str(error)`` is why, in a clause."""


class Base(Protocol):
    """The base; every method raises BaseError where it cannot read what it should return."""

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
    def note(self) -> str | None:
        """Return a note for the report on what could not be found out about it; None where all is known."""

    def files_now(self, tree: Tree) -> Files:
        """Return the tree's version files at ``now_sha``."""

    def files_at_fork(self, tree: Tree) -> Files:
        """Return the tree's version files at ``fork_sha``."""

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files of ``fork_sha`` to a folder, which is created."""

    def paths(self) -> frozenset[str]:
        """Return the paths of all files at ``fork_sha``."""

    def read(self, path: str) -> bytes | None:
        """Return the content of a file at ``fork_sha``; None where it does not exist there."""

    def files_in(self, folder: str) -> frozenset[str]:
        """Return the paths of the files that a folder, not its subfolders, has at ``fork_sha``."""

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
