"""What to do about a failed migration."""

from __future__ import annotations

import pytest

from checks.recording.legs import Failure, FailureKind, Statement
from checks.recording.revisions import ReplacedId
from checks.upgrade.sqlstates import REMEDIES, remedy_for

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


@pytest.mark.parametrize(
    ("sqlstate", "sql", "expected"),
    [
        ("23505", "ALTER TABLE book ADD UNIQUE (title)", REMEDIES["23505"]),
        (
            "23505",
            "-- the first rows\nINSERT INTO book VALUES (1)",
            "Write no key that another row has: leave such rows out, in an INSERT with ON CONFLICT DO NOTHING.",
        ),
        ("23502", "ALTER TABLE book ADD pages int NOT NULL", REMEDIES["23502"]),
        (
            "23502",
            "INSERT INTO book (id) VALUES (1)",
            "Give the column a value in this statement: it is NOT NULL and has no default.",
        ),
    ],
)
def test_a_row_is_refused_for_another_reason_than_a_constraint(sqlstate: str, sql: str, expected: str) -> None:
    failure = Failure(kind=FailureKind.DATABASE, sqlstate=sqlstate, message="refused", statement=Statement(sql=sql))
    assert remedy_for(failure) == expected
