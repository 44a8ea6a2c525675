"""What a report says of a fault: what happened, the error's own words, what to do."""

from __future__ import annotations

from action.session.fault_sentences import interrupted
from checks.recording.obstacles import Obstacle, ObstacleKind


def test_a_fault_with_all_that_is_known() -> None:
    said = "server closed the connection unexpectedly\n\tThis probably means …"
    found = interrupted("connection-lost", during="revision b2 ran", said=said, statement="SELECT 1\nFROM book")
    assert found == Obstacle(
        kind=ObstacleKind.INTERRUPTED,
        message="The connection to PostgreSQL was lost while revision b2 ran.",
        why="The error was: server closed the connection unexpectedly This probably means ….\n"
        "The statement was: SELECT 1 FROM book\n"
        "This is a fault of the server or the machine, so it says nothing about the project.",
        remedy="Run the check again. If it happens again, look for what ends the connection: the server's log, a "
        "proxy, or pg_terminate_backend() in a migration.",
        details=said,
    )
    assert not found.is_project_code


def test_a_fault_of_which_nothing_more_is_known() -> None:
    found = interrupted("out-of-memory", during="the migrations ran")
    assert found.text == (
        "Memory was full while the migrations ran.\n"
        "This is a fault of the server or the machine, so it says nothing about the project.\n"
        "Give the job or the server more memory. Run the check again."
    )


def test_a_long_statement_is_cut() -> None:
    found = interrupted("disk-full", during="revision b2 ran", statement="x" * 1000)
    assert f"The statement was: {'x' * 200}…" in found.why.splitlines()
