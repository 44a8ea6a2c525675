"""The base that the revisions are compared with: what is known of it, wherever it was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from action.project.tree import Tree

Files = Mapping[str, bytes]
"""Version files: path relative to the repository's root, and content."""


class BaseError(Exception):
    """Something of the base cannot be had; ``str(error)`` is why, in a clause."""


class ApiError(Exception):
    """GitHub's API gave no answer that helps; ``str(error)`` is why, in a clause."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that a pull request changes, as GitHub's API lists it."""

    path: str
    """After the change, or of what was removed."""
    status: str
    """``added``, ``modified``, ``removed``, ``renamed``, …"""
    previous_path: str | None = None
    """What it was renamed from."""
    patch: str | None = None
    """The hunks of its diff; None for a binary file and for a change that GitHub finds too large to show."""
    changes: int = 0
    """Lines added and deleted."""


class Api(Protocol):
    """GitHub's API, as far as it is asked for a base; every method raises ApiError where there is no answer."""

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit where ``head`` left ``base``."""

    def pull_files(self, number: int) -> Sequence[ChangedFile]:
        """Return the files that a pull request changes."""
