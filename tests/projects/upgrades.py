"""Migrations that fail, hang, poison their connection or fool the checks, on top of a table that is there."""

from __future__ import annotations

from tests.projects import builder
from tests.projects.builder import BOOK, Revision, EnvPy, tree

HELPER = """
def number_pages(op):
    op.execute("UPDATE book SET pages = 0")
"""
BY_A_HELPER = Revision(
    id="b2", down="a1", top="from helpers import number_pages", upgrade="op.execute('SELECT 1')\nnumber_pages(op)"
)
HALF_WAY = Revision(
    id="b2",
    down="a1",
    upgrade="""
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix_title ON book (title)")
    op.execute("ALTER TABLE book ADD COLUMN pages integer")
    op.execute("ALTER TABLE book ADD COLUMN pages integer")
    """,
)
COMMITS_BY_HAND = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.execute("ALTER TABLE book ADD COLUMN pages integer")
    op.execute("COMMIT")
    op.execute("CREATE INDEX CONCURRENTLY ix_title ON book (titel)")
    """,
)
COMMITS_UNSEEN = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.execute("ALTER TABLE book ADD COLUMN pages integer")
    op.get_bind().connection.commit()
    op.execute("SELECT nothing(1)")
    """,
)
SECOND_OF_THREE = (
    Revision(id="b2", down="a1", upgrade='op.execute("CREATE TABLE shelf (id integer PRIMARY KEY)")'),
    Revision(id="c3", down="b2", upgrade='raise ValueError("no shelf is long enough")'),
    Revision(id="d4", down="c3"),
)
HANGS = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.execute("LOCK TABLE book IN ACCESS SHARE MODE")
    with sa.create_engine(op.get_bind().engine.url).begin() as other:
        other.execute(sa.text("ALTER TABLE book ADD COLUMN pages integer"))
    """,
)
DIES = Revision(
    id="b2", down="a1", upgrade='op.execute("SELECT 1")\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)'
)
EXITS = Revision(id="b2", down="a1", upgrade="import os\nos._exit(0)")
POISONS = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.get_bind().commit()
    op.get_bind().execution_options(isolation_level="AUTOCOMMIT")
    """,
)
NEEDS_POISON = Revision(id="c3", down="b2", upgrade='op.execute("CREATE INDEX CONCURRENTLY ix_title ON book (title)")')
PAGES = Revision(
    id="b2",
    down="a1",
    upgrade='op.add_column("book", sa.Column("pages", sa.Integer()))',
    downgrade='op.drop_column("book", "pages")',
)
CREATES_ALL = Revision(id="a1", top="from models import metadata", upgrade="metadata.create_all(op.get_bind())")
ALTERS_WHAT_IS_NOT_THERE = Revision(id="a1", upgrade='op.execute("ALTER TABLE book ALTER COLUMN title SET NOT NULL")')


def through_a_helper() -> dict[str, str]:
    return {**tree(BOOK, BY_A_HELPER), "helpers.py": HELPER}


def per_migration(*revisions: Revision) -> dict[str, str]:
    return tree(BOOK, *revisions, env=EnvPy(options="transaction_per_migration=True").text)


def in_one_transaction(*revisions: Revision, models: str = builder.MODELS) -> dict[str, str]:
    return tree(BOOK, *revisions, models=models)


def creates_all() -> dict[str, str]:
    return tree(CREATES_ALL)


def with_index() -> str:
    """Return the models with an index on title."""
    return builder.MODELS.replace("import Column", "import Index, Column") + 'Index("ix_title", book.c.title)\n'


def with_pages(models: str = builder.MODELS) -> str:
    """Return the models with a column more."""
    return models.replace('Column("title"', 'Column("pages", Integer), Column("title"')
