"""The one comment: found by its hidden line and its author, and edited in place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from action.pull_request.client import Client, Comment
from action.pull_request.marker import Marker, digest_of, marked, parse
from action.pull_request.trouble import AccessDenied, Unreachable
from action.reports import markdown
from action.settings.pull_request import CommentWhen
from checks.findings import Report, Severity, Subject, Verdict

ACTIONS = "github-actions[bot]"
"""Who writes with a job's own token."""


def upsert(
    client: Client, number: int, report: Report, subject: Subject, when: CommentWhen, note: str = ""
) -> str | None:
    """Make the pull request's comment show the report, and return its address; None where there is none.

    ``subject`` is the report's, and orders it: what a newer run wrote stays. ``note`` is Markdown of ours for its end.
    Raises AccessDenied and Unreachable.
    """
    if when is CommentWhen.NEVER:
        return None
    write = _Writing(client, number, report, subject, note)
    found = write.find()
    if found:
        return write.update(found)
    if when is CommentWhen.ALWAYS or has_problems(report):
        return write.create()
    return None


def has_problems(report: Report) -> bool:
    """Tell whether a report says more than that all is well; what only is to be known is no problem."""
    is_found = any(finding.severity is not Severity.NOTICE for finding in report.findings())
    return is_found or report.verdict is not Verdict.PASSED


def body(report: Report, marker: Marker, note: str = "", *, budget: int = markdown.BUDGET) -> str:
    """Return a comment's text: what is read, within ``budget`` bytes, then the note and the hidden line."""
    parts = (markdown.render(report, budget=budget).rstrip("\n"), note, marked(marker))
    return "\n\n".join(part for part in parts if part) + "\n"


class _Writing:
    """One report on its way to one pull request."""

    def __init__(self, client: Client, number: int, report: Report, subject: Subject, note: str) -> None:
        self._client = client
        self._number = number
        self._report = report
        self._note = note
        self._marker = Marker(
            key=subject.key,
            head_sha=subject.head_sha or "",
            run_id=subject.run_id,
            run_attempt=subject.run_attempt,
            digest=digest_of(report, note),
        )
        self._login = cache(client.login)

    def find(self) -> list[Comment]:
        """Return our comments with this key, the oldest first; no page is read after one that holds any."""
        for page in self._client.comments(self._number):
            ours = [comment for comment in page if self._is_ours(comment)]
            if ours:
                return sorted(ours, key=lambda comment: comment.id)
        return []

    def _is_ours(self, comment: Comment) -> bool:
        """Tell whether we wrote it: anybody can quote a hidden line, so its author counts too."""
        marker = parse(comment.body)
        if marker is None or marker.key != self._marker.key:
            return False
        if comment.author == ACTIONS:
            return True
        login = self._login()
        return comment.is_bot if login is None else comment.author == login

    def update(self, found: list[Comment]) -> str:
        """Edit the oldest, unless it shows the same already or a newer run has written; delete the others."""
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
            if refusal.status != 404:  # somebody was faster
                raise

    def create(self) -> str:
        """Write the comment; where the answer is lost, look whether it is there before it is written again."""
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
        """Send the text, and half as much where GitHub finds it too long."""
        try:
            return send(body(self._report, self._marker, self._note))
        except Unreachable as trouble:
            if not trouble.too_long:
                raise
        return send(body(self._report, self._marker, self._note, budget=markdown.BUDGET // 2))
