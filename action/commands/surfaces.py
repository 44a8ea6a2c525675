"""Writes the report wherever no permission is needed: terminal, files, job summary and step outputs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from action.documents import recording as recording_file
from action.documents import report as document
from action.errors import SettingsError
from action.reports import escape, files, junit, markdown, outputs, sarif, summary, terminal
from action.repository.outlets import descriptor_of
from action.repository.writing import write_text
from action.runner import Runner
from action.settings import Settings
from action.streams import STDERR, STDOUT
from checks.findings import Report
from checks.recording.tree import Recording


def saved(recording: Recording, settings: Settings, workspace: Path) -> list[SettingsError]:
    """Save the recording where a setting asks for it; return the error of a file that could not be written."""
    if settings.save_recording is not None:
        sys.stdout.flush()
        try:
            recording_file.save(recording, workspace, settings.save_recording)
        except SettingsError as error:
            return [error]
    return []


def bring(
    report: Report, settings: Settings, environ: Mapping[str, str], runner: Runner, workspace: Path
) -> list[SettingsError]:
    """Write the report everywhere; return the errors of files that could not be written."""
    refused = _write_files(report, settings, runner, workspace)
    is_whole = not refused
    written = files.Written()
    if settings.report_dir is not None:
        try:
            written = files.write(report, workspace, settings.report_dir, settings.formats)
        except SettingsError as error:
            refused.append(error)
    runner.summary(summary.render(report))
    runner.output(outputs.outputs(report, written))
    stream = sys.stderr if takes_stdout(settings) else sys.stdout
    color = terminal.wants_color(stream, environ)
    whole = written.report or (str(settings.json_file) if settings.json_file is not None and is_whole else "")
    # A log shows its end, where the annotations stand: the verdict is not repeated there.
    text = terminal.render(report, color=color, width=_width(stream), file=whole, repeats=not runner.active)
    runner.show(text, stream)
    return refused


def _write_files(report: Report, settings: Settings, runner: Runner, workspace: Path) -> list[SettingsError]:
    refused: list[SettingsError] = []
    for path, render in (
        (settings.json_file, document.dump),
        (settings.markdown_file, markdown.render),
        (settings.sarif_file, sarif.render),
        (settings.junit_file, junit.render),
    ):
        if path is not None:
            refused += written_to(path, render(report), runner, workspace)
    return refused


def written_to(path: Path, text: str, runner: Runner, workspace: Path) -> list[SettingsError]:
    """Write a text where a setting asks for it; return the error of a file that could not be written."""
    if runner.active and descriptor_of(path) in (STDOUT, STDERR):
        text = escape.log(text)  # the runner reads it, and obeys the commands in it
    sys.stdout.flush()
    try:
        write_text(text, workspace, path)
    except SettingsError as error:
        return [error]
    return []


def takes_stdout(settings: Settings) -> bool:
    """Return whether a setting names standard output for something that a program may read."""
    named = (settings.json_file, settings.markdown_file, settings.sarif_file, settings.junit_file)
    return any(p is not None and descriptor_of(p) == STDOUT for p in (*named, settings.save_recording, settings.trace))


def _width(stream: TextIO) -> int:
    if stream is sys.stdout:
        return shutil.get_terminal_size((100, 24)).columns
    try:
        return os.get_terminal_size(stream.fileno()).columns or 100
    except (OSError, ValueError):
        return 100
