"""The base that an event names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseWanted:
    """What the revisions are to be compared with, as the event names it."""

    ref: str
    """For people: ``main``. A branch of the repository where it is ``moving``."""
    sha: str | None = None
    """The commit that the event names; of a branch it may be stale by now."""
    head_sha: str | None = None
    """The head of the pull request, when there is one: the second parent of its merge commit."""
    pull_request: int | None = None
    moving: bool = True
    """Whether ``ref`` is a branch to merge into, whose tip now is what counts; else the work replaces ``sha``."""
