"""Downgrades that leave an object under another name or in another schema; other objects have that name in them."""

from __future__ import annotations

from tests.projects.downgrades import Row, sql, table

_MISSING = "downgrade-missing"


def _is_empty(name: str, changes: str) -> str:
    return f"downgrade() of revision {name} is empty, but upgrade() changes the schema: {changes}."


ROWS = (
    Row(
        name="column_with_key",
        base=table("keyed", "a int UNIQUE", "CONSTRAINT ck_keyed CHECK (a > 0)")
        + "\n"
        + table("keying", "keyed_a int REFERENCES keyed (a)")
        + "\n"
        + sql("CREATE INDEX ix_keyed ON keyed (abs(a)) WHERE a > 5"),
        upgrade='op.alter_column("keyed", "a", new_column_name="number")',
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("column_with_key", "column public.keyed.a"),
        lines='op.alter_column("keyed", "number", new_column_name="a")',
    ),
    Row(
        name="column_of_view",
        base=table("seen", "a int", "b int") + "\n" + sql("CREATE VIEW seeing AS SELECT s.a, s.b + s.a AS c FROM seen s"),
        upgrade='op.alter_column("seen", "a", new_column_name="Group")',
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("column_of_view", "column public.seen.a"),
        lines='op.alter_column("seen", "Group", new_column_name="a")',
    ),
    Row(
        name="table_with_others",
        base=table("holder", "n serial") + "\n" + table("held", "holder_id int REFERENCES holder") + "\n"
        + sql("CREATE VIEW holding AS SELECT id FROM holder"),
        upgrade='op.rename_table("holder", "keeper")',
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("table_with_others", "table public.holder"),
        lines='op.rename_table("keeper", "holder")',
    ),
    Row(
        name="table_moved",
        base=sql("CREATE SCHEMA archive") + "\n" + table("stays", "a text UNIQUE") + "\n"
        + table("refers", "stays_id int REFERENCES stays"),
        upgrade=sql("ALTER TABLE stays SET SCHEMA archive"),
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("table_moved", "table public.stays"),
        lines='op.execute("ALTER TABLE archive.stays SET SCHEMA public")',
    ),
    Row(
        name="type_renamed",
        base=sql("CREATE TYPE weather AS ENUM ('dry', 'wet')") + "\n"
        + table("day", "w weather NOT NULL DEFAULT 'dry'"),
        upgrade=sql("ALTER TYPE weather RENAME TO climate"),
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("type_renamed", "enum public.weather"),
        lines='op.execute("ALTER TYPE climate RENAME TO weather")',
    ),
    Row(
        name="value_renamed",
        base=sql("CREATE TYPE taste AS ENUM ('sweet', 'sour')"),
        upgrade=sql("ALTER TYPE taste RENAME VALUE 'sour' TO 'acid'"),
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("value_renamed", "enum public.taste"),
        lines="op.execute(\"ALTER TYPE taste RENAME VALUE 'acid' TO 'sour'\")",
    ),
    Row(
        name="renamed_and_more",
        base=table("mixed", "a int UNIQUE", "c int"),
        upgrade='op.alter_column("mixed", "a", new_column_name="b")\nop.alter_column("mixed", "c", nullable=False)',
        downgrade="pass",
        rule=_MISSING,
        says=_is_empty("renamed_and_more", "column public.mixed.a, column public.mixed.c"),
        lines='op.alter_column("mixed", "c", nullable=True)\nop.alter_column("mixed", "b", new_column_name="a")',
    ),
)
