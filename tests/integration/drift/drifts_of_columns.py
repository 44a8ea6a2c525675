"""Columns that differ."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from tests.integration.drift.cases import book, case
from tests.integration.drift.expected_changes import differs, extra, missing, nullable, retyped

TITLE = "public.book.title"
PRICE = "public.book.price"


COLUMNS = (
    case("column missing", book(), "ALTER TABLE book DROP title", missing(f"Column {TITLE}", TITLE)),
    case(
        "column extra",
        book(),
        "ALTER TABLE book ADD isbn text",
        extra("column public.book.isbn", "public.book.isbn"),
    ),
    case(
        "column extra and required",
        book(),
        "ALTER TABLE book ADD isbn text NOT NULL",
        extra("column public.book.isbn", "public.book.isbn", "breaks"),
    ),
    case(
        "column extra with its index",
        book(),
        "ALTER TABLE book ADD isbn text; CREATE UNIQUE INDEX ux ON book (isbn, title)",
        extra("column public.book.isbn", "public.book.isbn"),
    ),
    case(
        "column missing with its index",
        book(Column("isbn", String(13), index=True)),
        "ALTER TABLE book DROP isbn",
        missing("Column public.book.isbn", "public.book.isbn"),
        missing("Index ix_book_isbn of table public.book", "public.book.ix_book_isbn", "differs"),
    ),
    case(
        "column renamed",
        book(),
        "ALTER TABLE book RENAME title TO name",
        extra("column public.book.name", "public.book.name", "breaks"),
        missing(f"Column {TITLE}", TITLE),
    ),
    case(
        "varchar too short",
        book(),
        "ALTER TABLE book ALTER title TYPE varchar(20)",
        retyped(TITLE, "character varying(50)", "character varying(20)", "breaks"),
    ),
    case(
        "varchar longer",
        book(),
        "ALTER TABLE book ALTER title TYPE text",
        retyped(TITLE, "character varying(50)", "text", "cosmetic"),
    ),
    case(
        "char for varchar",
        book(),
        "ALTER TABLE book ALTER title TYPE char(50)",
        retyped(TITLE, "character varying(50)", "character(50)", "breaks"),
    ),
    case(
        "numeric scale",
        book(),
        "ALTER TABLE book ALTER price TYPE numeric(10, 0)",
        retyped(PRICE, "numeric(10,2)", "numeric(10,0)", "breaks"),
    ),
    case(
        "numeric without limits",
        book(),
        "ALTER TABLE book ALTER price TYPE numeric",
        retyped(PRICE, "numeric(10,2)", "numeric", "cosmetic"),
    ),
    case(
        "integer for bigint",
        book(Column("stock", BigInteger)),
        "ALTER TABLE book ALTER stock TYPE integer",
        retyped("public.book.stock", "bigint", "integer", "breaks"),
    ),
    case(
        "bigint for smallint",
        book(Column("stock", SmallInteger)),
        "ALTER TABLE book ALTER stock TYPE bigint",
        retyped("public.book.stock", "smallint", "bigint", "cosmetic"),
    ),
    case(
        "timestamp without its zone",
        book(Column("at", DateTime(timezone=True))),
        "ALTER TABLE book ALTER at TYPE timestamp",
        retyped("public.book.at", "timestamp with time zone", "timestamp without time zone", "breaks"),
    ),
    case(
        "timestamp precision",
        book(Column("at", DateTime)),
        "ALTER TABLE book ALTER at TYPE timestamp(0)",
        retyped("public.book.at", "timestamp without time zone", "timestamp(0) without time zone", "breaks"),
    ),
    case(
        "json for jsonb",
        book(Column("data", JSONB)),
        "ALTER TABLE book ALTER data TYPE json",
        retyped("public.book.data", "jsonb", "json", "breaks"),
    ),
    case(
        "array for scalar",
        book(Column("tags", Text)),
        "ALTER TABLE book ALTER tags TYPE text[] USING ARRAY[tags]",
        retyped("public.book.tags", "text", "text[]", "breaks"),
    ),
    case(
        "type of a column with default, check and index",
        book(
            Column("kind", String(10), server_default="new"),
            CheckConstraint("kind IN ('new', 'old')", name="ck_kind"),
            Index("ix_kind", text("lower(kind)")),
        ),
        "ALTER TABLE book ALTER kind TYPE text",
        retyped("public.book.kind", "character varying(10)", "text", "cosmetic"),
    ),
    case(
        "not null lost",
        book(),
        "ALTER TABLE book ALTER title DROP NOT NULL",
        nullable(TITLE, "NOT NULL", "nullable"),
    ),
    case(
        "not null too much",
        book(),
        "ALTER TABLE book ALTER price SET NOT NULL",
        nullable(PRICE, "nullable", "NOT NULL"),
    ),
    case(
        "collation",
        book(Column("name", String(10, collation="C"))),
        'ALTER TABLE book ALTER name TYPE varchar(10) COLLATE "default"',
        (
            "differs",
            "public.book.name",
            'The collation of column public.book.name differs: "C" in the models, the default in the migrations.',
        ),
    ),
    case(
        "column comment missing",
        book(Column("isbn", Text, comment="ISO 2108")),
        "COMMENT ON COLUMN book.isbn IS NULL",
        differs("The comment of column public.book.isbn", "public.book.isbn", "cosmetic"),
    ),
    case(
        "quoted names",
        book(Column("Sold At", Integer), name="Büch er"),
        'ALTER TABLE "Büch er" DROP "Sold At"',
        missing("Column public.Büch er.Sold At", "public.Büch er.Sold At"),
    ),
)
