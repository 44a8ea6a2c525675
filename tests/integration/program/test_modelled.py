"""Models that need more than a plain ``create_all``: judged, or skipped with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import modelled
from tests.projects.builder import BOOK, EnvPy, tree, write
from tests.projects.modelled import CLEAN, HEAD

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]


@pytest.mark.parametrize("files", CLEAN.values(), ids=CLEAN.keys())
def test_what_alembic_takes_passes(run: Run, tmp_path: Path, files: dict[str, str]) -> None:
    ran = run(write(tmp_path, files))
    assert ran.outline == PASSED, ran.stdout


def test_a_key_across_metadatas_that_no_migration_creates_is_found(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, modelled.lacks_a_key_across()))
    (fix,) = ran.check("drift")["fixes"]
    assert ran.outline[-2:] == ["  drift failed", "    error missing-migration public.author.fk_best people.py:5"]
    assert (
        fix["title"]
        == "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
    )
    assert "op.create_foreign_key('fk_best', 'author', 'book', ['best_id'], ['id'], ondelete='SET NULL')" in fix["text"]


def test_two_tables_of_one_name_are_a_reason(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, modelled.defines_a_table_twice()))
    assert ran.outline[-1] == "  drift skipped"
    assert ran.reason("drift") == (
        "The models could not be created in a database (target_metadata has two different tables called public.book),"
        " and autogenerate could not compare them: ValueError: Duplicate table keys across multiple MetaData objects:"
        ' "book".'
    )


def test_custom_sql_that_no_migration_has_is_found(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, modelled.has_custom_sql("pass")))
    (fix,) = ran.check("drift")["fixes"]
    assert ran.outline[-3:] == [
        "  drift failed",
        "    error missing-migration public.book.made models.py:4",
        "    error missing-migration public.book.ck_made models.py:4",
    ]
    assert "TIMEZONE('utc', CURRENT_TIMESTAMP)" in fix["text"]
    assert fix["title"] == (
        "Missing migration (autogenerate + 2 added lines; "
        "verified: applies, undoes, applies again; no differences remain)"
    )


@pytest.mark.parametrize("on", ["connection", "engine"])
def test_drift_in_a_translated_schema_is_found_and_ended(run: Run, tmp_path: Path, on: str) -> None:
    more = 'book.append_column(Column("pages", Integer))\n'
    ran = run(write(tmp_path, modelled.translates(on, more)))
    (fix,) = ran.check("drift")["fixes"]
    assert ran.outline[-2:] == ["  drift failed", "    error missing-migration tenant.book.pages models.py:4"]
    assert "op.add_column('book', sa.Column('pages', sa.Integer(), nullable=True))" in fix["text"]
    assert (
        fix["title"]
        == "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
    )


def test_a_hook_that_leaves_no_migration_is_named_beside_the_lines(run: Run, tmp_path: Path) -> None:
    hook = "def nothing(context, revision, directives):\n    directives[:] = []"
    env = EnvPy(top=hook, options="process_revision_directives=nothing").text
    ran = run(write(tmp_path, tree(BOOK, env=env, models=HEAD + 'book.append_column(Column("pages", Integer))\n')))
    line = env.strip().splitlines().index("def nothing(context, revision, directives):") + 1
    assert ran.check("drift")["fixes"] == [
        {
            "title": "Autogenerate could not write the missing migration",
            "text": f"process_revision_directives (nothing at migrations/env.py:{line}) removed the migration that"
            " autogenerate wrote",
            "language": "text",
            "path": None,
            "folded": False,
        }
    ]
    (lines,) = ran.finding("missing-migration")["fixes"]
    assert lines["text"] == 'op.execute("ALTER TABLE book ADD COLUMN pages integer")'
