"""Writes comment, statuses and check run on GitHub; whatever it refuses becomes one notice in the log."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from action.pull_request import check_run, comment, status
from action.pull_request.client import Client
from action.pull_request.event import Situation, Task
from action.pull_request.subject import key_of_report, shortened, subject_of, workflow_label
from action.pull_request.trouble import AccessDenied, OutOfTime, TooMany, Unreachable
from action.reports import digest
from action.reports.escape import line
from action.settings.pull_request import CommentWhen
from checks.findings import Report

_Value = TypeVar("_Value")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """The settings of what is written."""

    comment: CommentWhen = CommentWhen.ON_PROBLEMS
    comment_title: str = digest.TITLE
    comment_key: str = ""
    """The key to use in place of the report's own; empty for none."""
    statuses: bool = True
    check_run: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The result of publishing."""

    comment_url: str | None = None
    notices: tuple[str, ...] = ()
    """Notices for the log: one at most, plain text on one line."""


def publish(
    report: Report,
    situation: Situation,
    client: Client | None,
    options: PublishOptions,
    summary_url: str | None,
    *,
    stored_by: comment.StoredBy = comment.OWN,
) -> Published:
    """Write the comment, the statuses and the check run; a refusal of GitHub's becomes a notice, not an error.

    An ordinary run makes six calls at most: a page of comments, one write, four statuses. Of a stored report only the
    checks that we know get a status.
    """
    target = situation.target
    if target is None or client is None:
        return Published()
    key = key_of_report(report, target, options.comment_key)
    subject = subject_of(target, shortened(key), summary_url)
    report = dataclasses.replace(report, subject=subject)
    leg = f"({options.comment_key})" if options.comment_key else status.label_of(key)
    label = f"{workflow_label(target)} {leg}".strip()
    sha, number, url = target.head_sha, target.pull_request, summary_url
    steps, written = _Steps(), None
    with client.task():
        if number is not None:
            asked = comment.CommentAsked(when=options.comment, title=options.comment_title)
            upsert = partial(comment.upsert, client, number, report, subject, asked, stored_by)
            written = steps.take("the comment", upsert)
        if sha is not None and options.statuses:
            known = status.of_known_checks(report)
            steps.take("the commit statuses", lambda: status.write(client, sha, known, label, url))
        if sha is not None and options.check_run:
            steps.take("the check run", lambda: check_run.write(client, sha, report, label, url))
    may_only_read = target.is_fork and situation.task is not Task.POST
    return Published(comment_url=written or None, notices=steps.notices(may_only_read=may_only_read))


class _Steps:
    """Takes one step after the other; a refused step does not stop the next, which needs another permission."""

    def __init__(self) -> None:
        self._refused: list[AccessDenied] = []
        self._too_many: list[TooMany] = []
        self._unreachable: Unreachable | None = None
        self._left: list[str] = []
        """What was not written, or only in part, because GitHub could not be reached."""

    def take(self, what: str, step: Callable[[], _Value]) -> _Value | None:
        if self._unreachable is None:
            try:
                return step()
            except AccessDenied as refusal:
                self._refused.append(refusal)
                return None
            except TooMany as trouble:
                self._too_many.append(trouble)
                return None
            except Unreachable as trouble:
                self._unreachable = trouble
        self._left.append(what)
        return None

    def notices(self, *, may_only_read: bool) -> tuple[str, ...]:
        sentences = [refused(self._refused, may_only_read=may_only_read)] if self._refused else []
        sentences += [f"Writing to GitHub failed: {trouble}." for trouble in self._too_many]
        if self._unreachable is not None:
            sentences.append(f"Writing to GitHub failed: {self._unreachable}.")
        if isinstance(self._unreachable, OutOfTime):
            sentences.append(f"Not written, or not in full: {', '.join(self._left)}.")
        return (" ".join([*sentences, "The verdict does not change."]),) if sentences else ()


def refused(refusals: Iterable[AccessDenied], *, may_only_read: bool) -> str:
    """Return the notice of what GitHub refused, and of the permissions that a workflow needs for it."""
    refusals = list(refusals)
    headers = dict.fromkeys(r.permission for r in refusals if r.permission and not r.message)
    wanted = dict.fromkeys(name for header in headers for name in permissions(header))
    whats = _joined(dict.fromkeys(refusal.what for refusal in refusals))
    quoted = f" (X-Accepted-GitHub-Permissions: {' | '.join(map(line, headers))})" if headers else ""
    sentences = [f"This job may not {whats}{quoted}."]
    sentences += [
        f"GitHub says: {text.rstrip('.')}." for text in dict.fromkeys(r.message for r in refusals if r.message)
    ]
    if may_only_read:
        sentences.append(
            "The token of a fork's pull request can only read. Post the report in a second workflow (see README)."
        )
    elif wanted:
        sentences.append(f"Add {', '.join(f'`{name}`' for name in wanted)} to the permissions of the job.")
    return " ".join(sentences)


def _joined(actions: Iterable[str]) -> str:
    """Return actions as one phrase, where each verb stands once: ``write comments or commit statuses``."""
    objects: dict[str, list[str]] = {}
    for action in actions:
        verb, _, thing = action.partition(" ")
        objects.setdefault(verb, []).append(thing)
    phrases = [f"{verb} {_alternatives(things)}" for verb, things in objects.items()]
    return _alternatives(phrases)


def _alternatives(names: Sequence[str]) -> str:
    *firsts, last = names
    return f"{', '.join(firsts)} or {last}" if firsts else last


def permissions(header: str) -> list[str]:
    """Return the permissions of a header as a workflow writes them: ``pull-requests: write``.

    In the header a semicolon separates alternatives, a comma permissions that are needed together.
    """
    choices = [re.findall(r"([a-z_]+)=(read|write|admin)", choice) for choice in header.split(";")]
    choices = [choice for choice in choices if choice]
    best = next((choice for choice in choices if ("pull_requests", "write") in choice), choices[0] if choices else [])
    return [f"{name.replace('_', '-')}: {level}" for name, level in best]
