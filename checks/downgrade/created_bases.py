"""Tell what proves nothing on a base database that was created from models: they are not what production has."""

from __future__ import annotations

from checks.downgrade.not_undone import Leftover
from checks.downgrade.undone import UndoneRevision
from checks.downgrade.wrong_names import wrong_name
from checks.made_base import is_from_models
from checks.recording.legs import Failure, FailureKind
from checks.recording.schema import Fate

_OF_SCHEMA = ("42", "2B", "23", "3F", "22")
"""Classes of SQLSTATE for what depends on the objects and rows that the base has."""


def is_proven(subject: UndoneRevision, leftover: Leftover) -> bool:
    """Return whether production would have this difference, too: the upgrade made it, and the downgrade left it."""
    if not is_from_models(subject.recording):
        return True
    upgraded = leftover.upgraded
    if upgraded is None:
        return False
    return upgraded.fate is Fate.CAME or upgraded.after == leftover.change.after


def proves_nothing(subject: UndoneRevision, failure: Failure) -> bool:
    """Return whether a run failed on what a base database created from models has or lacks."""
    if not is_from_models(subject.recording) or failure.kind is not FailureKind.DATABASE:
        return False
    wrong = wrong_name(subject.trip, failure)
    by_name = wrong is not None and bool(wrong.meant)
    return not by_name and (failure.sqlstate or "").startswith(_OF_SCHEMA)
