"""Writes on the pull request: the run's own report, or a report that another run stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from action.errors import SettingsError
from action.pull_request.event import Situation
from action.pull_request.on_demand import OnDemand
from action.pull_request.subject import key_of_run, subject_of, url_of
from action.reports import outputs
from action.reports.files import Written
from action.runner import Runner
from action.settings import Settings
from checks.findings import Report, Subject

if TYPE_CHECKING:
    from action.pull_request.client import Client
    from action.pull_request.publish import Published, PublishOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """One run's access to its pull request. PyGithub is imported only when something is written."""

    settings: Settings
    environ: Mapping[str, str]
    runner: Runner
    situation: Situation

    @property
    def may_write(self) -> bool:
        """Return whether there is a token and a repository to write to."""
        return self.settings.github_token is not None and self.situation.target is not None

    def connected(self) -> OnDemand:
        """Return the API, which connects at its first call. Call this only where ``may_write``."""
        return OnDemand(self._connect)

    def subject(self) -> Subject | None:
        """Return the key, commit and page of this run; None outside GitHub."""
        target, settings = self.situation.target, self.settings
        if target is None:
            return None
        return subject_of(target, key_of_run(target, settings.own_key, settings.matrix), self._url)

    def publish(self, report: Report, client: Client) -> None:
        """Write this run's report, and log a notice for what GitHub refuses."""
        from action.pull_request.publish import publish

        self._notice(publish(report, self.situation, client, self._options(), self._url))

    def post_stored(self, path: Path) -> None:
        """Post the report of a run whose token could only read. Raises SettingsError for a file that is no report."""
        if not self.may_write:
            raise SettingsError(
                "There is no token to post the report with.",
                remedy="Remove github-token: its default is the job's token.",
            )
        from action.pull_request.posting import post

        with self.connected() as github:
            posted = post(path, self.situation, github.client(), self._options(), self._url)
        self.runner.output(outputs.outputs(posted.report, Written()))
        self._notice(posted.published)
        print(f"Posted: {posted.published.comment_url or 'no comment'}.")

    def _notice(self, published: Published) -> None:
        self.runner.output({"comment-url": published.comment_url or ""})
        for notice in published.notices:
            self.runner.command("notice", notice, title="alembic-checks")

    def _connect(self) -> Client:
        from action.pull_request.client import Client

        token, target = self.settings.github_token, self.situation.target
        assert token is not None
        assert target is not None
        api = self.environ.get("GITHUB_API_URL", "https://api.github.com")
        return Client.connect(token.get_secret_value(), target.repository, api)

    def _options(self) -> PublishOptions:
        from action.pull_request.publish import PublishOptions

        settings = self.settings
        return PublishOptions(
            comment=settings.comment,
            comment_title=settings.comment_title,
            comment_key=settings.own_key,
            statuses=settings.statuses,
            check_run=settings.check_run,
        )

    @property
    def _url(self) -> str | None:
        return url_of(self.situation.target, self.environ)


def misplaced(situation: Situation, *, given: bool) -> SettingsError:
    """Return the error of a ``post-report`` that does not fit the event, or is missing under workflow_run."""
    if given:
        event = f"the event {situation.event}" if situation.event else "no GitHub event"
        return SettingsError(
            f"post-report works only under the event workflow_run. This run has {event}.",
            why="Only that event names the pull request of the report.",
            remedy="Remove post-report, or use it in a workflow that runs on workflow_run.",
        )
    return SettingsError(
        "Migrations do not run under workflow_run: the token can write, and the code is the pull request's.",
        why="The other workflow runs the checks; this one posts its report.",
        remedy="Set post-report to the report.json that the other workflow stored.",
    )
