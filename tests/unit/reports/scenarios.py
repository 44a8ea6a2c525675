"""Reports of a bookstore project, as every surface has to show them."""

from __future__ import annotations

from dataclasses import replace

from checks.findings import (
    Finding,
    Report,
    Result,
    Severity,
    Snippet,
    Status,
    Subject,
    TreeReport,
    Verdict,
)
from checks.recording.server import ServerUsed

TREE = "alembic.ini"
ENVIRONMENT = {
    "python": "3.12.3",
    "alembic": "1.18.0",
    "sqlalchemy": "2.0.44",
    "driver": "psycopg 3.2.9",
    "interpreter": "/venv/bin/python",
}
SERVER = ServerUsed(version="17.2", kind="embedded")
SUBJECT = Subject(
    key="CI / migrations",
    head_sha="5b0e1f3d7c9a2468ace013579bdf02468ace1357",
    pull_request=7,
    run_id=1618,
    url="https://github.com/acme/bookstore/actions/runs/1618",
)

MIGRATION = '''\
"""add isbn to book

Revision ID: 7c1e0d9b4a55
Revises: 3f2b8a1c9d07
Create Date: 2026-03-02 17:41:09.114322

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


revision: str = "7c1e0d9b4a55"
down_revision: Union[str, Sequence[str], None] = "3f2b8a1c9d07"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("book", sa.Column("isbn", sa.String(length=13), nullable=True))
    op.create_unique_constraint("uq_book_isbn", "book", ["isbn"])


def downgrade() -> None:
    op.drop_constraint("uq_book_isbn", "book", type_="unique")
    op.drop_column("book", "isbn")
'''

DRIFT_WHY = "Code that uses the models fails on a database that only the migrations have made."
DRIFT_REMEDY = (
    "Commit the missing migration; it was applied to a copy of the migrated database and leaves no difference."
)


def passed(check: str, seconds: float) -> Result:
    return Result(id=check, status=Status.PASSED, seconds=seconds)


def failed(check: str, seconds: float, *findings: Finding, fixes: tuple[Snippet, ...] = ()) -> Result:
    return Result(id=check, status=Status.FAILED, seconds=seconds, findings=findings, fixes=fixes)


def tree(*checks: Result, path: str = TREE) -> TreeReport:
    return TreeReport(
        path=path,
        checks=checks,
        base="origin/main",
        revisions=53,
        new_revisions=("3f2b8a1c9d07",),
        environment=ENVIRONMENT,
        revision_seconds={"9a4c7e21b3d8": 4.21, "3f2b8a1c9d07": 0.04} if path == TREE else {},
    )


def report(verdict: Verdict, *trees: TreeReport) -> Report:
    return Report(
        verdict=verdict,
        trees=trees,
        server=SERVER,
        seconds={"server": 0.4, "rehearsal": 11.2, "total": 14.2},
        subject=SUBJECT,
    )


def found(severity: Severity, evidence: tuple[Snippet, ...] = (), fixes: tuple[Snippet, ...] = ()) -> Finding:
    return Finding(
        rule="some-rule",
        severity=severity,
        message="Something was seen.",
        why="It matters.",
        remedy="Mend it.",
        evidence=evidence,
        fixes=fixes,
    )


def missing(message: str, line: int, name: str, models: str = "character varying(20)") -> Finding:
    return Finding(
        rule="missing-migration",
        severity=Severity.ERROR,
        message=message,
        why=DRIFT_WHY,
        remedy=DRIFT_REMEDY,
        path="bookstore/models.py",
        line=line,
        object=name,
        evidence=(
            Snippet(title="Models", text=models, language="sql"),
            Snippet(title="Migrations", text="nothing", language="sql"),
        ),
    )


MISSING_FIX = Snippet(
    title="The missing migration",
    text=MIGRATION,
    language="python",
    path="migrations/versions/7c1e0d9b4a55_add_isbn_to_book.py",
)

BILLING_FIX = Snippet(
    title="The missing migration",
    text=MIGRATION.replace("book", "invoice").replace("isbn", "number"),
    language="python",
    path="billing/migrations/versions/7c1e0d9b4a55_add_number_to_invoice.py",
)

ISBN = (
    missing("Column public.book.isbn is in the models, but no migration adds it.", 31, "public.book.isbn"),
    missing(
        "Unique constraint uq_book_isbn on public.book is in the models, but no migration adds it.",
        31,
        "public.book.uq_book_isbn",
        "UNIQUE (isbn)",
    ),
)

NAMES = Finding(
    rule="schema-differs",
    severity=Severity.NOTICE,
    message="Index ix_author_name of the database is called ix_author_full_name in the models.",
    why="Nothing breaks; a later migration that names it will.",
    remedy="Rename it in a migration, or in the model.",
    path="bookstore/models.py",
    line=58,
    object="public.ix_author_name",
)

TWO_HEADS = Finding(
    rule="multiple-heads",
    severity=Severity.ERROR,
    message="After the merge there are two heads: 3f2b8a1c9d07 (yours) and b81d2c6e5f10 (on origin/main).",
    why="A deploy's alembic upgrade head then stops: Multiple head revisions are present.",
    remedy="Put your revision after the one that came first, or merge the two.",
    path="migrations/versions/3f2b8a1c9d07_add_review_table.py",
    line=16,
    revision="3f2b8a1c9d07",
    object="3f2b8a1c9d07, b81d2c6e5f10",
    evidence=(
        Snippet(
            title="Where they part",
            language="mermaid",
            text="""\
flowchart TD
    r0["9a4c7e21b3d8<br/>add price"] --> r1
    r0 --> r2
    r1["b81d2c6e5f10<br/>add publisher (origin/main)"]
    r2["3f2b8a1c9d07<br/>add review table (new)"]:::new
    classDef new stroke-width:3px""",
        ),
        Snippet(
            title="Where they part, as text",
            text="""\
9a4c7e21b3d8 add price
|- b81d2c6e5f10 add publisher (origin/main, 2026-02-27)
`- 3f2b8a1c9d07 add review table (new, 2026-03-02)""",
        ),
    ),
    fixes=(
        Snippet(
            title="Either: a new down_revision in your version file",
            language="python",
            path="migrations/versions/3f2b8a1c9d07_add_review_table.py",
            text='down_revision: Union[str, Sequence[str], None] = "b81d2c6e5f10"',
        ),
        Snippet(
            title="Or: a merge revision",
            language="shell",
            text='alembic merge -m "merge heads" 3f2b8a1c9d07 b81d2c6e5f10',
        ),
    ),
)

EDITED = Finding(
    rule="edited-revision",
    severity=Severity.ERROR,
    message="Revision 9a4c7e21b3d8 (add price) is on origin/main already, and its upgrade() does something else now.",
    why="A database that has applied it never applies it again, so it never gets the change.",
    remedy="Put the file back as it was and write the change as a new revision.",
    path="migrations/versions/9a4c7e21b3d8_add_price.py",
    line=22,
    revision="9a4c7e21b3d8",
    object="9a4c7e21b3d8",
    evidence=(
        Snippet(
            title="What changed",
            language="diff",
            text="""\
 def upgrade() -> None:
-    op.add_column("book", sa.Column("price", sa.Numeric(10, 2)))
+    op.add_column("book", sa.Column("price", sa.Numeric(12, 2), nullable=False))""",
        ),
    ),
    fixes=(
        Snippet(
            title="Put the file back",
            language="shell",
            text="git checkout origin/main -- migrations/versions/9a4c7e21b3d8_add_price.py",
        ),
    ),
)

NOT_NULL = Finding(
    rule="upgrade-failed",
    severity=Severity.ERROR,
    message='Revision 3f2b8a1c9d07 fails: column "publisher_id" of relation "book" has nulls (23502).',
    why="A deploy stops here. Revision b81d2c6e5f10 stays applied; table public.publisher stays behind.",
    remedy="Fill publisher_id before it becomes NOT NULL, or give it a server default.",
    path="migrations/versions/3f2b8a1c9d07_add_review_table.py",
    line=27,
    revision="3f2b8a1c9d07",
    evidence=(
        Snippet(
            title="The statement",
            language="sql",
            text="ALTER TABLE book ALTER COLUMN publisher_id SET NOT NULL",
        ),
        Snippet(
            title="What PostgreSQL said",
            text="""\
ERROR:  column "publisher_id" of relation "book" contains null values
SQLSTATE: 23502 (not_null_violation)""",
        ),
        Snippet(
            title="How the migration got there",
            text="""\
migrations/versions/3f2b8a1c9d07_add_review_table.py:27 in upgrade
migrations/helpers.py:14 in require""",
        ),
    ),
)

CREATE_ALL = Finding(
    rule="create-all-in-migration",
    severity=Severity.WARNING,
    message="Revision 0001 calls MetaData.create_all, which makes 6 tables of today's models.",
    why="Models and database agree whatever the other migrations do, so drift is never found.",
    remedy="Write the tables out in the revision.",
    path="migrations/versions/0001_start.py",
    line=22,
    revision="0001",
)

SILENCED = Finding(
    rule="missing-migration",
    severity=Severity.ERROR,
    message="Table public.audit_log is in the database, but not in the models.",
    why=DRIFT_WHY,
    remedy=DRIFT_REMEDY,
    path="migrations/versions/51c0ffee1d2a_audit.py",
    line=20,
    suppressed="written by a trigger, read by the DBA only",
)


def _many(count: int) -> tuple[Finding, ...]:
    return tuple(
        missing(
            f"Column public.table_{number // 6}.column_{number % 6} is missing in the migrations.",
            20 + number,
            f"public.table_{number // 6}.column_{number % 6}",
        )
        for number in range(count)
    )


ALL_GREEN = report(Verdict.PASSED, tree(passed("heads", 0.02), passed("upgrade", 9.13), passed("drift", 2.04)))

MISSING_MIGRATION = report(
    Verdict.FAILED,
    tree(
        passed("heads", 0.02),
        passed("upgrade", 9.13),
        failed("drift", 2.04, *ISBN, NAMES, fixes=(MISSING_FIX,)),
    ),
)

HEADS = report(Verdict.FAILED, tree(failed("heads", 0.02, TWO_HEADS), passed("upgrade", 9.13), passed("drift", 2.04)))

FAILING_UPGRADE = report(
    Verdict.FAILED,
    tree(
        passed("heads", 0.02),
        failed("upgrade", 4.87, NOT_NULL),
        Result(id="drift", status=Status.SKIPPED, reason="The upgrade did not reach the heads."),
    ),
)

TEN = report(
    Verdict.FAILED,
    tree(
        failed("heads", 0.02, TWO_HEADS),
        failed("upgrade", 4.87, NOT_NULL, CREATE_ALL),
        failed("drift", 2.04, *ISBN, *_many(2), NAMES, SILENCED, fixes=(MISSING_FIX,)),
        path="backend/alembic.ini",
    ),
    tree(
        passed("heads", 0.01),
        passed("upgrade", 1.2),
        failed("drift", 0.61, *_many(2), fixes=(BILLING_FIX,)),
        path="billing/alembic.ini:tenants",
    ),
    tree(
        passed("heads", 0.01),
        Result(id="upgrade", status=Status.ERROR, reason="env.py ended the process by sys.exit(0)."),
        Result(id="drift", status=Status.SKIPPED, reason="The upgrade could not be judged."),
        path="search/alembic.ini",
    ),
)

THREE_HUNDRED = report(
    Verdict.FAILED,
    tree(
        passed("heads", 0.02),
        passed("upgrade", 9.13),
        failed("drift", 2.04, *_many(300), NAMES, fixes=(MISSING_FIX,)),
    ),
)

UNKNOWN = report(
    Verdict.INCONCLUSIVE,
    tree(
        passed("heads", 0.02),
        Result(id="upgrade", status=Status.ERROR, reason="env.py ended the process by sys.exit(0)."),
        Result(id="drift", status=Status.SKIPPED, reason="The upgrade could not be judged."),
    ),
)

HISTORY = report(
    Verdict.FAILED,
    tree(
        failed("heads", 0.02, TWO_HEADS),
        failed("history", 0.01, EDITED),
        passed("upgrade", 9.13),
        failed("drift", 2.04, *ISBN, fixes=(MISSING_FIX,)),
    ),
)

NO_BASE = replace(
    ALL_GREEN,
    trees=(
        replace(
            ALL_GREEN.trees[0],
            base=None,
            new_revisions=(),
            checks=(
                passed("heads", 0.02),
                Result(
                    id="history",
                    status=Status.SKIPPED,
                    required=False,
                    reason="No base was named, so nothing was compared with it.",
                ),
                *ALL_GREEN.trees[0].checks[1:],
            ),
        ),
    ),
    subject=None,
)

OLD_BASE = replace(
    ALL_GREEN,
    trees=(
        replace(
            ALL_GREEN.trees[0],
            base_note="main is rebuilt from the pull request's patches, so what it got since is not known. "
            "Git says: fatal: unable to access 'https://github.example/acme/shop/': Could not resolve host.",
        ),
    ),
)

SCENARIOS = {
    "all_green": ALL_GREEN,
    "missing_migration": MISSING_MIGRATION,
    "two_heads": HEADS,
    "failing_upgrade": FAILING_UPGRADE,
    "ten_findings": TEN,
    "three_hundred_findings": THREE_HUNDRED,
    "history": HISTORY,
    "no_base": NO_BASE,
    "old_base": OLD_BASE,
}
