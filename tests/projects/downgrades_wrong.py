"""Downgrades that fail, that are empty, or after which the upgrade fails: one fault each."""

from __future__ import annotations

from tests.projects.downgrades import Row, does, sql, table
from tests.projects.downgrades_incomplete import LEAVING, LOSING

FAILS, MISSING = "downgrade-fails", "downgrade-missing"
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
        lines='op.drop_constraint(op.f("unnamed_a_key"), "unnamed", type_="unique")',
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
        lines='op.drop_constraint(op.f("two_a_fkey"), "two", type_="foreignkey")',
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
        lines='op.drop_constraint(op.f("misnamed_a_key"), "misnamed", type_="unique")',
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
