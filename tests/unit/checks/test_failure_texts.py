"""The error of a failed run in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.failure_texts import error_text
from checks.policy import Policy
from checks.recording.legs import Failure, FailureKind, Leg, LegName
from checks.recording.revisions import Graph
from checks.recording.tree import NO_BASE, TreeRecording
from checks.upgrade.check import run

PYTHON = Failure(kind=FailureKind.PYTHON, message="'x'\nmore", error="KeyError")
DATABASE = Failure(kind=FailureKind.DATABASE, message='table "t" does not exist\nLINE 1', error="UndefinedTable")


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        pytest.param(PYTHON, "KeyError: 'x'", id="an exception has its class before its message"),
        pytest.param(replace(PYTHON, message=""), "KeyError", id="without a message its class stands once"),
        pytest.param(replace(PYTHON, message="KeyError"), "KeyError", id="a message that is the class stands once"),
        pytest.param(replace(PYTHON, error=""), "'x'", id="an exception without a known class"),
        pytest.param(DATABASE, 'table "t" does not exist', id="the server's message needs no class"),
        pytest.param(replace(DATABASE, message=""), "UndefinedTable", id="a server that says nothing"),
    ],
)
def test_the_error_of_a_failed_run(failure: Failure, expected: str) -> None:
    assert error_text(failure) == expected


def test_an_upgrade_that_fails_without_a_message_names_the_exception_once() -> None:
    silent = replace(PYTHON, message="", error="AssertionError", revision="b")
    leg = Leg(name=LegName.EMPTY_TO_HEADS, target=("b",), failure=silent)
    recording = TreeRecording(path="alembic.ini", graph=Graph(revisions=()), changes=NO_BASE, legs=(leg,))
    assert [one.message for one in run(recording, Policy()).findings] == ["Revision b fails: AssertionError."]
