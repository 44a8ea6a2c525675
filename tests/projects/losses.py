"""Migrations that take something away: each row has its own tables, so that all of them run in one project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from tests.projects.builder import EnvPy, Revision, tree, versions

_TOGETHER = 9
"""Rows that share a revision."""
Found = tuple[str, str, str]
"""Severity, rule and object."""
HEADER = """from sqlalchemy import *
from sqlalchemy.orm import *

metadata = MetaData()


class Base(DeclarativeBase):
    metadata = metadata
"""
NAMED = "sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(50), nullable=False)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRow:
    """One change of a schema, over tables of its own."""

    name: str
    """Of the row, and of its first table: ``{t}`` in the texts."""
    base: str = "CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text)"
    """SQL of the deployed schema."""
    maps: str = "id name note"
    """The columns that the base's models have of the table, in their order; none where they do not map it."""
    head: str | None = None
    """The same of the working tree's models; as the base's where None."""
    models: str = ""
    """Further lines of the base's models."""
    head_models: str | None = None
    """The same of the working tree's; as the base's where None."""
    upgrade: tuple[str, ...]
    """Python of one revision each."""
    found: tuple[Found, ...] = ()
    why: tuple[str, ...] = ()
    """The beginning of each finding's reason, where it depends on the models."""
    alone: bool = False
    """Whether it needs revisions of its own; others share them, because each costs a run."""

    def text(self, part: str) -> str:
        """Return a text with the name of the table."""
        return dedent(part).replace("{t}", self.name)

    def table(self, columns: str) -> str:
        """Return the model of the table."""
        if not columns:
            return ""
        parts = ", ".join(_column(name) for name in columns.split())
        return f"Table({self.name!r}, metadata, {parts})\n"


def _column(name: str) -> str:
    types = {"id": "Integer, primary_key=True", "name": "String(50), nullable=False"}
    return f"Column({name!r}, {types.get(name, 'Text')})"


def _groups(rows: Sequence[LossRow]) -> list[list[LossRow]]:
    """Return the rows that share revisions."""
    together = [row for row in rows if not row.alone]
    groups = [[row] for row in rows if row.alone]
    for count in sorted({len(row.upgrade) for row in together}):
        same = [row for row in together if len(row.upgrade) == count]
        groups += [same[at : at + _TOGETHER] for at in range(0, len(same), _TOGETHER)]
    return groups


def _revisions(number: int, rows: Sequence[LossRow]) -> Iterator[Revision]:
    """Yield the new revisions of a group, each based on the last one."""
    last = "a1"
    for step, bodies in enumerate(zip(*(row.upgrade for row in rows), strict=True), 1):
        body = "\n".join(row.text(text).strip() for row, text in zip(rows, bodies, strict=True))
        yield Revision(id=f"r{number}_{step}", down=last, upgrade=body)
        last = f"r{number}_{step}"


def project(rows: tuple[LossRow, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the files of the base, and those of the working tree that differ."""
    sql = ";\n".join(row.text(row.base) for row in rows)
    start = Revision(id="a1", upgrade=f'op.execute(r"""{sql}""")')
    head = HEADER
    base_models = head + "".join(row.table(row.maps) + row.text(row.models) for row in rows)
    models = head + "".join(
        row.table(row.maps if row.head is None else row.head)
        + row.text(row.models if row.head_models is None else row.head_models)
        for row in rows
    )
    new = versions(*(revision for number, group in enumerate(_groups(rows)) for revision in _revisions(number, group)))
    return tree(start, models=base_models, env=EnvPy().text), {"models.py": models, **new}


LOSSES = (
    LossRow(
        name="drop_mapped_column",
        upgrade=('op.drop_column("{t}", "note")',),
        head="id name",
        found=(("error", "column-dropped", "public.drop_mapped_column.note"),),
    ),
    LossRow(
        name="drop_column_in_sql",
        upgrade=('op.execute("ALTER TABLE {t} DROP COLUMN IF EXISTS note CASCADE")',),
        found=(("error", "column-dropped", "public.drop_column_in_sql.note"),),
    ),
    LossRow(
        name="drop_column_by_loop",
        upgrade=('for column in ("name", "note"):\n    op.drop_column("{t}", column)',),
        found=(
            ("error", "column-dropped", "public.drop_column_by_loop.name"),
            ("error", "column-dropped", "public.drop_column_by_loop.note"),
        ),
    ),
    LossRow(
        name="drop_mapped_table",
        upgrade=('op.drop_table("{t}")',),
        head="",
        found=(("error", "table-dropped", "public.drop_mapped_table"),),
    ),
    LossRow(
        name="drop_unmapped_table",
        maps="",
        upgrade=('op.drop_table("{t}")',),
        found=(("notice", "table-dropped", "public.drop_unmapped_table"),),
    ),
    LossRow(
        name="drop_unmapped_column",
        maps="id name",
        upgrade=('op.drop_column("{t}", "note")',),
        found=(("notice", "column-dropped", "public.drop_unmapped_column.note"),),
    ),
    LossRow(
        name="drop_cascade",
        base="""CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text);
            CREATE TABLE {t}_of (id serial PRIMARY KEY, up int REFERENCES {t}); CREATE VIEW {t}_names AS SELECT name FROM {t};
            CREATE INDEX ON {t} (note)""",
        upgrade=('op.execute("DROP TABLE {t} CASCADE")',),
        found=(("error", "table-dropped", "public.drop_cascade"),),
    ),
    LossRow(
        name="drop_schema",
        base="CREATE SCHEMA {t}; CREATE TABLE {t}.plain (id serial PRIMARY KEY, note text)",
        maps="",
        upgrade=('op.execute("DROP SCHEMA {t} CASCADE")',),
        found=(("warning", "table-dropped", "drop_schema.plain"),),
    ),
    LossRow(
        name="drop_column_of_partitions",
        base="""CREATE TABLE {t} (id int, at date, note text, n bigint) PARTITION BY RANGE (at);
            CREATE TABLE {t}_old PARTITION OF {t} FOR VALUES FROM ('2000-01-01') TO ('2080-01-01');
            CREATE TABLE {t}_new PARTITION OF {t} FOR VALUES FROM ('2080-01-01') TO ('2100-01-01')""",
        maps="",
        upgrade=('op.drop_column("{t}", "note")\nop.alter_column("{t}", "n", type_=sa.Integer())',),
        found=(
            ("notice", "column-dropped", "public.drop_column_of_partitions.note"),
            ("warning", "type-narrowed", "public.drop_column_of_partitions.n"),
        ),
    ),
    LossRow(
        name="drop_partitioned_table",
        base="""CREATE TABLE {t} (id int, at date) PARTITION BY RANGE (at);
            CREATE TABLE {t}_old PARTITION OF {t} FOR VALUES FROM ('2000-01-01') TO ('2080-01-01')""",
        maps="",
        upgrade=('op.drop_table("{t}")',),
        found=(("notice", "table-dropped", "public.drop_partitioned_table"),),
    ),
    LossRow(
        name="drop_view",
        base="CREATE VIEW {t} AS SELECT 1 AS one",
        maps="",
        upgrade=('op.execute("DROP VIEW {t}")',),
        found=(("notice", "object-dropped", "public.drop_view"),),
    ),
    LossRow(
        name="drop_sequence",
        base="CREATE SEQUENCE {t}",
        maps="",
        models="Sequence('{t}', metadata=metadata)\n",
        upgrade=('op.execute("DROP SEQUENCE {t}")',),
        found=(("error", "object-dropped", "public.drop_sequence"),),
    ),
    LossRow(
        name="drop_function",
        base="CREATE FUNCTION {t}() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        maps="",
        upgrade=('op.execute("DROP FUNCTION {t}()")',),
        found=(("notice", "object-dropped", "public.drop_function"),),
    ),
    LossRow(
        name="drop_type_cascade",
        base="CREATE TYPE {t}_mood AS ENUM ('a', 'b'); CREATE TABLE {t} (id serial PRIMARY KEY, note {t}_mood)",
        maps="id note",
        upgrade=('op.execute("DROP TYPE {t}_mood CASCADE")',),
        found=(("error", "column-dropped", "public.drop_type_cascade.note"),),
    ),
    LossRow(
        name="column_again",
        upgrade=('op.drop_column("{t}", "note")\nop.add_column("{t}", sa.Column("note", sa.Integer))',),
        found=(("warning", "column-dropped", "public.column_again.note"),),
    ),
    LossRow(
        name="drop_partition",
        base="""CREATE TABLE {t} (id int, name text, note text, at date) PARTITION BY RANGE (at);
            CREATE TABLE {t}_old PARTITION OF {t} FOR VALUES FROM ('2000-01-01') TO ('2080-01-01')""",
        upgrade=('op.drop_table("{t}_old")',),
        found=(("notice", "table-dropped", "public.drop_partition_old"),),
    ),
    LossRow(
        name="type_from_another_column",
        base="CREATE TABLE {t} (id int PRIMARY KEY, name varchar(90), note text, slug varchar(50))",
        maps="id name note slug",
        head="id name note",
        upgrade=(
            'op.alter_column("{t}", "name", type_=sa.String(50), postgresql_using="slug")\nop.drop_column("{t}", "slug")',
        ),
        found=(("warning", "type-narrowed", "public.type_from_another_column.name"),),
        why=("The USING of the statement does not name the column, so its old values are lost.",),
    ),
    LossRow(
        name="dropped_part_by_part",
        base="CREATE TABLE {t} (id int PRIMARY KEY, name varchar(50) UNIQUE, note text); CREATE INDEX {t}_ix ON {t} (note)",
        upgrade=(
            'op.drop_index("{t}_ix", table_name="{t}")\nop.drop_constraint("{t}_name_key", "{t}")\n'
            'op.drop_table("{t}")',
        ),
        found=(("error", "table-dropped", "public.dropped_part_by_part"),),
    ),
    LossRow(
        name="table_again_without_most",
        base="CREATE TABLE {t} (id int PRIMARY KEY, name varchar(50), note text, a int, b date, c text, d uuid)",
        upgrade=(
            'op.execute("CREATE TABLE {t}_new (id int PRIMARY KEY, name varchar(50))")\n'
            'op.execute("INSERT INTO {t}_new SELECT id, name FROM {t}")\n'
            'op.execute("DROP TABLE {t}")\n'
            'op.execute("ALTER TABLE {t}_new RENAME TO {t}")',
        ),
        found=(
            ("error", "column-dropped", "public.table_again_without_most.note"),
            *(("notice", "column-dropped", f"public.table_again_without_most.{name}") for name in "abcd"),
        ),
    ),
    LossRow(
        name="table_again",
        upgrade=('op.drop_table("{t}")\nop.create_table("{t}", %s)' % NAMED,),
        found=(("warning", "rows-deleted", "public.table_again"),),
    ),
    LossRow(
        name="rename_column",
        upgrade=('op.add_column("{t}", sa.Column("notes", sa.Text()))\nop.drop_column("{t}", "note")',),
        head="id name notes",
        found=(("error", "renamed-by-drop", "public.rename_column.note"),),
    ),
    LossRow(
        name="rename_required_column",
        alone=True,
        upgrade=(
            'op.add_column("{t}", sa.Column("full_name", sa.String(50), nullable=False))\nop.drop_column("{t}", "name")',
        ),
        head="id full_name note",
        found=(("error", "renamed-by-drop", "public.rename_required_column.name"),),
    ),
    LossRow(
        name="rename_to_same_place",
        upgrade=('op.add_column("{t}", sa.Column("remark", sa.Text()))\nop.drop_column("{t}", "note")',),
        head="id name remark",
        found=(("error", "renamed-by-drop", "public.rename_to_same_place.note"),),
    ),
    LossRow(
        name="rename_table",
        upgrade=('op.create_table("{t}s", %s, sa.Column("note", sa.Text))\nop.drop_table("{t}")' % NAMED,),
        head="",
        found=(("error", "renamed-by-drop", "public.rename_table"),),
    ),
    LossRow(
        name="other_column",
        upgrade=('op.add_column("{t}", sa.Column("published", sa.Text()))\nop.drop_column("{t}", "note")',),
        head="id published name",
        found=(("error", "column-dropped", "public.other_column.note"),),
    ),
    LossRow(
        name="delete_all",
        upgrade=('op.execute("DELETE FROM {t}")',),
        found=(("warning", "rows-deleted", "public.delete_all"),),
    ),
    LossRow(
        name="delete_where_true",
        upgrade=('op.execute("DELETE FROM {t} WHERE true")',),
        found=(("warning", "rows-deleted", "public.delete_where_true"),),
    ),
    LossRow(
        name="delete_by_table_construct",
        upgrade=('op.execute(sa.table("{t}").delete())',),
        found=(("warning", "rows-deleted", "public.delete_by_table_construct"),),
    ),
    LossRow(
        name="truncate_cascade",
        base="""CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text);
            CREATE TABLE {t}_of (id serial PRIMARY KEY, up int REFERENCES {t})""",
        upgrade=('op.execute("TRUNCATE TABLE {t} RESTART IDENTITY CASCADE")',),
        found=(("warning", "rows-deleted", "public.truncate_cascade"),),
    ),
    LossRow(
        name="delete_in_do",
        alone=True,
        upgrade=("op.execute(\"DO $$ BEGIN EXECUTE 'DELETE FROM {t}'; END $$\")",),
        found=(("warning", "rows-deleted", "public.delete_in_do"),),
    ),
    LossRow(
        name="delete_in_function",
        alone=True,
        base="""CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text);
            CREATE FUNCTION {t}_clean() RETURNS void LANGUAGE sql AS 'DELETE FROM {t}'""",
        upgrade=('op.execute("SELECT {t}_clean()")',),
        found=(("warning", "rows-deleted", "public.delete_in_function"),),
    ),
    LossRow(
        name="delete_using",
        base="""CREATE TABLE {t} (id serial PRIMARY KEY, name varchar(50) NOT NULL, note text);
            CREATE TABLE {t}_of (id serial PRIMARY KEY)""",
        upgrade=('op.execute("DELETE FROM {t} USING {t}_of")',),
        found=(("warning", "rows-deleted", "public.delete_using"),),
    ),
    LossRow(
        name="shorter_text",
        upgrade=('op.alter_column("{t}", "name", type_=sa.String(20))',),
        found=(("warning", "type-narrowed", "public.shorter_text.name"),),
    ),
    LossRow(
        name="cut_text",
        upgrade=('op.execute("ALTER TABLE {t} ALTER COLUMN note TYPE varchar(20) USING note::varchar(20)")',),
        found=(("warning", "type-narrowed", "public.cut_text.note"),),
    ),
    LossRow(
        name="smaller_number",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, n bigint)",
        maps="",
        upgrade=('op.alter_column("{t}", "n", type_=sa.Integer())',),
        found=(("warning", "type-narrowed", "public.smaller_number.n"),),
    ),
    LossRow(
        name="rounded_number",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, n numeric(12, 4), d double precision)",
        maps="",
        upgrade=('op.alter_column("{t}", "n", type_=sa.Numeric(10, 2))\nop.alter_column("{t}", "d", type_=sa.REAL())',),
        found=(
            ("warning", "type-narrowed", "public.rounded_number.n"),
            ("warning", "type-narrowed", "public.rounded_number.d"),
        ),
    ),
    LossRow(
        name="time_to_date",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, at timestamptz)",
        maps="",
        upgrade=('op.alter_column("{t}", "at", type_=sa.Date())',),
        found=(("warning", "type-narrowed", "public.time_to_date.at"),),
    ),
    LossRow(
        name="type_using_constant",
        upgrade=('op.execute("ALTER TABLE {t} ALTER COLUMN note TYPE jsonb USING NULL::jsonb")',),
        found=(("warning", "type-narrowed", "public.type_using_constant.note"),),
    ),
    LossRow(
        name="enum_swap",
        base="CREATE TYPE {t}_mood AS ENUM ('a', 'b', 'c'); CREATE TABLE {t} (id serial PRIMARY KEY, mood {t}_mood)",
        maps="",
        models="Table('{t}', metadata, Column('id', Integer, primary_key=True), Column('mood', Enum('a', 'b', 'c', name='{t}_mood')))\n",
        upgrade=(
            """
            op.execute("ALTER TYPE {t}_mood RENAME TO {t}_mood_old")
            op.execute("CREATE TYPE {t}_mood AS ENUM ('a', 'b')")
            op.execute("ALTER TABLE {t} ALTER COLUMN mood TYPE {t}_mood USING CASE mood::text WHEN 'c' THEN 'a' ELSE mood::text END::{t}_mood")
            op.execute("DROP TYPE {t}_mood_old")
            """,
        ),
        found=(("error", "enum-value-removed", "public.enum_swap_mood"),),
    ),
    LossRow(
        name="enum_swap_unmapped",
        base="CREATE TYPE {t}_mood AS ENUM ('a', 'b', 'c'); CREATE TABLE {t} (id serial PRIMARY KEY, moods {t}_mood[])",
        maps="",
        models="Table('{t}', metadata, Column('id', Integer, primary_key=True), Column('moods', ARRAY(Enum('a', 'b', name='{t}_mood'))))\n",
        upgrade=(
            """
            op.execute("CREATE TYPE {t}_mood_new AS ENUM ('a', 'b')")
            op.execute("UPDATE {t} SET moods = array_remove(moods, 'c')")
            op.execute("ALTER TABLE {t} ALTER COLUMN moods TYPE {t}_mood_new[] USING moods::text[]::{t}_mood_new[]")
            op.execute("DROP TYPE {t}_mood")
            op.execute("ALTER TYPE {t}_mood_new RENAME TO {t}_mood")
            """,
        ),
        found=(("notice", "enum-value-removed", "public.enum_swap_unmapped_mood"),),
    ),
    LossRow(
        name="swap_without_column",
        upgrade=(
            """
            op.execute("CREATE TABLE {t}_new (id serial PRIMARY KEY, name varchar(50) NOT NULL)")
            op.execute("INSERT INTO {t}_new (id, name) SELECT id, name FROM {t}")
            op.drop_table("{t}")
            op.rename_table("{t}_new", "{t}")
            """,
        ),
        head="id name",
        found=(("error", "column-dropped", "public.swap_without_column.note"),),
    ),
    LossRow(
        name="swap_then_drop",
        upgrade=(
            """
            op.execute("CREATE TABLE {t}_new AS SELECT * FROM {t}")
            op.drop_table("{t}")
            op.rename_table("{t}_new", "{t}")
            """,
            'op.drop_column("{t}", "note")',
        ),
        head="id name",
        found=(("error", "column-dropped", "public.swap_then_drop.note"),),
    ),
    LossRow(
        name="renamed_then_dropped",
        upgrade=('op.rename_table("{t}", "{t}_old")', 'op.drop_table("{t}_old")'),
        head="",
        found=(("error", "table-dropped", "public.renamed_then_dropped_old"),),
    ),
)
