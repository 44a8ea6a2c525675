"""Enums, domains and sequences that differ."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Column,
    Enum,
    Sequence,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import DOMAIN

from tests.integration.drift.cases import book, case, mood, two_tables
from tests.integration.drift.expected_changes import differs, extra, missing, retyped

TYPES = (
    case(
        "enum value missing",
        lambda m: Table("pet", m, Column("mood", Enum("sad", "ok", "glad", name="mood"))),
        "DROP TABLE pet; DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE pet (mood mood)",
        missing("Value 'ok' of enum public.mood", "public.mood.ok", verb="adds"),
    ),
    case(
        "enum value extra",
        mood,
        "ALTER TYPE mood ADD VALUE 'mad'",
        extra("value 'mad' to enum public.mood", "public.mood.mad", "outside", verb="add"),
    ),
    case(
        "enum value renamed",
        mood,
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'OK'",
        missing("Value 'ok' of enum public.mood", "public.mood.ok", verb="adds"),
        extra("value 'OK' to enum public.mood", "public.mood.OK", "outside", verb="add"),
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
        missing("Value 'ok' of enum public.mood", "public.mood.ok", verb="adds"),
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
        ("cosmetic", "public.mood", "The migrations create enum public.mood, but no model and no column uses it."),
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
