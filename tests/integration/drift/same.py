"""Models without drift, and the SQL of migrations that say the same in other words."""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import (
    ARRAY,
    DDL,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    event,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT, DOMAIN, ENUM, INET, JSONB, TSVECTOR, ExcludeConstraint

from tests.integration.drift.cases import Case, book

BOOK = "CREATE TABLE book (id serial PRIMARY KEY, title varchar(50) NOT NULL, price numeric(10, 2)"
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LONG = "a_name_that_goes_on_and_on_until_it_is_longer_than_what_postgresql_can_take"


class Mood(enum.Enum):
    """An enum whose values are not its names."""

    SAD = "sad"
    OK = "it's ok"


class MoodType(TypeDecorator[str]):
    """A type that hides its enum."""

    impl = Enum("sad", "ok", name="mood")
    cache_ok = True


def same(id_: str, build: Any, sql: str, *, since: int = 12) -> Case:
    return Case(id=id_, build=build, sql=sql, created=False, since=since)


def of_book(id_: str, *more: Any, sql: str = "", after: str = "", since: int = 12) -> Case:
    """Return a case of the small table, made by a migration with more columns and statements."""
    return same(id_, book(*more), f"{BOOK}{', ' if sql else ''}{sql}); {after}", since=since)


def one(column: Any, *more: Any, **options: Any) -> Any:
    """Return a builder of a table t with a column or more."""
    return lambda m: Table("t", m, column, *more, **options)


def several(*builders: Any) -> Any:
    """Return a builder that calls others."""

    def build(metadata: MetaData) -> None:
        for builder in builders:
            builder(metadata)

    return build


def with_names(*builders: Any) -> Any:
    """Return a builder on a metadata with a naming convention."""

    def build(_: MetaData) -> list[MetaData]:
        metadata = MetaData(naming_convention=NAMES)
        several(*builders)(metadata)
        return [metadata]

    return build


def cyclic(metadata: MetaData) -> None:
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("b_id", Integer))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
    metadata.tables["a"].append_constraint(ForeignKeyConstraint(["b_id"], ["b.id"], name="fk_b", use_alter=True))


def ddl(statement: str) -> DDL:
    made: DDL = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy does not annotate it
    return made


def decorated_by_events(metadata: MetaData) -> None:
    """Put DDL on the metadata that the migrations hold as well."""
    book()(metadata)
    event.listen(metadata, "after_create", ddl("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
    event.listen(metadata, "after_create", ddl("CREATE VIEW cheap AS SELECT * FROM book"))
    event.listen(metadata, "after_create", ddl("GRANT SELECT ON book TO nobody_there"))


def in_public(metadata: MetaData) -> None:
    Table("author", metadata, Column("id", Integer, primary_key=True), schema="public")
    Table("book", metadata, Column("author_id", ForeignKey("public.author.id")), schema="public")


def own_schema(_: MetaData) -> list[MetaData]:
    metadata = MetaData(schema="shop")
    Table(
        "book",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("mood", Enum("a", name="mood", metadata=metadata)),
    )
    return [metadata]


def two_metadatas(first: MetaData) -> list[MetaData]:
    second = MetaData()
    mood = Enum("sad", "ok", name="mood")
    Table("a", first, Column("id", Integer, primary_key=True), Column("mood", mood))
    Table("b", second, Column("id", Integer, primary_key=True), Column("mood", Enum("sad", "ok", name="mood")))
    return [first, second]


DEFAULTS = (
    same("bigint default as text", one(Column("n", BigInteger, server_default="0")), "CREATE TABLE t (n bigint DEFAULT 0)"),
    same("smallint default", one(Column("n", SmallInteger, server_default=text("1"))), "CREATE TABLE t (n smallint DEFAULT '1')"),
    same("negative default", one(Column("n", BigInteger, server_default="-1")), "CREATE TABLE t (n bigint DEFAULT -1)"),
    same("numeric default", one(Column("n", Numeric(10, 2), server_default="0")), "CREATE TABLE t (n numeric(10,2) DEFAULT 0)"),
    same("float default", one(Column("n", Double, server_default="0.5")), "CREATE TABLE t (n float8 DEFAULT 0.5)"),
    same("boolean default", one(Column("b", Boolean, server_default=false())), "CREATE TABLE t (b bool DEFAULT 'f')"),
    same("boolean default as number", one(Column("b", Boolean, server_default="1")), "CREATE TABLE t (b bool DEFAULT true)"),
    same("text default with a cast", one(Column("s", String(9), server_default="x")), "CREATE TABLE t (s varchar(9) DEFAULT 'x'::text)"),
    same("default with quotes", one(Column("s", Text, server_default="it's \"so\"")), "CREATE TABLE t (s text DEFAULT 'it''s \"so\"')"),
    same("default with a backslash", one(Column("s", Text, server_default="a\\b")), "CREATE TABLE t (s text DEFAULT 'a\\b')"),
    same("default with a colon and percent", one(Column("s", Text, server_default="a:b 5%")), "CREATE TABLE t (s text DEFAULT 'a:b 5%')"),
    same("empty default", one(Column("s", Text, server_default="")), "CREATE TABLE t (s text DEFAULT '')"),
    same("json default", one(Column("j", JSON, server_default="{}")), "CREATE TABLE t (j json DEFAULT '{}'::json)"),
    same("jsonb default", one(Column("j", JSONB, server_default=text("'{}'::jsonb"))), "CREATE TABLE t (j jsonb DEFAULT '{}')"),
    same("array default", one(Column("a", ARRAY(Text), server_default="{}")), "CREATE TABLE t (a text[] DEFAULT ARRAY[]::text[])"),
    same("null default", one(Column("s", String(5), server_default=text("NULL"))), "CREATE TABLE t (s varchar(5))"),
    same("now", one(Column("d", DateTime(timezone=True), server_default=func.now())), "CREATE TABLE t (d timestamptz DEFAULT CURRENT_TIMESTAMP)"),
    same("current date", one(Column("d", Date, server_default=func.current_date())), "CREATE TABLE t (d date DEFAULT CURRENT_DATE)"),
    same("utc now", one(Column("d", DateTime, server_default=text("timezone('utc', now())"))), "CREATE TABLE t (d timestamp DEFAULT timezone('utc', CURRENT_TIMESTAMP))"),
    same("interval default", one(Column("i", Interval, server_default="1 day")), "CREATE TABLE t (i interval DEFAULT interval '1' day)"),
    same("uuid default", one(Column("u", Uuid, server_default=func.gen_random_uuid())), "CREATE TABLE t (u uuid DEFAULT gen_random_uuid())", since=13),
    same(
        "function of the migrations in a default",
        one(Column("s", Text, server_default=func.short_id())),
        "CREATE FUNCTION short_id() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$; CREATE TABLE t (s text DEFAULT short_id())",
    ),
    same("enum default", one(Column("m", Enum("a", "b", name="mood"), server_default="a")), "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood DEFAULT 'a'::mood)"),
    same("default of a sequence of the migrations", one(Column("n", BigInteger, server_default=text("nextval('order_no')"))), "CREATE SEQUENCE order_no; CREATE TABLE t (n bigint DEFAULT nextval('public.order_no'::regclass))"),
)  # fmt: skip

KEYS = (
    of_book("serial by hand"),
    same("bigserial", one(Column("id", BigInteger, primary_key=True)), "CREATE TABLE t (id bigserial PRIMARY KEY)"),
    same(
        "sequence by hand, not owned",
        one(Column("id", Integer, primary_key=True)),
        "CREATE SEQUENCE ids; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('ids'))",
    ),
    same(
        "sequence with another name",
        one(Column("id", Integer, primary_key=True)),
        "CREATE TABLE old (id serial PRIMARY KEY); ALTER TABLE old RENAME TO t; ALTER SEQUENCE old_id_seq RENAME TO s",
    ),
    same(
        "reflected nextval",
        one(Column("id", Integer, primary_key=True, server_default=text("nextval('t_id_seq'::regclass)"))),
        "CREATE TABLE t (id serial PRIMARY KEY)",
    ),
    same("identity", one(Column("id", Integer, Identity(), primary_key=True)), "CREATE TABLE t (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY)"),
    same(
        "identity always with options",
        one(Column("id", BigInteger, Identity(always=True, start=10, increment=5, cache=20))),
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 CACHE 20))",
    ),
    same("no autoincrement", one(Column("id", Integer, primary_key=True, autoincrement=False)), "CREATE TABLE t (id int PRIMARY KEY)"),
    same("composite key", one(Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)), "CREATE TABLE t (b int, a int, PRIMARY KEY (a, b))"),
    same("key named by hand", one(Column("id", Integer), PrimaryKeyConstraint("id")), "CREATE TABLE t (id serial CONSTRAINT the_key PRIMARY KEY)"),
    same("own sequence", lambda m: Sequence("s", start=5, metadata=m), "CREATE SEQUENCE s START WITH 5"),
    same("column order", one(Column("a", Integer), Column("b", Integer)), "CREATE TABLE t (b int, gone int, a int); ALTER TABLE t DROP gone"),
)  # fmt: skip

TYPES = (
    same("float precision", one(Column("f", Float(24))), "CREATE TABLE t (f real)"),
    same("double", one(Column("f", Float(53))), "CREATE TABLE t (f double precision)"),
    same("timestamp precision", one(Column("d", DateTime(timezone=True))), "CREATE TABLE t (d timestamp with time zone)"),
    same("binary and inet", one(Column("b", LargeBinary), Column("i", INET)), "CREATE TABLE t (b bytea, i inet)"),
    same("array of arrays", one(Column("a", ARRAY(Integer, dimensions=2))), "CREATE TABLE t (a int[])"),
    same("tsvector", one(Column("v", TSVECTOR)), "CREATE TABLE t (v tsvector)"),
    same("enum", one(Column("m", Enum("sad", "ok", name="mood"))), "CREATE TYPE mood AS ENUM ('sad'); ALTER TYPE mood ADD VALUE 'ok'; CREATE TABLE t (m mood)"),
    same("enum values of a Python enum", one(Column("m", Enum(Mood, values_callable=lambda e: [v.value for v in e], name="mood"))), "CREATE TYPE mood AS ENUM ('sad', 'it''s ok'); CREATE TABLE t (m mood)"),
    same("enum in a schema", one(Column("m", Enum("a", name="mood", schema="shop"))), "CREATE SCHEMA shop; CREATE TYPE shop.mood AS ENUM ('a'); CREATE TABLE t (m shop.mood)"),
    same("enum of the metadata's schema", own_schema, "CREATE SCHEMA shop; CREATE TYPE shop.mood AS ENUM ('a'); CREATE TABLE shop.book (id serial PRIMARY KEY, mood shop.mood)"),
    same("enum without native type", one(Column("m", Enum("a", "bc", name="mood", native_enum=False))), "CREATE TABLE t (m varchar(2))"),
    same("enum that the migrations create", one(Column("m", ENUM("a", name="mood", create_type=False))), "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood)"),
    same("array of enums", one(Column("m", ARRAY(Enum("a", "b", name="mood")))), "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood[])"),
    same("decorated enum", one(Column("m", MoodType)), "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (m mood)"),
    same("variant enum", one(Column("m", String(5).with_variant(ENUM("a", name="mood"), "postgresql"))), "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood)"),
    same("one enum in two tables", several(*(lambda m, n=n: Table(n, m, Column("m", Enum("a", name="mood"))) for n in ("t", "u"))), "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood); CREATE TABLE u (m mood)"),
    same("enum used by a function", one(Column("m", Enum("a", "b", name="mood")), CheckConstraint("rank(m) > 0")), "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE FUNCTION rank(mood) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (m mood CHECK (rank(m) > 0))"),
    same("enum of a table that is no model", book(), f"{BOOK}); CREATE TYPE mood AS ENUM ('a'); CREATE SCHEMA other; CREATE TABLE other.t (m mood)"),
    same("domain", one(Column("s", DOMAIN("isbn", Text, check="VALUE <> ''", not_null=True))), "CREATE DOMAIN isbn AS text NOT NULL CONSTRAINT filled CHECK (VALUE <> ''); CREATE TABLE t (s isbn)"),
    same("domain of the migrations", one(Column("s", DOMAIN("isbn", Text, create_type=False))), "CREATE DOMAIN isbn AS text; CREATE TABLE t (s isbn)"),
    same("citext", one(Column("s", CITEXT)), "CREATE EXTENSION citext; CREATE TABLE t (s citext)"),
    same("collation", one(Column("s", String(5, collation="C"))), 'CREATE TABLE t (s varchar(5) COLLATE pg_catalog."C")'),
)  # fmt: skip

CONSTRAINTS = (
    of_book("check in", CheckConstraint("title IN ('a', 'b')", name="ck"), sql="CONSTRAINT ck CHECK (title = ANY (ARRAY['a', 'b']))"),
    of_book("check as dumped", CheckConstraint("title IN ('a', 'b')", name="ck"), sql="CONSTRAINT ck CHECK (((title)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))"),
    of_book("check between", CheckConstraint("price BETWEEN 1 AND 5", name="ck"), sql="CONSTRAINT ck CHECK (price >= 1 AND price <= 5)"),
    of_book("check case", CheckConstraint("CASE WHEN price > 1 THEN title <> '' ELSE true END", name="ck"), sql="CONSTRAINT ck CHECK (CASE WHEN (price > 1) THEN (title <> '') ELSE true END)"),
    of_book("check collate", CheckConstraint("title COLLATE \"C\" > 'a'", name="ck"), sql="CONSTRAINT ck CHECK ((title COLLATE \"C\") > 'a'::text)"),
    of_book("check not equal", CheckConstraint("title != ''", name="ck"), sql="CONSTRAINT ck CHECK (title <> ''::varchar)"),
    of_book("check number as text", CheckConstraint("price > 0", name="ck"), sql="CONSTRAINT ck CHECK (price > '0')"),
    of_book("check like", CheckConstraint("title LIKE 'a%'", name="ck"), sql="CONSTRAINT ck CHECK (title ~~ 'a%')"),
    of_book("check without a name", CheckConstraint("price > 0"), sql="CONSTRAINT positive CHECK (price > 0)"),
    of_book("check validated later", CheckConstraint("price > 0", name="ck"), after="ALTER TABLE book ADD CONSTRAINT ck CHECK (price > 0) NOT VALID; ALTER TABLE book VALIDATE CONSTRAINT ck"),
    of_book("boolean", Column("sold", Boolean(create_constraint=True, name="ck_sold")), sql="sold boolean"),
    of_book("enum check", Column("kind", Enum("a", "b", name="kind", native_enum=False, create_constraint=True)), sql="kind varchar(1) CONSTRAINT kind CHECK (kind IN ('a', 'b'))"),
    of_book("unique without a name", UniqueConstraint("title", "price"), sql="CONSTRAINT some_name UNIQUE (title, price)"),
    of_book("unique column", Column("isbn", Text, unique=True), sql="isbn text", after="ALTER TABLE book ADD CONSTRAINT book_isbn_key1 UNIQUE (isbn)"),
    of_book("unique deferrable", UniqueConstraint("title", deferrable=True, initially="DEFERRED"), sql="UNIQUE (title) DEFERRABLE INITIALLY DEFERRED"),
    of_book("unique include", UniqueConstraint("title", name="uq", postgresql_include=["price"]), after="CREATE UNIQUE INDEX uq ON book (title) INCLUDE (price); ALTER TABLE book ADD CONSTRAINT uq UNIQUE USING INDEX uq"),
    of_book("unique nulls not distinct", UniqueConstraint("title", postgresql_nulls_not_distinct=True), sql="UNIQUE NULLS NOT DISTINCT (title)", since=15),
    of_book("exclusion", ExcludeConstraint(("title", "="), name="ex", using="btree", where=text("price > 0")), sql="CONSTRAINT ex EXCLUDE USING btree (title WITH =) WHERE ((price > 0))"),
    of_book("exclusion of ranges", ExcludeConstraint((text("int4range(id, 9)"), "&&"), name="ex"), sql="CONSTRAINT ex EXCLUDE USING gist (int4range(id, 9) WITH &&)"),
    of_book("computed", Column("gross", Numeric, Computed("price * 2", persisted=True)), sql="gross numeric GENERATED ALWAYS AS ((price * (2)::numeric)) STORED"),
    of_book("column comment", Column("isbn", Text, comment="it's ISO"), sql="isbn text", after="COMMENT ON COLUMN book.isbn IS 'it''s ISO'"),
    of_book("self reference", Column("next", ForeignKey("book.id")), sql="next int REFERENCES book"),
    of_book("foreign key without a name", Column("next", ForeignKey("book.id", ondelete="SET NULL")), sql="next int CONSTRAINT fk REFERENCES book (id) ON UPDATE NO ACTION ON DELETE SET NULL"),
    of_book("foreign key deferrable", Column("next", ForeignKey("book.id", deferrable=True, initially="DEFERRED")), sql="next int REFERENCES book DEFERRABLE INITIALLY DEFERRED"),
    same("cyclic foreign keys", cyclic, "CREATE TABLE a (id serial PRIMARY KEY, b_id int); CREATE TABLE b (id serial PRIMARY KEY, a_id int REFERENCES a); ALTER TABLE a ADD CONSTRAINT fk_b FOREIGN KEY (b_id) REFERENCES b"),
    same("schema public said", in_public, "CREATE TABLE author (id serial PRIMARY KEY); CREATE TABLE book (author_id int REFERENCES author)"),
    same("naming convention", with_names(book(Column("isbn", Text, index=True), Column("next", ForeignKey("book.id")), UniqueConstraint("title"), CheckConstraint("price > 0", name="cheap"))), "CREATE TABLE book (id serial CONSTRAINT pk_book PRIMARY KEY, title varchar(50) NOT NULL CONSTRAINT uq_book_title UNIQUE, price numeric(10,2) CONSTRAINT ck_book_cheap CHECK (price > 0), isbn text, next int CONSTRAINT fk_book_next_book REFERENCES book); CREATE INDEX ix_book_isbn ON book (isbn)"),
)  # fmt: skip

INDEXES = (
    of_book("index expression", Index("ix", text("lower(title)")), after="CREATE INDEX ix ON book USING btree (lower((title)::text))"),
    of_book("index concatenation", Index("ix", text("(title || ' ' || title)")), after="CREATE INDEX ix ON book ((((title)::text || ' '::text) || (title)::text))"),
    of_book("index case", Index("ix", text("(CASE WHEN price > 1 THEN 1 END)")), after="CREATE INDEX ix ON book ((CASE WHEN (price > (1)::numeric) THEN 1 ELSE NULL::integer END))"),
    of_book("index trim", Index("ix", text("trim(title)")), after="CREATE INDEX ix ON book (TRIM(BOTH FROM title))"),
    of_book("index collate", Index("ix", text('title COLLATE "C"')), after='CREATE INDEX ix ON book (title COLLATE pg_catalog."C")'),
    of_book("index function", Index("ix", func.lower(text("title"))), after="CREATE INDEX ix ON book (lower(title))"),
    of_book("index full text", Index("ix", text("to_tsvector('english', title)"), postgresql_using="gin"), after="CREATE INDEX ix ON book USING gin (to_tsvector('english'::regconfig, title::text))"),
    of_book("index where in", Index("ix", "title", postgresql_where=text("title IN ('a', 'b')")), after="CREATE INDEX ix ON book (title) WHERE title = ANY (ARRAY['a'::text, 'b'::text])"),
    of_book("index unique partial", Index("ix", "title", unique=True, postgresql_where=text("price IS NULL")), after="CREATE UNIQUE INDEX ix ON book (title) WHERE (price IS NULL)"),
    of_book("index descending", Index("ix", text("title DESC NULLS LAST"), "price"), after="CREATE INDEX ix ON book (title DESC NULLS LAST, price ASC)"),
    of_book("index opclass", Index("ix", "title", postgresql_ops={"title": "text_pattern_ops"}), after="CREATE INDEX ix ON book (title text_pattern_ops)"),
    of_book("index include", Index("ix", "title", postgresql_include=["price"]), after="CREATE INDEX ix ON book (title) INCLUDE (price)"),
    of_book("index hash", Index("ix", "title", postgresql_using="hash"), after="CREATE INDEX ix ON book USING hash (title)"),
    of_book("index brin", Index("ix", "id", postgresql_using="brin", postgresql_with={"pages_per_range": 8}), after="CREATE INDEX ix ON book USING brin (id) WITH (pages_per_range='8')"),
    of_book("index gin", Column("data", JSONB), Index("ix", "data", postgresql_using="gin", postgresql_ops={"data": "jsonb_path_ops"}), sql="data jsonb", after="CREATE INDEX ix ON book USING gin (data jsonb_path_ops)"),
    of_book("index gist", Index("ix", text("point(id, id)"), postgresql_using="gist"), after="CREATE INDEX ix ON book USING gist (point(id::float8, id::float8))"),
    of_book("index concurrently", Index("ix", "title", postgresql_concurrently=False), after="CREATE INDEX IF NOT EXISTS ix ON book (title)"),
    of_book("index with a long name", Index("ix_short", "title"), after="CREATE INDEX ix_short ON book (title)"),
    of_book("index nulls not distinct", Index("ix", "title", unique=True, postgresql_nulls_not_distinct=True), after="CREATE UNIQUE INDEX ix ON book (title) NULLS NOT DISTINCT", since=15),
    same("long names by convention", with_names(lambda m: Table(LONG[:60], m, Column("a_column_with_a_long_name", Text, index=True))), f"CREATE TABLE {LONG[:60]} (a_column_with_a_long_name text); CREATE INDEX ix_{LONG[:60]}_a_column ON {LONG[:60]} (a_column_with_a_long_name)"),
)  # fmt: skip

WORLDS = (
    same("another schema", book(schema="shop"), BOOK.replace("book", "shop.book").replace("CREATE", "CREATE SCHEMA shop; CREATE") + ")"),
    same("several metadatas", two_metadatas, "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE a (id serial PRIMARY KEY, mood mood); CREATE TABLE b (id serial PRIMARY KEY, mood mood)"),
    same("same name in two schemas", several(book(), book(schema="shop")), f"{BOOK}); CREATE SCHEMA shop; {BOOK.replace('book', 'shop.book')})"),
    same("quoted names", one(Column("Sold At", Integer), Column("größe", Integer), Column("a%b", Integer), Column("a:b", Integer)), 'CREATE TABLE t ("Sold At" int, "größe" int, "a%b" int, "a:b" int)'),
    same("upper case and reserved words", lambda m: Table("Order", m, Column("user", Integer), Column("Group", Integer, index=True)), 'CREATE TABLE "Order" ("user" int, "Group" int); CREATE INDEX "ix_Order_Group" ON "Order" ("Group")'),
    same("quotes in names", lambda m: Table('a"b', m, Column("it's", Integer, primary_key=True)), 'CREATE TABLE "a""b" ("it\'s" serial PRIMARY KEY)'),
    same("table comment", book(comment="it's ours"), f"{BOOK}); COMMENT ON TABLE book IS 'it''s ours'"),
    same("alembic's own table", book(), f"{BOOK}); CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"),
    same("tables of an extension", book(), f"{BOOK}); CREATE EXTENSION citext; CREATE EXTENSION hstore"),
    same("partitioned with children", lambda m: Table("log", m, Column("at", Integer, primary_key=True), Column("msg", Text, index=True), postgresql_partition_by="RANGE (at)"), "CREATE TABLE log (at serial, msg text, PRIMARY KEY (at)) PARTITION BY RANGE (at); CREATE INDEX ix_log_msg ON log (msg); CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (9); CREATE INDEX ON log_1 (at)"),
    same("partitioned without the model knowing", lambda m: Table("log", m, Column("at", Integer, primary_key=True, autoincrement=False)), "CREATE TABLE log (at int PRIMARY KEY) PARTITION BY LIST (at); CREATE TABLE log_1 PARTITION OF log DEFAULT"),
    same("foreign key to a partitioned table", several(lambda m: Table("log", m, Column("at", Integer, primary_key=True, autoincrement=False), postgresql_partition_by="LIST (at)"), lambda m: Table("note", m, Column("log_at", ForeignKey("log.at")))), "CREATE TABLE log (at int PRIMARY KEY) PARTITION BY LIST (at); CREATE TABLE log_1 PARTITION OF log DEFAULT; CREATE TABLE note (log_at int REFERENCES log)"),
    same("inherited tables", book(), f"{BOOK}); CREATE TABLE rare_book (age int) INHERITS (book)"),
    same("mapped view", several(book(), lambda m: Table("cheap", m, Column("id", Integer), Column("title", Text))), f"{BOOK}); CREATE VIEW cheap AS SELECT id, title FROM book WHERE price < 5"),
    same("mapped materialized view", several(book(), lambda m: Table("cheap", m, Column("id", Integer))), f"{BOOK}); CREATE MATERIALIZED VIEW cheap AS SELECT id FROM book"),
    same("objects made by hand", book(), f"{BOOK}); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER tr BEFORE INSERT ON book FOR EACH ROW EXECUTE FUNCTION f(); CREATE VIEW v AS SELECT * FROM book; ALTER TABLE book ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON book USING (true); CREATE SEQUENCE loose; CREATE STATISTICS st ON title, price FROM book; GRANT SELECT ON book TO PUBLIC; ALTER TABLE book SET (fillfactor = 70); ALTER TABLE book ALTER title SET STORAGE EXTERNAL; CREATE TYPE pair AS (a int, b int)"),
    same("events that make what the migrations make", decorated_by_events, f"{BOOK}); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW cheap AS SELECT * FROM book"),
    same("unlogged", book(prefixes=["UNLOGGED"]), BOOK.replace("TABLE", "UNLOGGED TABLE") + ")"),
    same("not null by a validated check", one(Column("a", Integer, nullable=False)), "CREATE TABLE t (a int); ALTER TABLE t ALTER a SET NOT NULL"),
)  # fmt: skip

SAME = (*DEFAULTS, *KEYS, *TYPES, *CONSTRAINTS, *INDEXES, *WORLDS)
