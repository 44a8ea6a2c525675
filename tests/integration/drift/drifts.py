"""Migrated databases that differ from the models in one fact, and how it is told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DOMAIN, JSONB, ExcludeConstraint

from tests.integration.drift.cases import Case, Told, book

DATABASE = "the database that the migrations build"


def missing(what: str, thing: str, weight: str = "breaks") -> Told:
    """Tell that only the models have it."""
    return (weight, thing, f"{what} is in the models but not in {DATABASE}.")


def extra(what: str, thing: str, weight: str = "differs") -> Told:
    """Tell that only the database has it."""
    return (weight, thing, f"{what} is in {DATABASE} but not in the models.")


def differs(what: str, thing: str, weight: str = "differs") -> Told:
    """Tell that both have it, but not the same."""
    return (weight, thing, f"{what} differs between the models and {DATABASE}.")


def retyped(column: str, models: str, database: str, weight: str) -> Told:
    """Tell that a column's type differs."""
    return (weight, column, f"The type of column {column} differs: {models} in the models, {database} in {DATABASE}.")


def nullable(column: str, models: str, database: str) -> Told:
    """Tell that NOT NULL differs."""
    return ("breaks", column, f"Column {column} is {models} in the models, {database} in {DATABASE}.")


def mood(metadata: MetaData) -> Any:
    return Table(
        "pet", metadata, Column("id", Integer, primary_key=True), Column("mood", Enum("sad", "ok", name="mood"))
    )


def two_tables(metadata: MetaData) -> None:
    Table("a", metadata, Column("id", Integer, primary_key=True))
    Table("b", metadata, Column("a_id", ForeignKey("a.id")))


def parent(*options: Any, **key: Any) -> Any:
    """Return a builder of two tables, the second pointing at the first."""

    def build(metadata: MetaData) -> None:
        Table("author", metadata, Column("id", Integer, primary_key=True), Column("code", Integer, unique=True))
        Table(
            "book",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("author_id", Integer),
            ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_author", **key),
            *options,
        )

    return build


def fk(definition: str) -> str:
    return f"ALTER TABLE book DROP CONSTRAINT fk_author; ALTER TABLE book ADD CONSTRAINT fk_author {definition}"


def case(id_: str, build: Any, sql: str, *facts: Told, since: int = 12) -> Case:
    return Case(id=id_, build=build, sql=sql, facts=facts, since=since)


FK = "Foreign key fk_author of table public.book"
FK_OBJECT = "public.book.fk_author"
TITLE = "public.book.title"
PRICE = "public.book.price"
ID = "public.book.id"

TABLES = (
    case("table missing", book(), "DROP TABLE book", missing("Table public.book", "public.book")),
    case(
        "table with enum missing",
        mood,
        "DROP TABLE pet; DROP TYPE mood",
        missing("Table public.pet", "public.pet"),
    ),
    case("table extra", book(), "CREATE TABLE shelf (id int)", extra("Table public.shelf", "public.shelf")),
    Case(
        id="table missing in another schema",
        build=book(schema="shop"),
        created=False,
        facts=(missing("Table shop.book", "shop.book"),),
    ),
    Case(
        id="table extra in another schema",
        build=book(schema="shop"),
        created=False,
        sql="CREATE SCHEMA shop; CREATE TABLE shop.book (id serial PRIMARY KEY, title varchar(50) NOT NULL,"
        " price numeric(10, 2)); CREATE TABLE shop.shelf (id int)",
        facts=(extra("Table shop.shelf", "shop.shelf"),),
    ),
    Case(
        id="table in the wrong schema",
        build=book(schema="shop"),
        created=False,
        sql="CREATE SCHEMA shop; CREATE TABLE book (id serial PRIMARY KEY, title varchar(50) NOT NULL,"
        " price numeric(10, 2))",
        facts=(
            missing("Table shop.book", "shop.book"),
            extra("Table public.book", "public.book"),
        ),
    ),
    case(
        "table comment",
        book(comment="what we sell"),
        "COMMENT ON TABLE book IS 'what we lend'",
        differs("The comment of table public.book", "public.book", "cosmetic"),
    ),
    case(
        "unlogged",
        book(prefixes=["UNLOGGED"]),
        "ALTER TABLE book SET LOGGED",
        (
            "differs",
            "public.book",
            f"The persistence of table public.book differs: UNLOGGED in the models, none in {DATABASE}.",
        ),
    ),
    Case(
        id="not partitioned",
        build=lambda m: Table("log", m, Column("at", Integer), postgresql_partition_by="RANGE (at)"),
        created=False,
        sql="CREATE TABLE log (at int)",
        facts=(
            (
                "differs",
                "public.log",
                f"The partition key of table public.log differs: RANGE (at) in the models, none in {DATABASE}.",
            ),
        ),
    ),
)

COLUMNS = (
    case("column missing", book(), "ALTER TABLE book DROP title", missing(f"Column {TITLE}", TITLE)),
    case(
        "column extra",
        book(),
        "ALTER TABLE book ADD isbn text",
        extra("Column public.book.isbn", "public.book.isbn"),
    ),
    case(
        "column extra and required",
        book(),
        "ALTER TABLE book ADD isbn text NOT NULL",
        extra("Column public.book.isbn", "public.book.isbn", "breaks"),
    ),
    case(
        "column extra with its index",
        book(),
        "ALTER TABLE book ADD isbn text; CREATE UNIQUE INDEX ux ON book (isbn, title)",
        extra("Column public.book.isbn", "public.book.isbn"),
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
        extra("Column public.book.name", "public.book.name", "breaks"),
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
        retyped(TITLE, "character varying(50)", "text", "differs"),
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
        retyped(PRICE, "numeric(10,2)", "numeric", "differs"),
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
        retyped("public.book.stock", "smallint", "bigint", "differs"),
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
        retyped("public.book.kind", "character varying(10)", "text", "differs"),
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
            f'The collation of column public.book.name differs: "C" in the models, the default in {DATABASE}.',
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

VALUES = (
    case(
        "default missing",
        book(Column("stock", Integer, server_default="0")),
        "ALTER TABLE book ALTER stock DROP DEFAULT",
        missing("The default of column public.book.stock", "public.book.stock", "differs"),
    ),
    case(
        "default missing on NOT NULL",
        book(Column("stock", Integer, server_default="0", nullable=False)),
        "ALTER TABLE book ALTER stock DROP DEFAULT",
        missing("The default of column public.book.stock", "public.book.stock"),
    ),
    case(
        "default changed",
        book(Column("stock", Integer, server_default="0")),
        "ALTER TABLE book ALTER stock SET DEFAULT 1",
        differs("The default of column public.book.stock", "public.book.stock"),
    ),
    case(
        "default case of a letter",
        book(Column("kind", Text, server_default="New")),
        "ALTER TABLE book ALTER kind SET DEFAULT 'new'",
        differs("The default of column public.book.kind", "public.book.kind"),
    ),
    case(
        "default extra",
        book(),
        "ALTER TABLE book ALTER price SET DEFAULT 1",
        extra(f"The default of column {PRICE}", PRICE),
    ),
    case(
        "json default changed",
        book(Column("data", JSON, server_default="{}")),
        "ALTER TABLE book ALTER data SET DEFAULT '[]'",
        differs("The default of column public.book.data", "public.book.data"),
    ),
    case(
        "clock for date",
        book(Column("at", DateTime, server_default=func.now())),
        "ALTER TABLE book ALTER at SET DEFAULT clock_timestamp()",
        differs("The default of column public.book.at", "public.book.at"),
    ),
    case(
        "serial lost",
        book(),
        "ALTER TABLE book ALTER id DROP DEFAULT",
        missing(f"The sequence of column {ID}", ID),
    ),
    case(
        "identity lost",
        lambda m: Table("book", m, Column("id", Integer, Identity(), primary_key=True)),
        "ALTER TABLE book ALTER id DROP IDENTITY",
        missing(f"The identity of column {ID}", ID),
    ),
    case(
        "identity kind",
        lambda m: Table("book", m, Column("id", Integer, Identity(always=True), primary_key=True)),
        "ALTER TABLE book ALTER id SET GENERATED BY DEFAULT",
        differs(f"The identity of column {ID}", ID),
    ),
    case(
        "identity options",
        lambda m: Table("book", m, Column("id", Integer, Identity(start=100, increment=10), primary_key=True)),
        "ALTER TABLE book ALTER id SET INCREMENT BY 1",
        differs(f"The identity of column {ID}", ID),
    ),
    case(
        "identity for serial",
        book(),
        "ALTER TABLE book ALTER id DROP DEFAULT; ALTER TABLE book ALTER id ADD GENERATED BY DEFAULT AS IDENTITY",
        differs(f"The source of values of column {ID}", ID),
    ),
    case(
        "serial for identity",
        lambda m: Table("book", m, Column("id", Integer, Identity(), primary_key=True)),
        "ALTER TABLE book ALTER id DROP IDENTITY; CREATE SEQUENCE s OWNED BY book.id;"
        " ALTER TABLE book ALTER id SET DEFAULT nextval('s')",
        differs(f"The source of values of column {ID}", ID),
    ),
    case(
        "serial that the model switched off",
        lambda m: Table("book", m, Column("id", Integer, primary_key=True, autoincrement=False)),
        "CREATE SEQUENCE s OWNED BY book.id; ALTER TABLE book ALTER id SET DEFAULT nextval('s')",
        extra(f"The sequence of column {ID}", ID),
    ),
    case(
        "sequence behind a bigint still an integer",
        lambda m: Table("book", m, Column("id", BigInteger, primary_key=True)),
        "ALTER SEQUENCE book_id_seq AS integer",
        (
            "differs",
            ID,
            f"The sequence of column {ID} ends at 2147483647 in {DATABASE};"
            " the models' goes on to 9223372036854775807.",
        ),
    ),
    case(
        "generated expression",
        book(Column("gross", Numeric, Computed("price * 1.19", persisted=True))),
        "ALTER TABLE book DROP gross; ALTER TABLE book ADD gross numeric GENERATED ALWAYS AS (price * 1.16) STORED",
        differs("The generation expression of column public.book.gross", "public.book.gross"),
    ),
    case(
        "generated lost",
        book(Column("gross", Numeric, Computed("price * 1.19", persisted=True))),
        "ALTER TABLE book ALTER gross DROP EXPRESSION",
        missing("The generation expression of column public.book.gross", "public.book.gross", "differs"),
        since=13,
    ),
    case(
        "generated too much",
        book(Column("gross", Numeric)),
        "ALTER TABLE book DROP gross; ALTER TABLE book ADD gross numeric GENERATED ALWAYS AS (price * 2) STORED",
        extra("The generation expression of column public.book.gross", "public.book.gross", "breaks"),
    ),
)

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
            f"Primary key pk_book of table public.book has the name book_pkey in {DATABASE}.",
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
        extra("Unique constraint uq_title of table public.book", "public.book.uq_title"),
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
            f"Unique constraint uq_title of table public.book has the name book_title_key in {DATABASE}.",
        ),
    ),
    case(
        "unique index for a constraint",
        book(UniqueConstraint("title", name="uq_title")),
        "ALTER TABLE book DROP CONSTRAINT uq_title; CREATE UNIQUE INDEX uq_title ON book (title)",
        (
            "cosmetic",
            "public.book.uq_title",
            f"Unique constraint uq_title of table public.book is a unique index (uq_title) in {DATABASE}.",
        ),
    ),
    case(
        "unique constraint for an index",
        book(Column("isbn", Text, unique=True, index=True)),
        "DROP INDEX ix_book_isbn; ALTER TABLE book ADD UNIQUE (isbn)",
        (
            "cosmetic",
            "public.book.ix_book_isbn",
            f"Unique index ix_book_isbn of table public.book is a unique constraint (book_isbn_key) in {DATABASE}.",
        ),
    ),
    case(
        "check missing",
        book(CheckConstraint("price > 0", name="ck_price")),
        "ALTER TABLE book DROP CONSTRAINT ck_price",
        missing("CHECK constraint ck_price of table public.book", "public.book.ck_price", "differs"),
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
        extra("Foreign key fk_other of table public.book", "public.book.fk_other"),
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
        ("cosmetic", FK_OBJECT, f"{FK} has the name book_author_id_fkey in {DATABASE}."),
    ),
)


def index(id_: str, model: Index, sql: str, *, since: int = 12) -> Case:
    """Return a case in which the index ix of both sides is defined in another way."""
    told = differs(f"{'Unique index' if model.unique else 'Index'} ix of table public.book", "public.book.ix")
    return case(id_, book(model), f"DROP INDEX ix; {sql}", told, since=since)


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
        extra("Index ix of table public.book", "public.book.ix"),
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
        ("cosmetic", "public.book.ix", f"Index ix of table public.book has the name iy in {DATABASE}."),
    ),
    case(
        "index invalid",
        book(Index("ix", "title")),
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass",
        ("differs", "public.book.ix", f"Index ix of table public.book is INVALID in {DATABASE}."),
    ),
)

TYPES = (
    case(
        "enum value missing",
        lambda m: Table("pet", m, Column("mood", Enum("sad", "ok", "glad", name="mood"))),
        "DROP TABLE pet; DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE pet (mood mood)",
        missing("Value 'ok' of enum public.mood", "public.mood.ok"),
    ),
    case(
        "enum value extra",
        mood,
        "ALTER TYPE mood ADD VALUE 'mad'",
        extra("Value 'mad' of enum public.mood", "public.mood.mad"),
    ),
    case(
        "enum value renamed",
        mood,
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'OK'",
        missing("Value 'ok' of enum public.mood", "public.mood.ok"),
        extra("Value 'OK' of enum public.mood", "public.mood.OK"),
    ),
    case(
        "enum order",
        mood,
        "DROP TABLE pet; DROP TYPE mood; CREATE TYPE mood AS ENUM ('ok', 'sad');"
        " CREATE TABLE pet (id serial PRIMARY KEY, mood mood)",
        differs("The order of the values of enum public.mood", "public.mood"),
    ),
    case(
        "enum in an array",
        lambda m: Table("pet", m, Column("moods", ARRAY(Enum("sad", "ok", name="mood")))),
        "DROP TABLE pet; DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE pet (moods mood[])",
        missing("Value 'ok' of enum public.mood", "public.mood.ok"),
    ),
    case(
        "text for an enum",
        mood,
        "ALTER TABLE pet ALTER mood TYPE varchar; DROP TYPE mood",
        missing("Enum public.mood", "public.mood"),
        retyped("public.pet.mood", "public.mood", "character varying", "breaks"),
    ),
    case(
        "enum for text",
        lambda m: Table("pet", m, Column("mood", String)),
        "CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE pet ALTER mood TYPE mood USING mood::mood",
        retyped("public.pet.mood", "character varying", "public.mood", "breaks"),
    ),
    case(
        "enum left over",
        book(),
        "CREATE TYPE mood AS ENUM ('sad')",
        ("differs", "public.mood", f"Enum public.mood is in {DATABASE}, but no model and no column uses it."),
    ),
    case(
        "domain check",
        book(Column("isbn", DOMAIN("isbn", Text, check="VALUE <> ''"))),
        "ALTER DOMAIN isbn DROP CONSTRAINT isbn_check; ALTER DOMAIN isbn ADD CHECK (VALUE <> 'x')",
        differs("Domain public.isbn", "public.isbn"),
    ),
    case(
        "domain missing",
        book(Column("isbn", DOMAIN("isbn", Text))),
        "ALTER TABLE book ALTER isbn TYPE text; DROP DOMAIN isbn",
        missing("Domain public.isbn", "public.isbn"),
        retyped("public.book.isbn", "public.isbn", "text", "breaks"),
    ),
    case(
        "sequence missing",
        lambda m: Sequence("order_no", metadata=m),
        "DROP SEQUENCE order_no",
        missing("Sequence public.order_no", "public.order_no"),
    ),
    case(
        "sequence options",
        lambda m: Sequence("order_no", start=10, increment=5, metadata=m),
        "ALTER SEQUENCE order_no INCREMENT BY 1",
        differs("Sequence public.order_no", "public.order_no"),
    ),
    case(
        "foreign key of a column",
        two_tables,
        "ALTER TABLE b DROP CONSTRAINT b_a_id_fkey",
        missing("Foreign key b_a_id_fkey of table public.b", "public.b.b_a_id_fkey", "differs"),
    ),
)

DRIFTS = (*TABLES, *COLUMNS, *VALUES, *CONSTRAINTS, *FOREIGN_KEYS, *INDEXES, *TYPES)
