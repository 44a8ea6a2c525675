"""Writes the report as files into the checkout; no symbolic link in it is followed, because it may be hostile."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from action.documents import report as document
from action.reports import escape, junit, sarif, summary
from action.repository.writing import OpenFolder, refusals_as_settings_errors
from action.settings.results import Format
from checks.findings import Report

_MISSING = "missing-migration"
_OLD = "old-differences"
"""The folder of migrations that nobody has to add now: no output names them, so that no workflow commits them."""
_FORMATS = {"report": Format.JSON, "summary": Format.MARKDOWN, "sarif": Format.SARIF, "junit": Format.JUNIT}
_NAMES = {"report": "report.json", "summary": "report.md", "sarif": "report.sarif", "junit": "report.junit.xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The paths of the files, relative to the workspace; empty for a file that was not written."""

    report: str = ""
    summary: str = ""
    sarif: str = ""
    junit: str = ""
    missing_migrations: tuple[str, ...] = ()


def write(report: Report, workspace: Path, folder: Path, formats: Collection[Format] = tuple(Format)) -> Written:
    """Write the report in some formats, and the missing migrations, into a folder, in place of an earlier run's.

    Raises SettingsError where the folder cannot be written, or leads through a symbolic link. The files get the owner
    of the workspace, so that a later checkout can remove them.
    """
    renders = {"report": document.dump, "summary": summary.render, "sarif": sarif.render, "junit": junit.render}
    texts = {name: render(report) for name, render in renders.items() if _FORMATS[name] in formats}
    migrations = dict(proposals(report))
    with refusals_as_settings_errors(folder), OpenFolder.open(workspace, folder) as opened:
        if opened.is_new:
            opened.write(".gitignore", "*\n")
        opened.remove(_MISSING)
        for name, file in _NAMES.items():
            if name in texts:
                opened.write(file, texts[name])
            else:
                opened.remove(file)
        opened.remove(_OLD)
        for place, proposed in ((_MISSING, migrations), (_OLD, dict(proposals(report, folded=True)))):
            for path, text in proposed.items():
                opened.write(f"{place}/{path}", text)
    where = PurePosixPath(os.path.relpath(folder, workspace))
    return Written(
        **{name: str(where / _NAMES[name]) for name in texts},
        missing_migrations=tuple(str(where / _MISSING / path) for path in migrations),
    )


def proposals(report: Report, *, folded: bool = False) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file that a check proposes to add to the project; ``folded`` ones are only offers."""
    for _, result in report.results():
        for snippet in result.fixes:
            if snippet.folded is folded and snippet.path is not None and _is_inside(snippet.path):
                yield snippet.path, snippet.text


def _is_inside(path: str) -> bool:
    """Return whether a path from the project's data stays below the folder it is written to, and can be shown."""
    parts = path.split("/")
    return path == escape.line(path) and not {"", ".", ".."} & set(parts) and "\\" not in path
