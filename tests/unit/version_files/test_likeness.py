"""What the code of two revisions has in common."""

from __future__ import annotations

import pytest

from action.version_files.likeness import Likeness, code_of, likeness

ADD = 'op.add_column("book", sa.Column("pages", sa.Integer()))'
TABLE = 'op.create_table("book", sa.Column("id", sa.Integer()), sa.Column("title", sa.String(200)))'
SQL = 'op.execute("CREATE VIEW long_book AS SELECT id, title, pages FROM book WHERE pages > 500")'
SAME, ALIKE, EMPTY, OTHER = Likeness.SAME, Likeness.ALIKE, Likeness.EMPTY, Likeness.OTHER


def compared(one: str, other: str) -> Likeness:
    return likeness(*(code_of(f"def upgrade():\n    {text}\n".encode()) for text in (one, other)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (ADD, f'"""Count."""\n    {ADD}  # pages', SAME),
        ("pass", '"""Nothing."""', EMPTY),
        ("pass", ADD, OTHER),
        (ADD, ADD.replace("Integer", "BigInteger"), ALIKE),
        (ADD, ADD.replace("pages", "isbn"), OTHER),
        (ADD, ADD.replace("book", "shelf"), OTHER),
        (ADD, 'op.drop_column("book", "pages")', OTHER),
        (TABLE, TABLE.replace("200", "300"), ALIKE),
        (TABLE, TABLE.replace('"book"', '"author"'), OTHER),
        (TABLE, f"{TABLE}\n    {ADD}", OTHER),
        (SQL, SQL.replace("500", "400"), ALIKE),
        (SQL, 'op.execute("DROP VIEW long_book")', OTHER),
        (ADD, "return (" + "(" * 90 + "1" + ")" * 91, OTHER),
        ("return (", "return (", OTHER),
    ],
)
def test_two_upgrades(one: str, other: str, expected: Likeness) -> None:
    assert compared(one, other) is expected
    assert compared(other, one) is expected
