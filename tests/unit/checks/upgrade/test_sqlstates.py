"""What to do about a failed migration."""

from __future__ import annotations

import pytest

from checks.recording.legs import Failure, FailureKind
from checks.recording.revisions import ReplacedId
from checks.upgrade.sqlstates import remedy_for

RESTORE = (
    "Restore the version file of that revision: deployed databases are at it. After a squash, set the id of the "
    "squashed revision to that id."
)
TAKE_BACK = "Set the revision id of z9 to b2 again: deployed databases are at b2."


@pytest.mark.parametrize(
    ("located", "replaced", "expected"),
    [
        ("b2", (), RESTORE),
        ("b2", (ReplacedId(old="a1", new="x1"), ReplacedId(old="b2", new="z9")), TAKE_BACK),
        ("b22", (ReplacedId(old="b2", new="z9"),), RESTORE),
    ],
)
def test_a_revision_that_cannot_be_located(located: str, replaced: tuple[ReplacedId, ...], expected: str) -> None:
    message = f"Can't locate revision identified by '{located}'"
    failure = Failure(kind=FailureKind.PYTHON, error="CommandError", message=message)
    assert remedy_for(failure, replaced) == expected
