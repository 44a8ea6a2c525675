"""Proposed migrations of several files: one for the old differences beside the new one, and one that a hook splits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_proposal import OLD_TITLE, VERIFIED, body, branch, fixes
from tests.projects.builder import BOOK, MODELS, EnvPy, Revision, tree, write

TRIP = "verified: applies, undoes, applies again"
OLD = "Migration for the old differences, for a separate change"
MOOD = 'from sqlalchemy import CheckConstraint, Enum\nMOOD = Enum("a", "b", name="mood")\n'
SECOND = Revision(
    id="b2", down="a1", upgrade="op.execute(\"CREATE TYPE mood AS ENUM ('a'); ALTER TABLE book ADD mood mood\")"
)


def ids(text: str) -> tuple[str, str]:
    """Return the id of a version file, and that of its parent."""
    found = re.search(r"^revision = '(\w+)'\ndown_revision = '(\w+)'", text, re.MULTILINE)
    assert found is not None, text
    return found[1], found[2]


def test_the_migration_for_old_differences_is_completed_and_tried_after_the_new_one(run: Run, tmp_path: Path) -> None:
    base = MODELS + MOOD + 'book.append_column(Column("mood", MOOD))\n'
    base += 'book.append_constraint(CheckConstraint("id > 0", name="positive"))\n'
    base += 'Table("pet", metadata, Column("name", String(9), unique=True), Column("kind", Enum("x", name="kind")))\n'
    head = base.replace("nullable=False))", 'nullable=False), Column("pages", Integer, unique=True))')
    new, old = fixes(run(branch(tmp_path, tree(BOOK, SECOND, models=base), {"models.py": head}), "--base", "HEAD"))
    assert new["title"] == VERIFIED
    facts = f"autogenerate + 4 added lines; {TRIP}; undoing leaves enum value public.mood.b; no old differences remain"
    assert (old["title"], old["folded"]) == (f"{OLD} ({facts})", True)
    assert (ids(new["text"])[1], ids(old["text"])[1]) == ("b2", ids(new["text"])[0])
    assert body(old["text"])[-2:] == [
        "op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'b'\")",
        'op.create_check_constraint(op.f("positive"), "book", "id > 0")',
    ]
    assert body(old["text"], "downgrade") == [
        'op.drop_constraint(op.f("positive"), "book", type_="check")',
        "op.drop_table('pet')",
        'op.execute("DROP TYPE kind")',
    ]
    assert "# PostgreSQL cannot remove a value from an enum: 'b' stays in mood" in old["text"]


def test_an_old_difference_that_autogenerate_does_not_see_has_a_migration(run: Run, tmp_path: Path) -> None:
    models = MODELS + MOOD + 'book.append_constraint(CheckConstraint("id > 0", name="positive"))\n'
    project = branch(tmp_path, tree(BOOK, models=models), {"models.py": models + "# a comment\n"})
    (old,) = fixes(run(project, "--base", "HEAD"))
    assert old["title"] == f"{OLD} (autogenerate + 2 added lines; {TRIP}; no old differences remain)"
    assert ids(old["text"])[1] == "a1"


def test_where_the_new_migration_is_of_our_lines_alone_the_old_one_follows_it(run: Run, tmp_path: Path) -> None:
    old_models = MODELS + 'Table("author", metadata, Column("id", Integer, primary_key=True))\n'
    head = old_models + MOOD + 'book.append_constraint(CheckConstraint("id > 0", name="positive"))\n'
    project = branch(tmp_path, tree(BOOK, models=old_models), {"models.py": head})
    new, old = fixes(run(project, "--base", "HEAD"))
    facts = f"autogenerate + 2 added lines; {TRIP}; no differences remain"
    assert (new["title"], old["title"]) == (f"Missing migration ({facts})", OLD_TITLE)
    assert (ids(new["text"])[1], ids(old["text"])[1]) == ("a1", ids(new["text"])[0])


def test_where_no_new_operation_runs_the_old_migration_is_based_on_the_head(run: Run, tmp_path: Path) -> None:
    base = MODELS + 'Table("author", metadata, Column("id", Integer, primary_key=True))\n'
    head = base + 'Table("lost", metadata, Column("name", String(51)))\n'
    hook = "render_item=lambda kind, item, c: 'lost.Name()' if getattr(item, 'length', None) == 51 else False"
    project = branch(tmp_path, tree(BOOK, models=base, env=EnvPy(options=hook).text), {"models.py": head})
    gone, old = fixes(run(project, "--base", "HEAD"))
    assert gone["title"] == "Not in the missing migration: this operation fails on a copy of the database"
    assert (old["title"], ids(old["text"])[1]) == (OLD_TITLE, "a1")


SPLIT = """
def split(context, revision, directives):
    from alembic.operations import ops

    script = directives[0]
    if len(script.upgrade_ops.ops) > 1:
        tables = script.upgrade_ops.ops
        script.upgrade_ops.ops = tables[:1]
        script.upgrade_ops.reverse_into(script.downgrade_ops)
        more = ops.UpgradeOps(tables[1:])
        name = script.rev_id + "b"
        directives.append(ops.MigrationScript(name, more, more.reverse(), head=script.rev_id, message="more"))
"""
TWO = 'Table("pet", metadata, Column("id", Integer, primary_key=True){pet})\n' + (
    'Table("toy", metadata, Column("id", Integer, primary_key=True){toy})\n'
)
SPLIT_ENV = EnvPy(imports="from models import metadata\n" + SPLIT, options="process_revision_directives=split").text


@pytest.mark.parametrize(
    ("more", "facts"),
    [
        ({}, f"{TRIP}; no differences remain"),
        (
            {"toy": ', Column("mood", Enum("a", name="mood"))'},
            "verified: applies, undoes; undoing leaves enum public.mood; "
            'upgrade() fails after downgrade(): type "mood" already exists; no differences remain',
        ),
    ],
)
def test_a_migration_that_a_hook_splits_is_undone_and_applied_again_as_a_whole(
    run: Run, tmp_path: Path, more: dict[str, str], facts: str
) -> None:
    models = MODELS + MOOD + TWO.format(**{"pet": "", "toy": "", **more})
    first, second = fixes(run(write(tmp_path, tree(BOOK, models=models, env=SPLIT_ENV))))
    assert first["title"] == f"Missing migration (autogenerate; {facts})"
    assert second["title"] == "Missing migration, file 2 of 2"
    assert ids(second["text"])[1] == ids(first["text"])[0]


def test_a_downgrade_of_one_of_several_files_that_fails_is_named(run: Run, tmp_path: Path) -> None:
    models = MODELS.replace("nullable=False)", "nullable=False, unique=True)")
    models += 'Table("pet", metadata, Column("id", Integer, primary_key=True))\n'
    first, second = fixes(run(write(tmp_path, tree(BOOK, models=models, env=SPLIT_ENV))))
    assert (first["title"], body(second["text"])) == (
        "Missing migration (autogenerate; verified: applies; downgrade() fails: Can't emit DROP CONSTRAINT for "
        "constraint UniqueConstraint(); it has no name; no differences remain)",
        ["op.create_unique_constraint(None, 'book', ['title'])"],
    )


def test_the_old_migration_follows_the_last_file_of_a_new_one_that_is_split(run: Run, tmp_path: Path) -> None:
    base = MODELS + TWO.format(pet="", toy="")
    head = base + TWO.format(pet="", toy="").replace('"pet"', '"bird"').replace('"toy"', '"cage"')
    project = branch(tmp_path, tree(BOOK, models=base, env=SPLIT_ENV), {"models.py": head})
    files = fixes(run(project, "--base", "HEAD"))
    assert [file["title"] for file in files] == [
        VERIFIED, "Missing migration, file 2 of 2", OLD_TITLE, f"{OLD}, file 2 of 2"
    ]  # fmt: skip
    parents = ["a1", *(ids(file["text"])[0] for file in files[:-1])]
    assert [ids(file["text"])[1] for file in files] == parents
