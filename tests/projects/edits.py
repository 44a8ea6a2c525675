"""Edits of a merged revision: those that change nothing, and those that look like them and do."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from textwrap import dedent

from tests.projects.builder import ASYNC, BOOK, CREATE_BOOK, MODELS, EnvPy, Revision, tree, versions

Files = dict[str, str]
EDITED = "migrations/versions/b2_.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionEdit:
    """The revision b2 as the base has it, and as the pull request has it."""

    old: Revision
    new: Revision
    base: Files = field(default_factory=dict)
    """Other files of the base."""
    work: Files = field(default_factory=dict)
    """Other files of the pull request."""
    removed: tuple[str, ...] = ()
    before: Revision = BOOK


def edit(old: str, new: str, *, top: str = "", new_top: str | None = None, before: Revision = BOOK) -> RevisionEdit:
    """Return an edit of ``upgrade()``, and of what stands above it."""
    return RevisionEdit(
        old=Revision(id="b2", down="a1", top=top, upgrade=old),
        new=Revision(id="b2", down="a1", top=top if new_top is None else new_top, upgrade=new),
        before=before,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyEdits:
    """Edits that are made in one pull request: each of its own revision, on a table of its own."""

    base: Files
    work: Files
    revisions: dict[str, str]
    """By the name of an edit."""


def many(changes: Mapping[str, RevisionEdit]) -> ManyEdits:
    """Return a history of the revisions of many edits, which need no other files; the first creates their tables."""
    names = {name: f"b{number}" for number, name in enumerate(changes)}
    creates = [_own(change.before.upgrade, names[name]) for name, change in changes.items()]
    downs = ["a1", *names.values()]
    old, new = (
        [
            replace(
                revision,
                id=id_,
                down=down,
                top=_own(revision.top, id_),
                upgrade=_own(revision.upgrade, id_),
            )
            for revision, id_, down in zip(revisions, names.values(), downs, strict=False)
        ]
        for revisions in ([change.old for change in changes.values()], [change.new for change in changes.values()])
    )
    first = Revision(id="a1", upgrade="\n".join(creates))
    return ManyEdits(base=tree(first, *old), work=versions(*new), revisions=names)


def _own(text: str, id_: str) -> str:
    return (
        re.sub(r"\bbook\b(?=[\W])", f"book_{id_}", dedent(text))
        .replace("by_title", f"by_title_{id_}")
        .replace("book_title_key", f"book_{id_}_title_key")
    )


def base_of(change: RevisionEdit) -> Files:
    """Return the files of the base."""
    return {**tree(change.before, change.old, models=MODELS), **change.base}


def work_of(change: RevisionEdit) -> Files:
    """Return the files that the pull request changes."""
    return {EDITED: change.new.text, **change.work}


ID = "import sqlalchemy as sa\n\nclass Id(sa.BigInteger):\n    pass\n"
ADD = 'op.add_column("book", sa.Column("owner", Id()))'
MOVED = edit(ADD, ADD, top="from t import Id", new_top="from t.ids import Id")
ADD_PAGES = 'op.add_column("book", sa.Column("pages", sa.Integer()))'
LOOP = """
for name in ("pages", "year"):
    op.add_column("book", sa.Column(name, sa.Integer()))
"""
SAME_STATEMENTS: dict[str, RevisionEdit] = {
    "an import added": edit(
        ADD_PAGES,
        'op.add_column("book", sa.Column("pages", Integer()))',
        new_top="from sqlalchemy.types import Integer",
    ),
    "a loop made a comprehension": edit(
        LOOP, '[op.add_column("book", sa.Column(name, sa.Integer())) for name in ("pages", "year")]'
    ),
    "a loop unrolled": edit(LOOP, ADD_PAGES + "\n" + ADD_PAGES.replace("pages", "year")),
    "onupdate": edit(
        'op.add_column("book", sa.Column("changed", sa.DateTime()))',
        'op.add_column("book", sa.Column("changed", sa.DateTime(), onupdate=sa.func.now()))',
    ),
    "info": edit(ADD_PAGES, ADD_PAGES.replace("sa.Integer()", 'sa.Integer(), info={"unit": "sheet"}')),
    "a default of the model's side": edit(ADD_PAGES, ADD_PAGES.replace("sa.Integer()", "sa.Integer(), default=0")),
    "SQL on other lines": edit(
        "op.execute(\"UPDATE book SET title = '' WHERE id = 1\")",
        'op.execute("""\n    update book  -- the first\n    set title = \'\'\n    where id = 1;\n""")',
    ),
    "a body on other lines": edit(
        'op.execute("CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$")',
        'op.execute("CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $f$\\nBEGIN\\n  RETURN 1;\\nEND\\n$f$")',
    ),
    "a helper taken out": edit(
        ADD_PAGES,
        'add("pages")',
        new_top='def add(name):\n    op.add_column("book", sa.Column(name, sa.Integer()))',
    ),
    "an f-string made format": edit(
        'name = "pages"\nop.execute(f"ALTER TABLE book ADD {name} integer")',
        'name = "pages"\nop.execute("ALTER TABLE book ADD {} integer".format(name))',
    ),
    "an operation in place of SQL": edit('op.execute("ALTER TABLE book ADD COLUMN pages integer")', ADD_PAGES),
    "a bound parameter renamed": edit(
        'op.execute(sa.text("UPDATE book SET title = :a").bindparams(a="x"))',
        'op.execute(sa.text("UPDATE book SET title = :title").bindparams(title="x"))',
    ),
    "a batch made an operation": edit(
        'with op.batch_alter_table("book") as batch:\n    batch.add_column(sa.Column("pages", sa.Integer()))', ADD_PAGES
    ),
    "a value that every run makes": edit(
        "from uuid import uuid4\nop.execute(f\"UPDATE book SET title = '{uuid4()}'\")",
        "import uuid\nop.execute(f\"UPDATE book SET title = '{uuid.uuid4()}'\")",
    ),
    "a parameter that every run makes": edit(
        'import datetime\nbook = sa.table("book", sa.column("title"))\n'
        'op.bulk_insert(book, [{"title": str(datetime.datetime.now())}])',
        'from datetime import datetime\nbook = sa.table("book", sa.column("title"))\n'
        'op.bulk_insert(book, [{"title": str(datetime.now())}])',
    ),
    "a guard by the catalog": edit(
        ADD_PAGES,
        'names = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("book")]\nassert "id" in names\n'
        + ADD_PAGES,
    ),
}
"""The two send the same."""
INSERTS = """
book = sa.table("book", sa.column("id"), sa.column("title"), sa.column("made"))
"""
MADE = Revision(
    id="a1",
    upgrade=CREATE_BOOK.replace(
        '    sa.Column("id"', '    sa.Column("made", sa.DateTime(), server_default=sa.func.now()),\n    sa.Column("id"'
    ),
)
SAME_RESULT: dict[str, RevisionEdit] = {
    "two operations in another order": edit(
        ADD_PAGES + '\nop.create_index("by_title", "book", ["title"])',
        'op.create_index("by_title", "book", ["title"])\n' + ADD_PAGES,
    ),
    "a name that the convention gives": edit(
        'op.execute("ALTER TABLE book ADD UNIQUE (title)")',
        'op.create_unique_constraint("book_title_key", "book", ["title"])',
    ),
    "one statement made two": edit(
        'op.execute("ALTER TABLE book ADD pages integer DEFAULT 0, ADD year integer")',
        'op.add_column("book", sa.Column("pages", sa.Integer(), server_default="0"))\n'
        + ADD_PAGES.replace("pages", "year"),
    ),
    "one default written in two ways": edit(
        'op.execute("ALTER TABLE book ADD seen timestamptz DEFAULT now()")',
        'op.execute("ALTER TABLE book ADD seen timestamptz DEFAULT CURRENT_TIMESTAMP")',
    ),
    "rows by SQL in place of an operation": edit(
        "op.execute(\"INSERT INTO book (id, title) VALUES (1, 'a'), (2, 'b')\")",
        INSERTS + 'op.bulk_insert(book, [{"id": 1, "title": "a"}, {"id": 2, "title": "b"}])',
        before=MADE,
    ),
}
"""The two send other statements, and a new database comes out the same."""
DIFFERENT: dict[str, tuple[RevisionEdit, str]] = {
    "a length": (
        edit(
            'op.add_column("book", sa.Column("isbn", sa.String(10)))',
            'op.add_column("book", sa.Column("isbn", sa.String(13)))',
        ),
        "column public.book.isbn differs: in deployed databases type is character varying(10), in new ones character "
        "varying(13)",
    ),
    "an index left out": (
        edit('op.create_index("by_title", "book", ["title"])\n' + ADD_PAGES, ADD_PAGES),
        "index public.book.by_title exists only in deployed databases",
    ),
    "a server default": (
        edit(
            'op.add_column("book", sa.Column("pages", sa.Integer(), server_default="1"))',
            'op.add_column("book", sa.Column("pages", sa.Integer(), server_default="2"))',
        ),
        "column public.book.pages differs: in deployed databases default is 1, in new ones 2",
    ),
}
"""Each with the only line of what differs."""
OTHER_ROWS: dict[str, RevisionEdit] = {
    "an inserted value": edit(
        "op.execute(\"INSERT INTO book (id, title) VALUES (1, 'a')\")",
        "op.execute(\"INSERT INTO book (id, title) VALUES (1, 'b')\")",
    ),
    "an inserted parameter": edit(
        INSERTS + 'op.bulk_insert(book, [{"id": 1, "title": "a"}])',
        INSERTS + 'op.bulk_insert(book, [{"id": 1, "title": "b"}])',
    ),
}
READ = """
for row in op.get_bind().execute(sa.text("SELECT id FROM book")):
    op.execute(f"UPDATE book SET title = 'a' WHERE id = {row[0]}")
"""
MANY_ROWS = "they send different statements to change rows, and a new database has too few of them"
FEW_ROWS = "they read rows, and a new database has too few of them"
UNDECIDED: dict[str, tuple[RevisionEdit, str]] = {
    "an update": (
        edit("op.execute(\"UPDATE book SET title = 'a'\")", "op.execute(\"UPDATE book SET title = 'b'\")"),
        MANY_ROWS,
    ),
    "a parameter of an update": (
        edit(
            'op.execute(sa.text("UPDATE book SET title = :t").bindparams(t="a"))',
            'op.execute(sa.text("UPDATE book SET title = :t").bindparams(t="b"))',
        ),
        MANY_ROWS,
    ),
    "how a type is converted": (
        edit(
            'op.alter_column("book", "title", type_=sa.Integer(), postgresql_using="length(title)")',
            'op.alter_column("book", "title", type_=sa.Integer(), postgresql_using="ascii(title)")',
        ),
        MANY_ROWS,
    ),
    "what fills a column": (
        edit(
            *(
                f'op.add_column("book", sa.Column("pages", sa.Integer(), server_default="{n}", nullable=False))\n'
                'op.alter_column("book", "pages", server_default=None)'
                for n in (1, 2)
            )
        ),
        MANY_ROWS,
    ),
    "a parameter beside one that every run makes": (
        edit(
            *(
                'from uuid import uuid4\nop.execute(sa.text("INSERT INTO book VALUES (1, :a || :b)")'
                f'.bindparams(a=str(uuid4()), b="{name}"))'
                for name in ("x", "y")
            )
        ),
        "they add rows with values that every run makes anew",
    ),
    "a loop over rows": (edit(READ, READ.replace("'a'", "'b'")), FEW_ROWS),
    "a branch that a new database does not take": (
        edit(
            f'{ADD_PAGES}\nif sa.inspect(op.get_bind()).has_table("shelf"):\n    op.drop_table("shelf")',
            f'{ADD_PAGES}\nif sa.inspect(op.get_bind()).has_table("shelf"):\n    op.rename_table("shelf", "case")',
        ),
        "line 14 has changed and did not run there",
    ),
    "a statement past SQLAlchemy": (
        edit(
            *(f"op.get_bind().connection.cursor().execute(\"UPDATE book SET title = '{name}'\")" for name in ("a", "b"))
        ),
        "they use `cursor`, which can send statements that this run does not see",
    ),
}
"""Each with why a new database does not tell."""
STATIC: dict[str, RevisionEdit] = {
    "a docstring": edit(ADD_PAGES, f'"""Count the pages."""\n{ADD_PAGES}'),
    "an import that nothing uses": edit(ADD_PAGES, ADD_PAGES, new_top="import os"),
    "a local variable": edit(READ, READ.replace("row", "line")),
}
"""What the files alone tell: nothing is run for it."""


def of_downgrade(old: str, new: str, *, upgrade: str = ADD_PAGES, new_upgrade: str = "") -> RevisionEdit:
    """Return an edit of ``downgrade()``, and of ``upgrade()`` where another is given."""
    return RevisionEdit(
        old=Revision(id="b2", down="a1", upgrade=upgrade, downgrade=old),
        new=Revision(id="b2", down="a1", upgrade=new_upgrade or upgrade, downgrade=new),
    )


DROP = 'op.drop_column("book", "pages")'
DOWNGRADES: dict[str, tuple[RevisionEdit, str, str]] = {
    "by SQL": (
        of_downgrade(DROP, 'op.execute("alter table book drop column pages")'),
        "notice rewritten-revision",
        "The old and the new downgrade() send the same statement.",
    ),
    "another order": (
        of_downgrade(f'{DROP}\nop.drop_column("book", "title")', f'op.drop_column("book", "title")\n{DROP}'),
        "notice rewritten-revision",
        "The old and the new downgrade() send different statements, and the same schema and rows come out of both.",
    ),
    "something else": (
        of_downgrade("pass", DROP),
        "warning edited-revision",
        "The old and the new downgrade() were run on copies of the same database, and 1 object came out differently.",
    ),
    "one that fails": (
        of_downgrade(DROP, 'raise NotImplementedError("never")'),
        "warning edited-revision",
        "The old and the new downgrade() were not compared by running them: its new downgrade() fails (never).",
    ),
    "nothing": (
        of_downgrade("if True:\n    pass", "assert True"),
        "notice rewritten-revision",
        "Neither the old nor the new downgrade() changes the database.",
    ),
}
"""Each with what is found, and the sentence of what was observed."""
BOTH_PARTS = of_downgrade(
    DROP, "pass", new_upgrade=f"column = sa.Column('pages', sa.Integer())\nop.add_column('book', column)"
)
ADD_INTEGER = ADD_PAGES.replace("sa.Integer", "Integer")
NOT_RUN: dict[str, tuple[RevisionEdit, str]] = {
    "the new code fails": (
        edit(ADD_PAGES, ADD_PAGES + "\n" + ADD_PAGES),
        'its new upgrade() fails (column "pages" of relation "book" already exists)',
    ),
    "the old code fails": (
        edit('op.drop_table("shelf")', ADD_PAGES),
        'its old upgrade() fails (table "shelf" does not exist)',
    ),
    "its parents too": (
        RevisionEdit(
            old=Revision(id="b2", down="a1", upgrade=ADD_PAGES),
            new=Revision(id="b2", down="x9", upgrade=ADD_PAGES.replace("pages", "year")),
            work={"migrations/versions/x9_.py": Revision(id="x9", down="a1").text},
        ),
        "its parents have changed as well",
    ),
    "the base's code is not importable": (
        RevisionEdit(
            old=Revision(id="b2", down="a1", top="from library_of_nowhere import Integer", upgrade=ADD_INTEGER),
            new=Revision(id="b2", down="a1", top="from sqlalchemy import Integer", upgrade=ADD_INTEGER),
        ),
        "the base's code could not be imported: The project needs the module 'library_of_nowhere', which "
        f"{sys.executable} cannot import",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedHistory:
    """A history of which several revisions are edited, and how each comes out."""

    base: Files
    work: Files
    expected: dict[tuple[str, str], str]
    removed: tuple[str, ...] = ()


def _history(old: list[Revision], new: list[Revision], expected: dict[str, str]) -> EditedHistory:
    work = {f"migrations/versions/{revision.id}_.py": revision.text for revision in new}
    return EditedHistory(
        base=tree(BOOK, *old), work=work, expected={(id_, "upgrade"): found for id_, found in expected.items()}
    )


def _adds(id_: str, down: str | tuple[str, ...], column: str, type_: str = "Integer") -> Revision:
    return Revision(id=id_, down=down, upgrade=f'op.add_column("book", sa.Column("{column}", sa.{type_}()))')


def _sql(id_: str, down: str | tuple[str, ...], column: str, type_: str = "integer") -> Revision:
    return Revision(id=id_, down=down, upgrade=f'op.execute("ALTER TABLE book ADD {column} {type_}")')


HISTORIES: dict[str, EditedHistory] = {
    "in the middle of a long one": _history(
        [_adds("b2", "a1", "b"), _adds("c3", "b2", "c"), _adds("d4", "c3", "d"), _adds("e5", "d4", "e")],
        [_sql("c3", "b2", "c"), _adds("d4", "c3", "d", "BigInteger")],
        {"c3": "same-result", "d4": "different"},
    ),
    "one after another that differs": _history(
        [_adds("b2", "a1", "b"), _adds("c3", "b2", "c")],
        [_adds("b2", "a1", "b", "BigInteger"), _sql("c3", "b2", "c")],
        {"b2": "different", "c3": "same-result"},
    ),
    "branches and their merge": _history(
        [_adds("b2", "a1", "b"), _adds("c3", "a1", "c"), _adds("m9", ("b2", "c3"), "m"), _adds("n9", "m9", "n")],
        [_sql("b2", "a1", "b"), _sql("c3", "a1", "c", "bigint"), _sql("m9", ("b2", "c3"), "m")],
        {"b2": "same-result", "c3": "different", "m9": "same-result"},
    ),
    "the first revision": EditedHistory(
        base=tree(BOOK),
        work={"migrations/versions/a1_.py": Revision(id="a1", upgrade=CREATE_BOOK.replace("200", "100")).text},
        expected={("a1", "upgrade"): "different"},
    ),
    "a renamed file": EditedHistory(
        base=tree(BOOK, _adds("b2", "a1", "b")),
        work={"migrations/versions/b2_renamed_.py": _sql("b2", "a1", "b").text},
        removed=(EDITED,),
        expected={("b2", "upgrade"): "same-result"},
    ),
}
ROLE = edit(
    'op.execute("CREATE ROLE ac_test_editor")\nop.execute("GRANT SELECT ON book TO ac_test_editor")',
    'op.execute("CREATE ROLE ac_test_editor NOLOGIN")\nop.execute("GRANT SELECT ON TABLE book TO ac_test_editor")',
)
WITH_FILES: dict[str, tuple[RevisionEdit, str]] = {
    "an import moved": (
        replace(MOVED, base={"t/__init__.py": "from t.ids import Id\n", "t/ids.py": ID}),
        "same-statements",
    ),
    "an import moved, the old module gone": (
        replace(MOVED, base={"t.py": ID}, work={"t/__init__.py": "", "t/ids.py": ID}, removed=("t.py",)),
        "same-statements",
    ),
    "an import moved to another type": (
        replace(MOVED, base={"t/__init__.py": ID.replace("Big", ""), "t/ids.py": ID}),
        "different",
    ),
    "a type altered on the way": (
        replace(
            MOVED, base={"t.py": ID}, work={"t/__init__.py": "", "t/ids.py": ID.replace("Big", "")}, removed=("t.py",)
        ),
        "different",
    ),
}


def all_of_one_file() -> dict[str, RevisionEdit]:
    """Return the edits that need no other files."""
    judged = {**DIFFERENT, **UNDECIDED}
    return {**SAME_STATEMENTS, **SAME_RESULT, **OTHER_ROWS, **{name: change for name, (change, _) in judged.items()}}


IN_SHORT: dict[str, RevisionEdit] = {
    **{name: SAME_STATEMENTS[name] for name in ("a loop unrolled", "a bound parameter renamed")},
    "an inserted parameter": OTHER_ROWS["an inserted parameter"],
    "a branch that a new database does not take": UNDECIDED["a branch that a new database does not take"][0],
}
ASYNCHRONOUS = EnvPy(run=ASYNC, url='"postgresql+asyncpg://nobody:nothing@db.invalid/production"').text
