"""Downgrades that undo their upgrade: each looks like one that does not, and raises nothing."""

from __future__ import annotations

from tests.projects.downgrades import Row, sql, table

FUNCTION = "CREATE OR REPLACE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {1}; RETURN NEW; END $$"
ROWS = (
    Row(
        name="table",
        upgrade='op.create_table("made", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Text))\n'
        'op.create_index("ix_made_a", "made", ["a"])',
        downgrade='op.drop_index("ix_made_a", table_name="made")\nop.drop_table("made")',
    ),
    Row(
        name="enum_with_its_table",
        upgrade='op.create_table("shop", sa.Column("k", sa.Enum("a", "b", name="shop_kind")))',
        downgrade='op.drop_table("shop")\nsa.Enum(name="shop_kind").drop(op.get_bind())',
    ),
    Row(
        name="column_order",
        base=table("ordered", "a int", "b int DEFAULT 5", "c text"),
        upgrade='op.drop_column("ordered", "a")',
        downgrade='op.add_column("ordered", sa.Column("a", sa.Integer))',
    ),
    Row(
        name="view_of_all",
        base=table("seen", "a int", "b int") + "\n" + sql("CREATE VIEW seen_view AS SELECT * FROM seen"),
        upgrade=sql("DROP VIEW seen_view") + '\nop.drop_column("seen", "a")\n'
        + sql("CREATE VIEW seen_view AS SELECT * FROM seen"),
        downgrade=sql("DROP VIEW seen_view") + '\nop.add_column("seen", sa.Column("a", sa.Integer))\n'
        + sql("CREATE VIEW seen_view AS SELECT * FROM seen"),
    ),
    Row(
        name="made_up_names",
        base=table("named", "a int UNIQUE", "b int REFERENCES book (id)"),
        upgrade='op.drop_constraint("named_a_key", "named")\nop.drop_constraint("named_b_fkey", "named")',
        downgrade='op.create_unique_constraint(None, "named", ["a"])\n'
        'op.create_foreign_key(None, "named", "book", ["b"], ["id"])',
    ),
    Row(
        name="not_null",
        base=table("filled", "a int NOT NULL DEFAULT 3"),
        upgrade='op.alter_column("filled", "a", nullable=True, server_default=None)',
        downgrade='op.alter_column("filled", "a", nullable=False, server_default=sa.text("3"))',
    ),
    Row(
        name="partial_index",
        base=table("partly", "a int") + "\n" + sql("CREATE INDEX ix_partly ON partly (a) WHERE a > 0"),
        upgrade='op.drop_index("ix_partly", "partly")',
        downgrade='op.create_index("ix_partly", "partly", ["a"], postgresql_where=sa.text("(a > 0)"))',
    ),
    Row(
        name="type_there_and_back",
        base=table("wide", "a varchar(20)"),
        upgrade='op.alter_column("wide", "a", type_=sa.Text())',
        downgrade='op.alter_column("wide", "a", type_=sa.String(20))',
    ),
    Row(
        name="rename",
        base=table("renamed", "a int"),
        upgrade='op.rename_table("renamed", "other")\nop.alter_column("other", "a", new_column_name="b")',
        downgrade='op.alter_column("other", "b", new_column_name="a")\nop.rename_table("other", "renamed")',
    ),
    Row(
        name="enum_swap",
        base=sql("CREATE TYPE mood AS ENUM ('sad', 'ok')") + "\n" + table("person", "m mood DEFAULT 'ok'"),
        upgrade=sql("ALTER TYPE mood ADD VALUE 'happy'"),
        downgrade="\n".join(
            sql(text)
            for text in (
                "ALTER TYPE mood RENAME TO mood_old",
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "ALTER TABLE person ALTER COLUMN m DROP DEFAULT",
                "ALTER TABLE person ALTER COLUMN m TYPE mood USING m::text::mood",
                "ALTER TABLE person ALTER COLUMN m SET DEFAULT 'ok'",
                "DROP TYPE mood_old",
            )
        ),
    ),
    Row(
        name="function_and_trigger",
        base=table("watched", "a int"),
        upgrade=sql(FUNCTION.format("watch", "NULL"))
        + "\n" + sql("CREATE TRIGGER w BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION watch()"),
        downgrade=sql("DROP TRIGGER w ON watched") + "\n" + sql("DROP FUNCTION watch()"),
    ),
    Row(
        name="function_with_other_white_space",
        base=sql(FUNCTION.format("spaced", "NULL")),
        upgrade=sql(FUNCTION.format("spaced", "NULL; NULL")),
        downgrade=sql(FUNCTION.format("spaced", "  NULL  /* as before */ ")),
    ),
    Row(name="rows", upgrade=sql("INSERT INTO book (title) VALUES ('x')"), downgrade="pass"),
    Row(name="rows_deleted", upgrade=sql("DELETE FROM book"), downgrade='"""Rows do not come back."""'),
    Row(name="nothing", upgrade="pass", downgrade="pass"),
    Row(
        name="counter",
        base=table("counted") + "\n" + sql("CREATE SEQUENCE counter"),
        upgrade=sql("SELECT nextval('counter'), nextval('counted_id_seq')"),
        downgrade="pass",
    ),
    Row(
        name="policy",
        base=table("guarded", "a text"),
        upgrade=sql("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
        + "\n" + sql("CREATE POLICY own ON guarded USING (a = CURRENT_USER)"),
        downgrade=sql("DROP POLICY own ON guarded") + "\n" + sql("ALTER TABLE guarded DISABLE ROW LEVEL SECURITY"),
    ),
    Row(
        name="grants",
        base=table("public_table"),
        upgrade=sql("GRANT SELECT ON public_table TO PUBLIC"),
        downgrade=sql("REVOKE SELECT ON public_table FROM PUBLIC"),
    ),
    Row(
        name="role",
        base=table("for_a_role"),
        upgrade=sql("CREATE ROLE right_role") + "\n" + sql("GRANT SELECT ON for_a_role TO right_role"),
        downgrade=sql("REVOKE ALL ON for_a_role FROM right_role") + "\n" + sql("DROP ROLE right_role"),
    ),
    Row(
        name="identity",
        base=sql("CREATE TABLE numbered (id int GENERATED BY DEFAULT AS IDENTITY (START WITH 10), a int)"),
        upgrade=sql("ALTER TABLE numbered ALTER id DROP IDENTITY"),
        downgrade=sql("ALTER TABLE numbered ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 10)"),
    ),
    Row(
        name="serial_again",
        base=table("serials", "n serial"),
        upgrade='op.drop_column("serials", "n")',
        downgrade=sql("ALTER TABLE serials ADD COLUMN n serial"),
    ),
    Row(
        name="concurrently",
        base=table("busy", "a int"),
        upgrade='with op.get_context().autocommit_block():\n'
        '    op.create_index("ix_busy", "busy", ["a"], postgresql_concurrently=True)',
        downgrade='with op.get_context().autocommit_block():\n'
        '    op.drop_index("ix_busy", table_name="busy", postgresql_concurrently=True)',
    ),
    Row(
        name="other_schema",
        upgrade=sql("CREATE SCHEMA extra") + '\nop.create_table("t", sa.Column("id", sa.Integer), schema="extra")',
        downgrade='op.drop_table("t", schema="extra")\n' + sql("DROP SCHEMA extra"),
    ),
    Row(
        name="check_written_otherwise",
        base=table("priced", "p int CONSTRAINT ck_p CHECK (p IN (1, 2))"),
        upgrade='op.drop_constraint("ck_p", "priced")',
        downgrade='op.create_check_constraint("ck_p", "priced", "p = ANY (ARRAY[1, 2])")',
    ),
    Row(
        name="condition_written_otherwise",
        base=table("sold", "p int CONSTRAINT ck_sold CHECK (p > 0 AND p < 9)")
        + "\n"
        + sql("CREATE INDEX ix_sold ON sold (p) WHERE p > 5"),
        upgrade='op.drop_constraint("ck_sold", "sold")\nop.drop_index("ix_sold")',
        downgrade='op.create_check_constraint("ck_sold", "sold", "NOT (p <= 0) AND p < 4 + 5")\n'
        'op.create_index("ix_sold", "sold", ["p"], postgresql_where=sa.text("p > 2 + 3"))',
    ),
    Row(
        name="written_as_the_server_shows_it",
        base=table("shown", "state varchar(20) NOT NULL DEFAULT 'a' CONSTRAINT ck_state CHECK (state IN ('a', 'b'))"),
        upgrade='op.drop_constraint("ck_state", "shown")\nop.alter_column("shown", "state", server_default=None)',
        downgrade='op.alter_column("shown", "state", server_default=sa.text("\'a\'::text::character varying"))\n'
        'op.create_check_constraint("ck_state", "shown", "state::text = ANY (ARRAY[\'a\'::character varying, '
        "'b'::character varying]::text[])\")",
    ),
    Row(
        name="default_written_otherwise",
        base=table("timed", "made timestamptz DEFAULT now()", "n bigint NOT NULL DEFAULT 0"),
        upgrade='op.alter_column("timed", "made", server_default=None)\nop.drop_column("timed", "n")',
        downgrade='op.add_column("timed", sa.Column("n", sa.BigInteger(), nullable=False, server_default="0"))\n'
        'op.alter_column("timed", "made", server_default=sa.text("CURRENT_TIMESTAMP"))',
    ),
    Row(
        name="composite",
        base=sql("CREATE TYPE pair AS (a int, b text)"),
        upgrade=sql("ALTER TYPE pair DROP ATTRIBUTE a"),
        downgrade=sql("ALTER TYPE pair ADD ATTRIBUTE a int"),
    ),
    Row(
        name="partition",
        base=sql("CREATE TABLE logged (at date NOT NULL, a int) PARTITION BY RANGE (at)"),
        upgrade=sql("CREATE TABLE logged_26 PARTITION OF logged FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"),
        downgrade='op.drop_table("logged_26")',
    ),
    Row(
        name="comment",
        base=table("noted") + "\n" + sql("COMMENT ON TABLE noted IS 'Old'"),
        upgrade=sql("COMMENT ON TABLE noted IS 'New'"),
        downgrade='op.create_table_comment("noted", "Old")',
    ),
    Row(
        name="extension",
        upgrade=sql("CREATE EXTENSION hstore"),
        downgrade=sql("DROP EXTENSION hstore"),
    ),
    Row(
        name="null_default",
        base=table("undefaulted", "a int"),
        upgrade='op.alter_column("undefaulted", "a", server_default=sa.text("1"))',
        downgrade='op.alter_column("undefaulted", "a", server_default=sa.text("NULL"))',
    ),
    Row(
        name="helper",
        base=table("helped", "a int"),
        upgrade='op.add_column("helped", sa.Column("b", sa.Integer))',
        downgrade='undo("helped")',
        top='def undo(table):\n    op.drop_column(table, "b")',
    ),
    Row(
        name="imported",
        base=table("swapped", "a int"),
        upgrade='if True:\n    op.add_column("swapped", sa.Column("b", sa.Integer))',
        downgrade='if sa.inspect(op.get_bind()).has_table("swapped"):\n    op.drop_column("swapped", "b")',
    ),
    Row(
        name="validated",
        base=table("checked", "a int") + "\n" + sql("ALTER TABLE checked ADD CONSTRAINT ck CHECK (a > 0) NOT VALID"),
        upgrade=sql("ALTER TABLE checked VALIDATE CONSTRAINT ck"),
        downgrade="pass",
    ),
    Row(
        name="value_declared",
        base=sql("CREATE TYPE phase AS ENUM ('new')") + "\n" + table("phased", "p phase"),
        upgrade=sql("ALTER TYPE phase ADD VALUE IF NOT EXISTS 'old'")
        + '\nop.add_column("phased", sa.Column("q", sa.Text))',
        downgrade='op.drop_column("phased", "q")\n# PostgreSQL cannot remove enum values.',
    ),
)  # fmt: skip
DECLARED = (
    Row(
        name="raises",
        base=table("one_way"),
        upgrade='op.add_column("one_way", sa.Column("b", sa.Integer))',
        downgrade='raise NotImplementedError("Prices cannot be guessed")',
        rule="downgrade-missing",
        says="Revision raises cannot be undone: its downgrade() raises NotImplementedError: Prices cannot be guessed.",
        notice=True,
    ),
    Row(
        name="raises_another",
        upgrade=sql("INSERT INTO book (title) VALUES ('y')"),
        downgrade='"""Nope."""\nraise RuntimeError("Restore a backup")',
        rule="downgrade-missing",
        says="Revision raises_another cannot be undone: its downgrade() raises RuntimeError: Restore a backup.",
        notice=True,
    ),
    Row(
        name="says_so",
        base=table("one_way_too"),
        upgrade='op.add_column("one_way_too", sa.Column("b", sa.Integer))',
        downgrade="pass  # irreversible",
        rule="downgrade-missing",
        says="Revision says_so declares that it cannot be undone: irreversible.",
        notice=True,
    ),
)
