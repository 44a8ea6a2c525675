"""The lines that take one schema back to another: both directions of every kind of difference."""

from __future__ import annotations

from typing import Any

import pytest

from checks.comparison.reversal import lines_back
from checks.recording.schema import SchemaObject
from tests.unit.checks.schemas import alone, column, constraint, index, schema_of, table

VERSIONS = ("public", "alembic_version")
SEQUENCE: dict[str, Any] = {"type": "integer", "options": None, "comment": None, "owned_by": None}
DOMAIN: dict[str, Any] = {"type": "text", "not_null": False, "default": None, "collation": None, "checks": None}


def t(*parts: SchemaObject, **attributes: Any) -> Any:
    return table("t", *parts, **attributes)


def seq(**attributes: Any) -> SchemaObject:
    return alone("sequence", "s", **{**SEQUENCE, "identity": False, **attributes})


def alter(change: str) -> str:
    return f'op.execute("ALTER TABLE t ALTER COLUMN a {change}")'


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
        'op.execute("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)")',
        'op.execute("CREATE INDEX ix ON t USING btree (a)")',
    ), ('op.execute("DROP TABLE t")',)),
    "column": (t(), t(column("a"), IX), (
        'op.execute("ALTER TABLE t ADD COLUMN a integer")', 'op.execute("CREATE INDEX ix ON t USING btree (a)")',
    ), ('op.drop_column("t", "a")',)),
    "type": (t(column("a")), t(column("a", type="text")),
        (alter("TYPE text USING a::text"),), (alter("TYPE integer USING a::integer"),)),
    "collation": (t(column("a", type="text")), t(column("a", type="text", collation="pg_catalog.\"C\"")),
        (alter('TYPE text COLLATE pg_catalog.\\"C\\"'),), (alter('TYPE text COLLATE \\"default\\"'),)),
    "not null": (t(column("a")), t(column("a", not_null=True)),
        ('op.alter_column("t", "a", nullable=False)',), ('op.alter_column("t", "a", nullable=True)',)),
    "default": (t(column("a")), t(column("a", default="0")), (alter("SET DEFAULT 0"),), (alter("DROP DEFAULT"),)),
    "default of another type": (t(column("a", default="0")), t(column("a", type="text", default="'b'::text")),
        (alter("DROP DEFAULT"), alter("TYPE text USING a::text"), alter("SET DEFAULT 'b'::text")),
        (alter("DROP DEFAULT"), alter("TYPE integer USING a::integer"), alter("SET DEFAULT 0"))),
    "identity": (t(column("a")), t(column("a", not_null=True, identity="ALWAYS", identity_options="START WITH 9")),
        ('op.alter_column("t", "a", nullable=False)', alter("ADD GENERATED ALWAYS AS IDENTITY (START WITH 9)")),
        (alter("DROP IDENTITY"), 'op.alter_column("t", "a", nullable=True)')),
    "serial": (t(column("a")), [
        *t(column("a", default="nextval('public.s'::regclass)", serial=True, sequence=("public", "s"))),
        seq(owned_by=("public", "t", "a")),
    ], (alter("SET DEFAULT nextval('public.s'::regclass)"),),
        (alter("DROP DEFAULT"), 'op.execute("DROP SEQUENCE s")')),
    "generated": (t(column("a")), t(column("a", generated="1", generated_kind="STORED")),
        ('op.drop_column("t", "a")',
         'op.execute("ALTER TABLE t ADD COLUMN a integer GENERATED ALWAYS AS (1) STORED")'),
        (alter("DROP EXPRESSION"),)),
    "constraints": (t(column("a")), t(column("a"), UNIQUE, FK, POSITIVE), (
        'op.execute("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)")',
        'op.create_check_constraint(op.f("c"), "t", "a > 0")',
        'op.execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.o(id)")',
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
        'op.execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.o(id)")',
    )),
    "renamed": (t(column("a"), UNIQUE), t(column("a"), constraint("v", "unique", "UNIQUE (a)", "a")),
        ('op.execute("ALTER TABLE t RENAME CONSTRAINT u TO v")',),
        ('op.execute("ALTER TABLE t RENAME CONSTRAINT v TO u")',)),
    "index": (t(column("a")), t(column("a"), IX),
        ('op.execute("CREATE INDEX ix ON t USING btree (a)")',), ('op.drop_index("ix", table_name="t")',)),
    "enum": ((), alone("enum", "m", values=("a", "b'"), comment=None),
        ("op.execute(\"CREATE TYPE m AS ENUM ('a', 'b''')\")",), ('op.execute("DROP TYPE m")',)),
    "enum value": (alone("enum", "m", values=("a",)), alone("enum", "m", values=("a", "x\ny")),
        (), ("# PostgreSQL cannot remove a value from an enum: 'x y' stays in m",)),
    "domain": ((), alone("domain", "d", **DOMAIN),
        ('op.execute("CREATE DOMAIN d AS text")',), ('op.execute("DROP DOMAIN d")',)),
    "sequence": ((), seq(), ('op.execute("CREATE SEQUENCE s AS integer")',), ('op.execute("DROP SEQUENCE s")',)),
    "sequence type": (seq(), seq(type="bigint", options="MAXVALUE 9"),
        ('op.execute("ALTER SEQUENCE s AS bigint MAXVALUE 9")',), ('op.execute("ALTER SEQUENCE s AS integer")',)),
    "comments": (t(column("a")), t(column("a", comment="x"), comment="it's"),
        (comment("COLUMN t.a", "'x'"), comment("TABLE t", "'it''s'")),
        (comment("COLUMN t.a", "NULL"), comment("TABLE t", "NULL"))),
    "what Alembic cannot make": ((), alone("function", "f()", definition="x"), (), ()),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_difference_has_lines_there_and_back(row: tuple[Any, Any, tuple[str, ...], tuple[str, ...]]) -> None:
    one, other = (schema_of(*(part if isinstance(part, (list, tuple)) else [part])) for part in row[:2])
    assert lines_back(one, other, "public", VERSIONS) == row[2]
    assert lines_back(other, one, "public", VERSIONS) == row[3]
