"""Posts, in a second workflow, the report of a run whose token could only read, such as a fork's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from action.pull_request import stored
from action.pull_request.client import Client
from action.pull_request.comment import StoredBy
from action.pull_request.event import Situation, Target
from action.pull_request.publish import Published, PublishOptions, publish
from action.pull_request.status import unknown_checks
from action.pull_request.subject import shortened
from action.pull_request.trouble import Trouble
from action.reports.escape import line
from checks.findings import Report
from checks.plural import listed, plural
from checks.recording.absent import Absent


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The result of posting."""

    report: Report
    """The report as read from the file, with a verdict of our own."""
    published: Published


def post(path: Path, situation: Situation, client: Client, options: PublishOptions, summary_url: str | None) -> Posted:
    """Post the report in ``path`` on the pull request whose head the triggering run checked.

    The pull request, the commit and the run come from the event, never from the file. ``summary_url`` is the page of
    the run that ended. Raises SettingsError for a file that is not a report of ours; what GitHub refuses is a notice.
    """
    report = stored.load(path)
    target = situation.target
    if target is None:
        return Posted(
            report=report,
            published=Published(notices=("The event does not name the run that ended, so nothing was posted.",)),
        )
    with client.task():
        return _posted(report, situation, target, client, options, summary_url)


def _posted(
    report: Report,
    situation: Situation,
    target: Target,
    client: Client,
    options: PublishOptions,
    summary_url: str | None,
) -> Posted:
    try:
        number = target.pull_request if target.pull_request is not None else find(client, target)
    except Trouble as trouble:
        return Posted(
            report=report,
            published=Published(
                notices=(f"The pull request could not be found: {str(trouble).rstrip('.')}. Nothing was posted.",)
            ),
        )
    if isinstance(number, Absent):
        return Posted(report=report, published=Published(notices=(number.reason,)))
    found = dataclasses.replace(situation, target=dataclasses.replace(target, pull_request=number))
    published = publish(report, found, client, options, summary_url, stored_by=_stored_by(report, target, options))
    unknown = unknown_checks(report)
    if unknown and options.statuses:
        notice = f"The stored report has checks that this version does not have: {listed(unknown)}. They get no status."
        published = dataclasses.replace(published, notices=(*published.notices, notice))
    return Posted(report=report, published=published)


def find(client: Client, target: Target) -> int | Absent:
    """Return the pull request whose head is the commit that was checked. Raises Trouble."""
    if target.head is None or target.head_sha is None:
        return Absent(reason="The event does not name the branch that was checked, so nothing was posted.")
    pulls = [pull for pull in client.pulls_with_head(target.head) if pull.head_sha == target.head_sha]
    if len(pulls) == 1:
        return pulls[0].number
    if pulls:
        many = plural(len(pulls), "open pull request")
        return Absent(reason=f"{many} have this commit as their head, so nothing was posted.")
    return Absent(
        reason="The commit that was checked is no longer the head of an open pull request, so nothing was posted."
    )


def _stored_by(report: Report, target: Target, options: PublishOptions) -> StoredBy:
    own = line(report.subject.key if report.subject else "")
    old_keys = tuple(filter(None, (options.comment_key or own or target.key,)))
    return StoredBy(workflow=target.workflow, note=_note(target), old_keys=tuple(map(shortened, old_keys)))


def _note(target: Target) -> str:
    """Return the note on a report that a fork's code could have changed; empty for any other report."""
    if not target.is_fork:
        return ""
    return "<sub>The fork's own run made this report, and the fork's code could change it.</sub>"
