"""The errors of calls to GitHub's API; no message of theirs holds the token."""

from __future__ import annotations


class Trouble(Exception):
    """A call to GitHub's API that failed."""


class AccessDenied(Trouble):
    """GitHub refuses the call: the token may not make it; ``str(error)`` is why, in a clause."""

    def __init__(self, what: str, permission: str | None, *, status: int = 403, message: str = "") -> None:
        super().__init__(f"this job may not {what}")
        self.what = what
        """The action that was refused, as after "may not": ``write comments``."""
        self.permission = permission
        """The permissions that suffice, from GitHub's header ``X-Accepted-GitHub-Permissions``."""
        self.status = status
        self.message = message
        """GitHub's message, escaped, on one line; empty where only a permission is missing."""


class Unreachable(Trouble):
    """GitHub could not be reached, or its answer could not be used; ``str(error)`` is why, in a clause."""

    def __init__(self, reason: str, *, status: int = 0, maybe_done: bool = False, too_long: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.maybe_done = maybe_done
        """Whether GitHub may have done it all the same: the answer was lost."""
        self.too_long = too_long
        """Whether the text was longer than GitHub accepts."""


class OutOfTime(Unreachable):
    """A call, or all of a task, took longer than it may; what was asked for may be done all the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, maybe_done=True)


class TooMany(Trouble):
    """There is more than the API lets us read."""
