"""Migrations that commit in parts: those that do not run again after they stopped half-way, and those that do."""

from __future__ import annotations

from dataclasses import dataclass

from tests.projects.builder import CREATE_BOOK, EnvPy, Revision, tree

DEPLOYED = Revision(
    id="a1",
    upgrade=CREATE_BOOK
    + """
op.execute("INSERT INTO book (title) VALUES ('Emma'), ('Persuasion')")
op.execute("CREATE TYPE mood AS ENUM ('calm')")
op.execute("CREATE TABLE genre (id serial PRIMARY KEY, name text NOT NULL, added timestamptz DEFAULT clock_timestamp())")
op.execute("CREATE TABLE shelf (code text PRIMARY KEY)")
op.execute("CREATE INDEX ix_book_id ON book (id)")
op.execute("CREATE TABLE sale (day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE sale_2025 PARTITION OF sale FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")
""",
)
BLOCK = "with op.get_context().autocommit_block():"
_CONCURRENTLY = "postgresql_concurrently=True"
DROP = f'op.drop_index("ix_title", "book", if_exists=True, {_CONCURRENTLY})'
ADD_PAGES = 'op.execute("ALTER TABLE book ADD COLUMN pages integer")'
PER_MIGRATION = EnvPy(options="transaction_per_migration=True").text
SECOND_ENGINE = """
with sa.create_engine(op.get_bind().engine.url).begin() as other:
    other.execute(sa.text("CREATE TABLE loan (id integer)"))
op.execute("ALTER TABLE book ADD COLUMN pages integer")
"""
POISONED = f"""
connection = op.get_bind()
connection.commit()
connection.execution_options(isolation_level="AUTOCOMMIT")
op.create_index("ix_title", "book", ["title"], {_CONCURRENTLY})
"""
BATCHES = """
op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS seen timestamptz")
with op.get_context().autocommit_block():
    for _ in range(3):
        op.execute("UPDATE book SET seen = clock_timestamp() WHERE id IN (SELECT id FROM book WHERE seen IS NULL LIMIT 1)")
"""
VACUUM = 'op.execute("VACUUM book")'
NEW_TYPE = """
op.execute("CREATE TYPE colour AS ENUM ('red')")
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE colour ADD VALUE IF NOT EXISTS 'blue'")
"""


def created(options: str = "") -> str:
    """Return the operation that builds an index concurrently."""
    return f'op.create_index("ix_title", "book", ["title"], {_CONCURRENTLY}{options})'


def block(*lines: str) -> str:
    """Return lines in an autocommit block."""
    return "\n".join([BLOCK, *(f"    {line}" for line in lines)])


ROLLED_BACK = f"""
{ADD_PAGES}
op.get_bind().connection.dbapi_connection.rollback()
{ADD_PAGES}
with op.get_bind().begin_nested() as savepoint:
    op.execute("INSERT INTO genre (name) VALUES ('Crime')")
    savepoint.rollback()
"""
BLOCK_AFTER_ROLLBACK = f"""
{ADD_PAGES}
op.get_bind().connection.rollback()
{BLOCK}
    op.drop_index("ix_title", "book", if_exists=True, {_CONCURRENTLY})
    op.create_index("ix_title", "book", ["title"], {_CONCURRENTLY})
"""
ONE_MORE = """
op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS seen integer DEFAULT 0")
with op.get_context().autocommit_block():
    for first in range(1, 3):
        op.execute(f"UPDATE book SET seen = seen + 1 WHERE id = {first}")
"""
COMMITTED_BATCHES = """
batch = sa.text("UPDATE book SET title = title || '!' WHERE id IN"
                " (SELECT id FROM book WHERE position('!' in title) = 0 LIMIT 1)")
with sa.create_engine(op.get_bind().engine.url).connect() as other:
    while other.execute(batch).rowcount:
        other.commit()
"""
VIEW = """
op.execute("CREATE MATERIALIZED VIEW IF NOT EXISTS titles AS SELECT id, title FROM book")
op.execute("CREATE UNIQUE INDEX IF NOT EXISTS ix_titles ON titles (id)")
with op.get_context().autocommit_block():
    op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY titles")
"""
SECOND_ENGINE_AGAIN = """
with sa.create_engine(op.get_bind().engine.url).begin() as other:
    other.execute(sa.text("CREATE TABLE IF NOT EXISTS loan (id integer)"))
op.execute("ALTER TABLE book ADD COLUMN pages integer")
"""


DETACH = 'op.execute("ALTER TABLE sale DETACH PARTITION sale_2025 CONCURRENTLY")'
DETACH_AGAIN = block(
    "pending = op.get_bind().scalar(sa.text("
    "\"SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass('sale_2025')\"))",
    "if pending is not None:  # it is still a partition",
    '    op.execute("ALTER TABLE sale DETACH PARTITION sale_2025 " + ("FINALIZE" if pending else "CONCURRENTLY"))',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """A change that does not run again, with what its finding says."""

    revisions: tuple[Revision, ...]
    env: str = ""
    messages: tuple[str, ...]
    lines: tuple[int, ...] = (0,)
    """Where each finding points at, counted from the first of ``upgrade``."""
    stops: int
    """How often the deploy is stopped."""
    remedy: str
    by_hand: tuple[str, ...] = ()
    repeatable: str | None = None


def _one(upgrade: str) -> tuple[Revision, ...]:
    return (Revision(id="b2", down="a1", upgrade=upgrade),)


_AFTER = "After a deploy stopped in revision b2, the next alembic upgrade"
_DROP_FIRST = "Drop ix_title before the index is built, if it exists."
_INDEX_AGAIN = f'{BLOCK}\n    op.drop_index("ix_title", table_name="book", if_exists=True, {_CONCURRENTLY})\n    {created()}'
_DROP_INDEX = "DROP INDEX CONCURRENTLY public.ix_title;"
_DROP_IF_THERE = "DROP INDEX CONCURRENTLY IF EXISTS public.ix_title;"
_OTHER = 'op.create_index("ix_other", "book", ["id", "title"], postgresql_concurrently=True)'
_BOTH_AGAIN = "\n".join(
    f'op.drop_index("{name}", table_name="book", if_exists=True, {_CONCURRENTLY})\n{built}'
    for name, built in (("ix_title", created()), ("ix_other", _OTHER))
)
WRONG = {
    "an index built concurrently": Torn(
        revisions=_one(block(created())),
        messages=(f'{_AFTER} fails: relation "ix_title" already exists.',),
        lines=(1,),
        stops=2,
        remedy=_DROP_FIRST,
        by_hand=(_DROP_INDEX,),
        repeatable=_INDEX_AGAIN,
    ),
    "an invalid index that IF NOT EXISTS keeps": Torn(
        revisions=_one(block(created(", if_not_exists=True"))),
        messages=(f"{_AFTER} succeeds, but leaves the index public.ix_title invalid.",),
        lines=(1,),
        stops=2,
        remedy=_DROP_FIRST,
        by_hand=(f"{_DROP_INDEX}\nCREATE INDEX CONCURRENTLY ix_title ON book (title);",),
        repeatable=_INDEX_AGAIN,
    ),
    "an index without IF EXISTS dropped concurrently": Torn(
        revisions=_one(block('op.drop_index("ix_book_id", "book", postgresql_concurrently=True)')),
        messages=(f'{_AFTER} fails: index "ix_book_id" does not exist.',),
        lines=(1,),
        stops=1,
        remedy="Replace line {1} by lines that can run again.",
        by_hand=("alembic stamp b2",),
        repeatable=f'{BLOCK}\n    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_book_id")',
    ),
    "an index rebuilt concurrently": Torn(
        revisions=_one(block('op.execute("REINDEX INDEX CONCURRENTLY ix_book_id")')),
        messages=(f"{_AFTER} succeeds, but leaves the index public.ix_book_id_ccnew invalid.",),
        lines=(1,),
        stops=2,
        remedy="Replace line {1} by lines that can run again.",
        by_hand=("DROP INDEX CONCURRENTLY public.ix_book_id_ccnew;",),
        repeatable=(
            f'{BLOCK}\n    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_book_id_ccnew")\n'
            '    op.execute("REINDEX INDEX CONCURRENTLY ix_book_id")'
        ),
    ),
    "a column before a block": Torn(
        revisions=_one(f"{ADD_PAGES}\n{block(DROP, created())}"),
        messages=(f'{_AFTER} fails: column "pages" of relation "book" already exists.',),
        stops=4,
        remedy="Replace lines {0} and {3} by lines that can run again. Or move line {0} to a revision of its own.",
        by_hand=(f"{_DROP_IF_THERE}\nALTER TABLE IF EXISTS public.book DROP COLUMN IF EXISTS pages;",),
        repeatable=f'op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS pages integer")\n{_INDEX_AGAIN}',
    ),
    "COMMIT as a statement": Torn(
        revisions=_one(f'{ADD_PAGES}\nop.execute("COMMIT")\nop.execute("UPDATE book SET pages = 1")'),
        messages=(f'{_AFTER} fails: column "pages" of relation "book" already exists.',),
        stops=2,
        remedy="Replace line {0} by lines that can run again.",
        by_hand=("ALTER TABLE public.book DROP COLUMN pages;", "alembic stamp b2"),
        repeatable='op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS pages integer")',
    ),
    "commit() of the driver": Torn(
        revisions=_one(f'{ADD_PAGES}\nop.get_bind().connection.commit()\nop.execute("UPDATE book SET pages = 1")'),
        messages=(f'{_AFTER} fails: column "pages" of relation "book" already exists.',),
        stops=1,
        remedy="Replace line {0} by lines that can run again.",
        by_hand=("ALTER TABLE public.book DROP COLUMN pages;",),
        repeatable='op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS pages integer")',
    ),
    "a connection left in autocommit": Torn(
        revisions=_one(POISONED),
        messages=(f'{_AFTER} fails: relation "ix_title" already exists.',),
        lines=(3,),
        stops=2,
        remedy=_DROP_FIRST,
        by_hand=(_DROP_INDEX,),
        repeatable=_INDEX_AGAIN,
    ),
    "a second engine": Torn(
        revisions=_one(SECOND_ENGINE),
        messages=(f'{_AFTER} fails: relation "loan" already exists.',),
        lines=(1,),
        stops=1,
        remedy="Replace line {1} by lines that can run again.",
        by_hand=("DROP TABLE public.loan;",),
        repeatable='op.execute("CREATE TABLE IF NOT EXISTS loan (id integer)")',
    ),
    "two indexes after COMMIT as a statement": Torn(
        revisions=_one(f'op.execute("COMMIT")\n{created()}\n{_OTHER}'),
        messages=(f'{_AFTER} fails: relation "ix_title" already exists.',),
        lines=(1,),
        stops=4,
        remedy="Drop ix_title and ix_other before the index is built, if it exists.",
        by_hand=(f"{_DROP_IF_THERE}\nDROP INDEX CONCURRENTLY IF EXISTS public.ix_other;",),
        repeatable=_BOTH_AGAIN,
    ),
    "two indexes after COMMIT, kept invalid by IF NOT EXISTS": Torn(
        revisions=_one(f'op.execute("COMMIT")\n{created(", if_not_exists=True")}\n{_OTHER[:-1]}, if_not_exists=True)'),
        messages=(f"{_AFTER} succeeds, but leaves the index public.ix_title invalid.",),
        lines=(1,),
        stops=4,
        remedy="Drop ix_title and ix_other before the index is built, if it exists.",
        by_hand=(
            f"-- Stopped while line 13 built an index:\n{_DROP_INDEX}\n"
            "CREATE INDEX CONCURRENTLY ix_title ON book (title);\n"
            "-- Stopped while line 14 built an index:\nDROP INDEX CONCURRENTLY public.ix_other;\n"
            "CREATE INDEX CONCURRENTLY ix_other ON book (id, title);",
        ),
        repeatable=_BOTH_AGAIN,
    ),
    "an index in place of another, after COMMIT": Torn(
        revisions=_one(f'op.execute("COMMIT")\nop.execute("DROP INDEX CONCURRENTLY ix_book_id")\n{created()}'),
        messages=(f'{_AFTER} fails: index "ix_book_id" does not exist.',),
        lines=(1,),
        stops=3,
        remedy="Replace lines {1} and {2} by lines that can run again.",
        by_hand=(
            "CREATE INDEX CONCURRENTLY ix_title ON book (title);",
            "alembic stamp b2",
            f"{_DROP_INDEX}\nCREATE INDEX CONCURRENTLY ix_title ON book (title);",
            "alembic stamp b2",
            "alembic stamp b2",
        ),
        repeatable='op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_book_id")\n'
        f'op.drop_index("ix_title", table_name="book", if_exists=True, {_CONCURRENTLY})\n{created()}',
    ),
    "a partition detached concurrently": Torn(
        revisions=_one(f'op.execute("ALTER TABLE sale ADD COLUMN pieces integer")\n{block(DETACH)}'),
        messages=(f'{_AFTER} fails: column "pieces" of relation "sale" already exists.',),
        stops=3,
        remedy="Replace lines {0} and {2} by lines that can run again. Or move line {0} to a revision of its own.",
        by_hand=("ALTER TABLE public.sale DROP COLUMN pieces;", "alembic stamp b2"),
        repeatable=f'op.execute("ALTER TABLE sale ADD COLUMN IF NOT EXISTS pieces integer")\n{DETACH_AGAIN}',
    ),
    "a partition detached concurrently, alone": Torn(
        revisions=_one(block(DETACH)),
        messages=(f'{_AFTER} fails: partition "sale_2025" already pending detach in partitioned table "public.sale".',),
        lines=(1,),
        stops=2,
        remedy="Replace line {1} by lines that can run again.",
        by_hand=("ALTER TABLE sale DETACH PARTITION sale_2025 FINALIZE;", "alembic stamp b2", "alembic stamp b2"),
        repeatable=DETACH_AGAIN,
    ),
    "a value of an enum": Torn(
        revisions=_one(block("op.execute(\"ALTER TYPE mood ADD VALUE 'glad'\")") + f"\n{ADD_PAGES}"),
        messages=(f'{_AFTER} fails: enum label "glad" already exists.',),
        lines=(1,),
        stops=1,
        remedy="Replace line {1} by lines that can run again.",
        by_hand=("ALTER TABLE book ADD COLUMN pages integer;", "alembic stamp b2"),
        repeatable=f"{BLOCK}\n    op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'\")",
    ),
    "rows that a key refuses": Torn(
        revisions=_one(block("op.execute(\"INSERT INTO shelf VALUES ('A')\")")),
        messages=(f'{_AFTER} fails: duplicate key value violates unique constraint "shelf_pkey".',),
        lines=(1,),
        stops=1,
        remedy="Replace line {1} by lines that can run again.",
        by_hand=("alembic stamp b2",),
        repeatable=f"{BLOCK}\n    op.execute(\"INSERT INTO shelf VALUES ('A') ON CONFLICT DO NOTHING\")",
    ),
    "rows written twice": Torn(
        revisions=_one(block("op.execute(\"INSERT INTO genre (name) VALUES ('Crime')\")") + f"\n{ADD_PAGES}"),
        messages=(f"{_AFTER} succeeds, but writes rows twice: public.genre has 2 rows instead of 1.",),
        lines=(1,),
        stops=1,
        remedy="Move line {1} to a revision of its own.",
        by_hand=("ALTER TABLE book ADD COLUMN pages integer;", "alembic stamp b2"),
    ),
    "rows changed twice": Torn(
        revisions=_one(block("op.execute(\"UPDATE book SET title = title || '!'\")")),
        messages=(f"{_AFTER} succeeds, but changes rows twice: public.book has other values in title.",),
        lines=(1,),
        stops=1,
        remedy="Move line {1} to a revision of its own.",
        by_hand=("alembic stamp b2",),
    ),
    "a number that is counted up in batches": Torn(
        revisions=_one(ONE_MORE),
        messages=(f"{_AFTER} succeeds, but changes rows twice: public.book has other values in seen.",),
        lines=(3,),
        stops=3,
        remedy="Move line {3} to a revision of its own.",
        by_hand=("UPDATE book SET seen = seen + 1 WHERE id = 2;", "alembic stamp b2", "alembic stamp b2"),
    ),
    "rows of a transaction that the migration begins itself": Torn(
        revisions=_one(
            block(
                'op.execute("BEGIN")',
                "op.execute(\"INSERT INTO genre (name) VALUES ('Crime')\")",
                "op.execute(\"INSERT INTO genre (name) VALUES ('Poetry')\")",
                'op.execute("COMMIT")',
            )
            + f"\n{ADD_PAGES}"
        ),
        messages=(f"{_AFTER} succeeds, but writes rows twice: public.genre has 4 rows instead of 2.",),
        lines=(3,),
        stops=1,
        remedy="Move lines {2} and {3} to a revision of their own.",
        by_hand=("ALTER TABLE book ADD COLUMN pages integer;", "alembic stamp b2"),
    ),
    "rows of a query written twice": Torn(
        revisions=_one(block('op.execute("INSERT INTO genre (name) SELECT title FROM book")') + f"\n{ADD_PAGES}"),
        messages=(f"{_AFTER} succeeds, but writes rows twice: public.genre has 4 rows instead of 2.",),
        lines=(1,),
        stops=1,
        remedy="Move line {1} to a revision of its own.",
        by_hand=("ALTER TABLE book ADD COLUMN pages integer;", "alembic stamp b2"),
    ),
    "the last of three revisions with a transaction each": Torn(
        revisions=(
            Revision(id="a2", down="a1", upgrade='op.execute("CREATE TABLE loan (id integer)")'),
            Revision(id="b1", down="a2", upgrade='op.execute("CREATE TABLE visit (id integer)")'),
            Revision(id="b2", down="b1", upgrade=f"{ADD_PAGES}\n{block(VACUUM)}"),
        ),
        env=PER_MIGRATION,
        messages=(f'{_AFTER} fails: column "pages" of relation "book" already exists.',),
        stops=3,
        remedy="Replace line {0} by lines that can run again.",
        by_hand=("ALTER TABLE public.book DROP COLUMN pages;",),
        repeatable='op.execute("ALTER TABLE book ADD COLUMN IF NOT EXISTS pages integer")',
    ),
    "a block after a rollback of the driver": Torn(
        revisions=_one(f'{ADD_PAGES}\nop.get_bind().connection.rollback()\n{block(created())}'),
        messages=(f'{_AFTER} fails: relation "ix_title" already exists.',),
        lines=(3,),
        stops=2,
        remedy=_DROP_FIRST,
        by_hand=(_DROP_INDEX,),
        repeatable=_INDEX_AGAIN,
    ),
    "a type before a block": Torn(
        revisions=_one(NEW_TYPE),
        messages=(f'{_AFTER} fails: type "colour" already exists.',),
        stops=2,
        remedy="Move line {0} to a revision of its own.",
        by_hand=("DROP TYPE public.colour;",),
    ),
    "the second of two revisions": Torn(
        revisions=(
            Revision(id="b1", down="a1", upgrade='op.execute("CREATE TABLE loan (id integer)")'),
            Revision(id="b2", down="b1", upgrade=block(created())),
        ),
        messages=(f'{_AFTER} fails: relation "ix_title" already exists.',),
        lines=(1,),
        stops=3,
        remedy=_DROP_FIRST,
        by_hand=(_DROP_INDEX,),
        repeatable=_INDEX_AGAIN,
    ),
}
NOTE = "Stopped at {} half-way; the next alembic upgrade finished each time."
RIGHT: dict[str, tuple[tuple[Revision, ...], str, str]] = {
    "one revision in one transaction": (_one(ADD_PAGES), "", "The new revision runs in one transaction."),
    "two revisions in one transaction": (
        (*_one(ADD_PAGES), Revision(id="c3", down="b2", upgrade='op.execute("UPDATE book SET pages = 1")')),
        "",
        "The new revisions run in one transaction.",
    ),
    "a transaction for each revision": (
        (*_one(ADD_PAGES), Revision(id="c3", down="b2", upgrade='op.execute("UPDATE book SET pages = 1")')),
        PER_MIGRATION,
        "Each new revision runs in one transaction, with its row in the version table.",
    ),
    "an index dropped first": (_one(block(DROP, created())), "", NOTE.format("3 places")),
    "an index dropped first, in a revision of its own": (
        (
            Revision(id="b1", down="a1", upgrade=ADD_PAGES),
            Revision(id="b2", down="b1", upgrade=block(DROP, created())),
        ),
        PER_MIGRATION,
        NOTE.format("4 places"),
    ),
    "statements that do nothing when they are there already": (
        _one(
            block(
                'op.drop_index("ix_book_id", "book", if_exists=True, postgresql_concurrently=True)',
                "op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'\")",
                "op.execute(\"INSERT INTO shelf VALUES ('A') ON CONFLICT DO NOTHING\")",
            )
            + f"\n{ADD_PAGES}"
        ),
        "",
        NOTE.format("3 places"),
    ),
    "a partition that is detached where it still is one": (_one(DETACH_AGAIN), "", NOTE.format("2 places")),
    "batches that go on where they stopped": (_one(BATCHES), "", NOTE.format("3 places")),
    "rows with numbers of a sequence, whose gaps do not count": (
        _one(
            block(
                "op.execute(\"INSERT INTO genre (name) SELECT 'Crime' WHERE NOT EXISTS"
                " (SELECT FROM genre WHERE name = 'Crime')\")",
                "op.execute(\"SELECT nextval('genre_id_seq')\")",
            )
            + "\nop.execute(\"INSERT INTO genre (name) VALUES ('Poetry')\")"
        ),
        "",
        NOTE.format("2 places"),
    ),
    "what is rolled back by hand": (_one(ROLLED_BACK), "", "The new revision runs in one transaction."),
    "a block after a rollback, which leaves nothing to run twice": (_one(BLOCK_AFTER_ROLLBACK), "", NOTE.format("3 places")),
    "VACUUM, which leaves nothing behind": (_one(block(VACUUM)), "", "The new revision runs in one transaction."),
    "a materialized view refreshed concurrently": (_one(VIEW), "", NOTE.format("2 places")),
    "an index rebuilt after what an interrupted rebuild has left is dropped": (
        _one(
            block(
                'op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_book_id_ccnew")',
                'op.execute("REINDEX INDEX CONCURRENTLY ix_book_id")',
            )
        ),
        "",
        NOTE.format("3 places"),
    ),
    "batches with a commit after each": (_one(COMMITTED_BATCHES), "", NOTE.format("2 places")),
    "rows of a query that a key keeps from being written twice": (
        _one(block('op.execute("INSERT INTO shelf SELECT title FROM book ON CONFLICT DO NOTHING")') + f"\n{ADD_PAGES}"),
        "",
        NOTE.format("1 place"),
    ),
    "what was torn, in a revision each": (
        (
            Revision(id="a2", down="a1", upgrade=ADD_PAGES),
            Revision(id="b1", down="a2", upgrade=block("op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'\")")),
            Revision(id="b2", down="b1", upgrade="op.execute(\"INSERT INTO genre (name) VALUES ('Crime')\")"),
        ),
        PER_MIGRATION,
        NOTE.format("3 places"),
    ),
    "a second engine whose table may exist": (_one(SECOND_ENGINE_AGAIN), "", NOTE.format("1 place")),
    "a second engine that only reads": (
        _one(
            "with sa.create_engine(op.get_bind().engine.url).begin() as other:\n"
            f'    other.execute(sa.text("SELECT count(*) FROM book"))\n{ADD_PAGES}'
        ),
        "",
        "The new revision runs in one transaction.",
    ),
}


def before() -> dict[str, str]:
    """Return the project as it is deployed."""
    return tree(DEPLOYED)
