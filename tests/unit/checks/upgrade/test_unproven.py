"""Failures on a base database created from models: which of them say something about production."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.recording.legs import Failure, FailureKind, Leg, LegName, MadeBy, Statement, Step
from checks.upgrade.unproven import proves_nothing


def database(sqlstate: str, message: str = "no") -> Failure:
    return Failure(kind=FailureKind.DATABASE, message=message, revision="b", error="DBAPIError", sqlstate=sqlstate)


def python(error: str, message: str = "no") -> Failure:
    return Failure(kind=FailureKind.PYTHON, message=message, revision="b", error=error)


def leg(failure: Failure, *done: str, made_by: MadeBy = MadeBy.MODELS) -> Leg:
    statements = tuple(Statement(sql=sql, seconds=0.1) for sql in done)
    step = Step(revision="b", seconds=None, statements=(*statements, Statement(sql="SELECT 'failing'")))
    return Leg(name=LegName.BASE_TO_HEADS, target=("b",), steps=(step,), failure=failure, made_by=made_by)


@pytest.mark.parametrize(
    "failure",
    [
        *map(database, ("42701", "42P07", "42710", "42P06", "42723", "42P01", "42703", "42704", "42883", "3F000")),
        *map(database, ("23502", "23503", "23505", "23514", "2BP01", "42830", "42804", "P0001", "21000")),
        database("22P02", 'invalid input value for enum status: "sold"'),
        *map(python, ("NoResultFound", "MultipleResultsFound", "NoSuchTableError")),
        python("TypeError", "'NoneType' object is not subscriptable"),
        python("AttributeError", "'NoneType' object has no attribute 'id'"),
    ],
)
def test_what_depends_on_objects_or_rows_proves_nothing(failure: Failure) -> None:
    assert proves_nothing(leg(failure), failure)
    for made_by in (MadeBy.MIGRATIONS, MadeBy.INIT_COMMAND, MadeBy.SCHEMA_FILE):
        assert not proves_nothing(leg(failure, made_by=made_by), failure)
    assert not proves_nothing(replace(leg(failure), name=LegName.EMPTY_TO_HEADS), failure)


@pytest.mark.parametrize(
    "failure",
    [
        *map(database, ("42601", "25001", "55P04", "0A000", "57014", "42501")),
        database("22P02", 'invalid input syntax for type integer: "x"'),
        *map(python, ("NameError", "ValueError", "KeyError", "ImportError")),
        python("TypeError", "f() takes no arguments"),
        Failure(kind=FailureKind.TIMEOUT, message="did not finish within 5 seconds", revision="b"),
        Failure(kind=FailureKind.DIED, message="exited", revision="b"),
    ],
)
def test_what_does_not_depend_on_the_base_is_a_finding(failure: Failure) -> None:
    assert not proves_nothing(leg(failure), failure)


@pytest.mark.parametrize(
    ("failure", "done"),
    [
        (database("42P07", 'relation "shelf" already exists'), "CREATE TABLE shelf (id integer)"),
        (database("42701", 'column "n" of relation "shelf" already exists'), "ALTER TABLE shelf ADD COLUMN n integer"),
        (database("42P01", 'relation "shelf" does not exist'), "DROP TABLE shelf"),
        (database("42P01", 'relation "public.shelf" does not exist'), "ALTER TABLE shelf RENAME TO rack"),
    ],
)
def test_what_the_new_revisions_did_themselves_is_a_finding(failure: Failure, done: str) -> None:
    assert not proves_nothing(leg(failure, done), failure)
    assert proves_nothing(leg(failure, done.replace("shelf", "shelves")), failure)


@pytest.mark.parametrize("reading", ["SELECT id FROM book", "-- all\nWITH x AS (SELECT 1) SELECT * FROM x"])
def test_an_exception_after_reading_may_come_from_the_rows(reading: str) -> None:
    failure = python("ValueError", "not enough values to unpack (expected 1, got 0)")
    assert proves_nothing(leg(failure, reading), failure)
    assert not proves_nothing(leg(failure, "UPDATE book SET id = 1"), failure)
    assert not proves_nothing(leg(python("NameError"), reading), python("NameError"))
