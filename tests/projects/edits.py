"""Edits of a merged revision: those that change nothing, and those that look like them and do."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.projects.builder import BOOK, CREATE_BOOK, MODELS, Revision, tree

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
    "an import moved": RevisionEdit(
        old=MOVED.old, new=MOVED.new, base={"t/__init__.py": "from t.ids import Id\n", "t/ids.py": ID}
    ),
    "an import moved, the old module gone": RevisionEdit(
        old=MOVED.old, new=MOVED.new, base={"t.py": ID}, work={"t/__init__.py": "", "t/ids.py": ID}, removed=("t.py",)
    ),
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
        'op.execute("UPDATE book SET title = \'\' WHERE id = 1")',
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
    "a bound parameter renamed": edit(
        'op.execute(sa.text("UPDATE book SET title = :a").bindparams(a="x"))',
        'op.execute(sa.text("UPDATE book SET title = :title").bindparams(title="x"))',
    ),
    "a batch made an operation": edit(
        'with op.batch_alter_table("book") as batch:\n    batch.add_column(sa.Column("pages", sa.Integer()))', ADD_PAGES
    ),
    "a value that every run makes": edit(
        'from uuid import uuid4\nop.execute(f"UPDATE book SET title = \'{uuid4()}\'")',
        'import uuid\nop.execute(f"UPDATE book SET title = \'{uuid.uuid4()}\'")',
    ),
    "a parameter that every run makes": edit(
        'import datetime\nbook = sa.table("book", sa.column("title"))\n'
        'op.bulk_insert(book, [{"title": str(datetime.datetime.now())}])',
        'from datetime import datetime\nbook = sa.table("book", sa.column("title"))\n'
        'op.bulk_insert(book, [{"title": str(datetime.now())}])',
    ),
    "a guard by the catalog": edit(
        ADD_PAGES,
        'names = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("book")]\nassert "id" in names\n' + ADD_PAGES,
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
    "an operation in place of SQL": edit('op.execute("ALTER TABLE book ADD COLUMN pages integer")', ADD_PAGES),
    "two operations in another order": edit(
        ADD_PAGES + '\nop.create_index("by_title", "book", ["title"])',
        'op.create_index("by_title", "book", ["title"])\n' + ADD_PAGES,
    ),
    "a name that the convention gives": edit(
        'op.execute("ALTER TABLE book ADD UNIQUE (title)")', 'op.create_unique_constraint("book_title_key", "book", ["title"])'
    ),
    "one statement made two": edit(
        'op.execute("ALTER TABLE book ADD pages integer DEFAULT 0, ADD year integer")',
        'op.add_column("book", sa.Column("pages", sa.Integer(), server_default="0"))\n' + ADD_PAGES.replace("pages", "year"),
    ),
    "rows by SQL in place of an operation": edit(
        'op.execute("INSERT INTO book (id, title) VALUES (1, \'a\'), (2, \'b\')")',
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
    "a constant of another module": (
        RevisionEdit(
            old=MOVED.old,
            new=MOVED.new,
            base={"t/__init__.py": ID.replace("Big", ""), "t/ids.py": ID},
        ),
        "column public.book.owner differs: in deployed databases type is integer, in new ones bigint",
    ),
}
"""Each with the only line of what differs."""
OTHER_ROWS: dict[str, RevisionEdit] = {
    "an inserted value": edit(
        'op.execute("INSERT INTO book (id, title) VALUES (1, \'a\')")',
        'op.execute("INSERT INTO book (id, title) VALUES (1, \'b\')")',
    ),
    "an inserted parameter": edit(
        INSERTS + 'op.bulk_insert(book, [{"id": 1, "title": "a"}])',
        INSERTS + 'op.bulk_insert(book, [{"id": 1, "title": "b"}])',
    ),
    "a parameter beside one that every run makes": edit(
        'from uuid import uuid4\nop.execute(sa.text("INSERT INTO book VALUES (1, :a || :b)").bindparams(a=str(uuid4()), b="x"))',
        'from uuid import uuid4\nop.execute(sa.text("INSERT INTO book VALUES (1, :a || :b)").bindparams(a=str(uuid4()), b="y"))',
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
            *(
                f"op.get_bind().connection.cursor().execute(\"UPDATE book SET title = '{name}'\")"
                for name in ("a", "b")
            )
        ),
        "they use `cursor`, which can send statements that this run does not see",
    ),
}
"""Each with why a new database does not tell."""
