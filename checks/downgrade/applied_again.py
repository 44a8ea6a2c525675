"""Say what keeps a revision from being applied again after its downgrade."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.called_from import called_from
from checks.downgrade.failing import failure_evidence
from checks.downgrade.naming_objects import described, item_of, object_of
from checks.downgrade.not_undone import Leftover
from checks.downgrade.undone import UndoneRevision
from checks.failure_texts import error_text, frames_to, place
from checks.findings import Finding, Severity
from checks.recording.legs import Failure, FailureKind
from checks.recording.schema import Fate

_QUOTED = re.compile(r'"([^"]+)"')
_WHY = "After a rollback, the next deploy fails at this line."


def fails_again(subject: UndoneRevision, failure: Failure, found: Sequence[Leftover]) -> Finding:
    """Return the finding about an upgrade that does not run after the downgrade."""
    obstacle = _in_the_way(failure, found)
    path, line = place(subject.recording, failure)
    error = error_text(failure).rstrip(".")
    end = f"{error}." if failure.kind is FailureKind.TIMEOUT else f"fails: {error}."
    what = f"Revision {subject.revision.id}, applied again after its downgrade(),"
    return Finding(
        rule="upgrade-again-fails",
        severity=subject.severity(Severity.ERROR),
        message=f"{what} {end}",
        why=_WHY,
        remedy=_remedy(obstacle),
        path=path or subject.path,
        line=line or subject.line,
        revision=subject.revision.id,
        old=subject.is_old,
        called_from=called_from(subject.recording.graph, subject.revision.id, frames_to(failure)),
        object=object_of(item_of(obstacle.change)) if obstacle else None,
        evidence=tuple(failure_evidence(failure)),
        problem=subject.problem,
        follows="downgrade" if obstacle is not None else None,
    )


def _in_the_way(failure: Failure, found: Sequence[Leftover]) -> Leftover | None:
    """Return the object that the downgrade has left and the error names; else the only one that it has left."""
    named = {name.rpartition(".")[2] for name in _QUOTED.findall(failure.message)}
    for leftover in found:
        item, other = item_of(leftover.change), leftover.other_name
        names = {item.name, item.name.partition("(")[0], *([other.name] if other is not None else [])}
        if names & named:
            return leftover
    return found[0] if len(found) == 1 else None


def _remedy(obstacle: Leftover | None) -> str:
    if obstacle is None:
        return "Undo in downgrade() what upgrade() does at this line."
    name = described(item_of(obstacle.change))
    if obstacle.change.fate is Fate.WENT:
        return f"Restore in downgrade() what is missing: {name}."
    return f"Undo in downgrade() what is left: {name}."
