"""The bookstore with a revision that takes away what the running release uses."""

from __future__ import annotations

from dataclasses import replace

from checks.recording.legs import Statement
from checks.recording.losses import Added, ColumnUse, Dropped, Emptied, LabelsGone, Loss, Mapped, Retyped, Values
from checks.recording.places import Frame
from checks.recording.tree import Recording
from tests.unit.reports.bookstore_recordings import all_green, recording
from tests.unit.reports.bookstore_revisions import REVIEW


def losses() -> Recording:
    """Return one whose revision takes away what the running release uses."""
    path = f"migrations/versions/{REVIEW}_add_review_table.py"

    def sent(sql: str, line: int) -> Statement:
        return Statement(sql=sql, frames=(Frame(path=path, line=line, function="upgrade"),), committed=True)

    loss = Loss(
        revision=REVIEW,
        dropped=(
            Dropped(
                kind="table",
                schema="public",
                name="publisher",
                takes=("sequence public.publisher_id_seq", "table constraint book_publisher_fkey on public.book"),
                values=Values.GONE,
                mapped=Mapped.YES,
                statement=sent("DROP TABLE publisher CASCADE", 27),
            ),
            Dropped(
                kind="column",
                schema="public",
                table="book",
                name="title",
                type="character varying(200)",
                values=Values.GONE,
                mapped=Mapped.YES,
                statement=sent("ALTER TABLE book DROP COLUMN title", 29),
            ),
            Dropped(
                kind="column",
                schema="public",
                table="book",
                name="price",
                type="numeric(8,2)",
                values=Values.GONE,
                mapped=Mapped.YES,
                classes=("Book",),
                uses=(ColumnUse(owner="Book", attribute="price", statements=("INSERT", "SELECT")),),
                statement=sent("ALTER TABLE book DROP COLUMN price", 30),
            ),
            Dropped(
                kind="view",
                schema="public",
                name="bestseller",
                mapped=Mapped.NO,
                statement=sent("DROP VIEW bestseller", 31),
            ),
        ),
        added=(Added(schema="public", table="book", name="full_title", type="character varying(200)"),),
        emptied=(Emptied(schema="public", name="session", rows=3, statement=sent("TRUNCATE session", 32)),),
        retyped=(
            Retyped(
                schema="public",
                table="book",
                name="isbn",
                before="character varying(32)",
                after="character varying(13)",
                statement=sent("ALTER TABLE book ALTER COLUMN isbn TYPE VARCHAR(13)", 33),
            ),
        ),
        labels=(
            LabelsGone(
                schema="public",
                name="loan_status",
                labels=("lost",),
                mapped=("lost",),
                is_mapped=Mapped.YES,
                columns=("public.loan.status",),
                statement=sent("ALTER TABLE loan ALTER status TYPE loan_status USING status::text::loan_status", 36),
            ),
        ),
    )
    (tree,) = all_green().trees
    return recording(replace(tree, losses=(loss,)))
