"""Writes the report wherever no permission is needed: terminal, files, job summary and step outputs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from action.documents import report as document
from action.errors import SettingsError
from action.reports import files, junit, markdown, outputs, sarif, summary, terminal
from action.repository.writing import write_text
from action.runner import Runner
from action.settings import Settings
from checks.findings import Report


def bring(
    report: Report, settings: Settings, environ: Mapping[str, str], runner: Runner, workspace: Path
) -> SettingsError | None:
    """Write the report everywhere; return the error of files that could not be written, after writing the rest."""
    refused = None
    written = files.Written()
    try:
        _write_files(report, settings, workspace)
        if settings.report_dir is not None:
            written = files.write(report, workspace, settings.report_dir)
    except SettingsError as error:
        refused = error
    runner.summary(summary.render(report))
    runner.output(outputs.outputs(report, written))
    color = terminal.wants_color(sys.stdout, environ)
    width = shutil.get_terminal_size((100, 24)).columns
    whole = written.report or (str(settings.json_file) if settings.json_file is not None and refused is None else "")
    print(terminal.render(report, color=color, width=width, file=whole))
    return refused


def _write_files(report: Report, settings: Settings, workspace: Path) -> None:
    for path, render in (
        (settings.json_file, document.dump),
        (settings.markdown_file, markdown.render),
        (settings.sarif_file, sarif.render),
        (settings.junit_file, junit.render),
    ):
        if path is not None:
            write_text(render(report), workspace, path)
