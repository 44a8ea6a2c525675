"""What GitHub would not do, and what could not be asked of it: in words of ours, which never hold the token."""

from __future__ import annotations


class Trouble(Exception):
    """A call that did not do what it was made for."""


class AccessDenied(Trouble):
    """GitHub does not let this token do it."""

    def __init__(self, what: str, permission: str | None, *, status: int = 403, said: str = "") -> None:
        super().__init__(f"GitHub does not let this token {what}.")
        self.what = what
        """As after "to": ``write the comment``."""
        self.permission = permission
        """What would do, as GitHub's header ``X-Accepted-GitHub-Permissions`` has it."""
        self.status = status
        self.said = said
        """GitHub's own words, where it is something else than a missing permission; inert on one line."""


class Unreachable(Trouble):
    """GitHub could not be asked, or gave no answer that could be used; ``str(error)`` is why, in a clause."""

    def __init__(self, reason: str, *, status: int = 0, maybe_done: bool = False, too_long: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.maybe_done = maybe_done
        """Whether it may have been done nonetheless: the answer was lost."""
        self.too_long = too_long
        """Whether what was sent is longer than GitHub takes."""


class TooMany(Trouble):
    """More than can be read through the API."""
