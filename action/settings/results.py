"""The settings of the files that a run writes, and of the saved run that it reads instead of running migrations."""

from __future__ import annotations

import enum
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import field_validator

from action.repository.outlets import descriptor_of, is_given
from action.settings.declaring import A_FILE, FILES, Declared, Setting
from action.settings.named_paths import existing_file, existing_folder, refuse_folder

REPORT_DIR = "alembic-checks-report"


class Format(enum.StrEnum):
    """A form of the report, as a file of the folder ``report-dir``."""

    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    JUNIT = "junit"


class ResultSettings(Declared):
    """The files that results are written to or read from."""

    json_file: Annotated[
        Path | None,
        Setting(
            help="Write the report as JSON to a file. Default: none",
            group=FILES,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    markdown_file: Annotated[
        Path | None,
        Setting(
            help="Write the report as Markdown to a file. Default: none",
            group=FILES,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    sarif_file: Annotated[
        Path | None,
        Setting(
            help="Write the findings as SARIF 2.1.0 to a file. Default: none",
            group=FILES,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    junit_file: Annotated[
        Path | None,
        Setting(
            help="Write the results as JUnit XML to a file. Default: none",
            group=FILES,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    report_dir: Annotated[
        Path | None,
        Setting(
            help="Folder for the reports in all `--formats`, and for the missing migration. Default: none",
            input_text="Folder for report.json, report.md, report.sarif, report.junit.xml and the missing migration. "
            f"Default: {REPORT_DIR}",
            group=FILES,
            is_input=True,
            trusted=True,
            metavar="DIR",
            accepts="a folder, which is created if it does not exist",
            is_written=True,
            input_default=REPORT_DIR,
        ),
    ] = None
    formats: Annotated[
        tuple[Format, ...],
        Setting(
            help="Reports in `--report-dir`, such as json,sarif: json, markdown, sarif or junit. Default: all",
            input_text="Reports in `report-dir`, such as json,sarif: json, markdown, sarif or junit. Default: all",
            group=FILES,
            is_input=True,
            trusted=True,
            metavar="FORMATS",
            accepts="json, markdown, sarif or junit, or several such as json,sarif",
        ),
    ] = tuple(Format)
    save_recording: Annotated[
        Path | None,
        Setting(
            help="File to save everything observed in this run to, to check it again later. Default: none",
            group=FILES,
            trusted=True,
            metavar="FILE",
            accepts=A_FILE,
            is_written=True,
        ),
    ] = None
    trace: Annotated[
        Path | None,
        Setting(
            help="File for every message to and from the project's process, with times. Default: none",
            group=FILES,
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
            help="File that `save-recording` wrote: check that run again, without project or database. Default: none",
            group=FILES,
            trusted=True,
            metavar="FILE",
            accepts="a file that --save-recording wrote",
        ),
    ] = None

    @field_validator("formats", mode="before")
    @classmethod
    def _several_formats(cls, value: Any) -> Any:
        items = value if isinstance(value, list | tuple) else [value]
        names = [name for item in items for name in re.split(r"[\s,]+", str(item).strip().lower()) if name]
        unknown = [name for name in names if name not in tuple(Format)]
        if unknown or not names:
            raise ValueError(f"there is no format {', '.join(map(repr, unknown or names))}".strip())
        return tuple(dict.fromkeys(names))

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
