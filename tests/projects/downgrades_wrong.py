"""Downgrades that do not undo their upgrade, or that do not run: one fault each."""

from __future__ import annotations

from tests.projects.downgrades import Row, sql, table
from tests.projects.downgrades_right import FUNCTION

FAILS, MISSING, LEAVES, LOSES = "downgrade-fails", "downgrade-missing", "downgrade-leaves", "downgrade-loses"


def does(name: str, rest: str) -> str:
    """Return a message that begins with the function and the revision."""
    return f"downgrade() of revision {name} {rest}"


FAILING = (
    Row(
        name="no_name",
        base=table("unnamed", "a int"),
        upgrade='op.create_unique_constraint(None, "unnamed", ["a"])',
        downgrade='op.drop_constraint(None, "unnamed")',
        rule=FAILS,
        says=does(
            "no_name",
            "fails: it drops a constraint without a name, and upgrade() has created unique constraint unnamed_a_key of "
            "table public.unnamed.",
        ),
        lines='op.drop_constraint("unnamed_a_key", "unnamed", type_="unique")',
    ),
    Row(
        name="no_name_of_two",
        base=table("two", "a int"),
        upgrade='op.create_unique_constraint(None, "two", ["a"])\n'
        'op.create_foreign_key(None, "two", "book", ["a"], ["id"])',
        downgrade='op.drop_constraint(None, "two", type_="foreignkey")\n'
        'op.drop_constraint("two_a_key", "two", type_="unique")',
        rule=FAILS,
        says=does(
            "no_name_of_two",
            "fails: it drops a constraint without a name, and upgrade() has created foreign key two_a_fkey of table "
            "public.two.",
        ),
        lines='op.drop_constraint("two_a_fkey", "two", type_="foreignkey")',
    ),
    Row(
        name="wrong_name",
        base=table("misnamed", "a int"),
        upgrade='op.create_unique_constraint("misnamed_a_key", "misnamed", ["a"])',
        downgrade='op.drop_constraint("uq_misnamed_a", "misnamed", type_="unique")',
        rule=FAILS,
        says=does(
            "wrong_name",
            'fails: constraint "uq_misnamed_a" of relation "misnamed" does not exist; upgrade() has created unique '
            "constraint misnamed_a_key of table public.misnamed.",
        ),
        lines='op.drop_constraint("misnamed_a_key", "misnamed", type_="unique")',
    ),
    Row(
        name="wrong_index",
        base=table("indexed", "a int"),
        upgrade='op.create_index("ix_indexed_a", "indexed", ["a"])',
        downgrade='op.drop_index("indexed_a_idx", table_name="indexed")',
        rule=FAILS,
        says=does(
            "wrong_index",
            'fails: index "indexed_a_idx" does not exist; upgrade() has created index ix_indexed_a of table '
            "public.indexed.",
        ),
        lines='op.drop_index("ix_indexed_a", table_name="indexed")',
    ),
    Row(
        name="wrong_column",
        base=table("columned", "a int"),
        upgrade='op.add_column("columned", sa.Column("price", sa.Integer))',
        downgrade='op.drop_column("columned", "prise")',
        rule=FAILS,
        says=does(
            "wrong_column",
            'fails: column "prise" of relation "columned" does not exist; upgrade() has created column '
            "public.columned.price.",
        ),
        lines='op.drop_column("columned", "price")',
    ),
    Row(
        name="wrong_order",
        upgrade='op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))\n'
        'op.create_table("child", sa.Column("p", sa.Integer, sa.ForeignKey("parent.id")))',
        downgrade='op.drop_table("parent")\nop.drop_table("child")',
        rule=FAILS,
        says=does("wrong_order", "fails: cannot drop table parent because other objects depend on it."),
    ),
    Row(
        name="type_before_column",
        base=table("typed", "a int"),
        upgrade=sql("CREATE TYPE size AS ENUM ('s')") + "\n" + sql("ALTER TABLE typed ADD COLUMN s size"),
        downgrade=sql("DROP TYPE size") + '\nop.drop_column("typed", "s")',
        rule=FAILS,
        says=does("type_before_column", "fails: cannot drop type size because other objects depend on it."),
    ),
    Row(
        name="type_twice",
        base=sql("CREATE TYPE twice AS ENUM ('a')") + "\n" + table("of_type_twice", "t twice"),
        upgrade='op.drop_table("of_type_twice")\n' + sql("DROP TYPE twice"),
        downgrade='sa.Enum("a", name="twice").create(op.get_bind())\n'
        'op.create_table("of_type_twice", sa.Column("t", sa.dialects.postgresql.ENUM("a", name="twice")))\n'
        + sql("CREATE TYPE twice AS ENUM ('a')"),
        top="import sqlalchemy.dialects.postgresql",
        rule=FAILS,
        says=does("type_twice", 'fails: type "twice" already exists.'),
    ),
    Row(
        name="cast",
        base=table("cast_back", "a int"),
        upgrade='op.alter_column("cast_back", "a", type_=sa.Text())',
        downgrade='op.alter_column("cast_back", "a", type_=sa.Integer())',
        rule=FAILS,
        says=does("cast", 'fails: column "a" cannot be cast automatically to type integer.'),
    ),
    Row(
        name="own_rows",
        base=table("rowed", "a int NOT NULL"),
        upgrade='op.alter_column("rowed", "a", nullable=True)\n' + sql("INSERT INTO rowed (a) VALUES (NULL)"),
        downgrade='op.alter_column("rowed", "a", nullable=False)',
        rule=FAILS,
        says=does("own_rows", 'fails: column "a" of relation "rowed" contains null values.'),
    ),
    Row(
        name="python",
        upgrade=sql("SELECT 1"),
        downgrade="op.drop_colum('book', 'title')",
        rule=FAILS,
        says=does("python", "fails: AttributeError: module 'alembic.op' has no attribute 'drop_colum'."),
    ),
    Row(
        name="twice",
        base=table("dropped_twice", "a int"),
        upgrade='op.drop_column("dropped_twice", "a")',
        downgrade='op.drop_column("dropped_twice", "a")',
        rule=FAILS,
        says=does("twice", 'fails: column "a" of relation "dropped_twice" does not exist.'),
    ),
)
EMPTY = (
    Row(
        name="empty",
        base=table("kept", "a int"),
        upgrade='op.add_column("kept", sa.Column("b", sa.Integer))',
        downgrade="pass",
        rule=MISSING,
        says=does("empty", "is empty, but upgrade() changes the schema: column public.kept.b."),
        lines='op.drop_column("kept", "b")',
    ),
    Row(
        name="absent",
        base=table("kept_too", "a int"),
        upgrade='op.add_column("kept_too", sa.Column("b", sa.Integer))\nop.drop_column("kept_too", "a")',
        downgrade=None,
        rule=MISSING,
        says="Revision absent has no downgrade(), but upgrade() changes the schema: column public.kept_too.a, column "
        "public.kept_too.b.",
        lines='op.drop_column("kept_too", "b")\nop.execute("ALTER TABLE kept_too ADD COLUMN a integer")',
    ),
    Row(
        name="silent",
        base=table("silent_table", "a int"),
        upgrade='op.create_index("ix_silent", "silent_table", ["a"])',
        downgrade='if False:\n    op.drop_index("ix_silent")',
        rule=MISSING,
        says=does(
            "silent",
            "sends no statement, but upgrade() changes the schema: index ix_silent of table public.silent_table.",
        ),
    ),
    Row(
        name="value",
        base=sql("CREATE TYPE level AS ENUM ('low')"),
        upgrade=sql("ALTER TYPE level ADD VALUE 'high'"),
        downgrade="pass",
        rule=MISSING,
        says=does("value", "is empty, but upgrade() changes the schema: enum public.level."),
    ),
)
LEAVING = (
    Row(
        name="enum_left",
        upgrade='op.create_table("car", sa.Column("c", sa.Enum("red", name="color")))',
        downgrade='op.drop_table("car")',
        rule=LEAVES,
        object="public.color",
        says=does("enum_left", "leaves enum public.color."),
        lines='op.execute("DROP TYPE color")',
        again='Revision enum_left, applied again after its downgrade(), fails: type "color" already exists.',
    ),
    Row(
        name="value_left",
        base=sql("CREATE TYPE step AS ENUM ('one')") + "\n" + table("stepping", "s step"),
        upgrade=sql("ALTER TYPE step ADD VALUE IF NOT EXISTS 'two'") + '\nop.add_column("stepping", sa.Column("q", sa.Text))',
        downgrade='op.drop_column("stepping", "q")',
        rule=LEAVES,
        object="public.step",
        says=does("value_left", "leaves value 'two' in enum public.step."),
    ),
    Row(
        name="column_left",
        base=table("more", "a int"),
        upgrade='op.add_column("more", sa.Column("b", sa.Integer))\n'
        'op.create_index("ix_more_b", "more", ["b"])\nop.create_index("ix_more_a", "more", ["a"])',
        downgrade='op.drop_index("ix_more_a", "more")',
        rule=LEAVES,
        object="public.more.b",
        says=does("column_left", "leaves column public.more.b, with index ix_more_b of table public.more."),
        lines='op.drop_column("more", "b")',
        again='Revision column_left, applied again after its downgrade(), fails: column "b" of relation "more" already '
        "exists.",
    ),
    Row(
        name="table_left",
        upgrade='op.create_table("one", sa.Column("id", sa.Integer, primary_key=True))\n'
        'op.create_table("other_one", sa.Column("id", sa.Integer))',
        downgrade='op.drop_table("other_one")',
        rule=LEAVES,
        object="public.one",
        says=does("table_left", "leaves table public.one."),
        lines='op.drop_table("one")',
        again='Revision table_left, applied again after its downgrade(), fails: relation "one" already exists.',
    ),
    Row(
        name="not_null_left",
        base=table("strict", "a int", "b int"),
        upgrade='op.alter_column("strict", "a", nullable=False)\nop.alter_column("strict", "b", nullable=False)',
        downgrade='op.alter_column("strict", "b", nullable=True)',
        rule=LEAVES,
        object="public.strict.a",
        says=does("not_null_left", "leaves NOT NULL on column public.strict.a."),
        lines='op.alter_column("strict", "a", nullable=True)',
    ),
    Row(
        name="default_left",
        base=table("defaulted", "a int"),
        upgrade='op.alter_column("defaulted", "a", server_default="7", nullable=False)',
        downgrade='op.alter_column("defaulted", "a", nullable=True)',
        rule=LEAVES,
        object="public.defaulted.a",
        says=does("default_left", "leaves the default 7 on column public.defaulted.a."),
        lines='op.alter_column("defaulted", "a", server_default=None)',
    ),
    Row(
        name="check_left",
        base=table("checked", "a int"),
        upgrade='op.add_column("checked", sa.Column("b", sa.Integer))\n'
        'op.create_check_constraint("ck_a", "checked", "a > 0")',
        downgrade='op.drop_column("checked", "b")',
        rule=LEAVES,
        object="public.checked.ck_a",
        says=does("check_left", "leaves CHECK constraint ck_a of table public.checked."),
        lines='op.drop_constraint("ck_a", "checked", type_="check")',
        again='Revision check_left, applied again after its downgrade(), fails: constraint "ck_a" for relation "checked" '
        "already exists.",
    ),
    Row(
        name="function_left",
        base=table("triggered", "a int"),
        upgrade=sql(FUNCTION.format("fire", "NULL"))
        + "\n" + sql("CREATE TRIGGER t BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION fire()"),
        downgrade=sql("DROP TRIGGER t ON triggered"),
        rule=LEAVES,
        object="public.fire()",
        says=does("function_left", "leaves function public.fire()."),
        lines='op.execute("DROP FUNCTION fire()")',
    ),
    Row(
        name="trigger_left",
        base=table("triggering", "a int") + "\n" + sql(FUNCTION.format("nothing", "NULL")),
        upgrade=sql("CREATE TRIGGER n BEFORE INSERT ON triggering FOR EACH ROW EXECUTE FUNCTION nothing()"),
        downgrade=sql("SELECT 1"),
        rule=LEAVES,
        object="public.triggering.n",
        says=does("trigger_left", "leaves trigger n of table public.triggering."),
        lines='op.execute("DROP TRIGGER n ON triggering")',
        again='Revision trigger_left, applied again after its downgrade(), fails: trigger "n" for relation "triggering" '
        "already exists.",
    ),
    Row(
        name="view_left",
        upgrade=sql("CREATE OR REPLACE VIEW titles AS SELECT title FROM book"),
        downgrade=sql("SELECT 1"),
        rule=LEAVES,
        object="public.titles",
        says=does("view_left", "leaves view public.titles."),
        lines='op.execute("DROP VIEW titles")',
    ),
    Row(
        name="materialized_left",
        upgrade=sql("CREATE MATERIALIZED VIEW IF NOT EXISTS shelf AS SELECT id FROM book"),
        downgrade=sql("DROP VIEW IF EXISTS none_such"),
        rule=LEAVES,
        object="public.shelf",
        says=does("materialized_left", "leaves materialized view public.shelf."),
        lines='op.execute("DROP MATERIALIZED VIEW shelf")',
    ),
    Row(
        name="sequence_left",
        upgrade=sql("CREATE SEQUENCE IF NOT EXISTS numbers"),
        downgrade=sql("SELECT 1"),
        rule=LEAVES,
        object="public.numbers",
        says=does("sequence_left", "leaves sequence public.numbers."),
        lines='op.execute("DROP SEQUENCE numbers")',
    ),
    Row(
        name="schema_left",
        upgrade=sql("CREATE SCHEMA IF NOT EXISTS audit") + '\nop.create_table("t", sa.Column("a", sa.Integer), schema="audit")',
        downgrade='op.drop_table("t", schema="audit")',
        rule=LEAVES,
        object="audit",
        says=does("schema_left", "leaves schema audit."),
        lines='op.execute("DROP SCHEMA audit")',
    ),
    Row(
        name="extension_left",
        upgrade=sql("CREATE EXTENSION IF NOT EXISTS citext"),
        downgrade=sql("SELECT 1"),
        rule=LEAVES,
        object="citext",
        says=does("extension_left", "leaves extension citext."),
        lines='op.execute("DROP EXTENSION citext")',
    ),
    Row(
        name="security_left",
        base=table("secured", "a text"),
        upgrade=sql("ALTER TABLE secured ENABLE ROW LEVEL SECURITY")
        + "\n" + sql("CREATE POLICY own ON secured USING (a = CURRENT_USER)"),
        downgrade=sql("DROP POLICY own ON secured"),
        rule=LEAVES,
        object="public.secured",
        says=does("security_left", "leaves ROW LEVEL SECURITY on table public.secured."),
        lines='op.execute("ALTER TABLE secured DISABLE ROW LEVEL SECURITY")',
    ),
    Row(
        name="policy_left",
        base=table("policed", "a text"),
        upgrade=sql("CREATE POLICY own ON policed USING (a = CURRENT_USER)"),
        downgrade=sql("ALTER TABLE policed DISABLE ROW LEVEL SECURITY"),
        rule=LEAVES,
        object="public.policed.own",
        says=does("policy_left", "leaves policy own of table public.policed."),
        lines='op.execute("DROP POLICY own ON policed")',
        again='Revision policy_left, applied again after its downgrade(), fails: policy "own" for table "policed" already '
        "exists.",
    ),
    Row(
        name="grant_left",
        base=table("granted", "a text"),
        upgrade=sql("GRANT SELECT, INSERT ON granted TO PUBLIC"),
        downgrade=sql("REVOKE INSERT ON granted FROM PUBLIC"),
        rule=LEAVES,
        object="public.granted.PUBLIC",
        says=does("grant_left", "leaves privileges SELECT of PUBLIC on public.granted."),
        lines='op.execute("REVOKE ALL ON granted FROM PUBLIC")',
    ),
    Row(
        name="comment_left",
        base=table("commented", "a text"),
        upgrade=sql("COMMENT ON COLUMN commented.a IS 'Text'"),
        downgrade=sql("SELECT 1"),
        rule=LEAVES,
        object="public.commented.a",
        says=does("comment_left", "leaves the comment on column public.commented.a."),
        lines='op.execute("COMMENT ON COLUMN commented.a IS NULL")',
    ),
    Row(
        name="domain_left",
        base=table("domained"),
        upgrade=sql("CREATE DOMAIN email AS text CHECK (VALUE ~ '@')") + "\n" + sql("ALTER TABLE domained ADD e email"),
        downgrade='op.drop_column("domained", "e")',
        rule=LEAVES,
        object="public.email",
        says=does("domain_left", "leaves domain public.email."),
        lines='op.execute("DROP DOMAIN email")',
        again='Revision domain_left, applied again after its downgrade(), fails: type "email" already exists.',
    ),
)  # fmt: skip
LOSING = (
    Row(
        name="not_null_lost",
        base=table("loose", "a int NOT NULL", "b int"),
        upgrade='op.drop_column("loose", "a")',
        downgrade='op.add_column("loose", sa.Column("a", sa.Integer))',
        rule=LOSES,
        object="public.loose.a",
        says=does("not_null_lost", "does not restore NOT NULL of column public.loose.a."),
        lines='op.alter_column("loose", "a", nullable=False)',
    ),
    Row(
        name="default_lost",
        base=table("without", "a int DEFAULT 5"),
        upgrade='op.drop_column("without", "a")',
        downgrade='op.add_column("without", sa.Column("a", sa.Integer))',
        rule=LOSES,
        object="public.without.a",
        says=does("default_lost", "does not restore the default 5 of column public.without.a."),
        lines='op.alter_column("without", "a", server_default=sa.text("5"))',
    ),
    Row(
        name="where_lost",
        base=table("partial", "a int") + "\n" + sql("CREATE UNIQUE INDEX ix_partial ON partial (a) WHERE a > 0"),
        upgrade='op.drop_index("ix_partial", "partial")',
        downgrade='op.create_index("ix_partial", "partial", ["a"], unique=True)',
        rule=LOSES,
        object="public.partial.ix_partial",
        says=does("where_lost", "does not restore WHERE (a > 0) of unique index ix_partial of table public.partial."),
        lines='op.drop_index("ix_partial", table_name="partial")\n'
        'op.create_index("ix_partial", "partial", ["a"], unique=True, postgresql_where=sa.text("a > 0"))',
    ),
    Row(
        name="method_lost",
        base=table("tagged", "a int[]") + "\n" + sql("CREATE INDEX ix_tags ON tagged USING gin (a)"),
        upgrade='op.drop_index("ix_tags", "tagged")',
        downgrade='op.create_index("ix_tags", "tagged", ["a"])',
        rule=LOSES,
        object="public.tagged.ix_tags",
        says=does(
            "method_lost",
            "does not restore the index method (btree instead of gin) of index ix_tags of table public.tagged.",
        ),
        lines='op.drop_index("ix_tags", table_name="tagged")\n'
        'op.create_index("ix_tags", "tagged", ["a"], postgresql_using="gin")',
    ),
    Row(
        name="opclass_lost",
        base=table("prefixed", "a text") + "\n" + sql("CREATE INDEX ix_pre ON prefixed (a text_pattern_ops)"),
        upgrade='op.drop_index("ix_pre", "prefixed")',
        downgrade='op.create_index("ix_pre", "prefixed", ["a"])',
        rule=LOSES,
        object="public.prefixed.ix_pre",
        says=does(
            "opclass_lost",
            "does not restore the columns ((a) instead of (a text_pattern_ops)) of index ix_pre of table "
            "public.prefixed.",
        ),
    ),
    Row(
        name="on_delete_lost",
        base=table("owned", "b int CONSTRAINT fk_b REFERENCES book (id) ON DELETE CASCADE"),
        upgrade='op.drop_constraint("fk_b", "owned")',
        downgrade='op.create_foreign_key("fk_b", "owned", "book", ["b"], ["id"])',
        rule=LOSES,
        object="public.owned.fk_b",
        says=does("on_delete_lost", "does not restore ON DELETE CASCADE of foreign key fk_b of table public.owned."),
        lines='op.drop_constraint("fk_b", "owned", type_="foreignkey")\n'
        'op.create_foreign_key("fk_b", "owned", "book", ["b"], ["id"], ondelete="CASCADE")',
    ),
    Row(
        name="deferrable_lost",
        base=table("deferred", "b int CONSTRAINT fk_d REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED"),
        upgrade='op.drop_constraint("fk_d", "deferred")',
        downgrade='op.create_foreign_key("fk_d", "deferred", "book", ["b"], ["id"])',
        rule=LOSES,
        object="public.deferred.fk_d",
        says=does(
            "deferrable_lost",
            "does not restore DEFERRABLE INITIALLY DEFERRED of foreign key fk_d of table public.deferred.",
        ),
    ),
    Row(
        name="check_lost",
        base=table("positive", "a int CONSTRAINT ck_pos CHECK (a > 0)"),
        upgrade='op.alter_column("positive", "a", type_=sa.BigInteger())\nop.drop_constraint("ck_pos", "positive")',
        downgrade='op.alter_column("positive", "a", type_=sa.Integer())',
        rule=LOSES,
        object="public.positive.ck_pos",
        says=does("check_lost", "does not restore CHECK constraint ck_pos of table public.positive."),
        lines='op.create_check_constraint("ck_pos", "positive", "a > 0")',
        again='Revision check_lost, applied again after its downgrade(), fails: constraint "ck_pos" of relation "positive" '
        "does not exist.",
    ),
    Row(
        name="check_changed",
        base=table("bounded", "a int CONSTRAINT ck_b CHECK (a > 0)"),
        upgrade='op.drop_constraint("ck_b", "bounded")',
        downgrade='op.create_check_constraint("ck_b", "bounded", "a >= 0")',
        rule=LOSES,
        object="public.bounded.ck_b",
        says=does(
            "check_changed",
            "does not restore the definition (CHECK ((a >= 0)) instead of CHECK ((a > 0))) of CHECK constraint ck_b of "
            "table public.bounded.",
        ),
    ),
    Row(
        name="type_kept",
        base=table("textual", "a varchar(20)"),
        upgrade='op.alter_column("textual", "a", type_=sa.Text())\nop.add_column("textual", sa.Column("b", sa.Text))',
        downgrade='op.drop_column("textual", "b")',
        rule=LOSES,
        object="public.textual.a",
        says=does(
            "type_kept",
            "does not restore the type (text instead of character varying(20)) of column public.textual.a.",
        ),
        lines='op.execute("ALTER TABLE textual ALTER COLUMN a TYPE character varying(20) USING a::text::character '
        'varying(20)")',
    ),
    Row(
        name="grant_lost",
        base=table("shared_table") + "\n" + sql("GRANT SELECT ON shared_table TO PUBLIC"),
        upgrade='op.drop_table("shared_table")',
        downgrade=table("shared_table"),
        rule=LOSES,
        object="public.shared_table.PUBLIC",
        says=does("grant_lost", "does not restore privileges SELECT of PUBLIC on public.shared_table."),
        lines='op.execute("GRANT SELECT ON shared_table TO PUBLIC")',
    ),
    Row(
        name="table_lost",
        base=table("old_table") + "\n" + table("older_table"),
        upgrade='op.drop_table("old_table")\nop.drop_table("older_table")',
        downgrade=table("old_table"),
        rule=LOSES,
        object="public.older_table",
        says=does("table_lost", "does not restore table public.older_table."),
        again='Revision table_lost, applied again after its downgrade(), fails: table "older_table" does not exist.',
    ),
    Row(
        name="renamed_constraint",
        base=table("uniquely", "a int CONSTRAINT uq_old UNIQUE"),
        upgrade='op.drop_constraint("uq_old", "uniquely")',
        downgrade='op.create_unique_constraint("uq_new", "uniquely", ["a"])',
        rule=LOSES,
        object="public.uniquely.uq_old",
        says=does(
            "renamed_constraint",
            "leaves unique constraint uq_old of table public.uniquely under another name: uq_new.",
        ),
        lines='op.execute("ALTER TABLE uniquely RENAME CONSTRAINT uq_new TO uq_old")',
        again='Revision renamed_constraint, applied again after its downgrade(), fails: constraint "uq_old" of relation '
        '"uniquely" does not exist.',
    ),
    Row(
        name="renamed_column",
        base=table("renaming", "a int", "c int"),
        upgrade='op.alter_column("renaming", "a", new_column_name="b")\nop.drop_column("renaming", "c")',
        downgrade='op.add_column("renaming", sa.Column("c", sa.Integer))',
        rule=LOSES,
        object="public.renaming.a",
        says=does("renamed_column", "leaves column public.renaming.a under another name: b."),
        lines='op.execute("ALTER TABLE renaming RENAME COLUMN b TO a")',
        again='Revision renamed_column, applied again after its downgrade(), fails: column "a" does not exist.',
    ),
    Row(
        name="value_lost",
        base=sql("CREATE TYPE shade AS ENUM ('dark', 'light')"),
        upgrade=sql("DROP TYPE shade"),
        downgrade=sql("CREATE TYPE shade AS ENUM ('light')"),
        rule=LOSES,
        object="public.shade",
        says=does("value_lost", "does not restore value 'dark' of enum public.shade."),
        lines="op.execute(\"ALTER TYPE shade ADD VALUE IF NOT EXISTS 'dark' BEFORE 'light'\")",
    ),
    Row(
        name="too_much",
        base=table("crowded", "a int", "b int"),
        upgrade='op.add_column("crowded", sa.Column("c", sa.Integer))',
        downgrade='op.drop_column("crowded", "c")\nop.drop_column("crowded", "b")',
        rule=LOSES,
        object="public.crowded.b",
        says=does("too_much", "drops column public.crowded.b, which the schema had before the upgrade."),
        lines='op.execute("ALTER TABLE crowded ADD COLUMN b integer")',
    ),
    Row(
        name="identity_lost",
        base=sql("CREATE TABLE counting (id int GENERATED ALWAYS AS IDENTITY, a int)"),
        upgrade='op.drop_column("counting", "id")',
        downgrade='op.add_column("counting", sa.Column("id", sa.Integer, nullable=False))',
        rule=LOSES,
        object="public.counting.id",
        says=does(
            "identity_lost",
            "does not restore identity (GENERATED ALWAYS AS IDENTITY) of column public.counting.id.",
        ),
    ),
    Row(
        name="function_changed",
        base=sql(FUNCTION.format("body", "NULL")),
        upgrade=sql(FUNCTION.format("body", "PERFORM 1")),
        downgrade=sql(FUNCTION.format("body", "PERFORM 2")),
        rule=LOSES,
        object="public.body()",
        says=does("function_changed", "does not restore the definition of function public.body()."),
    ),
)
AGAIN = (
    Row(
        name="rows_twice",
        base=table("keyed", "a int UNIQUE"),
        upgrade=sql("INSERT INTO keyed (a) VALUES (1)") + '\nop.add_column("keyed", sa.Column("b", sa.Integer))',
        downgrade='op.drop_column("keyed", "b")',
        again="Revision rows_twice, applied again after its downgrade(), fails: duplicate key value violates unique "
        'constraint "keyed_a_key".',
    ),
)
ROWS = (*FAILING, *EMPTY, *LEAVING, *LOSING, *AGAIN)
