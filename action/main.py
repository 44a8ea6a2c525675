"""The program: takes arguments and the runner's variables, and always ends with an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from action.commands import plain
from action.commands.ending import JobEnd, print_error
from action.commands.job import Job
from action.commands.machine_faults import of_the_machine, refuse_without_temporary_folder, working_directory
from action.commands.redaction import secrets_of
from action.commands.surfaces import takes_stdout
from action.errors import ExitCode, RunError
from action.reports import escape
from action.reports.annotations import of_failure
from action.runner import Runner
from action.sandbox.image import forget_the_job
from action.settings import Settings, load
from action.supervisor.signals import STOPPED


def main(argv: Sequence[str]) -> int:
    """Run and return the exit code; print an error or a signal that ends the run early."""
    forget_the_job()
    runner = Runner(os.environ, sys.stdout)
    with contextlib.ExitStack() as stack:
        stack.callback(runner.resume)
        stack.enter_context(contextlib.redirect_stdout(runner.inert(sys.stdout)))
        stack.enter_context(contextlib.redirect_stderr(runner.inert(sys.stderr)))
        ended = _guarded(argv, runner)
    # Last: only now does the runner obey commands in the log again. The report above has these findings already, so
    # that their lines are folded.
    if ended.annotations:
        runner.command("group", "Annotations")
        runner.annotate(ended.annotations)
        runner.command("endgroup")
    return ended.exit_code


def _guarded(argv: Sequence[str], runner: Runner) -> JobEnd:
    verbose = os.environ.get("RUNNER_DEBUG") == "1"
    try:
        if argv and argv[0] in plain.COMMANDS:
            plain.run(argv)
            return JobEnd(exit_code=ExitCode.PASSED)
        workspace = working_directory()
        settings = _settings(argv, runner, workspace)
        verbose = verbose or settings.verbose
        if settings.recording is None and settings.post_report is None and not settings.merge_reports:
            refuse_without_temporary_folder()
        return Job(settings, os.environ, runner, workspace).run()
    except RunError as error:
        print_error(error, verbose=verbose)
        return _failed(error.exit_code, str(error), runner)
    except KeyboardInterrupt:
        return JobEnd(exit_code=STOPPED)  # the parent process says so, when nothing is left
    except Exception as error:
        machine = of_the_machine(error)
        if machine is not None:
            print_error(machine, verbose=verbose)
            return _failed(machine.exit_code, str(machine), runner)
        traceback.print_exc()
        fault = "This is a bug in alembic-checks. Report it with the lines above."
        print(fault, file=sys.stderr)
        return _failed(ExitCode.OUR_FAULT, f"{type(error).__name__}: {error}\n{fault}", runner)


def _settings(argv: Sequence[str], runner: Runner, folder: Path) -> Settings:
    ignored: list[str] = []
    settings = load(argv, folder, os.environ if runner.active else None, report_ignored=ignored.append)
    runner.unite(stdout_is_taken=takes_stdout(settings))
    runner.mask(secrets_of(settings, os.environ))
    runner.stop()
    for line in ignored:
        print(escape.line(line), file=sys.stderr)
    return settings


def _failed(code: ExitCode, text: str, runner: Runner) -> JobEnd:
    """Return the end of a run without a report; on GitHub the error becomes the annotation and the summary."""
    if runner.active:
        runner.summary(f"## \N{CROSS MARK} Migrations: not checked\n\n{escape.fence(text, 'text')}")
    return JobEnd(exit_code=code, annotations=(of_failure(text),))
