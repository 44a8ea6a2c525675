"""The settings of the files that a run writes, and of the saved run that it reads instead of running migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import field_validator

from action.repository.outlets import descriptor_of, is_given
from action.settings.declaring import A_FILE, RESULTS, Declared, Setting
from action.settings.named_paths import existing_file, existing_folder, refuse_folder


class ResultSettings(Declared):
    """The files that results are written to or read from."""

    json_file: Annotated[
        Path | None,
        Setting(
            help="Write the report as JSON",
            input_text="File to write the report as JSON to",
            group=RESULTS,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    markdown_file: Annotated[
        Path | None,
        Setting(
            help="Write the report as Markdown",
            input_text="File to write the report as Markdown to",
            group=RESULTS,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    sarif_file: Annotated[
        Path | None,
        Setting(
            help="Write the findings as SARIF 2.1.0",
            input_text="File to write the findings as SARIF 2.1.0 to",
            group=RESULTS,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    junit_file: Annotated[
        Path | None,
        Setting(
            help="Write the results as JUnit XML",
            input_text="File to write the results as JUnit XML to",
            group=RESULTS,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    report_dir: Annotated[
        Path | None,
        Setting(
            help="Write all of these reports and the missing migration to a folder",
            input_text="Folder for report.json, report.md, report.sarif, report.junit.xml "
            "and the missing migration. Default: alembic-checks-report",
            group=RESULTS,
            trusted=True,
            metavar="DIR",
            accepts="a folder, which is created if it does not exist",
            is_written=True,
            input_default="alembic-checks-report",
        ),
    ] = None
    save_recording: Annotated[
        Path | None,
        Setting(
            help="Save everything observed in this run, to check it again later",
            input_text="File to save everything observed in this run to, to check it again later",
            group=RESULTS,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    trace: Annotated[
        Path | None,
        Setting(
            help="Write every message to and from the project's process, with times",
            group=RESULTS,
            place="terminal",
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    recording: Annotated[
        Path | None,
        Setting(
            help="Check a run that --save-recording saved, without project or database",
            input_text="File that `save-recording` wrote: check that run again, without project or database",
            group=RESULTS,
            trusted=True,
            metavar="FILE",
            accepts="a file that --save-recording wrote",
        ),
    ] = None

    @field_validator("recording")
    @classmethod
    def _is_recording(cls, value: Path | None) -> Path | None:
        return None if value is None else existing_file(value)

    @field_validator("json_file", "markdown_file", "sarif_file", "junit_file", "save_recording", "trace")
    @classmethod
    def _can_be_written(cls, value: Path | None) -> Path | None:
        if value is not None and not is_given(value):
            raise ValueError("it is not open")
        if value is not None:
            refuse_folder(value)
            existing_folder(value.parent, "its folder does not exist")
        return value

    @field_validator("report_dir")
    @classmethod
    def _is_no_stream(cls, value: Path | None) -> Path | None:
        if value is not None and descriptor_of(value) is not None:
            raise ValueError("it is no folder")
        return value
