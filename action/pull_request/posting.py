"""The second workflow: posts the report of a run whose own token could only read, such as a fork's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from action.pull_request import stored
from action.pull_request.client import Client
from action.pull_request.event import Situation, Target
from action.pull_request.publish import Published, PublishOptions, publish
from action.pull_request.trouble import Trouble
from action.reports.words import plural
from checks.findings import Report
from checks.recording.absent import Absent


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What came of it."""

    report: Report
    """As read from the file, judged again."""
    published: Published


def post(path: Path, situation: Situation, client: Client, options: PublishOptions, summary_url: str | None) -> Posted:
    """Post the report in ``path`` on the pull request whose head the triggering run checked.

    The pull request, the commit and the run come from the event, never from the file. ``summary_url`` is the page of
    the run that ended. Raises SettingsError for a file that is not a report of ours; what GitHub refuses is a notice.
    """
    report = stored.load(path)
    target = situation.target
    if target is None:
        return Posted(report=report, published=Published(notices=("The event does not say which run has ended.",)))
    try:
        number = target.pull_request if target.pull_request is not None else find(client, target)
    except Trouble as trouble:
        return Posted(
            report=report,
            published=Published(
                notices=(f"No pull request could be looked up: {str(trouble).rstrip('.')}. Nothing was posted.",)
            ),
        )
    if isinstance(number, Absent):
        return Posted(report=report, published=Published(notices=(number.reason,)))
    found = dataclasses.replace(situation, target=dataclasses.replace(target, pull_request=number))
    published = publish(report, found, client, options, summary_url, note=_note(target))
    return Posted(report=report, published=published)


def find(client: Client, target: Target) -> int | Absent:
    """Return the pull request whose head is the commit that was checked. Raises Trouble."""
    if target.head is None or target.head_sha is None:
        return Absent(reason="The event does not say which branch was checked, so no pull request was looked up.")
    pulls = [pull for pull in client.pulls_with_head(target.head) if pull.head_sha == target.head_sha]
    if len(pulls) == 1:
        return pulls[0].number
    if pulls:
        many = plural(len(pulls), "open pull request")
        return Absent(reason=f"{many} have this commit as their head; nothing was posted.")
    return Absent(
        reason="No open pull request has the commit that was checked as its head any more; nothing was posted."
    )


def _note(target: Target) -> str:
    """Return what a reader has to know of a report that somebody else's code could have changed."""
    if not target.is_fork:
        return ""
    return "<sub>This report was made by the fork's own run, which runs the fork's code, and posted by another.</sub>"
