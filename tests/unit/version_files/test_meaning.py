"""Which edits of a version file change what applying it does, or taking it back."""

from __future__ import annotations

import pytest

from action.version_files.meaning import PARTS, first_difference, meaning

FILE = '''"""Add a column.

Create Date: 2026-01-31
"""
import sqlalchemy as sa
from alembic import op

from app.tables import BOOK, SHELF

revision = "b"
down_revision = "a"
branch_labels = None
depends_on = None
app_version = "1.2"

COLUMN = "pages"
INDEX = "ix_pages"
sa.event.remove(sa.Table, "parent", print)


def number(table):
    op.execute(f"UPDATE {table} SET {COLUMN} = 0")


class Book(sa.orm.DeclarativeBase):
    pages: int


def upgrade():
    op.add_column(BOOK, sa.Column(COLUMN, sa.Integer()))
    number(BOOK)
    Book


def downgrade():
    op.execute("SELECT 2")
    op.drop_column(SHELF, INDEX)
'''
"""Upgrade uses ``number`` and ``COLUMN`` through it, downgrade ``INDEX``; nothing uses ``app_version``."""


def parts(old: str, new: str) -> list[str]:
    """Return which parts of a file an edit changes."""
    before, after = meaning(old.encode()), meaning(new.encode())
    assert before is not None
    assert after is not None
    return [part for part in PARTS if before[part].text != after[part].text]


def edited(*replaced: str) -> list[str]:
    """Return which parts are changed by replacing each text of FILE by the next one."""
    text = FILE
    for old, new in zip(replaced[::2], replaced[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new)
    return parts(FILE, text)


SAME: dict[str, tuple[str, ...]] = {
    "a comment": ("    number(BOOK)", "    number(BOOK)  # all of them"),
    "a docstring of the module": ("Add a column.", "Add pages."),
    "a docstring": ("def upgrade():\n", 'def upgrade():\n    """Upgrade."""\n'),
    "a create date": ("2026-01-31", "2027-01-31"),
    "quotes and lines": ('op.execute("SELECT 2")', "op.execute(\n        'SELECT 2',\n    )"),
    "an implicit concatenation": ('"SELECT 2"', '"SELECT" " 2"'),
    "a string's u": ('"SELECT 2"', 'u"SELECT 2"'),
    "annotations of functions": ("def number(table):", "def number(table: str) -> None:"),
    "annotations of names": ('COLUMN = "pages"', 'COLUMN: Final = "pages"', "import sql", "import typing\nimport sql"),
    "a declaration": ('COLUMN = "pages"', 'COLUMN: str\nCOLUMN = "pages"'),
    "imports for annotations": (
        "import sqlalchemy",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app import Book\n\nimport sqlalchemy",
    ),
    "imports in another order": (
        "import sqlalchemy as sa\nfrom alembic import op\n",
        "from alembic import op\nimport sqlalchemy as sa\n",
    ),
    "imports taken apart": ("import BOOK, SHELF", "import BOOK\nfrom app.tables import SHELF"),
    "imports that nothing uses": ("import op", "import op, context"),
    "definitions in another order": (
        'COLUMN = "pages"\nINDEX = "ix_pages"\n',
        'INDEX = "ix_pages"\nCOLUMN = "pages"\n',
    ),
    "names that nothing uses": ('app_version = "1.2"', 'app_version = "1.3"'),
    "a helper that nothing uses": ("\n\ndef upgrade", "\n\ndef unused():\n    op.execute('')\n\n\ndef upgrade"),
    "a main block": ("\n\ndef upgrade", "\n\nif __name__ == '__main__':\n    upgrade()\n\n\ndef upgrade"),
    "the graph, which is compared by its ids": ('down_revision = "a"', 'down_revision = ("a", "c")'),
    "line ends": ("\n", "\r\n"),
}
DIFFERENT: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "a statement of upgrade": (["upgrade"], ("    number(BOOK)\n", "")),
    "a type in upgrade": (["upgrade"], ("sa.Integer", "sa.BigInteger")),
    "a statement of downgrade": (["downgrade"], ("SELECT 2", "SELECT 3")),
    "white space in a statement": (["downgrade"], ("SELECT 2", "SELECT  2")),
    "a helper": (["upgrade"], ("= 0", "= 1")),
    "a constant that a helper uses": (["upgrade"], ('"pages"', '"page"')),
    "a constant of downgrade": (["downgrade"], ('"ix_pages"', '"ix_page"')),
    "where a name comes from": (["upgrade", "downgrade"], ("from alembic import op", "from app import op")),
    "where a name of one comes from": (["downgrade"], ("BOOK, SHELF", "BOOK, CASE as SHELF")),
    "a model's annotation": (["upgrade"], ("pages: int", "pages: str")),
    "what runs when the file is loaded": (["upgrade", "downgrade"], ('"parent"', '"child"')),
    "a star": (["upgrade", "downgrade"], ("\nrevision", "\nfrom app.all import *\nrevision")),
    "a type of a literal": (["upgrade"], ('COLUMN = "pages"', 'COLUMN = b"pages"')),
    "downgrade gone": (["downgrade"], ("def downgrade", "def undo")),
}


@pytest.mark.parametrize("name", SAME)
def test_how_a_file_is_written_is_no_edit(name: str) -> None:
    assert edited(*SAME[name]) == []


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_a_file_does_is(name: str) -> None:
    changed, replaced = DIFFERENT[name]
    assert edited(*replaced) == changed


@pytest.mark.parametrize("source", [b"def upgrade(:", b"\0", b"x = " + b"-" * 100_000 + b"1"], ids=["bad", "0", "deep"])
def test_what_cannot_be_parsed_means_nothing(source: bytes) -> None:
    assert meaning(source) is None


def test_a_file_without_functions_does_nothing() -> None:
    assert parts("", 'revision = "a"\n') == []


def test_another_encoding_is_read_as_python_reads_it() -> None:
    text = "# -*- coding: latin-1 -*-\ndef upgrade():\n    op.execute('é')\n"
    latin, unicode = meaning(text.encode("latin-1")), meaning(text.replace("latin-1", "utf-8").encode())
    assert latin is not None
    assert unicode is not None
    assert latin["upgrade"].text == unicode["upgrade"].text


def line(*replaced: str, part: str = "upgrade") -> str | None:
    """Return the text of the line that an edit of FILE is placed at."""
    text = FILE
    for old, new in zip(replaced[::2], replaced[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new)
    before, after = meaning(FILE.encode()), meaning(text.encode())
    assert before is not None
    assert after is not None
    found = first_difference(before[part], after[part])
    return None if found is None else text.splitlines()[found - 1].strip()


PLACES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "a literal": (("number(BOOK)", "number(CASE)"), "number(CASE)"),
    "none": ((), None),
    "a statement more": (("    number(BOOK)\n", "    number(BOOK)\n    op.f()\n"), "op.f()"),
    "a last statement more": (("    Book\n\n", "    Book\n    op.f()\n\n"), "op.f()"),
    "a last statement less": (("    number(BOOK)\n    Book\n", "    number(BOOK)\n"), "number(BOOK)"),
    "nothing left": (
        ("    op.add_column(BOOK, sa.Column(COLUMN, sa.Integer()))\n    number(BOOK)\n    Book\n", "    pass\n"),
        "def upgrade():",
    ),
    "a helper above": (("= 0", "= 1"), 'op.execute(f"UPDATE {table} SET {COLUMN} = 1")'),
    "the first of two": (("= 0", "= 1", "Integer", "String"), 'op.execute(f"UPDATE {table} SET {COLUMN} = 1")'),
    "a name that was not used before": (("    number(BOOK)\n", "    number(BOOK)\n    INDEX\n"), "INDEX"),
    "a new helper": (("\n\ndef upgrade():\n", "\n\ndef f():\n    g()\n\n\ndef upgrade():\n    f()\n"), "def f():"),
    "a reformatted file": (("import op\n", "import (\n    op,\n)\n", "(BOOK)\n", "(\n        CASE,\n    )\n"), "CASE,"),
}


@pytest.mark.parametrize("name", PLACES)
def test_the_first_line_that_does_something_else_is_found(name: str) -> None:
    replaced, expected = PLACES[name]
    assert line(*replaced) == expected


def test_what_is_only_gone_has_no_line() -> None:
    assert line("from app.tables import BOOK, SHELF\n", "", part="downgrade") is None


def test_a_difference_that_is_too_deep_to_be_found_has_no_line() -> None:
    branches = "".join(f"    elif x == {number}:\n        y(1)\n" for number in range(210))
    sources = [f"def upgrade():\n    if x:\n        y(1)\n{branches}    else:\n        y({last})\n" for last in (1, 2)]
    old, new = (meaning(source.encode()) for source in sources)
    assert old is not None
    assert new is not None
    assert (old["upgrade"].text == new["upgrade"].text, first_difference(old["upgrade"], new["upgrade"])) == (
        False,
        None,
    )


LOCALS = """
from alembic import op

TABLE = "book"


def upgrade():
    conn = op.get_bind()
    for row in conn.execute("SELECT 1"):
        conn.execute("UPDATE book", [part for part in row])


def downgrade():
    pass
"""
RENAMED = {
    "one": ("conn", "bound"),
    "one of a loop": ("row", "line"),
    "one of a comprehension": ("part", "value"),
    "two": ("conn", "bound", "row", "conn"),
}
NOT_RENAMED = {
    "a name of the module": ('conn.execute("UPDATE', 'TABLE.execute("UPDATE'),
    "two that change places": ("[part for part in row]", "[row for part in row]"),
    "an argument": ("op.get_bind()", "op.get_bind(x=1)", "x=1", "y=1"),
    "one that is looked up": ("[part for part in row]", 'locals()["conn"]', "conn =", "bound ="),
    "one that shadows a builtin in a comprehension": ("[part for part in row]", "[id for part in row]"),
    "two that become one": ("for row in conn", "for conn in conn", "in row]", "in conn]"),
}


def renamed(*replaced: str) -> list[str]:
    """Return which parts are changed by the last replacement in LOCALS."""
    text, before = LOCALS, LOCALS
    for old, new in zip(replaced[::2], replaced[1::2], strict=True):
        assert old in text, old
        before, text = text, text.replace(old, new)
    return parts(before if "x=1" in before else LOCALS, text)


@pytest.mark.parametrize("name", RENAMED)
def test_another_name_of_a_local_variable_is_no_edit(name: str) -> None:
    assert renamed(*RENAMED[name]) == []


@pytest.mark.parametrize("name", NOT_RENAMED)
def test_another_name_of_anything_else_is_an_edit(name: str) -> None:
    assert renamed(*NOT_RENAMED[name]) == ["upgrade"]


def test_the_first_difference_is_found_below_renamed_variables() -> None:
    new = LOCALS.replace("conn", "bound").replace("UPDATE book", "UPDATE shelf")
    before, after = meaning(LOCALS.encode()), meaning(new.encode())
    assert before is not None
    assert after is not None
    assert first_difference(before["upgrade"], after["upgrade"]) == 10
