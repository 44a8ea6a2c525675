"""The base that the revisions are compared with: what is known of it, wherever it was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from action.project.tree import Tree

Files = Mapping[str, bytes]
"""Version files: path relative to the repository's root, and content."""


class BaseError(Exception):
    """Something of the base cannot be had; ``str(error)`` is why, in a clause."""


class Base(Protocol):
    """What is known of the base; every method raises BaseError where it cannot tell."""

    @property
    def name(self) -> str:
        """Return what people call it: ``main``."""

    @property
    def now_sha(self) -> str:
        """Return the commit that it is at now."""

    @property
    def fork_sha(self) -> str:
        """Return the commit that the work started from, or was merged into."""

    @property
    def note(self) -> str | None:
        """Return what is not known of it, in a sentence for the report."""

    def files_now(self, tree: Tree) -> Files:
        """Return the tree's version files at ``now_sha``."""

    def files_at_fork(self, tree: Tree) -> Files:
        """Return the tree's version files at ``fork_sha``."""

    def export(self, destination: Path, tree: Tree) -> None:
        """Write all files of ``fork_sha`` below a folder, which is made."""


class ChangedFile(Protocol):
    """A file that a pull request changes, as GitHub's API lists it."""

    @property
    def path(self) -> str:
        """Return its path after the change, or of what was removed."""

    @property
    def status(self) -> str:
        """Return ``added``, ``modified``, ``removed``, ``renamed``, …"""

    @property
    def previous_path(self) -> str | None:
        """Return the path that it was renamed from."""

    @property
    def patch(self) -> str | None:
        """Return the hunks of its diff; None where GitHub shows none."""

    @property
    def changes(self) -> int:
        """Return how many lines were added or deleted."""


class Api(Protocol):
    """The part of ``action.pull_request.client.Client`` that is asked for a base; what it raises is a ``Trouble``."""

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit where ``head`` left ``base``."""

    def pull_files(self, number: int) -> Sequence[ChangedFile]:
        """Return the files that a pull request changes."""
