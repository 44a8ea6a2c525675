"""The migration that is proposed: the operations of the new differences alone, and only those that run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.projects.builder import ASYNC, BOOK, MAKO, MODELS, EnvPy, Revision, commit, tree, write

OLD = (
    MODELS + 'author = Table("author", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))\n'
)
ONE_COLUMN = OLD.replace("nullable=False))", 'nullable=False), Column("pages", Integer))')
ADD_PAGES = "op.add_column('book', sa.Column('pages', sa.Integer(), nullable=True))"
VERIFIED = "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
OLD_FACTS = "autogenerate; verified: applies, undoes, applies again; no old differences remain"
OLD_TITLE = f"Migration for the old differences, for a separate change ({OLD_FACTS})"
MOOD = 'from sqlalchemy import Enum\nmood = Enum("good", "bad", name="mood")\n'


def body(text: str, function: str = "upgrade") -> list[str]:
    """Return the lines of a function of a migration, without comments."""
    found = re.search(rf"def {function}\(\).*?:\n(.*?)(?=\n\n\n|\Z)", text, re.DOTALL)
    assert found is not None, text
    lines = [line.strip() for line in found[1].splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def fixes(ran: Ran) -> list[Any]:
    return list(ran.check("drift")["fixes"])


def branch(root: Path, base: dict[str, str], head: dict[str, str]) -> Path:
    commit(root, base)
    return write(root, head)


def test_the_proposal_holds_the_new_difference_alone_and_the_old_one_is_a_file_of_its_own(
    run: Run, tmp_path: Path
) -> None:
    project = branch(tmp_path, tree(BOOK, models=OLD), {"models.py": ONE_COLUMN})
    ran = run(project, "--base", "HEAD", "--report-dir", project / "out")
    new, old = fixes(ran)
    assert (new["title"], new["folded"], body(new["text"])) == (VERIFIED, False, [ADD_PAGES])
    assert body(new["text"], "downgrade") == ["op.drop_column('book', 'pages')"]
    assert (old["title"], old["folded"], body(old["text"])[0]) == (OLD_TITLE, True, "op.create_table('author',")
    (revision,) = re.findall(r"^revision = '(\w+)'", new["text"], re.MULTILINE)
    assert f"down_revision = '{revision}'" in old["text"]
    assert (project / "out" / "missing-migration" / new["path"]).read_text() == new["text"]
    assert (project / "out" / "old-differences" / old["path"]).read_text() == old["text"]
    assert ran.stdout.count("op.create_table('author'") == 0
    lines = old["text"].count("\n") + 1
    assert f"{OLD_TITLE}: {lines} lines (out/report.json has all of them)." in " ".join(ran.stdout.split())


def test_old_differences_alone_are_offered_as_one_folded_file(run: Run, tmp_path: Path) -> None:
    project = branch(tmp_path, tree(BOOK, models=OLD), {"models.py": OLD + "# a comment\n"})
    ran = run(project, "--base", "HEAD")
    (old,) = fixes(ran)
    assert (ran.code, old["title"], old["folded"]) == (0, OLD_TITLE, True)
    assert "down_revision = 'a1'" in old["text"]


def test_of_one_column_only_the_attribute_that_is_new_is_altered(run: Run, tmp_path: Path) -> None:
    nullable = MODELS.replace("nullable=False))", "nullable=True))")
    typed = nullable.replace("String(200)", "String(300)")
    project = branch(tmp_path, tree(BOOK, models=nullable), {"models.py": typed})
    new, old = fixes(run(project, "--base", "HEAD"))
    assert body(new["text"]) == [
        "op.alter_column('book', 'title',",
        "existing_type=sa.VARCHAR(length=200),",
        "type_=sa.String(length=300),",
        "existing_nullable=False)",
    ]
    assert body(old["text"])[-1] == "nullable=True)"


def test_an_enum_is_created_before_the_column_that_uses_it(run: Run, tmp_path: Path) -> None:
    base = OLD + MOOD + 'Table("reader", metadata, Column("mood", mood))\n'
    head = base.replace("nullable=False))", 'nullable=False), Column("mood", Enum("good", "bad", name="mood")))')
    head = head.replace("import Column,", "import Column, Enum,")
    (new, old) = fixes(run(branch(tmp_path, tree(BOOK, models=base), {"models.py": head}), "--base", "HEAD"))
    assert (new["title"], body(new["text"])) == (
        VERIFIED,
        [
            "op.execute(\"CREATE TYPE mood AS ENUM ('good', 'bad')\")",
            "op.add_column('book', sa.Column('mood', sa.Enum('good', 'bad', name='mood'), nullable=True))",
        ],
    )
    assert body(new["text"], "downgrade") == ["op.drop_column('book', 'mood')", "op.execute('DROP TYPE mood')"]
    assert "postgresql.ENUM('good', 'bad', name='mood', create_type=False)" in old["text"]


def test_a_table_does_not_create_an_enum_that_is_there(run: Run, tmp_path: Path) -> None:
    made = Revision(id="b2", down="a1", upgrade='sa.Enum("good", "bad", name="mood").create(op.get_bind())')
    models = (
        MODELS + MOOD + 'Table("reader", metadata, Column("id", Integer, primary_key=True), Column("mood", mood))\n'
    )
    (new,) = fixes(run(write(tmp_path, tree(BOOK, made, models=models))))
    assert (new["title"], "create_type=False" in new["text"]) == (VERIFIED, True)
    assert "from sqlalchemy.dialects import postgresql" in new["text"]


TYPES = """
from sqlalchemy import String, TypeDecorator

class Isbn(TypeDecorator):
    impl, cache_ok = String(13), True
"""
WITH_ISBN = "import app.types\n" + MODELS.replace(
    "nullable=False))", 'nullable=False), Column("isbn", app.types.Isbn()))'
)


def test_an_import_that_the_template_leaves_out_is_added(run: Run, tmp_path: Path) -> None:
    more = {"app/__init__.py": "", "app/types.py": TYPES}
    (new,) = fixes(run(write(tmp_path, tree(BOOK, models=WITH_ISBN), more)))
    assert (new["title"], body(new["text"])) == (
        VERIFIED,
        ["op.add_column('book', sa.Column('isbn', app.types.Isbn(length=13), nullable=True))"],
    )
    assert "\nimport app.types\n" in new["text"]


def test_a_name_that_a_hook_writes_and_nothing_imports_is_imported_from_the_type_s_module(
    run: Run, tmp_path: Path
) -> None:
    hook = "render_item=lambda kind, item, context: 'Isbn()' if type(item).__name__ == 'Isbn' else False"
    more = {"app/__init__.py": "", "app/types.py": TYPES, "migrations/env.py": EnvPy(options=hook).text}
    (new,) = fixes(run(write(tmp_path, tree(BOOK, models=WITH_ISBN), more)))
    assert (new["title"], "from app.types import Isbn\n" in new["text"]) == (VERIFIED, True)


def test_where_an_operation_fails_a_line_of_ours_that_runs_takes_its_place(run: Run, tmp_path: Path) -> None:
    models = MODELS.replace("nullable=False))", 'nullable=False), Column("pages", Integer), Column("n", String(13)))')
    hook = "render_item=lambda kind, item, c: 'lost.Isbn()' if getattr(item, 'length', None) == 13 else False"
    (new,) = fixes(run(write(tmp_path, tree(BOOK, models=models, env=EnvPy(options=hook).text))))
    assert new["title"] == (
        "Missing migration (autogenerate + 2 added lines; "
        "verified: applies, undoes, applies again; no differences remain)"
    )
    assert body(new["text"]) == [ADD_PAGES, 'op.execute("ALTER TABLE book ADD COLUMN n character varying(13)")']
    assert body(new["text"], "downgrade") == ['op.drop_column("book", "n")', "op.drop_column('book', 'pages')"]


def test_an_operation_that_fails_is_left_out_with_its_error_and_the_others_are_shown(run: Run, tmp_path: Path) -> None:
    models = ONE_COLUMN.replace("String(50)", "String(51)")
    hook = "render_item=lambda kind, item, c: 'lost.Name()' if getattr(item, 'length', None) == 51 else False"
    new, gone = fixes(run(write(tmp_path, tree(BOOK, models=models, env=EnvPy(options=hook).text))))
    assert (new["title"], body(new["text"])) == (
        "Missing migration (autogenerate; without 1 operation that fails; "
        "verified: applies, undoes, applies again; 1 difference remains)",
        [ADD_PAGES],
    )
    assert (gone["title"], gone["text"].splitlines()) == (
        "Not in the missing migration: this operation fails on a copy of the database",
        [
            "# NameError: name 'lost' is not defined",
            "op.create_table('author',",
            "sa.Column('id', sa.Integer(), nullable=False),",
            "sa.Column('name', lost.Name(), nullable=True),",
            "sa.PrimaryKeyConstraint('id')",
            ")",
        ],
    )


def test_where_no_operation_runs_no_migration_is_shown(run: Run, tmp_path: Path) -> None:
    models = OLD.replace("String(50)", "String(51)")
    hook = "render_item=lambda kind, item, c: 'lost.Name()' if getattr(item, 'length', None) == 51 else False"
    (gone,) = fixes(run(write(tmp_path, tree(BOOK, models=models, env=EnvPy(options=hook).text))))
    assert gone["title"] == "Not in the missing migration: this operation fails on a copy of the database"


def test_a_template_without_imports_does_not_leave_a_dialect_undefined(run: Run, tmp_path: Path) -> None:
    models = MODELS.replace("nullable=False))", 'nullable=False), Column("data", JSONB))')
    models = "from sqlalchemy.dialects.postgresql import JSONB\n" + models
    bare = {"migrations/script.py.mako": MAKO.replace('${imports if imports else ""}', "")}
    (new,) = fixes(run(write(tmp_path, tree(BOOK, models=models), bare)))
    assert (new["title"], "from sqlalchemy.dialects import postgresql" in new["text"]) == (VERIFIED, True)


def test_a_version_table_of_alembic_is_in_no_proposal_and_no_finding(run: Run, tmp_path: Path) -> None:
    other = Revision(
        id="b2",
        down="a1",
        upgrade="op.create_table('other_version', sa.Column('version_num', sa.String(32), primary_key=True))",
    )
    env = EnvPy(options="version_table_schema='public'").text
    ran = run(write(tmp_path, tree(BOOK, other, models=ONE_COLUMN, env=env)))
    (new,) = fixes(ran)
    assert (new["title"], "drop_table" in body(new["text"])) == (VERIFIED, False)
    assert [f["object"] for f in ran.check("drift")["findings"]] == ["public.author", "public.book.pages"]


def test_a_hook_of_env_py_sees_only_what_goes_into_each_file(run: Run, tmp_path: Path) -> None:
    hook = (
        "process_revision_directives=lambda context, revision, directives:"
        " open('seen.txt', 'a').write(repr([[o.__class__.__name__ for o in d.upgrade_ops.ops] for d in directives]))"
    )
    base = tree(BOOK, models=OLD, env=EnvPy(options=hook).text)
    project = branch(tmp_path, base, {"models.py": ONE_COLUMN})
    run(project, "--base", "HEAD")
    assert (project / "seen.txt").read_text() == "[['ModifyTableOps']][['CreateTableOp']]"


def test_where_the_models_cannot_be_created_the_operations_of_the_base_are_left_out(run: Run, tmp_path: Path) -> None:
    broken = 'from sqlalchemy import CheckConstraint\nbook.append_constraint(CheckConstraint("nothing(id)"))\n'
    project = branch(tmp_path, tree(BOOK, models=OLD + broken), {"models.py": ONE_COLUMN + broken})
    (new,) = fixes(run(project, "--base", "HEAD"))
    assert (new["title"], body(new["text"])) == (
        "Missing migration (autogenerate; applies, undoes, applies again on a copy of the database)",
        [ADD_PAGES],
    )


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg", "pg8000"])
def test_every_driver_finds_the_statement_that_fails(driver: str, run: Run, tmp_path: Path) -> None:
    models = ONE_COLUMN.replace("String(50)", "String(51)")
    hook = "render_item=lambda kind, item, c: 'lost.Name()' if getattr(item, 'length', None) == 51 else False"
    shape = {"run": ASYNC} if driver == "asyncpg" else {}
    env = EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', options=hook, **shape).text
    new, gone = fixes(run(write(tmp_path, tree(BOOK, models=models, env=env))))
    assert (body(new["text"]), gone["text"].splitlines()[0]) == (
        [ADD_PAGES],
        "# NameError: name 'lost' is not defined",
    )
