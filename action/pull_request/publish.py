"""Everything that is written on GitHub: what is refused becomes one notice, and the verdict stands."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from action.pull_request import check_run, comment, status
from action.pull_request.client import Client
from action.pull_request.event import Situation, Task
from action.pull_request.subject import key_of_report, shortened, subject_of
from action.pull_request.trouble import AccessDenied, Unreachable
from action.reports.escape import line
from action.settings.pull_request import CommentWhen
from checks.findings import Report

_Value = TypeVar("_Value")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """What the user wants to be written."""

    comment: CommentWhen = CommentWhen.ON_PROBLEMS
    comment_key: str = ""
    """Instead of the report's own key."""
    statuses: bool = True
    check_run: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of it."""

    comment_url: str | None = None
    notices: tuple[str, ...] = ()
    """For the log: one at most, plain text on one line."""


def publish(
    report: Report,
    situation: Situation,
    client: Client | None,
    options: PublishOptions,
    summary_url: str | None,
    *,
    note: str = "",
) -> Published:
    """Write the comment, the statuses and the check run, as far as GitHub lets us; never raises for what it refuses.

    An ordinary run makes six calls at most: a page of comments, one write, four statuses. ``note`` is Markdown of ours
    for the comment's end.
    """
    target = situation.target
    if target is None or client is None:
        return Published()
    key = key_of_report(report, target, options.comment_key)
    subject = subject_of(target, shortened(key), summary_url)
    report = dataclasses.replace(report, subject=subject)
    sha, number, url = target.head_sha, target.pull_request, summary_url
    may_only_read = target.is_fork and situation.task is not Task.POST
    steps, written = _Steps(), None
    if number is not None:
        written = steps.take(lambda: comment.upsert(client, number, report, subject, options.comment, note))
    if sha is not None:
        label = f"({options.comment_key})" if options.comment_key else status.label_of(key)
        if options.statuses:
            steps.take(lambda: status.write(client, sha, report, label, url))
        if options.check_run:
            steps.take(lambda: check_run.write(client, sha, report, label, url))
    return Published(comment_url=written or None, notices=steps.notices(may_only_read=may_only_read))


class _Steps:
    """Steps one after the other: a refused one does not stop the next, for which another permission counts."""

    def __init__(self) -> None:
        self._refused: list[AccessDenied] = []
        self._unreachable: Unreachable | None = None

    def take(self, step: Callable[[], _Value]) -> _Value | None:
        if self._unreachable is not None:
            return None
        try:
            return step()
        except AccessDenied as refusal:
            self._refused.append(refusal)
        except Unreachable as trouble:
            self._unreachable = trouble
        return None

    def notices(self, *, may_only_read: bool) -> tuple[str, ...]:
        sentences = [refused(self._refused, may_only_read=may_only_read)] if self._refused else []
        if self._unreachable is not None:
            sentences.append(f"Not everything could be written on GitHub: {self._unreachable}.")
        return (" ".join([*sentences, "The verdict stands."]),) if sentences else ()


def refused(refusals: Iterable[AccessDenied], *, may_only_read: bool) -> str:
    """Return what GitHub did not let us do and what would help, in GitHub's own words and in those of a workflow."""
    refusals = list(refusals)
    headers = dict.fromkeys(r.permission for r in refusals if r.permission and not r.said)
    wanted = dict.fromkeys(name for header in headers for name in permissions(header))
    *firsts, last = dict.fromkeys(refusal.what for refusal in refusals)
    whats = f"{', '.join(firsts)} and {last}" if firsts else last
    quoted = f" (X-Accepted-GitHub-Permissions: {' | '.join(map(line, headers))})" if headers else ""
    sentences = [f"GitHub does not let this run {whats}{quoted}."]
    sentences += [f"It says: {said.rstrip('.')}." for said in dict.fromkeys(r.said for r in refusals if r.said)]
    if may_only_read:
        sentences.append(
            "The token of a fork's pull request only reads: post its report by a second workflow (see README)."
        )
    elif wanted:
        sentences.append(f"Give the job the permissions {', '.join(wanted)}.")
    return " ".join(sentences)


def permissions(header: str) -> list[str]:
    """Return what would do, as a workflow has it: ``pull-requests: write``.

    GitHub separates by semicolons what is enough, by commas what is needed together.
    """
    choices = [re.findall(r"([a-z_]+)=(read|write|admin)", choice) for choice in header.split(";")]
    choices = [choice for choice in choices if choice]
    best = next((choice for choice in choices if ("pull_requests", "write") in choice), choices[0] if choices else [])
    return [f"{name.replace('_', '-')}: {level}" for name, level in best]
