"""Each kind of operation stays with its difference: new ones in the migration, old ones in the file beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, python_for
from tests.integration.program.test_proposal import body, fixes
from tests.projects.builder import BOOK, EnvPy, Revision, commit, tree, write
from tests.projects.environments import MATRIX

IMPORTS = """
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()
"""
BASE = (
    IMPORTS
    + """
book = Table("book", metadata, Column("id", Integer, primary_key=True),
             Column("title", String(200), nullable=False, index=True))
"""
)
"""The index of title has no migration at the base."""
HEAD = (
    IMPORTS
    + """
author = Table("author", metadata, Column("id", Integer, primary_key=True), Column("name", Text, index=True))
book = Table("book", metadata, Column("id", Integer, primary_key=True),
             Column("title", String(200), nullable=False, index=True),
             Column("author_id", ForeignKey("author.id")),
             Column("isbn", String(13), unique=True),
             UniqueConstraint("title", "author_id", name="uq_book_title"))
Index("ix_book_both", book.c.title, book.c.isbn)
"""
)
ADDED = [
    "op.create_table('author',",
    "sa.Column('id', sa.Integer(), nullable=False),",
    "sa.Column('name', sa.Text(), nullable=True),",
    "sa.PrimaryKeyConstraint('id')",
    ")",
    "op.create_index(op.f('ix_author_name'), 'author', ['name'], unique=False)",
    "op.add_column('book', sa.Column('author_id', sa.Integer(), nullable=True))",
    "op.add_column('book', sa.Column('isbn', sa.String(length=13), nullable=True))",
    "op.create_index('ix_book_both', 'book', ['title', 'isbn'], unique=False)",
    "op.create_unique_constraint(None, 'book', ['isbn'])",
    "op.create_unique_constraint('uq_book_title', 'book', ['title', 'author_id'])",
    "op.create_foreign_key(None, 'book', 'author', ['author_id'], ['id'])",
]
OLD_INDEX = "op.create_index(op.f('ix_book_title'), 'book', ['title'], unique=False)"
VERIFIED = "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"


@pytest.mark.parametrize("versions", ["psycopg2", "sqlalchemy-1.3", "sqlalchemy-1.4"])
def test_tables_indexes_and_constraints(versions: str, run: Run, tmp_path: Path) -> None:
    commit(tmp_path, tree(BOOK, models=BASE))
    write(tmp_path, {"models.py": HEAD})
    new, old = fixes(run(tmp_path, "--base", "HEAD", "--python", python_for(MATRIX[versions])))
    assert (new["title"], sorted(body(new["text"]))) == (VERIFIED, sorted(ADDED))
    assert body(old["text"]) == [OLD_INDEX]


def test_what_goes_with_a_dropped_column_and_a_dropped_table(run: Run, tmp_path: Path) -> None:
    made = Revision(
        id="b2",
        down="a1",
        upgrade="""
        op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("room", sa.Text()))
        op.create_index("ix_shelf_room", "shelf", ["room"])
        op.add_column("book", sa.Column("isbn", sa.String(13)))
        op.create_index("ix_book_isbn", "book", ["isbn"])
        op.create_unique_constraint("uq_book_isbn", "book", ["isbn"])
        """,
    )
    (new,) = fixes(run(write(tmp_path, tree(BOOK, made))))
    assert (new["title"], body(new["text"])) == (
        VERIFIED,
        [
            "op.drop_index(op.f('ix_shelf_room'), table_name='shelf')",
            "op.drop_table('shelf')",
            "op.drop_index(op.f('ix_book_isbn'), table_name='book')",
            "op.drop_constraint(op.f('uq_book_isbn'), 'book', type_='unique')",
            "op.drop_column('book', 'isbn')",
        ],
    )


def test_another_schema_and_a_comment(run: Run, tmp_path: Path) -> None:
    base = IMPORTS + 'Table("shelf", metadata, Column("id", Integer, primary_key=True), schema="store")\n'
    base += 'Table("book", metadata, Column("id", Integer, primary_key=True),'
    base += ' Column("title", String(200), nullable=False))\n'
    head = base.replace('schema="store"', 'Column("room", Text, comment="Where"), schema="store"')
    head = head.replace("nullable=False)", 'nullable=False, comment="As printed")')
    shelf = Revision(
        id="b2",
        down="a1",
        upgrade="""
        op.execute("CREATE SCHEMA store")
        op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True), schema="store")
        """,
    )
    env = EnvPy(options="include_schemas=True").text
    commit(tmp_path, tree(BOOK, shelf, models=base, env=env))
    write(tmp_path, {"models.py": head})
    (new,) = fixes(run(tmp_path, "--base", "HEAD"))
    assert (new["title"], body(new["text"])) == (
        VERIFIED,
        [
            "op.alter_column('book', 'title',",
            "existing_type=sa.VARCHAR(length=200),",
            "comment='As printed',",
            "existing_nullable=False)",
            "op.add_column('shelf', sa.Column('room', sa.Text(), nullable=True, comment='Where'), schema='store')",
        ],
    )


PLUGIN = """
from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations

@Operations.register_operation("note")
class NoteOp(MigrateOperation):
    def __init__(self, text):
        self.text = text

    @classmethod
    def note(cls, operations, text):
        return operations.invoke(cls(text))

    def reverse(self):
        return NoteOp("not " + self.text)

@Operations.implementation_for(NoteOp)
def note(operations, operation):
    pass

@renderers.dispatch_for(NoteOp)
def render_note(context, operation):
    return "op.note(%r)" % operation.text

@comparators.dispatch_for("schema")
def compare_notes(context, upgrade_ops, schemas):
    upgrade_ops.ops += [NoteOp("book.pages"), NoteOp("author")]
"""


def test_an_operation_of_a_plugin_stays_where_it_names_what_is_new(run: Run, tmp_path: Path) -> None:
    base = IMPORTS + 'book = Table("book", metadata, Column("id", Integer, primary_key=True),'
    base += ' Column("title", String(200), nullable=False))\n'
    old = base + 'Table("author", metadata, Column("id", Integer, primary_key=True))\n'
    head = old.replace("nullable=False))", 'nullable=False), Column("pages", Integer))')
    env = EnvPy(imports="import plugin\nfrom models import metadata").text
    commit(tmp_path, {**tree(BOOK, models=old, env=env), "plugin.py": PLUGIN})
    write(tmp_path, {"models.py": head})
    new, beside = fixes(run(tmp_path, "--base", "HEAD"))
    assert [line for line in body(new["text"]) if "note" in line] == ["op.note('book.pages')"]
    assert [line for line in body(beside["text"]) if "note" in line] == ["op.note('author')"]
