"""One run in full: what the event asks for, a rehearsal or a stored report, and every surface that it goes to."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from action.commands.ending import exit_code, stopped_by, tell
from action.commands.progress import Progress, age_of_this_process
from action.commands.record import World, record
from action.commands.redaction import redacted, secrets_of
from action.commands.surfaces import bring
from action.documents import recording as recording_file
from action.errors import ExitCode, RunError, SettingsError
from action.pull_request.event import Situation, Task, situation
from action.pull_request.on_demand import OnDemand
from action.pull_request.payload import read_payload
from action.reports import escape, outputs
from action.reports.annotations import Annotation, ranked
from action.reports.files import Written
from action.runner import Runner
from action.settings import Settings
from checks import CHECKS
from checks.findings import Report, Subject
from checks.judge import judge
from checks.recording.tree import Recording

if TYPE_CHECKING:
    from action.pull_request.client import Client
    from action.pull_request.publish import Published, PublishOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended."""

    exit_code: int
    annotations: tuple[Annotation, ...] = ()
    """For the lines of the pull request; said last, when the runner obeys commands again."""


class Job:
    """One run; the world that it lives in comes as arguments."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], runner: Runner, workspace: Path) -> None:
        self.settings = settings
        self.environ = environ
        self.runner = runner
        self.workspace = workspace
        self.progress = Progress(sys.stderr, environ, age=age_of_this_process() if runner.active else 0.0)
        self.situation = self._situation()

    def run(self) -> Ended:
        """Do what the event asks for; raises RunError where it cannot be done."""
        if self.settings.post_report is not None or self.situation.task is Task.POST:
            return self._post(self.settings.post_report)
        if self.situation.task is Task.IGNORE:
            print(f"Nothing to check: {self.situation.reason}")
            return Ended(exit_code=ExitCode.PASSED)
        if self.situation.task is Task.REFUSE:
            raise SettingsError("This pull request is not checked.", why=self.situation.reason)
        if not self._may_write:
            return self._check(None)
        with OnDemand(self._connected) as github:
            return self._check(github)

    def _situation(self) -> Situation:
        payload = read_payload(self.environ)
        return situation(self.environ, payload, run_fork_code=self.settings.run_fork_code_on_pull_request_target)

    def _check(self, github: OnDemand | None) -> Ended:
        settings = self.settings
        if settings.recording is not None:
            recording = recording_file.load(settings.recording)
        else:
            recording = record(settings, self.progress, self._world(github))
        if settings.save_recording is not None:
            recording_file.save(recording, self.workspace, settings.save_recording)
        report = judge(recording, settings.policy(), CHECKS)
        report = replace(report, subject=self._subject())
        report = redacted(report, secrets_of(settings, self.environ))
        refused = bring(report, settings, self.environ, self.runner, self.workspace)
        if github is not None:
            with self.progress.phase("reporting on the pull request"):
                self._published(self._publish(report, github.client()))
        self._show(recording)
        return self._ended(report, stopped_by(recording) or refused)

    def _world(self, github: OnDemand | None) -> World:
        happened = self.situation
        of_pull_request = happened.target is not None and happened.target.pull_request is not None
        return World(
            base=happened.base,
            no_base=happened.reason if happened.base is None else "",
            base_expected=happened.base is not None or of_pull_request,
            client=github,
            server_url=self.environ.get("GITHUB_SERVER_URL") if happened.event else None,
        )

    def _ended(self, report: Report, error: RunError | None) -> Ended:
        told = ranked(report)
        if error is None:
            return Ended(exit_code=exit_code(report, self.settings.fail_on), annotations=told)
        tell(error, verbose=self._is_verbose)
        return Ended(exit_code=error.exit_code, annotations=told)

    def _show(self, recording: Recording) -> None:
        """Print what was asked for beside the report."""
        if self.settings.keep and recording.server is not None:
            print(recording.server.detail, file=sys.stderr)
        for tree in recording.trees if self._is_verbose else ():
            if tree.output:
                print(f"--- printed by the project ({tree.path}) ---\n{escape.lines(tree.output)}", file=sys.stderr)

    @property
    def _is_verbose(self) -> bool:
        return self.settings.verbose or self.environ.get("RUNNER_DEBUG") == "1"

    def _publish(self, report: Report, client: Client) -> Published:
        from action.pull_request.publish import publish

        return publish(report, self.situation, client, self._options(), self._url())

    def _published(self, published: Published) -> None:
        self.runner.output({"comment-url": published.comment_url or ""})
        for notice in published.notices:
            self.runner.command("notice", notice, title="alembic-checks")

    def _post(self, path: Path | None) -> Ended:
        """Post the report of a run that could not write itself."""
        if path is None or self.situation.task is not Task.POST:
            if self.situation.task is Task.IGNORE:
                print(f"Nothing to post: {self.situation.reason}")
                return Ended(exit_code=ExitCode.PASSED)
            raise _misplaced(self.situation, given=path is not None)
        if not self._may_write:
            raise SettingsError("There is no token to post with.", remedy="Leave github-token as it is.")
        from action.pull_request.post import post

        with OnDemand(self._connected) as github:
            posted = post(path, self.situation, github.client(), self._options(), self._url())
        self.runner.output(outputs.outputs(posted.report, Written()))
        self._published(posted.published)
        print(f"Posted: {posted.published.comment_url or 'no comment'}.")
        return Ended(exit_code=ExitCode.PASSED)

    @property
    def _may_write(self) -> bool:
        return self.settings.github_token is not None and self.situation.target is not None

    def _connected(self) -> Client:
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
            comment_key=settings.comment_key,
            statuses=settings.statuses,
            check_run=settings.check_run,
        )

    def _subject(self) -> Subject | None:
        """Return which run this is; None outside GitHub."""
        target = self.situation.target
        if target is None:
            return None
        return Subject(
            key=self.settings.comment_key or f"{target.key}{_leg(self.settings.matrix)}",
            head_sha=target.head_sha,
            pull_request=target.pull_request,
            run_id=target.run_id,
            run_attempt=target.run_attempt,
            url=self._url(),
        )

    def _url(self) -> str | None:
        """Return the page of the run that is reported, where its summary is."""
        target = self.situation.target
        if target is None or not target.run_id:
            return None
        server = self.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
        return f"{server}/{target.repository}/actions/runs/{target.run_id}/attempts/{target.run_attempt}"


def _leg(matrix: str) -> str:
    """Return which leg of a matrix this is, as GitHub names the job: `` (3.13, 17)``; empty without a matrix."""
    try:
        values = json.loads(matrix) if matrix else None
    except ValueError:
        return f" ({matrix})"
    if not isinstance(values, dict):
        return ""
    shown = (value if isinstance(value, str) else json.dumps(value) for value in values.values())
    return f" ({', '.join(shown)})"


def _misplaced(happened: Situation, *, given: bool) -> SettingsError:
    if given:
        return SettingsError(
            f"post-report is for the event workflow_run, and this is {happened.event or 'no event of GitHub'}.",
            why="Which pull request the report is of is taken from that event alone.",
            remedy="Leave post-report out, or use it in a workflow that runs on workflow_run.",
        )
    return SettingsError(
        "Under workflow_run nothing is checked: the token can write, and the code is the pull request's.",
        why="The workflow that ended checks; this one can post what it found.",
        remedy="Set post-report to the report.json that the other workflow stored.",
    )
