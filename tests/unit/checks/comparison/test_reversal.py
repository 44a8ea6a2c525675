"""The lines that take one schema back to another: both directions of every kind of difference."""

from __future__ import annotations

from typing import Any

import pytest

from checks.comparison.reversal import lines_back
from checks.recording.schema import SchemaObject
from tests.unit.checks.schemas import alone, column, constraint, index, schema_of, table

VERSIONS = ("public", "alembic_version")
SEQUENCE: dict[str, Any] = {"type": "integer", "options": None, "comment": None, "owned_by": None}
DOMAIN: dict[str, Any] = {
    "type": "text",
    "not_null": False,
    "default": None,
    "collation": None,
    "checks": None,
    "check_names": None,
}


def t(*parts: SchemaObject, **attributes: Any) -> Any:
    return table("t", *parts, **attributes)


def seq(**attributes: Any) -> SchemaObject:
    return alone("sequence", "s", **{**SEQUENCE, "identity": False, **attributes})


def alter(change: str) -> str:
    return f'op.execute("ALTER TABLE t ALTER COLUMN a {change}")'


def default(value: str) -> str:
    return f'op.alter_column("t", "a", server_default={value})'


def part(kind: str, name: str, definition: str) -> SchemaObject:
    attributes: dict[str, Any] = {"definition": definition, "comment": None}
    return SchemaObject(kind=kind, schema="public", table="t", name=name, attributes=attributes)


def comment(named: str, text: str) -> str:
    return f'op.execute("COMMENT ON {named} IS {text}")'


UNIQUE = constraint("u", "unique", "UNIQUE (a)", "a")
FK = constraint("f", "foreign key", "FOREIGN KEY (a) REFERENCES public.o(id)", "a")
OTHER_FK = constraint("f", "foreign key", "FOREIGN KEY (a) X", "a")
POSITIVE = constraint("c", "check", "CHECK (a > 0)", "a", expression="a > 0")
IX = index("ix", "USING btree (a)", "a")
TABLE = [*t(column("a", not_null=True), UNIQUE, IX)]
ROWS: dict[str, tuple[Any, Any, tuple[str, ...], tuple[str, ...]]] = {
    # one schema, another, the lines from the first to the second, the lines back
    "table": ((), TABLE, (
        'op.execute("CREATE TABLE t (a integer NOT NULL)")',
        'op.create_unique_constraint(op.f("u"), "t", ["a"])',
        'op.create_index("ix", "t", ["a"])',
    ), ('op.drop_table("t")',)),
    "column": (t(), t(column("a"), IX), (
        'op.execute("ALTER TABLE t ADD COLUMN a integer")', 'op.create_index("ix", "t", ["a"])',
    ), ('op.drop_column("t", "a")',)),
    "type": (t(column("a")), t(column("a", type="text")),
        (alter("TYPE text USING a::text"),), (alter("TYPE integer USING a::integer"),)),
    "collation": (t(column("a", type="text")), t(column("a", type="text", collation="pg_catalog.\"C\"")),
        (alter('TYPE text COLLATE pg_catalog.\\"C\\"'),), (alter('TYPE text COLLATE \\"default\\"'),)),
    "not null": (t(column("a")), t(column("a", not_null=True)),
        ('op.alter_column("t", "a", nullable=False)',), ('op.alter_column("t", "a", nullable=True)',)),
    "default": (t(column("a")), t(column("a", default="0")), (default('sa.text("0")'),), (default("None"),)),
    "default of another type": (t(column("a", default="0")), t(column("a", type="text", default="'b'::text")),
        (default("None"), alter("TYPE text USING a::text"), default('sa.text("\'b\'::text")')),
        (default("None"), alter("TYPE integer USING a::integer"), default('sa.text("0")'))),
    "identity": (t(column("a")), t(column("a", not_null=True, identity="ALWAYS", identity_options="START WITH 9")),
        ('op.alter_column("t", "a", nullable=False)', alter("ADD GENERATED ALWAYS AS IDENTITY (START WITH 9)")),
        (alter("DROP IDENTITY"), 'op.alter_column("t", "a", nullable=True)')),
    "serial": (t(column("a")), [
        *t(column("a", default="nextval('public.s'::regclass)", serial=True, sequence=("public", "s"))),
        seq(owned_by=("public", "t", "a")),
    ], ('op.execute("CREATE SEQUENCE s AS integer")', default("sa.text(\"nextval('public.s'::regclass)\")"),
        'op.execute("ALTER SEQUENCE s OWNED BY t.a")'),
        (default("None"), 'op.execute("DROP SEQUENCE s")')),
    "generated": (t(column("a")), t(column("a", generated="1", generated_kind="STORED")),
        ('op.drop_column("t", "a")',
         'op.execute("ALTER TABLE t ADD COLUMN a integer GENERATED ALWAYS AS (1) STORED")'),
        (alter("DROP EXPRESSION"),)),
    "constraints": (t(column("a")), t(column("a"), UNIQUE, FK, POSITIVE), (
        'op.create_unique_constraint(op.f("u"), "t", ["a"])',
        'op.create_check_constraint(op.f("c"), "t", "a > 0")',
        'op.create_foreign_key(op.f("f"), "t", "o", ["a"], ["id"])',
    ), (
        'op.drop_constraint(op.f("f"), "t", type_="foreignkey")',
        'op.drop_constraint(op.f("c"), "t", type_="check")',
        'op.drop_constraint(op.f("u"), "t", type_="unique")',
    )),
    "constraint changed": (t(column("a"), FK), t(column("a"), OTHER_FK), (
        'op.drop_constraint(op.f("f"), "t", type_="foreignkey")',
        'op.execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) X")',
    ), (
        'op.drop_constraint(op.f("f"), "t", type_="foreignkey")',
        'op.create_foreign_key(op.f("f"), "t", "o", ["a"], ["id"])',
    )),
    "renamed": (t(column("a"), UNIQUE), t(column("a"), constraint("v", "unique", "UNIQUE (a)", "a")),
        ('op.execute("ALTER TABLE t RENAME CONSTRAINT u TO v")',),
        ('op.execute("ALTER TABLE t RENAME CONSTRAINT v TO u")',)),
    "index": (t(column("a")), t(column("a"), IX),
        ('op.create_index("ix", "t", ["a"])',), ('op.drop_index("ix", table_name="t")',)),
    "enum": ((), alone("enum", "m", values=("a", "b'"), comment=None),
        ("op.execute(\"CREATE TYPE m AS ENUM ('a', 'b''')\")",), ('op.execute("DROP TYPE m")',)),
    "enum value": (alone("enum", "m", values=("a",)), alone("enum", "m", values=("a", "x\ny")),
        ("op.execute(\"ALTER TYPE m ADD VALUE IF NOT EXISTS 'x\\ny' AFTER 'a'\")",),
        ("# PostgreSQL cannot remove a value from an enum: 'x y' stays in m",)),
    "domain": ((), alone("domain", "d", **DOMAIN),
        ('op.execute("CREATE DOMAIN d AS text")',), ('op.execute("DROP DOMAIN d")',)),
    "sequence": ((), seq(), ('op.execute("CREATE SEQUENCE s AS integer")',), ('op.execute("DROP SEQUENCE s")',)),
    "sequence type": (seq(), seq(type="bigint", options="MAXVALUE 9"),
        ('op.execute("ALTER SEQUENCE s AS bigint MAXVALUE 9")',),
        ('op.execute("ALTER SEQUENCE s AS integer NO MAXVALUE")',)),
    "comments": (t(column("a")), t(column("a", comment="x"), comment="it's"),
        (comment("COLUMN t.a", "'x'"), comment("TABLE t", "'it''s'")),
        (comment("COLUMN t.a", "NULL"), comment("TABLE t", "NULL"))),
    "identity that may be NULL": (
        t(column("a", not_null=True, identity="ALWAYS")), t(column("a", default="1", comment="x")),
        (alter("DROP IDENTITY"), 'op.alter_column("t", "a", nullable=True)', default('sa.text("1")'),
         comment("COLUMN t.a", "'x'")),
        (default("None"), 'op.alter_column("t", "a", nullable=False)', alter("ADD GENERATED ALWAYS AS IDENTITY"),
         comment("COLUMN t.a", "NULL"))),
    "function and trigger": (t(column("a")), [
        *t(column("a"), part("trigger", "tr", "CREATE TRIGGER tr")), alone("function", "f()", definition="CREATE f")],
        ('op.execute("CREATE f")', 'op.execute("CREATE TRIGGER tr")'),
        ('op.execute("DROP TRIGGER tr ON t")', 'op.execute("DROP FUNCTION f()")')),
    "trigger changed": (t(part("trigger", "tr", "CREATE x")), t(part("trigger", "tr", "CREATE y")),
        ('op.execute("DROP TRIGGER tr ON t")', 'op.execute("CREATE y")'),
        ('op.execute("DROP TRIGGER tr ON t")', 'op.execute("CREATE x")')),
    "table with a trigger and privileges": ((), t(
        column("a", comment="x"), part("trigger", "tr", "CREATE x"), part("grant", "ann", "SELECT")), (
        'op.execute("CREATE TABLE t (a integer)")', comment("COLUMN t.a", "'x'"), 'op.execute("CREATE x")',
        'op.execute("GRANT SELECT ON t TO ann")'), ('op.drop_table("t")',)),
    "view": (t(column("a")), [*t(column("a"), column("b")), alone("view", "v", definition="SELECT b FROM t")],
        ('op.execute("ALTER TABLE t ADD COLUMN b integer")',
         'op.execute(\n    r"""\nCREATE VIEW v AS\nSELECT b FROM t\n"""\n)'),
        ('op.execute("DROP VIEW v")', 'op.drop_column("t", "b")')),
    "row security": (t(row_security=False), t(row_security=True),
        ('op.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY")',),
        ('op.execute("ALTER TABLE t DISABLE ROW LEVEL SECURITY")',)),
    "domain of an enum": ((), [alone("enum", "m", values=("a",), comment=None),
        alone("domain", "d", **{**DOMAIN, "type": "m"})],
        ("op.execute(\"CREATE TYPE m AS ENUM ('a')\")", 'op.execute("CREATE DOMAIN d AS m")'),
        ('op.execute("DROP DOMAIN d")', 'op.execute("DROP TYPE m")')),
    "what the catalog does not have all of":
        ((), alone("text search configuration", "c"), (), ('op.execute("DROP TEXT SEARCH CONFIGURATION c")',)),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_difference_has_lines_there_and_back(row: tuple[Any, Any, tuple[str, ...], tuple[str, ...]]) -> None:
    one, other = (schema_of(*(part if isinstance(part, (list, tuple)) else [part])) for part in row[:2])
    assert lines_back(one, other, "public", VERSIONS) == row[2]
    assert lines_back(other, one, "public", VERSIONS) == row[3]
