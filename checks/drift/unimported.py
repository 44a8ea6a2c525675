"""Write the findings about models that env.py does not import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.check import Outcome
from checks.common_causes import UNIMPORTED
from checks.findings import Finding, Severity, Status
from checks.recording.absent import Absent
from checks.recording.imports import ModelFiles, UnimportedModels

_MOST_NAMED = 3


def with_unimported(outcome: Outcome, files: ModelFiles | Absent) -> Outcome:
    """Add the findings to an outcome; where the files are unknown, nothing says that the models are complete."""
    if isinstance(files, Absent):
        return outcome if outcome.unjudged else replace(outcome, unjudged=Status.SKIPPED, reason=files.reason)
    return replace(outcome, findings=(*outcome.findings, *map(_finding, files.unimported)))


def _finding(file: UnimportedModels) -> Finding:
    these = "this table" if len(file.tables) == 1 else "these tables"
    return Finding(
        rule="unseen-models",
        severity=Severity.WARNING if file.changed else Severity.NOTICE,
        old=not file.changed,
        message=f"env.py does not import {file.path}, which defines {_named(file)}.",
        why=f"Autogenerate and this check do not see {these}, so a change without a migration passes.",
        remedy=f"Import {file.module} in env.py, or in a package that env.py imports.",
        path=file.path,
        line=file.line,
        object=file.path,
        problem=UNIMPORTED,
    )


def _named(file: UnimportedModels) -> str:
    noun = "table" if len(file.tables) == 1 else "tables"
    return f"{noun} {few(file.tables)}"


def few(names: Sequence[str]) -> str:
    """Return names as a list in a sentence, of many only the first ones."""
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
