"""Imports that a generated migration lacks."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.types import TypeDecorator

from action.probe.missing_imports import with_imports

FILE = '"""Add."""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "b"\n\n\ndef upgrade():\n    %s\n'


class Isbn(TypeDecorator[str]):
    impl = String
    cache_ok = True


METADATA = MetaData()
Table("book", METADATA, Column("isbn", Isbn(13)))


def added(statement: str, *offered: str) -> list[str]:
    """Return the lines that were put below the imports."""
    before, after = (FILE % statement).splitlines(), with_imports(FILE % statement, offered, [METADATA]).splitlines()
    count = len(after) - len(before)
    assert [*after[:3], *after[3 + count :]] == before
    return after[3 : 3 + count]


def test_the_longest_module_that_is_imported() -> None:
    assert added("op.f(sqlalchemy.sql.sqltypes.Text())") == ["import sqlalchemy.sql.sqltypes"]


def test_a_line_that_the_template_was_offered() -> None:
    assert added("op.f(pg.JSONB())", "from sqlalchemy.dialects import postgresql as pg") == [
        "from sqlalchemy.dialects import postgresql as pg"
    ]
    assert added("op.f(postgresql.JSONB())") == ["from sqlalchemy.dialects import postgresql"]


def test_the_class_of_a_column_s_type() -> None:
    assert added("op.f(Isbn())") == [f"from {__name__} import Isbn"]


def test_what_is_defined_or_cannot_be_found_adds_nothing() -> None:
    assert added("op.f(sa.Text(), len('x'), revision)") == []
    assert added("op.f(lost.Isbn(), Lost(), json.no_such_name())") == []
    assert with_imports("def upgrade(:", (), []) == "def upgrade(:"
