"""The program: from settings to an exit code, along the one road of docs/design.md."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from action.errors import ExitCode, PostgresError, ProjectCodeError, RunError
from action.record import record
from action.rehearsal import recording_file
from action.reports import document, escape, markdown, terminal
from action.reports.progress import Progress
from action.settings import Settings, load
from checks import CHECKS
from checks.findings import Report, Verdict
from checks.judge import judge
from checks.policy import FailOn
from checks.recording import Obstacle, ObstacleKind, Recording


def entrypoint() -> None:
    """Run as a program: the process ends with the run's exit code."""
    raise SystemExit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run, and turn whatever ends it early into its sentences and its exit code."""
    verbose = False
    try:
        with stopped_by_signals():
            settings = load(argv, Path.cwd())
            verbose = settings.verbose
            return run(settings)
    except RunError as error:
        tell(error, verbose)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped; everything that was started has been ended.", file=sys.stderr)
        return 130
    except Exception:
        traceback.print_exc()
        print(
            "This is a fault of alembic-checks itself: please report it with the lines above.",
            file=sys.stderr,
        )
        return ExitCode.OUR_FAULT


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind like Ctrl-C, so that every server, database and child is ended."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(settings: Settings) -> int:
    """Record or load, judge, and report on every surface that was asked for."""
    if settings.recording is not None:
        recording = recording_file.load(settings.recording)
    else:
        recording = record(settings, Progress(sys.stderr, os.environ))
    report = judge(recording, settings.policy(), CHECKS)
    if settings.save_recording is not None:
        recording_file.save(recording, settings.save_recording)
    publish(report, settings)
    if settings.keep:
        print(recording.server_detail, file=sys.stderr)
    if settings.verbose:
        show_output(recording)
    return exit_code(report, recording, settings)


def publish(report: Report, settings: Settings) -> None:
    """Print the report and write it to the files that were asked for."""
    if settings.json_file is not None:
        settings.json_file.write_text(document.dump(report), encoding="utf-8")
    if settings.markdown_file is not None:
        settings.markdown_file.write_text(markdown.render(report), encoding="utf-8")
    color = terminal.wants_color(sys.stdout, os.environ)
    print(terminal.render(report, color=color, width=shutil.get_terminal_size((100, 24)).columns))


def show_output(recording: Recording) -> None:
    """Print what the project itself printed."""
    for tree in recording.trees:
        if tree.output:
            print(f"--- printed by the project ({tree.path}) ---\n{escape.lines(tree.output)}", file=sys.stderr)


def exit_code(report: Report, recording: Recording, settings: Settings) -> int:
    """Return the exit code: the project's own fault to load before what was found.

    Source of the codes: docs/design.md, "Rules that hold everywhere".
    """
    for tree in recording.trees:
        error = stopped_by(tree.obstacle)
        if error is not None:
            tell(error, settings.verbose)
            return error.exit_code
    if settings.fail_on is FailOn.NEVER or report.verdict is Verdict.PASSED:
        return ExitCode.PASSED
    return ExitCode.FINDINGS


def stopped_by(obstacle: Obstacle | None) -> RunError | None:
    """Return the error that an obstacle stands for; None where it only leaves something unjudged."""
    if obstacle is None or not (obstacle.is_project_code or obstacle.kind is ObstacleKind.NO_SERVER):
        return None
    kind = ProjectCodeError if obstacle.is_project_code else PostgresError
    return kind(obstacle.message, why=obstacle.why, remedy=obstacle.remedy, details=obstacle.details)


def tell(error: RunError, verbose: bool) -> None:
    """Print what, why and what to do; the details are the project's or the server's own words, cut to their end."""
    print(escape.lines(str(error)), file=sys.stderr)
    if error.details:
        lines = escape.lines(error.details).rstrip().splitlines()
        print("\n".join(lines if verbose else lines[-25:]), file=sys.stderr)
