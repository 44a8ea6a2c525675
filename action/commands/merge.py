"""Merges the reports that several jobs stored into one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from action.errors import SettingsError
from action.project.folders import relative
from action.pull_request import stored
from action.sandbox.looking import is_folder
from action.settings import Settings
from checks import CHECKS
from checks.findings import Report
from checks.one_report import one_report

_STORED = "report.json"
_MOST = 1_000
"""Reports; a matrix has 256 jobs at most."""
_REMEDY = "Store the report of each job anew, with the same version of alembic-checks in all jobs."


def merged(settings: Settings, workspace: Path, head_sha: str | None) -> Report:
    """Return one report of the stored ones that the settings name, all of which are about one commit.

    Raises SettingsError for a file that is no report of this version or is about another commit than ``head_sha``,
    where it is known, and where nothing says which reports there should be.
    """
    reports = []
    for path in _paths(settings, workspace):
        report = _read(path, workspace)
        theirs = report.subject.head_sha if report.subject is not None else None
        head_sha = head_sha or theirs
        if theirs != head_sha and theirs is not None:
            raise _of_another_commit(relative(path, workspace), theirs, str(head_sha))
        reports.append(report)
    return one_report(reports, CHECKS, expected=settings.expected, fail_on=settings.fail_on)


def _paths(settings: Settings, workspace: Path) -> list[Path]:
    found: dict[Path, None] = {}
    for name in settings.merge_reports:
        if not _is_open(name, workspace):
            found[workspace / name] = None
        elif not settings.expected:
            raise SettingsError(
                f"`expected` is not set, and {name} stands for any number of reports.",
                why="Nobody would notice a job whose report is missing.",
                remedy="Set `expected` to the output `matrix` of the step that lists the Alembic configs, or to the "
                "configs of all jobs, one on each line.",
            )
        else:
            found |= dict.fromkeys(_several(name, workspace))
    if not found and not settings.expected:
        raise SettingsError(
            f"There is no report in {', '.join(settings.merge_reports)}.",
            remedy="Set merge-reports to the folder that actions/download-artifact wrote.",
        )
    if len(found) > _MOST:
        raise SettingsError(f"There are more than {_MOST} reports to merge.", remedy="Name fewer files.")
    return list(found)


def _is_open(name: str, workspace: Path) -> bool:
    """Return whether a name stands for any number of files: a pattern, a folder, or one that no job has filled."""
    return any(character in name for character in "*?[") or is_folder(workspace / name) or not name.endswith(".json")


def _several(name: str, workspace: Path) -> Iterator[Path]:
    """Yield the reports of a folder, or those that a pattern names, in order."""
    if is_folder(workspace / name):
        yield from sorted((workspace / name).rglob(_STORED))
    else:
        top = Path(name).anchor
        pattern = name.removeprefix(top) if top else name
        yield from sorted((Path(top) if top else workspace).glob(pattern))


def _read(path: Path, workspace: Path) -> Report:
    try:
        return stored.read(path)
    except SettingsError as error:
        named = relative(path, workspace)
        what = error.what if str(path) in error.what else f"{named}: {error.what}"
        raise SettingsError(what, why=error.why, remedy=_REMEDY) from error


def _of_another_commit(name: str, theirs: str, ours: str) -> SettingsError:
    return SettingsError(
        f"The report {name} is about the commit {theirs[:10]}, not about {ours[:10]}.",
        why="A report of another commit says nothing about this one.",
        remedy="Merge the reports of the same workflow run.",
    )
