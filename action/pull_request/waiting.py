"""How long a call waits for GitHub, and which calls are retried."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

from github.GithubRetry import GithubRetry
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connectionpool import ConnectionPool

from action.pull_request.call_limits import CallLimits
from action.pull_request.trouble import Unreachable

_LONGEST_REFUSAL = 1 << 20
"""Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Limits, in seconds."""

    timeout: int = 10
    """Limit for a connection, and for each part of an answer."""
    tries: int = 3
    """Retries after the first try."""
    backoff: float = 1.0
    """Wait before a retry: none before the first, twice this before the second, four times before the third."""
    longest: int = 60
    """The longest wait that GitHub may ask for: a comment is not worth more of a job's time."""
    call: int = 90
    """Limit for a call with its retries and waits, up to the last byte of the answer."""
    task: int = 120
    """Limit for all calls that write a report, or that find the base."""


ORDINARY_POLICY = RetryPolicy()


class Waiting(GithubRetry):
    """PyGithub's retries with two more rules: no wait above a limit, and nothing is written twice.

    A POST is retried only where GitHub says that it did nothing: after a 502 the comment may exist.
    """

    limits: CallLimits | None = None
    """The limit of the call under way."""
    adapter: HTTPAdapter | None = None
    """What sends the requests; it is here because PyGithub hands on nothing else of ours to its connections."""

    @classmethod
    def of(cls, policy: RetryPolicy, limits: CallLimits) -> Waiting:
        """Return the retries of a policy."""
        made = cls(
            total=policy.tries,
            backoff_factor=policy.backoff,
            allowed_methods={"GET", "PATCH", "PUT", "DELETE"},
            max_rate_limit_wait=policy.longest,
            secondary_rate_wait=policy.longest,
        )
        made.limits = limits
        return made

    def new(self, **kw: Any) -> Self:
        """Return the same with other counts."""
        made = super().new(**kw)
        made.limits, made.adapter = self.limits, self.adapter
        return made

    @staticmethod
    def get_content(resp: BaseHTTPResponse, url: str) -> bytes:
        """Return the text of a refusal, as far as anybody reads it."""
        return resp.read(_LONGEST_REFUSAL, decode_content=True)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Return whether a request may be retried; for a 403, ``increment`` decides whether it is a rate limit."""
        if method.upper() == "POST":
            return status_code == 403 or (status_code == 429 and has_retry_after)
        return super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Return the state for the next try; raises Unreachable where GitHub asks for a wait above the limit."""
        if self.limits is not None:
            self.limits.check()
        wait = self.get_retry_after(response) if response is not None else None
        if response is not None and wait is not None and wait > (self.max_rate_limit_wait or 0):
            response.close()
            raise Unreachable(f"it allows no request for {wait:.0f} seconds", status=response.status)
        following = cast(Self, super().increment(method, url, response, error, _pool, _stacktrace))  # type: ignore[arg-type]
        wait = max(wait or 0, following.get_backoff_time())
        if self.limits is not None and wait > self.limits.left:
            raise Unreachable(f"it allows no request for {wait:.0f} seconds", status=response.status if response else 0)
        return following
