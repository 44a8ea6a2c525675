"""Projects whose old migrations do not run on an empty database, so that the base database is made in another way."""

from __future__ import annotations

from tests.projects import builder
from tests.projects.builder import EnvPy, Revision, tree

OLD = Revision(id="a1", upgrade='op.execute("ALTER TABLE book ALTER COLUMN title SET NOT NULL")')
"""It changes a table that create_all made on the first day."""
NAMES_INDEX = Revision(id="a2", down="a1", upgrade='op.create_index("ix_book_title", "book", ["title"])')
MAKES_INDEX_UNNAMED = Revision(
    id="a2",
    down="a1",
    upgrade="""
    op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer(), index=True))
    """,
)
INDEX = """
from sqlalchemy import Index
Index("ix_book_title", book.c.title)
"""
SHELF = """
shelf = Table("shelf", metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
"""
SHELF_INDEX = """
from sqlalchemy import Index
Index("ix_shelf_n", shelf.c.n)
"""
NO_METADATA = EnvPy(imports="", metadata="None").text
EMPTY = "from sqlalchemy import MetaData\nmetadata = MetaData()\n"
VIEW_ONLY = builder.MODELS.replace('metadata, Column("id"', 'metadata, Column("id"', 1).replace(
    "nullable=False))", 'nullable=False), info={"skip_autogenerate": True})'
)
ADDS_PAGES = Revision(id="b2", down="a1", upgrade='op.add_column("book", sa.Column("pages", sa.Integer()))')
"""The missing migration that the report asked for."""
SCHEMA = """
--
-- PostgreSQL database dump
--

\\restrict kEy0123456789

-- Dumped from database version 17.6
SET statement_timeout = 0;
SET transaction_timeout = 0;
SET a_setting_of_the_future = 'on';
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.book (
    id integer NOT NULL,
    title character varying(200) NOT NULL
);
ALTER TABLE public.book OWNER TO shop_owner;
CREATE FUNCTION public.slug(t text) RETURNS text
    LANGUAGE plpgsql
    AS $_$
BEGIN
  -- a semicolon; a 'quote
  PERFORM '
\\restrict is no command here';
  RETURN lower(t);
END
$_$;
CREATE SEQUENCE public.book_id_seq AS integer;
ALTER SEQUENCE public.book_id_seq OWNER TO shop_owner;
ALTER SEQUENCE public.book_id_seq OWNED BY public.book.id;
ALTER TABLE ONLY public.book ALTER COLUMN id SET DEFAULT nextval('public.book_id_seq'::regclass);
CREATE TABLE public.alembic_version (version_num character varying(32) NOT NULL);
ALTER TABLE ONLY public.alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.book ADD CONSTRAINT book_pkey PRIMARY KEY (id);
CREATE INDEX ix_book_title ON public.book USING btree (title);
GRANT SELECT ON TABLE public.book TO shop_reader, "Odd Reader";

\\unrestrict kEy0123456789
"""
ROWS = """
\\restrict oTher
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
COPY public.alembic_version (version_num) FROM stdin;
{rows}
\\.

\\unrestrict oTher
"""


def at(*rows: str, schema: str = SCHEMA) -> str:
    """Return the dump of a database at these revisions."""
    return schema + ROWS.format(rows="\n".join(rows))


def old(*revisions: Revision, models: str = builder.MODELS, env: str = "") -> dict[str, str]:
    """Return a project whose first revision fails on an empty database."""
    return tree(OLD, *revisions, models=models, env=env)


INIT = """
import os, re, sys, psycopg2

connection = psycopg2.connect(re.sub(r"\\+\\w+", "", os.environ["DATABASE_URL"]))
print("in", os.getcwd(), "with", os.environ.get("SHOP", "no SHOP"))
with connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE book (id serial PRIMARY KEY, title varchar(200) NOT NULL)")
    if sys.argv[1:]:
        cursor.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        cursor.execute("INSERT INTO alembic_version VALUES (%s)", sys.argv[1:])
"""
SETTING = """
with connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE setting (name text); INSERT INTO setting VALUES ('shop')")
"""
READS_AT_IMPORT = """
import os
from sqlalchemy import create_engine, text
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    [(shop,)] = connection.execute(text("SELECT name FROM setting")).fetchall()
"""
"""A module that reads the database while it is imported."""
