"""One whole run: checks the project or posts a stored report, as the event asks, and shows the results."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from action.commands.ending import JobEnd, exit_code, is_shown, print_error, stopped_by
from action.commands.listing_trees import as_json, for_people, list_trees, matrix
from action.commands.merge import merged
from action.commands.placing import placed
from action.commands.post import Poster, misplaced
from action.commands.progress import Fold, Progress, age_of_this_process
from action.commands.read_trees import World
from action.commands.record import record
from action.commands.redaction import redacted, secrets_of
from action.commands.skipping import skipped, skipping_label
from action.commands.surfaces import bring, saved, written_to
from action.documents import recording as recording_file
from action.errors import ExitCode, RunError, SettingsError
from action.pull_request.event import Task, situation
from action.pull_request.on_demand import OnDemand
from action.pull_request.payload import read_payload
from action.reports import escape
from action.reports.annotations import ranked
from action.runner import Runner
from action.settings import Settings
from checks import CHECKS
from checks.findings import Report
from checks.judge import judge
from checks.one_report import without_report
from checks.plural import listed
from checks.recording.server import ServerUsed
from checks.recording.tree import Recording

_MOST_NAMED = 10
"""Places that could not be read and that the log names; the report has all of them."""


class Job:
    """One run; environment, runner and workspace are arguments, so that tests can replace them."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], runner: Runner, workspace: Path) -> None:
        self.settings = settings
        self.environ = environ
        self.runner = runner
        self.workspace = workspace
        self.progress = Progress(
            sys.stderr,
            environ,
            age=age_of_this_process() if runner.active else 0.0,
            times=runner.active or self._is_verbose,
            group=Fold(open=partial(runner.command, "group", "Progress"), close=partial(runner.command, "endgroup"))
            if runner.active
            else None,
        )
        self.situation = situation(
            environ, read_payload(environ), run_fork_code=settings.run_fork_code_on_pull_request_target
        )
        self.poster = Poster(settings=settings, environ=environ, runner=runner, situation=self.situation)

    def run(self) -> JobEnd:
        """Do what the event asks for. Raises RunError where that is not possible."""
        try:
            return self._run()
        finally:
            self.progress.settle()

    def _run(self) -> JobEnd:
        if self.settings.post_report is not None or self.situation.task is Task.POST:
            return self._post(self.settings.post_report)
        if self.situation.task is Task.IGNORE:
            print(f"Nothing to check: {self.situation.reason}")
            return JobEnd(exit_code=ExitCode.PASSED)
        if self.situation.task is Task.REFUSE:
            raise SettingsError("This pull request is not checked.", why=self.situation.reason)
        does = self._check
        if self.settings.list_as is not None:
            does = self._list
        elif self.settings.merge_reports:
            does = self._merge
        if not self.poster.may_write:
            return does(None)
        with self.poster.connected() as github:
            return does(github)

    def _list(self, github: OnDemand | None) -> JobEnd:
        """Print the Alembic configs, or write them as a matrix to where the settings and the runner take it."""
        settings, entries = self.settings, self.settings.list_as
        assert entries is not None
        trees = list_trees(settings, self.progress, self._world(github))
        self.progress.settle()
        written = as_json(matrix(trees, entries))
        self.runner.output({"matrix": written})
        if settings.json_file is None:
            print(for_people(trees, entries))
            return JobEnd(exit_code=ExitCode.PASSED)
        return self._ended_without_report(written_to(settings.json_file, written + "\n", self.runner, self.workspace))

    def _merge(self, github: OnDemand | None) -> JobEnd:
        """Show the stored reports of other jobs as one; their findings are annotated by these jobs."""
        settings, subject = self.settings, self.poster.subject()
        report = merged(settings, self.workspace, subject.head_sha if subject else None)
        report = redacted(replace(report, subject=subject), secrets_of(settings, self.environ))
        refused = self._bring(report)
        self._publish(report, github)
        return replace(self._ended(report, None, refused), annotations=ranked(without_report(report)))

    def _bring(self, report: Report) -> list[SettingsError]:
        self.progress.settle()
        return bring(report, self.settings, self.environ, self.runner, self.workspace)

    def _publish(self, report: Report, github: OnDemand | None) -> None:
        if github is not None:
            with self.progress.phase("writing to the pull request"):
                self.poster.publish(report, github.client())

    def _check(self, github: OnDemand | None) -> JobEnd:
        settings = self.settings
        label = skipping_label(settings, self.situation.labels)
        if label is not None:
            return self._skip(label, github)
        world = self._world(github)
        if settings.recording is not None:
            recording = recording_file.load(settings.recording)
        else:
            recording = record(settings, self.progress, world)
        refused = [*world.refused, *saved(recording, settings, self.workspace)]
        report = judge(recording, settings.policy(), CHECKS)
        report = placed(replace(report, subject=self.poster.subject()), settings.path)
        report = redacted(report, secrets_of(settings, self.environ))
        refused += self._bring(report)
        self._publish(report, github)
        self._show(recording)
        return self._ended(report, stopped_by(recording), refused)

    def _skip(self, label: str, github: OnDemand | None) -> JobEnd:
        """Say on every surface that the label skips the checks; an existing comment says so, too."""
        settings = self.settings
        report = replace(skipped(settings, label), subject=self.poster.subject())
        report = redacted(report, secrets_of(settings, self.environ))
        refused = self._bring(report)
        self._publish(report, github)
        return self._ended(report, None, refused)

    def _post(self, path: Path | None) -> JobEnd:
        if path is not None and self.situation.task is Task.POST:
            self.poster.post_stored(path)
        elif self.situation.task is Task.IGNORE:
            print(f"Nothing to post: {self.situation.reason}")
        else:
            raise misplaced(self.situation, given=path is not None)
        return JobEnd(exit_code=ExitCode.PASSED)

    def _world(self, github: OnDemand | None) -> World:
        happened = self.situation
        of_pull_request = happened.target is not None and happened.target.pull_request is not None
        return World(
            base=happened.base,
            no_base=happened.reason if happened.base is None else "",
            base_expected=happened.base is not None or of_pull_request,
            client=github,
            workspace=self.workspace,
            secrets=secrets_of(self.settings, self.environ),
            server_url=self.environ.get("GITHUB_SERVER_URL") if happened.event else None,
        )

    def _ended(self, report: Report, stopped: RunError | None, refused: Sequence[SettingsError]) -> JobEnd:
        errors = [*([stopped] if stopped else []), *refused]
        for error in errors:
            print_error(error, verbose=self._is_verbose, shown=is_shown(error, report))
        code = errors[0].exit_code if errors else exit_code(report, self.settings.fail_on)
        return JobEnd(exit_code=code, annotations=ranked(report))

    def _ended_without_report(self, refused: Sequence[SettingsError]) -> JobEnd:
        for error in refused:
            print_error(error, verbose=self._is_verbose)
        return JobEnd(exit_code=refused[0].exit_code if refused else ExitCode.PASSED)

    def _show(self, recording: Recording) -> None:
        """Print what could not be searched, what the user has to remove, and what --keep and --verbose ask for."""
        servers = [server for server in (recording.server, *(one.server for one in recording.further)) if server]
        for server in servers:
            if not server.left:
                continue
            left = _not_dropped(server)
            print(left, file=sys.stderr)
            self.runner.command("notice", left, title="alembic-checks")
        if recording.unsearched:
            closed = listed(recording.unsearched, _MOST_NAMED)
            print(
                escape.line(f"These places cannot be read, so no Alembic config was looked for there: {closed}."),
                file=sys.stderr,
            )
        for server in servers if self.settings.keep else ():
            print(server.detail, file=sys.stderr)
        for tree in recording.trees if self._is_verbose else ():
            if tree.output:
                print(f"--- printed by the project ({tree.path}) ---\n{escape.lines(tree.output)}", file=sys.stderr)

    @property
    def _is_verbose(self) -> bool:
        return self.settings.verbose or self.environ.get("RUNNER_DEBUG") == "1"


def _not_dropped(server: ServerUsed) -> str:
    named = escape.line(", ".join(server.left))
    where = escape.line(server.detail)
    return f"Scratch databases were not dropped: {named} ({where}). The verdict does not change. Drop them by hand."
