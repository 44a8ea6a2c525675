"""The comment on a pull request: found by its hidden line and its author, and edited in place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from action.pull_request.client import Client, Comment
from action.pull_request.marker import Marker, digest_of, marked, parse
from action.pull_request.trouble import AccessDenied, Unreachable
from action.reports import digest, markdown
from action.settings.pull_request import CommentWhen
from checks.findings import Report, Severity, Subject, Verdict

ACTIONS = "github-actions[bot]"
"""The author of comments that are written with a job's own token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBy:
    """Who stored a report, and how its comment says so; by default the run itself made it."""

    workflow: str = ""
    """What tells the workflow that stored the report from others: only its comments are edited. Else empty."""
    note: str = ""
    """Markdown for the end of the comment."""
    old_keys: tuple[str, ...] = ()
    """Keys of comments that earlier versions wrote with this note, without the workflow."""
    title: str = digest.TITLE
    """The title of the comment, as plain text: the setting of the run that writes, never the file's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAsked:
    """The settings of the comment."""

    when: CommentWhen
    title: str = digest.TITLE


OWN = StoredBy()


def upsert(
    client: Client, number: int, report: Report, subject: Subject, asked: CommentAsked, stored_by: StoredBy = OWN
) -> str | None:
    """Write or update the pull request's comment, and return its address; None where there is no comment.

    A comment that a newer run than ``subject`` wrote stays. Raises AccessDenied and Unreachable.
    """
    if asked.when is CommentWhen.NEVER:
        return None
    write = _Writing(client, number, report, subject, dataclasses.replace(stored_by, title=asked.title))
    found = write.find()
    if found:
        return write.update(found)
    if asked.when is CommentWhen.ALWAYS or has_problems(report):
        return write.create()
    return None


def has_problems(report: Report) -> bool:
    """Return whether a report has errors or warnings, or no pass; notices do not count, and a skip is no problem."""
    is_found = any(finding.severity is not Severity.NOTICE for finding in report.findings())
    return is_found or report.verdict not in (Verdict.PASSED, Verdict.SKIPPED)


def body(
    report: Report, marker: Marker, note: str = "", *, budget: int = markdown.BUDGET, title: str = digest.TITLE
) -> str:
    """Return a comment's text: the report within ``budget`` bytes, the note, and the hidden line."""
    parts = (markdown.render(report, budget=budget, title=title).rstrip("\n"), note, marked(marker))
    return "\n\n".join(part for part in parts if part) + "\n"


class _Writing:
    """Writes one report on one pull request."""

    def __init__(self, client: Client, number: int, report: Report, subject: Subject, stored_by: StoredBy) -> None:
        self._client = client
        self._number = number
        self._report = report
        self._stored_by = stored_by
        self._marker = Marker(
            key=subject.key,
            head_sha=subject.head_sha or "",
            run_id=subject.run_id,
            run_attempt=subject.run_attempt,
            digest=digest_of(report, stored_by.note + ("" if stored_by.title == digest.TITLE else stored_by.title)),
            workflow=stored_by.workflow,
        )
        self._login = cache(client.login)

    def find(self) -> list[Comment]:
        """Return our comments with this key, the oldest first; no page is read after one that has any."""
        for page in self._client.comments(self._number):
            ours = [comment for comment in page if self._is_ours(comment)]
            if ours:
                return sorted(ours, key=lambda comment: comment.id)
        return []

    def _is_ours(self, comment: Comment) -> bool:
        """Return whether we wrote a comment: its author counts too, because anyone can copy a hidden line."""
        marker = parse(comment.body)
        if marker is None or not (self._is_same(marker) or self._is_older(marker, comment.body)):
            return False
        if comment.author == ACTIONS:
            return True
        login = self._login()
        return comment.is_bot if login is None else comment.author == login

    def _is_same(self, marker: Marker) -> bool:
        return (marker.workflow, marker.key) == (self._marker.workflow, self._marker.key)

    def _is_older(self, marker: Marker, text: str) -> bool:
        """Return whether an earlier version wrote the comment for a stored report: only such a one has the note."""
        before = text.rstrip().rpartition("\n")[0].rstrip()
        noted = bool(self._stored_by.note) and before.endswith(f"\n{self._stored_by.note}")
        return noted and not marker.workflow and marker.key in self._stored_by.old_keys

    def update(self, found: list[Comment]) -> str:
        """Edit the oldest comment, unless it shows the same or a newer run wrote it; delete the others."""
        first, *others = found
        stored = [marker for marker in (parse(comment.body) for comment in found) if marker is not None]
        if any(marker.run > self._marker.run for marker in stored):
            return first.url
        if stored[0].digest != self._marker.digest:
            first = self._within(lambda text: self._client.edit_comment(self._number, first.id, text))
        for other in others:
            self._delete(other)
        return first.url

    def _delete(self, comment: Comment) -> None:
        try:
            self._client.delete_comment(self._number, comment.id)
        except AccessDenied as refusal:
            if refusal.status != 404:  # another run deleted it first
                raise

    def create(self) -> str:
        """Write the comment; where GitHub's answer is lost, look for the comment before writing it again."""
        try:
            return self._post()
        except Unreachable as trouble:
            if not trouble.maybe_done:
                raise
        found = self.find()
        return self.update(found) if found else self._post()

    def _post(self) -> str:
        return self._within(lambda text: self._client.create_comment(self._number, text)).url

    def _within(self, send: Callable[[str], Comment]) -> Comment:
        """Send the text; where GitHub refuses it as too long, send half as much."""
        try:
            return send(self._body(markdown.BUDGET))
        except Unreachable as trouble:
            if not trouble.too_long:
                raise
        return send(self._body(markdown.BUDGET // 2))

    def _body(self, budget: int) -> str:
        return body(self._report, self._marker, self._stored_by.note, budget=budget, title=self._stored_by.title)
