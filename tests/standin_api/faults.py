"""The ways in which GitHub does not answer as hoped, in its own words."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DOCS = "https://docs.github.com/rest"
NOT_ACCESSIBLE = "Resource not accessible by integration"


class Manner(enum.Enum):
    """Ways of sending an answer that never comes to its end."""

    DRIPPING_BODY = enum.auto()
    """A byte of the body now and then."""
    DRIPPING_HEADERS = enum.auto()
    """A byte of a header now and then."""
    ENDLESS_BODY = enum.auto()
    """As fast as it goes, with a length that is never reached."""
    ENDLESS_CHUNKS = enum.auto()
    """The same in chunks, as long as the other end reads."""
    BOMB = enum.auto()
    """A gigabyte of blanks, packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back; ``body`` None for none."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    """Sent instead of ``body``: what a proxy says, which is no JSON."""
    manner: Manner | None = None
    """How it is sent, where it is not simply written."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next requests that fit."""

    reply: Reply
    method: str = ""
    """Empty for any."""
    path: str = ""
    """A part of the path."""
    times: int = 1
    """How often; -1 for always."""
    after: bool = False
    """Whether the request is carried out before its answer is lost."""
    hold: bool = False
    """No answer at all until the stand-in ends."""
    manner: Manner | None = None
    """How the answer is sent, where it is not simply written."""

    def fits(self, method: str, path: str) -> bool:
        """Tell whether a request is hit."""
        return self.times != 0 and self.method in ("", method) and self.path in path


def error(status: int, message: str, *, errors: list[dict[str, str]] | None = None, **headers: str) -> Reply:
    """Return an error as GitHub words it; underscores in the names of headers stand for hyphens."""
    body: dict[str, Any] = {"message": message, "documentation_url": DOCS, "status": str(status)}
    body |= {"errors": errors} if errors else {}
    return Reply(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


BAD_CREDENTIALS = error(401, "Bad credentials")
NOT_FOUND = error(404, "Not Found")
BAD_GATEWAY = Reply(status=502, text="<html><title>Unicorn!</title></html>", headers={"Content-Type": "text/html"})
LOCKED = error(403, "Unable to create comment because issue is locked.", X_Accepted_GitHub_Permissions="issues=write")
SPAM = error(422, "Validation Failed", errors=[{"resource": "IssueComment", "code": "custom", "field": "body"}])
HELD = Reply(status=200)


def too_long(resource: str, field_name: str, limit: int) -> Reply:
    """Return what GitHub says of a text beyond its limit."""
    message = f"{field_name.capitalize()} is too long (maximum is {limit} characters)"
    one = {"resource": resource, "code": "custom", "field": field_name, "message": message}
    return error(422, "Validation Failed", errors=[one])


def forbidden(accepted: str) -> Reply:
    """Return what a token gets that may not."""
    return error(403, NOT_ACCESSIBLE, X_Accepted_GitHub_Permissions=accepted)


def too_many(retry_after: int | None) -> Reply:
    """Return a 429, with or without the seconds to wait."""
    return _after(error(429, "Too many requests"), retry_after)


def secondary_limit(retry_after: int | None = None) -> Reply:
    """Return what GitHub says to many requests in a short time."""
    return _after(error(403, "You have exceeded a secondary rate limit. Please wait a few minutes."), retry_after)


def _after(reply: Reply, seconds: int | None) -> Reply:
    return reply if seconds is None else dataclasses.replace(reply, headers={"Retry-After": str(seconds)})


def primary_limit(reset: int) -> Reply:
    """Return what GitHub says when the hour's requests are used up; ``reset`` in seconds since 1970."""
    return error(
        403,
        "API rate limit exceeded for installation ID 1.",
        X_RateLimit_Remaining="0",
        X_RateLimit_Limit="1000",
        X_RateLimit_Reset=str(reset),
    )
