"""What the stand-in for GitHub remembers: repositories with their pull requests, comments, statuses and check runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

ACTIONS = "github-actions[bot]"


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment on a pull request."""

    id: int
    pull: int
    author: str | None
    """None for an account that is gone. A bot's ends with ``[bot]``."""
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status, as it was posted."""

    sha: str
    context: str
    state: str
    description: str | None = None
    target_url: str | None = None


@dataclass(slots=True, kw_only=True)
class CheckRun:
    """A check run with all annotations that were added to it."""

    id: int
    name: str
    head_sha: str
    conclusion: str
    title: str
    summary: str
    details_url: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Pull:
    """A pull request."""

    number: int
    head_sha: str
    head: str
    """``owner:branch``."""
    state: str = "open"
    files: list[dict[str, Any]] = field(default_factory=list)
    """Each with ``filename`` and ``status``, and ``patch`` and ``previous_filename`` where there are any."""


@dataclass(slots=True, kw_only=True)
class Repository:
    """A repository, as far as the endpoints show it."""

    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    check_runs: list[CheckRun] = field(default_factory=list)
    commits: set[str] = field(default_factory=set)
    """Besides the heads of the pull requests: what a status may go to."""
    merge_bases: dict[str, str] = field(default_factory=dict)
    """``base...head``, as asked, to the commit where they forked."""

    def pull(self, number: int, *, head_sha: str, head: str = "acme:feature", state: str = "open") -> Pull:
        """Open a pull request."""
        made = Pull(number=number, head_sha=head_sha, head=head, state=state)
        self.pulls[number] = made
        return made

    def comment(self, pull: int, body: str, author: str | None = ACTIONS) -> Comment:
        """Write a comment as somebody."""
        made = Comment(id=1 + max((c.id for c in self.comments), default=100), pull=pull, author=author, body=body)
        self.comments.append(made)
        return made

    def comments_on(self, pull: int) -> list[Comment]:
        """Return the comments of a pull request, the oldest first, as GitHub lists them."""
        return sorted((comment for comment in self.comments if comment.pull == pull), key=lambda c: c.id)

    def knows(self, sha: str) -> bool:
        """Tell whether there is such a commit."""
        return sha in self.commits or any(pull.head_sha == sha for pull in self.pulls.values())

    def shown_statuses(self, sha: str) -> dict[str, Status]:
        """Return what a pull request shows of a commit: the newest status of each context, whatever its case."""
        return {s.context.lower(): s for s in self.statuses if s.sha == sha}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token may do."""

    login: str = ACTIONS
    is_app: bool = True
    """An installation's token, such as a job's; GET /user is not for those."""
    writes: frozenset[str] = frozenset({"issues", "pull_requests", "statuses", "checks"})

    def allows(self, accepted: str) -> bool:
        """Tell whether one of the sets of permissions is this token's, written as GitHub does: ``a=write; b=write``."""
        wanted = [set(self._names(one)) for one in accepted.split(";")]
        return any(names <= self.writes for names in wanted)

    @staticmethod
    def _names(one: str) -> Iterable[str]:
        return (part.strip().partition("=")[0] for part in one.split(",") if part.strip())


WRITE, READ_ONLY, NO_STATUSES, PERSONAL, OTHER_APP = (
    "ghs_write",
    "ghs_readOnly",
    "ghs_noStatuses",
    "ghp_personal",
    "ghs_otherApp",
)
TOKENS = {
    WRITE: Token(),
    READ_ONLY: Token(writes=frozenset()),
    NO_STATUSES: Token(writes=frozenset({"issues", "pull_requests", "checks"})),
    PERSONAL: Token(login="octocat", is_app=False),
    OTHER_APP: Token(login="acme-ci[bot]"),
}
