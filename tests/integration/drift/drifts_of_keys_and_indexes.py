"""Foreign keys and indexes that differ."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    text,
)

from tests.integration.drift.cases import Case, book, case, fk, parent
from tests.integration.drift.expected_changes import differs, extra, missing

FK = "Foreign key fk_author of table public.book"
FK_OBJECT = "public.book.fk_author"


FOREIGN_KEYS = (
    case(
        "foreign key missing",
        parent(),
        "ALTER TABLE book DROP CONSTRAINT fk_author",
        missing(FK, FK_OBJECT, "differs"),
    ),
    case(
        "foreign key extra",
        book(Column("other", Integer)),
        "ALTER TABLE book ADD CONSTRAINT fk_other FOREIGN KEY (other) REFERENCES book (id)",
        extra("foreign key fk_other of table public.book", "public.book.fk_other"),
    ),
    case(
        "foreign key on delete",
        parent(ondelete="CASCADE"),
        fk("FOREIGN KEY (author_id) REFERENCES author (id)"),
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key on delete, other name",
        parent(ondelete="CASCADE"),
        "ALTER TABLE book DROP CONSTRAINT fk_author;"
        " ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author (id)",
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key on update",
        parent(onupdate="CASCADE"),
        fk("FOREIGN KEY (author_id) REFERENCES author (id) ON UPDATE SET NULL"),
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key deferrable",
        parent(deferrable=True, initially="DEFERRED"),
        fk("FOREIGN KEY (author_id) REFERENCES author (id) DEFERRABLE"),
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key match full",
        parent(match="FULL"),
        fk("FOREIGN KEY (author_id) REFERENCES author (id)"),
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key target column",
        parent(),
        fk("FOREIGN KEY (author_id) REFERENCES author (code)"),
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key not valid",
        parent(),
        fk("FOREIGN KEY (author_id) REFERENCES author (id) NOT VALID"),
        differs(FK, FK_OBJECT),
    ),
    case(
        "foreign key name",
        parent(),
        "ALTER TABLE book RENAME CONSTRAINT fk_author TO book_author_id_fkey",
        ("cosmetic", FK_OBJECT, f"{FK} has the name book_author_id_fkey in the migrations."),
    ),
)


def index(id_: str, model: Index, sql: str, *, since: int = 12) -> Case:
    """Return a case where models and migrations define the index ix differently."""
    change = differs(f"{'Unique index' if model.unique else 'Index'} ix of table public.book", "public.book.ix")
    return case(id_, book(model), f"DROP INDEX ix; {sql}", change, since=since)


INDEXES = (
    case(
        "index missing",
        book(Index("ix", "title")),
        "DROP INDEX ix",
        missing("Index ix of table public.book", "public.book.ix", "differs"),
    ),
    case(
        "unique index missing",
        book(Index("ix", "title", unique=True)),
        "DROP INDEX ix",
        missing("Unique index ix of table public.book", "public.book.ix"),
    ),
    case(
        "index extra",
        book(),
        "CREATE INDEX ix ON book (title)",
        extra("index ix of table public.book", "public.book.ix"),
    ),
    case(
        "index not unique",
        book(Index("ix", "title", unique=True)),
        "DROP INDEX ix; CREATE INDEX ix ON book (title)",
        differs("Unique index ix of table public.book", "public.book.ix", "breaks"),
    ),
    index("index columns", Index("ix", "title", "price"), "CREATE INDEX ix ON book (price, title)"),
    index("index method", Index("ix", "title", postgresql_using="hash"), "CREATE INDEX ix ON book (title)"),
    index(
        "index where missing",
        Index("ix", "title", postgresql_where=text("price > 0")),
        "CREATE INDEX ix ON book (title)",
    ),
    index(
        "unique index where changed",
        Index("ix", "title", unique=True, postgresql_where=text("price > 0")),
        "CREATE UNIQUE INDEX ix ON book (title) WHERE price > 1",
    ),
    index(
        "index opclass",
        Index("ix", "title", postgresql_ops={"title": "varchar_pattern_ops"}),
        "CREATE INDEX ix ON book (title)",
    ),
    index("index include", Index("ix", "title", postgresql_include=["price"]), "CREATE INDEX ix ON book (title)"),
    index("index with", Index("ix", "title", postgresql_with={"fillfactor": 50}), "CREATE INDEX ix ON book (title)"),
    index("index descending", Index("ix", text("title DESC")), "CREATE INDEX ix ON book (title)"),
    index("index nulls last", Index("ix", text("title DESC NULLS LAST")), "CREATE INDEX ix ON book (title DESC)"),
    index("index expression", Index("ix", text("lower(title)")), "CREATE INDEX ix ON book (upper(title))"),
    index("index cast", Index("ix", text("(price::int)")), "CREATE INDEX ix ON book ((price::bigint))"),
    index("index literal", Index("ix", text("(title || 'A')")), "CREATE INDEX ix ON book ((title || 'a'))"),
    index("index collation", Index("ix", text('title COLLATE "C"')), "CREATE INDEX ix ON book (title)"),
    index(
        "unique index nulls not distinct",
        Index("ix", "title", unique=True, postgresql_nulls_not_distinct=True),
        "CREATE UNIQUE INDEX ix ON book (title)",
        since=15,
    ),
    case(
        "index name",
        book(Index("ix", "title")),
        "ALTER INDEX ix RENAME TO iy",
        ("cosmetic", "public.book.ix", "Index ix of table public.book has the name iy in the migrations."),
    ),
    case(
        "index invalid",
        book(Index("ix", "title")),
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass",
        ("differs", "public.book.ix", "The migrations leave index ix of table public.book INVALID."),
    ),
)
