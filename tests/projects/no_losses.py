"""Migrations that look as if they took something away, and keep it; see ``losses``."""

from __future__ import annotations

from tests.projects.losses import LossRow

_TYPED = "CREATE TYPE {t}_mood AS ENUM ('a', 'b'); CREATE TABLE {t} (id serial PRIMARY KEY, mood {t}_mood)"
_OF = """CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text);
    CREATE TABLE {t}_of (id serial PRIMARY KEY, up int NOT NULL, name text)"""

NO_LOSSES = (
    LossRow(name="column_renamed", upgrade=('op.alter_column("{t}", "note", new_column_name="remark")',)),
    LossRow(name="table_renamed", upgrade=('op.rename_table("{t}", "{t}_now")',)),
    LossRow(
        name="other_schema",
        base="CREATE SCHEMA {t}_s; CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text)",
        upgrade=('op.execute("ALTER TABLE {t} SET SCHEMA {t}_s")',),
    ),
    LossRow(
        name="wider_types",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50), n integer, m numeric(10, 2), at date)",
        maps="",
        upgrade=(
            """
            op.alter_column("{t}", "name", type_=sa.Text())
            op.alter_column("{t}", "n", type_=sa.BigInteger())
            op.alter_column("{t}", "m", type_=sa.Numeric(14, 4))
            op.alter_column("{t}", "at", type_=sa.DateTime())
            """,
        ),
    ),
    LossRow(
        name="kinds_of_types",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, a varchar(20), b text, c integer, d timestamptz, e json, f text)",
        maps="",
        upgrade=(
            """
            op.execute("ALTER TABLE {t} ALTER a TYPE integer USING a::integer, ALTER b TYPE jsonb USING b::jsonb")
            op.execute("ALTER TABLE {t} ALTER c TYPE text, ALTER d TYPE timestamp USING d AT TIME ZONE 'UTC'")
            op.execute("ALTER TABLE {t} ALTER e TYPE jsonb, ALTER f TYPE uuid USING f::uuid")
            """,
        ),
    ),
    LossRow(
        name="made_and_dropped",
        upgrade=(
            'op.create_table("{t}_tmp", sa.Column("id", sa.Integer))\nop.add_column("{t}", sa.Column("tmp", sa.Text))',
            'op.drop_table("{t}_tmp")\nop.drop_column("{t}", "tmp")',
        ),
    ),
    LossRow(
        name="index_dropped",
        base="""CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text UNIQUE);
            CREATE INDEX {t}_ix ON {t} (name); ALTER TABLE {t} ADD CHECK (id > 0)""",
        upgrade=(
            'op.drop_index("{t}_ix")\nop.drop_constraint("{t}_note_key", "{t}")\nop.drop_constraint("{t}_id_check", "{t}")',
        ),
    ),
    LossRow(
        name="duplicates_deleted",
        upgrade=('op.execute("DELETE FROM {t} a USING {t} b WHERE a.id > b.id AND a.name = b.name")',),
    ),
    LossRow(
        name="orphans_deleted",
        base=_OF,
        upgrade=(
            """
            op.execute("DELETE FROM {t}_of WHERE up NOT IN (SELECT id FROM {t})")
            op.create_foreign_key(None, "{t}_of", "{t}", ["up"], ["id"])
            """,
        ),
    ),
    LossRow(name="some_deleted", upgrade=("op.execute(\"DELETE FROM {t} WHERE note = 'old' OR name LIKE '%x%'\")",)),
    LossRow(
        name="lookup_refilled",
        upgrade=("op.execute(\"DELETE FROM {t}\")\nop.execute(\"INSERT INTO {t} (name) VALUES ('one'), ('two')\")",),
    ),
    LossRow(
        name="own_rows_deleted",
        upgrade=(
            """
            op.execute("CREATE TABLE {t}_tmp AS SELECT * FROM {t}")
            op.execute("DELETE FROM {t}_tmp")
            """,
        ),
    ),
    LossRow(
        name="moved_rows",
        base=_OF.replace("up int NOT NULL, name text", "name varchar(50), note text"),
        upgrade=(
            'op.execute("INSERT INTO {t}_of (name, note) SELECT name, note FROM {t}")\nop.execute("DELETE FROM {t}")',
        ),
    ),
    LossRow(
        name="table_swapped",
        upgrade=(
            """
            op.execute("CREATE TABLE {t}_new (note text, name text NOT NULL, id bigint PRIMARY KEY)")
            op.execute("INSERT INTO {t}_new (id, name, note) SELECT id, name, note FROM {t}")
            op.drop_table("{t}")
            op.rename_table("{t}_new", "{t}")
            """,
        ),
    ),
    LossRow(
        name="checked_swapped",
        base="""CREATE DOMAIN {t}_few AS int CHECK (VALUE BETWEEN 1 AND 9);
            CREATE TABLE {t}_up (id serial PRIMARY KEY);
            CREATE TABLE {t} (id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('hard', 'soft')), n {t}_few NOT NULL,
                code char(4) UNIQUE, amount numeric(6, 2) NOT NULL CHECK (amount >= 0), up int NOT NULL REFERENCES {t}_up)""",
        maps="",
        upgrade=(
            """
            op.execute("CREATE TABLE {t}_new (LIKE {t})")
            op.execute("INSERT INTO {t}_new SELECT * FROM {t}")
            op.drop_table("{t}")
            op.rename_table("{t}_new", "{t}")
            """,
        ),
    ),
    LossRow(
        name="table_kept_aside",
        upgrade=(
            """
            op.rename_table("{t}", "{t}_old")
            op.execute("CREATE TABLE {t} (LIKE {t}_old INCLUDING ALL)")
            op.execute("INSERT INTO {t} SELECT * FROM {t}_old")
            op.execute("ALTER SEQUENCE {t}_id_seq OWNED BY {t}.id")
            """,
            'op.drop_table("{t}_old")',
        ),
    ),
    LossRow(
        name="column_swapped",
        upgrade=(
            """
            op.add_column("{t}", sa.Column("note_new", sa.String()))
            op.execute("UPDATE {t} SET note_new = note")
            op.drop_column("{t}", "note")
            op.alter_column("{t}", "note_new", new_column_name="note")
            """,
        ),
    ),
    LossRow(
        name="column_swapped_in_steps",
        upgrade=(
            'op.add_column("{t}", sa.Column("note_new", sa.Text()))\nop.execute("UPDATE {t} SET note_new = note")',
            'op.drop_column("{t}", "note")\nop.alter_column("{t}", "note_new", new_column_name="note")',
        ),
    ),
    LossRow(
        name="swapped_in_python",
        upgrade=(
            """
            op.add_column("{t}", sa.Column("remark", sa.Text()))
            connection = op.get_bind()
            for id_, note in connection.execute(sa.text("SELECT id, note FROM {t}")).fetchall():
                connection.execute(sa.text("UPDATE {t} SET remark = :note WHERE id = :id"), {"note": note, "id": id_})
            op.drop_column("{t}", "note")
            """,
        ),
    ),
    LossRow(
        name="column_to_table",
        upgrade=(
            """
            op.execute("CREATE TABLE {t}_notes (id serial PRIMARY KEY, up int REFERENCES {t}, note text)")
            op.execute("INSERT INTO {t}_notes (up, note) SELECT id, note FROM {t} WHERE note IS NOT NULL")
            op.drop_column("{t}", "note")
            """,
        ),
    ),
    LossRow(
        name="columns_to_json",
        upgrade=(
            """
            op.execute("ALTER TABLE {t} ADD data jsonb")
            op.execute("UPDATE {t} SET data = jsonb_build_object('name', name, 'note', note)")
            op.drop_column("{t}", "name")
            op.drop_column("{t}", "note")
            """,
        ),
    ),
    LossRow(
        name="partition_detached",
        base="""CREATE TABLE {t} (id int, at date) PARTITION BY RANGE (at);
            CREATE TABLE {t}_2020 PARTITION OF {t} FOR VALUES FROM ('2000-01-01') TO ('2100-01-01')""",
        maps="",
        upgrade=('op.execute("ALTER TABLE {t} DETACH PARTITION {t}_2020")',),
    ),
    LossRow(
        name="view_replaced",
        base="CREATE VIEW {t} AS SELECT 1 AS one, 2 AS two",
        maps="",
        upgrade=('op.execute("DROP VIEW {t}")\nop.execute("CREATE VIEW {t} AS SELECT 2 AS two")',),
    ),
    LossRow(
        name="function_replaced",
        base="CREATE FUNCTION {t}() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        maps="",
        upgrade=(
            'op.execute("DROP FUNCTION {t}()")\n'
            "op.execute(\"CREATE FUNCTION {t}(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'\")",
        ),
    ),
    LossRow(
        name="sequence_renamed",
        base="CREATE SEQUENCE {t}",
        maps="",
        upgrade=('op.execute("ALTER SEQUENCE {t} RENAME TO {t}_now")',),
    ),
    LossRow(
        name="serial_to_identity",
        upgrade=(
            """
            op.execute("ALTER TABLE {t} ALTER id DROP DEFAULT")
            op.execute("DROP SEQUENCE {t}_id_seq")
            op.execute("ALTER TABLE {t} ALTER id ADD GENERATED BY DEFAULT AS IDENTITY")
            """,
        ),
    ),
    LossRow(
        name="default_dropped",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL DEFAULT 'x', note text)",
        upgrade=('op.alter_column("{t}", "name", server_default=None, nullable=True)',),
    ),
    LossRow(
        name="temporary",
        upgrade=(
            'op.execute("CREATE TEMP TABLE {t}_tmp AS SELECT * FROM {t}")\nop.execute("DELETE FROM {t}_tmp")\n'
            'op.execute("DROP TABLE {t}_tmp")',
        ),
    ),
    LossRow(
        name="computed_again",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, name text, low text GENERATED ALWAYS AS (lower(name)) STORED)",
        maps="id name low",
        upgrade=(
            'op.drop_column("{t}", "low")\n'
            'op.execute("ALTER TABLE {t} ADD low text GENERATED ALWAYS AS (lower(trim(name))) STORED")',
        ),
    ),
    LossRow(
        name="enum_swapped_whole",
        base=_TYPED,
        maps="",
        upgrade=(
            """
            op.execute("ALTER TYPE {t}_mood RENAME TO {t}_old")
            op.execute("CREATE TYPE {t}_mood AS ENUM ('b', 'a', 'c')")
            op.execute("ALTER TABLE {t} ALTER COLUMN mood TYPE {t}_mood USING mood::text::{t}_mood")
            op.execute("DROP TYPE {t}_old")
            """,
        ),
    ),
    LossRow(
        name="enum_to_text",
        base=_TYPED,
        maps="",
        upgrade=('op.execute("ALTER TABLE {t} ALTER COLUMN mood TYPE text")\nop.execute("DROP TYPE {t}_mood")',),
    ),
    LossRow(
        name="value_renamed",
        base=_TYPED,
        maps="",
        upgrade=("op.execute(\"ALTER TYPE {t}_mood RENAME VALUE 'a' TO 'aa'\")",),
    ),
    LossRow(
        name="type_in_do",
        upgrade=(
            "op.execute(\"DO $$ BEGIN CREATE TYPE {t}_x AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$\")",
        ),
    ),
    LossRow(
        name="key_that_cascades",
        base=_OF,
        upgrade=('op.create_foreign_key("{t}_fk", "{t}_of", "{t}", ["up"], ["id"], ondelete="CASCADE")',),
    ),
)
