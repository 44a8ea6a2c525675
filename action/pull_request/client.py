"""Calls GitHub's REST API: few calls, limited waits, and refusals kept apart from other errors.

No URL of a reply is followed: pages are requested by number and objects by our own paths, so the token goes to one
host only. No object is requested only to load it (``lazy``).
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from github import Auth, Github
from github.GithubObject import NotSet
from github.PaginatedList import PaginatedList

from action.base.interface import ChangedFile
from action.errors import SettingsError
from action.pull_request.answers import trouble_of
from action.pull_request.call_limits import CallLimits
from action.pull_request.connecting import LimitedAdapter, use_limits
from action.pull_request.trouble import AccessDenied, TooMany, Trouble, Unreachable
from action.pull_request.waiting import ORDINARY_POLICY, RetryPolicy, Waiting

API_VERSION = "2022-11-28"
"""The version of the REST API: its replies keep the format of that date."""
PAGE = 100
"""Items in a page: the most that GitHub returns."""
MOST_PAGES = 30
"""Pages of a list: GitHub allows 2500 comments on a pull request."""
MOST_FILES = 300
"""Changed files: a pull request with more is not read through the API."""
MOST_ANNOTATIONS = 50
"""Annotations in a request: the limit of GitHub's endpoint."""
_TOKEN = re.compile(r"[\x21-\x7e]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_Item = TypeVar("_Item")
CheckRunAnnotation = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on a pull request."""

    id: int
    body: str
    author: str
    """The account's login; empty for a deleted account."""
    is_bot: bool = False
    url: str = ""
    """The address of the comment on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """An open pull request."""

    number: int
    head_sha: str


class Client:
    """One repository on GitHub, through one token.

    Each method raises ``AccessDenied`` where the token has no permission, and ``Unreachable`` for every other error;
    neither holds the token.
    """

    def __init__(self, api: Github, repository: str, policy: RetryPolicy, adapter: LimitedAdapter) -> None:
        self._api = api
        self._adapter = adapter
        self._repository = api.get_repo(repository)
        self._policy = policy
        self._limits = adapter.limits
        self.calls = 0
        """Number of requests, without retries."""

    @classmethod
    def connect(cls, token: str, repository: str, api_url: str, *, policy: RetryPolicy = ORDINARY_POLICY) -> Client:
        """Return a client; it makes no call yet. Raises SettingsError for an impossible token, repository or URL."""
        host = _host(api_url)
        if host is None:
            raise SettingsError("GITHUB_API_URL is not a URL.", remedy="Remove the line that changes this variable.")
        if not _REPOSITORY.fullmatch(repository):
            raise SettingsError(
                "GITHUB_REPOSITORY is not OWNER/NAME.", remedy="Remove the line that changes this variable."
            )
        if not _TOKEN.fullmatch(token):  # it would stand in the error of the HTTP library
            raise SettingsError(
                "The github-token has characters that no token has.",
                remedy="Set it to `${{ github.token }}`, or remove it.",
            )
        # Its handler would print each refusal.
        logging.getLogger("github").setLevel(logging.CRITICAL)
        use_limits()
        limits = CallLimits(host, policy.call)
        retry = Waiting.of(policy, limits)
        retry.adapter = LimitedAdapter(limits, retry)
        api = Github(
            auth=Auth.Token(token),
            base_url=api_url.rstrip("/"),
            timeout=policy.timeout,
            user_agent="alembic-checks",
            per_page=PAGE,
            retry=retry,
            # GitHub asks for a second between writes of those who make many; a run makes five.
            seconds_between_requests=0,
            seconds_between_writes=0,
            lazy=True,
            api_version=API_VERSION,
        )
        return cls(api, repository, policy, retry.adapter)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()
        self._adapter.close()
        self._limits.close()

    def task(self) -> AbstractContextManager[None]:
        """Return a context in which all calls together take no longer than a task may."""
        return self._limits.task(self._policy.task)

    def comments(self, number: int) -> Iterator[tuple[Comment, ...]]:
        """Yield the comments of a pull request, the oldest first; each page is requested when it is needed."""
        with self._asking("read comments"):
            found = self._repository.get_issue(number).get_comments()
        yield from self._pages("read comments", found, _comment)

    def create_comment(self, number: int, body: str) -> Comment:
        """Write a comment; no retry where the comment may have been written already."""
        with self._calling("write comments"):
            return _comment(self._repository.get_issue(number).create_comment(body))

    def edit_comment(self, number: int, comment: int, body: str) -> Comment:
        """Replace a comment's text."""
        with self._calling("write comments"):
            edited = self._repository.get_issue(number).get_comment(comment)
            edited.edit(body)
            return _comment(edited)

    def delete_comment(self, number: int, comment: int) -> None:
        """Delete a comment."""
        with self._calling("delete duplicate comments"):
            self._repository.get_issue(number).get_comment(comment).delete()

    def set_status(self, sha: str, context: str, state: str, description: str, target_url: str | None) -> None:
        """Write a commit status: ``error``, ``failure``, ``pending`` or ``success``."""
        with self._calling("write commit statuses"):
            commit = self._repository.get_commit(sha)
            commit.create_status(state, target_url or NotSet, description, context)

    def create_check_run(
        self,
        name: str,
        head_sha: str,
        conclusion: str,
        output: Mapping[str, Any],
        details_url: str | None,
    ) -> int:
        """Write a finished check run and return its id; ``output``: title, summary, up to 50 annotations."""
        with self._calling("write check runs"):
            made = self._repository.create_check_run(
                name,
                head_sha,
                details_url=details_url or NotSet,
                status="completed",
                conclusion=conclusion,
                output=dict(output),
            )
            return made.id

    def add_annotations(
        self, check_run: int, title: str, summary: str, annotations: Sequence[CheckRunAnnotation]
    ) -> None:
        """Add up to 50 annotations to a check run."""
        output = {"title": title, "summary": summary, "annotations": [dict(one) for one in annotations]}
        with self._calling("write check runs"):
            self._repository.get_check_run(check_run).edit(output=output)

    def pulls_with_head(self, head: str) -> list[Pull]:
        """Return the open pull requests from a branch, ``owner:branch``."""
        with self._asking("read pull requests"):
            found = self._repository.get_pulls(state="open", head=head)
        pages = self._pages("read pull requests", found, lambda pull: _pull(pull))
        return [pull for page in pages for pull in page]

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit where ``head`` left ``base``."""
        with self._calling("compare with the base"):
            found = self._repository.compare(base, head, comparison_commits_per_page=1).merge_base_commit.sha
        if not _COMMIT.fullmatch(found):  # it becomes an argument of Git
            raise Unreachable("its answer names no commit")
        return found

    def pull_files(self, number: int) -> list[ChangedFile]:
        """Return the files that a pull request changes; raises TooMany above 300."""
        with self._asking("read changed files"):
            listed = self._repository.get_pull(number).get_files()
        found: list[ChangedFile] = []
        for page in self._pages("read changed files", listed, _changed):
            found += page
            if len(found) > MOST_FILES:
                raise TooMany(f"The pull request changes more than {MOST_FILES} files.")
        return found

    def login(self) -> str | None:
        """Return the login of the token's account; None for the token of an app, such as a job's."""
        try:
            with self._calling("read the account of the token"):
                return self._api.get_user().login
        except AccessDenied as refusal:
            if refusal.status == 403:
                return None
            raise

    def _pages(self, what: str, found: PaginatedList[Any], made: Callable[[Any], _Item]) -> Iterator[tuple[_Item, ...]]:
        for number in range(MOST_PAGES):
            with self._calling(what):
                page = tuple(made(item) for item in found.get_page(number))
            yield page
            if len(page) < PAGE:
                return
        raise TooMany(f"there are more than {MOST_PAGES * PAGE} items, so this run cannot {what}")

    @contextlib.contextmanager
    def _calling(self, what: str) -> Iterator[None]:
        self.calls += 1
        with self._asking(what), self._limits.call():
            yield

    @contextlib.contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        try:
            yield
        except Trouble:
            raise
        except Exception as error:  # PyGithub's, what requests and urllib3 raise, and PyGithub's own assertions
            raise trouble_of(what, error, host=self._limits.host, timeout=self._policy.timeout) from None


def _comment(shown: Any) -> Comment:
    author = shown.user
    return Comment(
        id=int(shown.id),
        body=shown.body or "",
        author=author.login if author else "",
        is_bot=bool(author and author.type == "Bot"),
        url=shown.html_url or "",
    )


def _pull(shown: Any) -> Pull:
    return Pull(number=shown.number, head_sha=shown.head.sha)


def _changed(shown: Any) -> ChangedFile:
    raw = shown.raw_data
    return ChangedFile(
        path=shown.filename,
        status=shown.status,
        previous_path=raw.get("previous_filename"),
        patch=raw.get("patch"),
        changes=raw.get("changes") or 0,
    )


def _host(url: str) -> str | None:
    """Return the host of an HTTP address; None for any other text."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("https", "http") and parts.port != 0  # the port is read here: it may be no number
    except ValueError:
        return None
    return parts.hostname if is_web else None
