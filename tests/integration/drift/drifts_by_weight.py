"""Differences that hurt nobody, or only what does not go through the models; and their neighbours that hurt."""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    FetchedValue,
    Float,
    Identity,
    Index,
    Integer,
    Interval,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from tests.integration.drift.cases import Case, Expected, book, case
from tests.integration.drift.expected_changes import differs, extra, missing, retyped

C = "public.book.c"
DEFAULT = f"The default of column {C}"
ARRIVED = "CREATE FUNCTION set_c() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.c := 1; RETURN NEW; END';"
TRIGGER = f"{ARRIVED} CREATE TRIGGER t BEFORE UPDATE OR INSERT ON book FOR EACH ROW EXECUTE FUNCTION set_c()"


def column(*arguments: Any, **options: Any) -> Any:
    """Return a builder of a table whose column ``c`` is the one in question."""
    return lambda metadata: book(Column("c", *arguments, **options))(metadata)


def alter(change: str) -> str:
    return f"ALTER TABLE book ALTER c {change}"


def unproven(what: str, name: str) -> Expected:
    differently = "is written differently in the models and the migrations"
    return ("cosmetic", name, f"{what} {differently}, and may be the same.")


def frozen(words: str, what: str) -> Expected:
    return ("outside", C, f"{DEFAULT} is the string {words}, {what}")


COMPUTED_ONCE = "so PostgreSQL computes it only once, when the default is created."
STORED = "so PostgreSQL stores these words and does not call the function."
FETCHED = f"The models leave the value of column {C} to the database, but no migration gives it one."


CHECK, CK = "CHECK constraint ck of table public.book", "public.book.ck"


def checked(condition: str, type_: Any = Integer) -> Any:
    return lambda metadata: book(Column("c", type_), CheckConstraint(condition, name="ck"))(metadata)


def check(condition: str) -> str:
    return f"ALTER TABLE book DROP CONSTRAINT ck; ALTER TABLE book ADD CONSTRAINT ck CHECK ({condition})"


def indexed(condition: Any) -> Any:
    return lambda metadata: book(Column("c", Integer), Index("ix", "c", postgresql_where=condition))(metadata)


def drawing(metadata: MetaData) -> None:
    Sequence("s", metadata=metadata)
    column(Integer, server_default=text("nextval('s')"))(metadata)


def refused(what: str, type_: Any, named: str, words: str) -> Case:
    """Return a case whose models no ``create_all`` can create."""
    return Case(
        id=f"call as a string that is {what}",
        build=lambda metadata: Table("book", metadata, Column("c", type_, server_default=words)),
        sql=f"CREATE SEQUENCE s; CREATE TABLE book (c {named} DEFAULT {words})",
        created=False,
        changes=(frozen("'{}'".format(words.replace("'", "''")), f"which PostgreSQL refuses for type {named}."),),
    )


SOURCES = (
    case(
        "default beside one in Python",
        column(Boolean, nullable=False, default=False),
        alter("SET DEFAULT false"),
        extra(f"the default of column {C}", C, "cosmetic", verb="set"),
    ),
    case(
        "default only in the models, beside one in Python",
        column(Boolean, nullable=False, default=False, server_default="false"),
        alter("DROP DEFAULT"),
        missing(DEFAULT, C, "outside", verb="sets"),
    ),
    case(
        "default only in the models, beside a function of Python",
        column(Date, default=lambda: None, server_default=func.current_date()),
        alter("DROP DEFAULT"),
        missing(DEFAULT, C, "outside", verb="sets"),
    ),
    case(
        "another default, beside one in Python",
        column(Integer, default=1, server_default="1"),
        alter("SET DEFAULT 2"),
        differs(DEFAULT, C),
    ),
    case(
        "identity that always generates, for a serial",
        book(),
        "ALTER TABLE book ALTER id DROP DEFAULT; ALTER TABLE book ALTER id ADD GENERATED ALWAYS AS IDENTITY",
        differs("The source of values of column public.book.id", "public.book.id"),
    ),
    case(
        "generated column that the models would write",
        column(Integer),
        "ALTER TABLE book DROP c; ALTER TABLE book ADD c integer GENERATED ALWAYS AS (id + 1) STORED",
        extra(f"the generation expression of column {C}", C, "breaks", verb="set"),
    ),
    case("fetched, and nothing there", column(Integer, FetchedValue(), nullable=False), "", ("breaks", C, FETCHED)),
    case("fetched, and NULL is stored", column(Integer, server_default=FetchedValue()), "", ("differs", C, FETCHED)),
    case("fetched, and a trigger for UPDATE", column(Integer, FetchedValue()),
         f"{ARRIVED} CREATE TRIGGER t BEFORE UPDATE ON book FOR EACH ROW EXECUTE FUNCTION set_c()",
         ("differs", C, FETCHED)),
    case("computed, and a default", column(Integer, Computed("id + 1", persisted=True)),
         "ALTER TABLE book DROP c; ALTER TABLE book ADD c integer DEFAULT 1",
         differs(f"The source of values of column {C}", C)),
    case("identity, and nothing there", column(Integer, Identity()), alter("DROP IDENTITY"),
         missing(f"The identity of column {C}", C, verb="sets")),
)  # fmt: skip
WIDTHS = (
    case("text for varchar", column(String(20)), alter("TYPE text"),
         retyped(C, "character varying(20)", "text", "cosmetic")),
    case("varchar for text", column(Text), alter("TYPE varchar(20)"), retyped(C, "text", "character varying(20)", "breaks")),
    case("varchar for an enum as text", column(Enum("on", "waiting", native_enum=False)), alter("TYPE varchar(20)"),
         retyped(C, "character varying(7)", "character varying(20)", "cosmetic")),
    case("shorter varchar for an enum as text", column(Enum("on", "waiting", native_enum=False)), alter("TYPE varchar(5)"),
         retyped(C, "character varying(7)", "character varying(5)", "breaks")),
    case("six digits of a second", column(DateTime(timezone=True)), alter("TYPE timestamptz(6)"),
         retyped(C, "timestamp with time zone", "timestamp(6) with time zone", "cosmetic")),
    case("three digits of a second", column(DateTime(timezone=True)), alter("TYPE timestamptz(3)"),
         retyped(C, "timestamp with time zone", "timestamp(3) with time zone", "breaks")),
    case("all digits of a second for three", column(TIMESTAMP(precision=3)), alter("TYPE timestamp"),
         retyped(C, "timestamp(3) without time zone", "timestamp without time zone", "cosmetic")),
    case("double precision for real", column(Float(24)), alter("TYPE double precision"),
         retyped(C, "real", "double precision", "cosmetic")),
    case("list of longer texts", column(ARRAY(String(5))), alter("TYPE varchar(9)[]"),
         retyped(C, "character varying(5)[]", "character varying(9)[]", "cosmetic")),
    case("list for one text", column(String(5)), "ALTER TABLE book DROP c; ALTER TABLE book ADD c varchar(5)[]",
         retyped(C, "character varying(5)", "character varying(5)[]", "breaks")),
    case("numeric for a whole number", column(Integer), alter("TYPE numeric"),
         retyped(C, "integer", "numeric", "breaks")),
    case("interval for an interval of days", column(Interval), alter("TYPE interval day"),
         retyped(C, "interval", "interval day", "breaks")),
    case("bytes for text", column(Text), "ALTER TABLE book DROP c; ALTER TABLE book ADD c bytea",
         retyped(C, "text", "bytea", "breaks")),
)  # fmt: skip
STRINGS = (
    case("now() as a string on both sides", column(DateTime, server_default="now()"), "", frozen("'now()'", COMPUTED_ONCE)),
    case("now() as a string in the models", column(DateTime(timezone=True), server_default="now()"),
         alter("SET DEFAULT now()"), frozen("'now()'", COMPUTED_ONCE)),
    case("now() as a string in the migrations", column(DateTime, server_default=func.now()), alter("SET DEFAULT 'now()'"),
         differs(DEFAULT, C)),
    case("today as a string", column(Date, server_default="today"), alter("SET DEFAULT CURRENT_DATE"),
         frozen("'today'", COMPUTED_ONCE)),
    case("today as a string, and no default", column(Date, server_default="today"), alter("DROP DEFAULT"),
         missing(DEFAULT, C, "differs", verb="sets"), frozen("'today'", COMPUTED_ONCE)),
    case("call as a string in a text", column(Text, server_default="gen_random_uuid()"), "",
         frozen("'gen_random_uuid()'", STORED)),
    case("keyword as a string in a text", column(Text, server_default="CURRENT_USER"), alter("SET DEFAULT CURRENT_USER"),
         frozen("'CURRENT_USER'", STORED)),
    refused("no uuid", Uuid(), "uuid", "gen_random_uuid()"),
    refused("no number", Integer(), "integer", "nextval('s')"),
    refused("no time", DateTime(), "timestamp without time zone", "CURRENT_TIMESTAMP"),
)  # fmt: skip
SPELLINGS = (
    case("extract and date_part", checked("EXTRACT(year FROM c) > 2000", Date), check("date_part('year', c) > 2000"),
         unproven(CHECK, CK)),
    case("terms in another order", checked("c > 0 AND id > 0"), check("id > 0 AND c > 0"), unproven(CHECK, CK)),
    case("sides in another order", checked("c > 0"), check("0 < c"), unproven(CHECK, CK)),
    case("values in another order", checked("c IN ('a', 'b')", Text), check("c IN ('b', 'a')"), unproven(CHECK, CK)),
    case("limit that is one more", checked("c > 0"), check("c >= 1 OR c < 0"), differs(CHECK, CK)),
    case("other values", checked("c IN ('a', 'b')", Text), check("c IN ('a', 'c')"), differs(CHECK, CK)),
    case("other pattern", checked("c ~ '^a'", Text), check("c ~ '^b'"), differs(CHECK, CK)),
    case("length that is one more", checked("length(c) > 3", Text), check("length(c) > 4"), differs(CHECK, CK)),
    case("condition lost", checked("c > 0 AND c < 9"), check("c > 0"), differs(CHECK, CK)),
    case("date of now", column(Date, server_default=func.current_date()), alter("SET DEFAULT now()::date"),
         unproven(DEFAULT, C)),
    case("other source of chance", column(Text, server_default=text("gen_random_uuid()::text")),
         alter("SET DEFAULT random()::text"), unproven(DEFAULT, C), since=13),
    case("other sequence", drawing,
         "CREATE SEQUENCE other; " + alter("SET DEFAULT nextval('other')"), differs(DEFAULT, C)),
    case("sum in another order", column(Integer, Computed("id + 1", persisted=True)),
         "ALTER TABLE book DROP c; ALTER TABLE book ADD c integer GENERATED ALWAYS AS (1 + id) STORED",
         unproven(f"The generation expression of column {C}", C)),
    case("condition of an index with sides in another order", indexed(text("c > 0")),
         "DROP INDEX ix; CREATE INDEX ix ON book (c) WHERE 0 < c",
         unproven("Index ix of table public.book", "public.book.ix")),
    case("condition of an index that is one more", indexed(text("c > 0")),
         "DROP INDEX ix; CREATE INDEX ix ON book (c) WHERE c > 1",
         differs("Index ix of table public.book", "public.book.ix")),
)  # fmt: skip
BY_WEIGHT = (*SOURCES, *WIDTHS, *STRINGS, *SPELLINGS)
