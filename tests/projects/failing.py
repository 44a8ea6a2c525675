"""Deploys that fail in the ordinary way, and what stays of each in spite of the rollback."""

from __future__ import annotations

from dataclasses import dataclass

from tests.projects.builder import Revision
from tests.projects.replays import PER_MIGRATION, block

FAILS = 'op.execute("SELECT nothing(1)")'
INSERTS = "op.execute(\"INSERT INTO book (title) VALUES ('Sanditon')\")"
PAST_SQLALCHEMY = """
raw = op.get_bind().connection.dbapi_connection
raw.cursor().execute("INSERT INTO shelf VALUES ('A')")
raw.commit()
"""
_AT = "and the version table is still at a1."
_CLEAN = f"A failed deploy changes nothing: everything is rolled back, {_AT}"
_BACK = f"A failed deploy rolls back what it has changed, {_AT} Not rolled back:"
_RERUN = "The next deploy reruns the whole revision over what this one left behind."
_HALF = "A failed deploy stops halfway: it has"
_PARTS = f"{_HALF} committed {{}} of this revision, but the version table is at a1. {_RERUN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """A deploy that fails, with what its finding says."""

    revisions: tuple[Revision, ...]
    env: str = ""
    why: str
    evidence: str | None = None
    """What was not rolled back, in lines; None where that is nothing else."""
    by_hand: str | None = None


def _one(*upgrade: str) -> tuple[Revision, ...]:
    return (Revision(id="b2", down="a1", upgrade="\n".join(upgrade)),)


STAYS = {
    "nothing": Stays(revisions=_one('op.execute("ALTER TABLE book ADD COLUMN pages integer")', FAILS), why=_CLEAN),
    "nothing, of a failure in Python": Stays(revisions=_one('raise ValueError("no shelf")'), why=_CLEAN),
    "the number that an INSERT took": Stays(
        revisions=_one(INSERTS, INSERTS, FAILS),
        why=f"{_BACK} the sequence public.book_id_seq went from 2 to 4.",
    ),
    "a number that was set": Stays(
        revisions=_one("op.execute(\"SELECT setval('genre_id_seq', 100)\")", FAILS),
        why=f"{_BACK} the sequence public.genre_id_seq went to 100.",
    ),
    "nothing of a sequence that was restarted, which is rolled back": Stays(
        revisions=_one('op.execute("ALTER SEQUENCE book_id_seq RESTART 100")', FAILS), why=_CLEAN
    ),
    "nothing of a sequence that the same transaction created": Stays(
        revisions=_one("op.execute('CREATE SEQUENCE s')", "op.execute(\"SELECT nextval('s')\")", FAILS), why=_CLEAN
    ),
    "a number, and an index that was committed": Stays(
        revisions=_one(
            block('op.create_index("ix_title", "book", ["title"], postgresql_concurrently=True)'), INSERTS, FAILS
        ),
        why=f"{_PARTS.format('1 statement')} Not rolled back: the sequence public.book_id_seq went from 2 to 3.",
        by_hand="DROP INDEX CONCURRENTLY public.ix_title;",
    ),
    "rows that were committed, whose numbers belong to them": Stays(
        revisions=_one(block(INSERTS), FAILS), why=_PARTS.format("1 statement")
    ),
    "rows that were committed past SQLAlchemy": Stays(
        revisions=_one(PAST_SQLALCHEMY, FAILS),
        why=f"{_HALF} changed the rows of public.shelf, but the version table is still at a1. {_RERUN}",
        evidence="table public.shelf has 1 row instead of 0",
    ),
    "an invalid index": Stays(
        revisions=_one(block('op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix ON book ((1))")')),
        why=f"{_HALF} changed 1 database object, but the version table is still at a1. {_RERUN}",
        evidence="index public.book.ix is new, and invalid",
        by_hand="DROP INDEX CONCURRENTLY public.ix;",
    ),
    "a file": Stays(
        revisions=_one("with open('books.csv', 'w') as file:\n    file.write('Emma')", FAILS),
        why=f"{_BACK} the migration wrote the file books.csv.",
    ),
    "nothing of a file that is removed again": Stays(
        revisions=_one("import os\nopen('books.csv', 'w').close()\nos.remove('books.csv')", FAILS), why=_CLEAN
    ),
    "a database": Stays(
        revisions=_one(block('op.execute("CREATE DATABASE reports_of_b2")'), FAILS),
        why=f"{_PARTS.format('1 statement')} Not rolled back: the database reports_of_b2 exists.",
        by_hand="DROP DATABASE reports_of_b2;",
    ),
    "a role": Stays(
        revisions=_one(block('op.execute("CREATE ROLE clerk_of_b2")'), FAILS),
        why=f"{_PARTS.format('1 statement')} Not rolled back: the role clerk_of_b2 exists.",
        by_hand="DROP ROLE clerk_of_b2;",
    ),
    "nothing of a role that was rolled back": Stays(
        revisions=_one('op.execute("CREATE ROLE clerk_of_b2")', FAILS), why=_CLEAN
    ),
    "what cannot be undone by dropping": Stays(
        revisions=_one(
            block("op.execute(\"ALTER TYPE mood ADD VALUE 'glad'\")", 'op.execute("CREATE TABLE loan (id integer)")'),
            FAILS,
        ),
        why=_PARTS.format("2 statements"),
    ),
    "the revision before it": Stays(
        revisions=(
            Revision(id="b2", down="a1", upgrade=INSERTS),
            Revision(id="c3", down="b2", upgrade=f"{INSERTS}\n{FAILS}"),
        ),
        env=PER_MIGRATION,
        why="A failed deploy leaves the version table at b2: the revisions before this one are committed, this one is "
        "not.",
    ),
}
