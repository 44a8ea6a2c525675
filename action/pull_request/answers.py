"""Translates the exceptions of PyGithub, and of the HTTP library that it uses, to our own."""

from __future__ import annotations

import requests
from github.GithubException import (
    GithubException,
    IncompletableObject,
    RateLimitExceededExceedsMaxWait,
    RateLimitExceededException,
)

from action.pull_request.trouble import AccessDenied, Trouble, Unreachable
from action.reports.escape import line
from action.reports.words import cut

# GitHub's messages for a missing permission. The message of any other 403 is quoted: a locked conversation, an
# archived repository.
_NO_PERMISSION = ("resource not accessible by", "must have ", "bad credentials", "not found")


def trouble_of(what: str, error: Exception, *, host: str = "GitHub", timeout: float = 0) -> Trouble:
    """Return the ``Trouble`` that an exception stands for.

    ``what`` is the action that failed: ``write comments``; ``timeout`` is in seconds.
    """
    if isinstance(error, RateLimitExceededExceedsMaxWait):
        return Unreachable(f"its rate limit is used up for {error.wait or 0:.0f} more seconds", status=error.status)
    if isinstance(error, RateLimitExceededException) or (isinstance(error, GithubException) and error.status == 429):
        return Unreachable("its rate limit is used up, and it did not say for how long", status=error.status)
    if isinstance(error, GithubException) and not isinstance(error, IncompletableObject):
        return _answered(what, error)
    return _unanswered(error, host, timeout)


def _answered(what: str, error: GithubException) -> Trouble:
    message = _message(error)
    if error.status in (401, 403, 404):
        permission = {name.lower(): value for name, value in (error.headers or {}).items()}.get(
            "x-accepted-github-permissions"
        )
        common = message.lower().startswith(_NO_PERMISSION)
        return AccessDenied(
            what, permission, status=error.status, message="" if common and error.status == 403 else message
        )
    if error.status >= 500:
        return Unreachable(f"it answered with error {error.status}", status=error.status, maybe_done=True)
    is_long = error.status == 422 and "too long" in message.lower()
    return Unreachable(f"it refused the request ({error.status}): {message}", status=error.status, too_long=is_long)


def _message(error: GithubException) -> str:
    data = error.data if isinstance(error.data, dict) else {}
    listed = data.get("errors")
    errors = [one.get("message") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return cut(line("; ".join(str(text) for text in (data.get("message"), *errors) if text)), 300)


def _unanswered(error: Exception, host: str, timeout: float) -> Unreachable:
    if isinstance(error, requests.exceptions.RetryError):
        return Unreachable("every attempt ended with an error", maybe_done=True)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(f"the certificate of {host} is not trusted here")
    if isinstance(error, requests.exceptions.Timeout):
        return Unreachable(f"{host} did not answer within {timeout:g} seconds", maybe_done=True)
    if isinstance(error, requests.exceptions.RequestException):
        return Unreachable(f"there is no connection to {host}", maybe_done=True)
    return Unreachable(f"its answer could not be read ({type(error).__name__})", maybe_done=True)
