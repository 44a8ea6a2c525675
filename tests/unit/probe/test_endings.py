"""Which statements end a transaction, whatever stands before them."""

from __future__ import annotations

import pytest

from action.probe.watching import endings
from checks.sql import LEADING


def test_white_space_and_comments_are_those_of_the_checks() -> None:
    assert endings._START == LEADING


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ROLLBACK", True),
        ("\n    -- undo\n    /* all of * it **/ rollback work;", True),
        ("/* one /* within */ another */ ABORT", True),
        ("COMMIT", False),
        ("ROLLBACK TO SAVEPOINT a", None),
        ("-- ROLLBACK", None),
        # These would take years, if white space or comments fitted the pattern in more ways than one.
        ("\n" + " " * 1000 + "CREATE TABLE a ()", None),
        ("/* a */ -- b\n" * 200 + "CREATE TABLE a ()", None),
    ],
)
def test_how_a_statement_ends_its_transaction(sql: str, expected: bool | None) -> None:
    assert endings.of_statement(sql, object()) is expected
