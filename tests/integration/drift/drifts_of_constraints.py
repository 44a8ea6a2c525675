"""Constraints that differ."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from tests.integration.drift.cases import book, case
from tests.integration.drift.expected_changes import differs, extra, missing

CONSTRAINTS = (
    case(
        "primary key missing",
        book(),
        "ALTER TABLE book DROP CONSTRAINT book_pkey",
        missing("Primary key book_pkey of table public.book", "public.book.book_pkey"),
    ),
    case(
        "primary key and its not null missing",
        book(),
        "ALTER TABLE book DROP CONSTRAINT book_pkey; ALTER TABLE book ALTER id DROP NOT NULL",
        missing("Primary key book_pkey of table public.book", "public.book.book_pkey"),
    ),
    case(
        "primary key columns",
        book(),
        "ALTER TABLE book DROP CONSTRAINT book_pkey; ALTER TABLE book ADD PRIMARY KEY (id, title)",
        differs("Primary key book_pkey of table public.book", "public.book.book_pkey", "breaks"),
    ),
    case(
        "primary key name",
        lambda m: Table("book", m, Column("id", Integer), PrimaryKeyConstraint("id", name="pk_book")),
        "ALTER TABLE book RENAME CONSTRAINT pk_book TO book_pkey",
        (
            "cosmetic",
            "public.book.pk_book",
            "Primary key pk_book of table public.book has the name book_pkey in the migrations.",
        ),
    ),
    case(
        "unique missing",
        book(UniqueConstraint("title", name="uq_title")),
        "ALTER TABLE book DROP CONSTRAINT uq_title",
        missing("Unique constraint uq_title of table public.book", "public.book.uq_title"),
    ),
    case(
        "unique extra",
        book(),
        "ALTER TABLE book ADD CONSTRAINT uq_title UNIQUE (title)",
        extra("unique constraint uq_title of table public.book", "public.book.uq_title"),
    ),
    case(
        "unique on fewer columns",
        book(UniqueConstraint("title", "price", name="uq_title")),
        "ALTER TABLE book DROP CONSTRAINT uq_title; ALTER TABLE book ADD CONSTRAINT uq_title UNIQUE (title)",
        differs("Unique constraint uq_title of table public.book", "public.book.uq_title", "breaks"),
    ),
    case(
        "unique column order",
        book(UniqueConstraint("title", "price")),
        "ALTER TABLE book DROP CONSTRAINT book_title_price_key; ALTER TABLE book ADD UNIQUE (price, title)",
        differs("Unique constraint book_title_price_key of table public.book", "public.book.book_title_price_key"),
    ),
    case(
        "unique deferrable",
        book(UniqueConstraint("title", name="uq_title", deferrable=True)),
        "ALTER TABLE book DROP CONSTRAINT uq_title; ALTER TABLE book ADD CONSTRAINT uq_title UNIQUE (title)",
        differs("Unique constraint uq_title of table public.book", "public.book.uq_title"),
    ),
    case(
        "unique include",
        book(UniqueConstraint("title", name="uq_title", postgresql_include=["price"])),
        "ALTER TABLE book DROP CONSTRAINT uq_title; ALTER TABLE book ADD CONSTRAINT uq_title UNIQUE (title)",
        differs("Unique constraint uq_title of table public.book", "public.book.uq_title"),
    ),
    case(
        "unique nulls not distinct",
        book(UniqueConstraint("title", name="uq_title", postgresql_nulls_not_distinct=True)),
        "ALTER TABLE book DROP CONSTRAINT uq_title; ALTER TABLE book ADD CONSTRAINT uq_title UNIQUE (title)",
        differs("Unique constraint uq_title of table public.book", "public.book.uq_title"),
        since=15,
    ),
    case(
        "unique name",
        book(UniqueConstraint("title", name="uq_title")),
        "ALTER TABLE book RENAME CONSTRAINT uq_title TO book_title_key",
        (
            "cosmetic",
            "public.book.uq_title",
            "Unique constraint uq_title of table public.book has the name book_title_key in the migrations.",
        ),
    ),
    case(
        "unique index for a constraint",
        book(UniqueConstraint("title", name="uq_title")),
        "ALTER TABLE book DROP CONSTRAINT uq_title; CREATE UNIQUE INDEX uq_title ON book (title)",
        (
            "cosmetic",
            "public.book.uq_title",
            "Unique constraint uq_title of table public.book is a unique index (uq_title) in the migrations.",
        ),
    ),
    case(
        "unique constraint for an index",
        book(Column("isbn", Text, unique=True, index=True)),
        "DROP INDEX ix_book_isbn; ALTER TABLE book ADD UNIQUE (isbn)",
        (
            "cosmetic",
            "public.book.ix_book_isbn",
            "Unique index ix_book_isbn of table public.book is a unique constraint (book_isbn_key) in the migrations.",
        ),
    ),
    case(
        "check missing",
        book(CheckConstraint("price > 0", name="ck_price")),
        "ALTER TABLE book DROP CONSTRAINT ck_price",
        missing("CHECK constraint ck_price of table public.book", "public.book.ck_price", "differs"),
    ),
    case(
        "check of a text with a colon missing",
        book(CheckConstraint(r"title <> '\:note' AND title <> 'a:b'", name="ck_title")),
        "ALTER TABLE book DROP CONSTRAINT ck_title",
        missing("CHECK constraint ck_title of table public.book", "public.book.ck_title", "differs"),
    ),
    case(
        "check extra",
        book(),
        "ALTER TABLE book ADD CONSTRAINT ck_price CHECK (price > 0)",
        extra("CHECK constraint ck_price of table public.book", "public.book.ck_price"),
    ),
    case(
        "check changed",
        book(CheckConstraint("price > 0", name="ck_price")),
        "ALTER TABLE book DROP CONSTRAINT ck_price; ALTER TABLE book ADD CONSTRAINT ck_price CHECK (price >= 0)",
        differs("CHECK constraint ck_price of table public.book", "public.book.ck_price"),
    ),
    case(
        "check without a name changed",
        book(CheckConstraint("price > 0")),
        "ALTER TABLE book DROP CONSTRAINT book_price_check; ALTER TABLE book ADD CHECK (price > 1)",
        differs("CHECK constraint book_price_check of table public.book", "public.book.book_price_check"),
    ),
    case(
        "check value of an IN list",
        book(CheckConstraint("title IN ('a', 'b')", name="ck_title")),
        "ALTER TABLE book DROP CONSTRAINT ck_title; ALTER TABLE book ADD CONSTRAINT ck_title CHECK (title IN ('a'))",
        differs("CHECK constraint ck_title of table public.book", "public.book.ck_title"),
    ),
    case(
        "check not valid",
        book(CheckConstraint("price > 0", name="ck_price")),
        "ALTER TABLE book DROP CONSTRAINT ck_price;"
        " ALTER TABLE book ADD CONSTRAINT ck_price CHECK (price > 0) NOT VALID",
        differs("CHECK constraint ck_price of table public.book", "public.book.ck_price"),
    ),
    case(
        "check of a boolean missing",
        book(Column("sold", Boolean(create_constraint=True, name="ck_sold"), CheckConstraint("sold", name="ck_s"))),
        "ALTER TABLE book DROP CONSTRAINT ck_s",
        missing("CHECK constraint ck_s of table public.book", "public.book.ck_s", "differs"),
    ),
    case(
        "check of an enum without native type",
        book(Column("kind", Enum("a", "b", name="kind", native_enum=False, create_constraint=True))),
        "ALTER TABLE book DROP CONSTRAINT kind; ALTER TABLE book ADD CONSTRAINT kind CHECK (kind IN ('a'))",
        differs("CHECK constraint kind of table public.book", "public.book.kind"),
    ),
    case(
        "exclusion missing",
        book(ExcludeConstraint(("price", "="), name="no_twin", using="btree")),
        "ALTER TABLE book DROP CONSTRAINT no_twin",
        missing("Exclusion constraint no_twin of table public.book", "public.book.no_twin", "differs"),
    ),
    case(
        "exclusion where",
        book(ExcludeConstraint(("price", "="), name="no_twin", using="btree", where=text("price > 0"))),
        "ALTER TABLE book DROP CONSTRAINT no_twin;"
        " ALTER TABLE book ADD CONSTRAINT no_twin EXCLUDE USING btree (price WITH =)",
        differs("Exclusion constraint no_twin of table public.book", "public.book.no_twin"),
    ),
)
