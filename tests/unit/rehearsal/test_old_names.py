"""Whether an old version file names an object, or can have made it without a name."""

from __future__ import annotations

import pytest

from action.rehearsal.old_names import OldFile
from checks.comparison.change import Change, ChangeKind, Weight
from checks.recording.schema import Attribute, SchemaObject


def differing(
    kind: str, name: str, *, table: str | None = "book", part: str | None = None, **more: Attribute
) -> Change:
    item = SchemaObject(kind=kind, schema="public", table=table, name=name, attributes=more)
    return Change(
        kind=ChangeKind.INDEX_MISSING, key=item.key, before=None, after=item, weight=Weight.DIFFERS, part=part
    )


def index(name: str = "ix_book_title") -> Change:
    return differing("index", name, columns=("title",), unique=False)


def unique(name: str = "uq_book_title") -> Change:
    return differing("constraint", name, type="unique", columns=("title",))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('op.create_index("ix_book_title", "book", ["title"])', index()),
        ("CREATE INDEX IX_BOOK_TITLE ON book (title)", index()),
        ('op.create_index(f"ix_{table}_{column}", table, [column])', index()),
        ('op.create_index("ix_%s_%s" % names, *names)', index()),
        ('op.create_index("ix_{}_title".format(table))', index()),
        ('op.create_table("book", sa.Column("title", sa.Text(), index=True))', index()),
        ('op.create_table("book", sa.Column("title", sa.Text(), unique=True))', unique()),
        ('op.create_table("book", sa.Column("title"), sa.UniqueConstraint("title"))', unique()),
        ("ALTER TABLE book ADD UNIQUE (title)", unique()),
        ('op.add_column("book", sa.Column("pages", sa.Integer()))', differing("column", "pages")),
        ('op.create_table("book")', differing("table", "book", table=None)),
        ("ALTER TYPE status ADD VALUE 'out of print'", differing("enum", "status", table=None, part="out of print")),
    ],
)
def test_what_a_file_names_or_makes_without_a_name(text: str, change: Change) -> None:
    assert OldFile("a1_.py", text).names(change)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('op.create_index("ix_book_titles", "book", ["title"])', index()),
        ('op.create_index(f"{name}", "book", ["title"])', index()),
        ('op.create_index(f"fk_{table}_{column}", table, [column])', index()),
        ('op.create_table("book", sa.Column("title", sa.Text(), index=False))', index()),
        ('op.create_table("shelf", sa.Column("title", sa.Text(), index=True))', index()),
        ('op.create_index("ix_title", "book", ["title"], unique=False)', unique()),
        ('op.add_column("shelf", sa.Column("pages", sa.Integer()))', differing("column", "pages")),
        ('op.create_table("bookshelf")', differing("table", "book", table=None)),
        ("ALTER TYPE state ADD VALUE 'out of print'", differing("enum", "status", table=None, part="out of print")),
    ],
)
def test_what_a_file_does_not_name(text: str, change: Change) -> None:
    assert not OldFile("a1_.py", text).names(change)
