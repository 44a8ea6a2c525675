"""What GitHub would not do, and what could not be asked of it: in words of ours, which never hold the token."""

from __future__ import annotations

import requests
from github.GithubException import (
    GithubException,
    IncompletableObject,
    RateLimitExceededExceedsMaxWait,
    RateLimitExceededException,
)

from action.reports.escape import line
from action.reports.words import cut

# What GitHub says where a permission is missing. Any other 403 is told in its own words: a locked conversation, an
# archived repository.
_NO_PERMISSION = ("resource not accessible by", "must have ", "bad credentials", "not found")


class Trouble(Exception):
    """A call that did not do what it was made for."""


class Refused(Trouble):
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


def told(what: str, error: Exception, *, host: str = "GitHub", timeout: float = 0) -> Trouble:
    """Return what an exception of PyGithub or of the HTTP library comes to."""
    if isinstance(error, RateLimitExceededExceedsMaxWait):
        return Unreachable(f"its rate limit is used up for {error.wait or 0:.0f} more seconds", status=error.status)
    if isinstance(error, RateLimitExceededException) or (isinstance(error, GithubException) and error.status == 429):
        return Unreachable("it limits how much is asked of it, and did not say for how long", status=error.status)
    if isinstance(error, GithubException) and not isinstance(error, IncompletableObject):
        return _answered(what, error)
    return _unanswered(error, host, timeout)


def _answered(what: str, error: GithubException) -> Trouble:
    said = _said(error)
    if error.status in (401, 403, 404):
        permission = {name.lower(): value for name, value in (error.headers or {}).items()}.get(
            "x-accepted-github-permissions"
        )
        common = said.lower().startswith(_NO_PERMISSION)
        return Refused(what, permission, status=error.status, said="" if common and error.status == 403 else said)
    if error.status >= 500:
        return Unreachable(f"it answered with an error {error.status}", status=error.status, maybe_done=True)
    is_long = error.status == 422 and "too long" in said.lower()
    return Unreachable(f"it did not take it ({error.status}): {said}", status=error.status, too_long=is_long)


def _said(error: GithubException) -> str:
    data = error.data if isinstance(error.data, dict) else {}
    listed = data.get("errors")
    errors = [one.get("message") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return cut(line("; ".join(str(text) for text in (data.get("message"), *errors) if text)), 300)


def _unanswered(error: Exception, host: str, timeout: float) -> Unreachable:
    if isinstance(error, requests.exceptions.RetryError):
        return Unreachable("it answered with errors again and again", maybe_done=True)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(f"the certificate of {host} is not trusted here")
    if isinstance(error, requests.exceptions.Timeout):
        return Unreachable(f"{host} did not answer within {timeout:g} seconds", maybe_done=True)
    if isinstance(error, requests.exceptions.RequestException):
        return Unreachable(f"there is no connection to {host}", maybe_done=True)
    return Unreachable(f"its answer was not understood ({type(error).__name__})", maybe_done=True)
