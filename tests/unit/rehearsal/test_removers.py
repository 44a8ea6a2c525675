"""Which statements delete rows, and whether a condition chooses them."""

from __future__ import annotations

import pytest

from action.rehearsal.removers import SentTokens
from checks.recording.legs import Statement


def sent(*texts: str) -> SentTokens:
    return SentTokens([Statement(sql=text) for text in texts])


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("DELETE FROM book", [("book", False)]),
        ('DELETE FROM ONLY shop."Book";', [("Book", False)]),
        ("DELETE FROM book WHERE true", [("book", False)]),
        ("DELETE FROM book WHERE (1 = 1) RETURNING id", [("book", False)]),
        ("DELETE FROM book b USING loan", [("book", False)]),
        ("DELETE FROM book WHERE id > 3", [("book", True)]),
        ("DELETE FROM book b USING loan l WHERE l.book_id = b.id", [("book", True)]),
        (
            "WITH old AS (DELETE FROM book WHERE gone RETURNING *) INSERT INTO archive SELECT * FROM old",
            [("book", True)],
        ),
        ("TRUNCATE book", [("book", False)]),
        ("TRUNCATE TABLE ONLY a.book, loan RESTART IDENTITY CASCADE", [("book", False), ("loan", False)]),
        ("DO $$ BEGIN DELETE FROM book; DELETE FROM loan WHERE due < now(); END $$", [("book", False), ("loan", True)]),
        ("ALTER TABLE loan ADD FOREIGN KEY (book_id) REFERENCES book ON DELETE CASCADE", []),
        ("CREATE TRIGGER t BEFORE TRUNCATE ON book EXECUTE FUNCTION f()", []),
        ("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM book $$", []),
        ("GRANT DELETE, TRUNCATE ON book TO someone", []),
    ],
)
def test_what_a_statement_deletes(sql: str, expected: list[tuple[str, bool]]) -> None:
    assert [(one.table, one.is_conditional) for one in sent(sql).deletions()] == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("DO $$ BEGIN EXECUTE 'DELETE FROM ' || quote_ident('book'); END $$", True),
        ("DO $$ BEGIN EXECUTE 'CREATE TYPE mood AS ENUM ()'; END $$", False),
        ("SELECT clean_up()", False),
    ],
)
def test_a_text_that_a_do_executes(sql: str, expected: bool) -> None:
    assert sent(sql).is_opaque is expected


def test_functions_that_statements_call() -> None:
    assert sent("SELECT clean_up(1)", "CALL shop.purge()", "INSERT INTO book VALUES (f())").called == {
        "clean_up",
        "purge",
    }


def test_a_table_is_found_under_the_names_that_it_was_given() -> None:
    found = sent("ALTER TABLE book RENAME TO book_old", "CREATE TABLE book ()", "DROP TABLE book_old")
    statement = found.of({"drop"}, "book")
    assert statement is not None
    assert statement.sql == "DROP TABLE book_old"


def test_a_table_is_not_dropped_by_the_drop_of_its_constraint() -> None:
    found = sent('ALTER TABLE book DROP CONSTRAINT "key"', "ALTER TABLE book DROP note", "DROP TABLE book, loan")
    assert found.of({"drop"}, "book") == Statement(sql="DROP TABLE book, loan")
    assert found.of({"drop"}, "book", "note") == Statement(sql="ALTER TABLE book DROP note")
