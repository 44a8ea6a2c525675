"""The proposed migration survives its own round trip: what autogenerate's downgrade() lacks is added, or named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_proposal import body, fixes
from tests.projects.builder import BOOK, MODELS, Revision, tree, write

TRIP = "verified: applies, undoes, applies again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Models that differ from a migrated database, and the downgrade() that is expected in the proposal."""

    id: str
    models: str = MODELS
    sql: str = "SELECT 1"
    """What a second migration runs."""
    facts: str = f"{TRIP}; no differences remain"
    added: int = 1
    downgrade: tuple[str, ...]


ROWS = (
    Row(
        id="a constraint without a name",
        models=MODELS.replace("nullable=False)", "nullable=False, unique=True)"),
        downgrade=('op.drop_constraint(op.f("book_title_key"), "book", type_="unique")',),
    ),
    Row(
        id="an enum that a table created",
        models=MODELS + 'from sqlalchemy import Enum\nTable("pet", metadata, Column("mood", Enum("a", name="mood")))\n',
        downgrade=("op.drop_table('pet')", 'op.execute("DROP TYPE mood")'),
    ),
    Row(
        id="a check of a dropped column",
        sql="ALTER TABLE book ADD pages int DEFAULT 1 CONSTRAINT positive CHECK (pages > 0)",
        downgrade=(
            "op.add_column('book', sa.Column('pages', sa.INTEGER(), server_default=sa.text('1'), "
            "autoincrement=False, nullable=True))",
            'op.create_check_constraint(op.f("positive"), "book", "pages > 0")',
        ),
    ),
    Row(
        id="a trigger of a dropped table",
        sql="CREATE TABLE log (id int); CREATE TRIGGER tr BEFORE UPDATE ON log FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        downgrade=(
            "op.create_table('log',",
            "sa.Column('id', sa.INTEGER(), autoincrement=False, nullable=True)",
            ")",
            'op.execute("CREATE TRIGGER tr BEFORE UPDATE ON public.log FOR EACH ROW'
            ' EXECUTE FUNCTION suppress_redundant_updates_trigger()")',
        ),
    ),
    Row(
        id="what belongs to a dropped table",
        sql="CREATE TABLE log (id int, at int4range, EXCLUDE USING gist (at WITH &&)); "
        "ALTER TABLE log ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON log FOR SELECT USING (id > 0); "
        "CREATE STATISTICS st ON id, at FROM log; CREATE INDEX ix ON log USING hash ((id + 1)) WHERE id > 1; "
        "GRANT SELECT ON log TO PUBLIC; CREATE RULE r AS ON DELETE TO log DO INSTEAD NOTHING",
        added=6,
        downgrade=(
            "op.create_table('log',",
            "sa.Column('id', sa.INTEGER(), autoincrement=False, nullable=True),",
            "sa.Column('at', postgresql.INT4RANGE(), autoincrement=False, nullable=True)",
            ")",
            "op.create_index(op.f('ix'), 'log', [sa.literal_column('(id + 1)')], unique=False, "
            "postgresql_using='hash', postgresql_where='(id > 1)')",
            'op.execute("ALTER TABLE log ADD CONSTRAINT log_at_excl EXCLUDE USING gist (at WITH &&)")',
            'op.execute("CREATE STATISTICS public.st ON id, at FROM public.log")',
            "op.execute(",
            'r"""',
            "CREATE RULE r AS",
            "ON DELETE TO public.log DO INSTEAD NOTHING;",
            '"""',
            ")",
            'op.execute("CREATE POLICY mine ON log FOR SELECT USING (id > 0)")',
            'op.execute("GRANT SELECT ON log TO PUBLIC")',
            'op.execute("ALTER TABLE log ENABLE ROW LEVEL SECURITY")',
        ),
    ),
    Row(
        id="what belongs to a dropped column",
        sql="CREATE SCHEMA other; CREATE SEQUENCE numbers; CREATE TABLE shelf (id int PRIMARY KEY); ALTER TABLE book "
        "ADD shelf int DEFAULT nextval('numbers') CONSTRAINT on_shelf REFERENCES shelf ON DELETE CASCADE",
        models=MODELS.replace("nullable=False))", "nullable=True, server_default='x'))")
        + 'Table("shelf", metadata, Column("id", Integer, primary_key=True), Column("a", Integer), schema="other")\n',
        added=5,
        downgrade=(
            'op.execute("CREATE TABLE shelf (id integer NOT NULL)")',
            'op.alter_column("book", "title", server_default=None)',
            'op.create_primary_key(op.f("shelf_pkey"), "shelf", ["id"])',
            "op.add_column('book', sa.Column('shelf', sa.INTEGER(), "
            "server_default=sa.text(\"nextval('numbers'::regclass)\"), autoincrement=True, nullable=True))",
            "op.create_foreign_key(op.f('on_shelf'), 'book', 'shelf', ['shelf'], ['id'], ondelete='CASCADE')",
            "op.alter_column('book', 'title',",
            "existing_type=sa.VARCHAR(length=200),",
            "nullable=False)",
            "op.drop_table('shelf', schema='other')",
        ),
    ),
    Row(
        id="a value of an enum",
        models=MODELS
        + 'from sqlalchemy import Enum\nbook.append_column(Column("mood", Enum("a", "b", name="mood")))\n',
        sql="CREATE TYPE mood AS ENUM ('a'); ALTER TABLE book ADD mood mood",
        facts=f"{TRIP}; undoing leaves enum value public.mood.b; no differences remain",
        downgrade=("pass",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_it_applies_undoes_and_applies_again(run: Run, tmp_path: Path, row: Row) -> None:
    second = Revision(id="b2", upgrade=f'op.execute("{row.sql}")', down="a1")
    (fix,) = fixes(run(write(tmp_path, tree(BOOK, second, models=row.models))))
    added = f" + {row.added} added line{'s' * (row.added > 1)}" if row.added else ""
    assert fix["title"] == f"Missing migration (autogenerate{added}; {row.facts})"
    assert tuple(body(fix["text"], "downgrade")) == row.downgrade
