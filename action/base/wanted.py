"""The base that an event names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseWanted:
    """The base as the event names it."""

    ref: str
    """Its name for people, such as ``main``; a branch of the repository where it is ``moving``."""
    sha: str | None = None
    """The commit that the event names; a branch may have moved since."""
    head_sha: str | None = None
    """The head of the pull request, when there is one: the second parent of its merge commit."""
    pull_request: int | None = None
    moving: bool = True
    """Whether ``ref`` is a branch to merge into, compared as it is now; otherwise ``sha`` itself is compared."""
