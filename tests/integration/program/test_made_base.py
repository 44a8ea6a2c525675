"""A base database that was not made by migrations: what it cannot tell is not judged, and how it was made is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_base import branch
from tests.projects import builder, made_bases
from tests.projects.builder import MODELS, Revision, versions
from tests.projects.made_bases import INDEX, NAMES_INDEX, OLD, old
from tests.projects.upgrades import PAGES, with_pages

HEAD = ["alembic.ini", "  heads passed", "  history passed"]
NOTICE = f"    notice old-migration-fails a1 migrations/versions/a1_.py:{OLD.line}"
FROM_MODELS = (
    "The base database was created from the base's models (create_all and stamp), because its migrations fail on an "
    "empty database."
)
PROVES_NOTHING = (
    f"{FROM_MODELS} The models can have objects that production lacks, and lack objects and rows that production has. "
    "So this failure proves nothing about production."
)
BETTER = (
    "Set `schema` to a dump of production's schema with its version rows (pg_dump --schema-only), or `init` to the "
    "command that creates a new database in this project."
)


@pytest.mark.parametrize(
    ("models", "env", "what"),
    [
        (MODELS, made_bases.NO_METADATA, "target_metadata in env.py of the base is None."),
        (made_bases.EMPTY, "", "target_metadata in env.py of the base has no tables."),
    ],
)
def test_a_base_without_models_has_no_database(models: str, env: str, what: str, run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, old(models=models, env=env), versions(PAGES)), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade skipped", NOTICE, "  drift skipped"], ran.stderr
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        f"The base database could not be created: {what}",
        "The base's migrations fail on an empty database, and nothing else describes its schema. On an empty database, "
        "each new revision would fail whatever it does.",
        BETTER,
    ]
    assert ran.report["trees"][0]["base_created"] is None
    assert ran.code == 1


def test_the_missing_migration_of_an_old_difference_is_not_judged(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, old(models=with_pages()), versions(PAGES)), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade skipped", NOTICE, "  drift skipped"], ran.stderr
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        f"Revision b2 (migrations/versions/b2_.py:{PAGES.line}) fails on a base database that can differ from "
        "production.",
        'ERROR:  42701: column "pages" of relation "book" already exists',
        PROVES_NOTHING,
        BETTER,
    ]
    assert FROM_MODELS in ran.stdout.replace("\n", " ")
    assert ran.code == 1


@pytest.mark.parametrize(
    "upgrade",
    [
        'op.execute("UPDATE author SET id = 1")',
        'op.execute("SELECT slug(title) FROM book")',
        'op.execute("ALTER TABLE book DROP CONSTRAINT uq_title")',
        'op.execute("CREATE TABLE archive.page (id integer)")',
        'op.execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM book) = 1; END $$")',
        'op.get_bind().execute(sa.text("SELECT id FROM book")).one()',
        'op.get_bind().execute(sa.text("SELECT id FROM book")).first()[0]',
        '[book] = op.get_bind().execute(sa.text("SELECT id FROM book")).fetchall()',
        'sa.Table("author", sa.MetaData(), autoload_with=op.get_bind())',
        'op.execute("INSERT INTO book (title) VALUES (NULL)")',
    ],
)
def test_what_depends_on_the_base_is_not_judged(upgrade: str, run: Run, tmp_path: Path) -> None:
    new = Revision(id="b2", down="a1", upgrade=upgrade)
    ran = run(branch(tmp_path, old(), versions(new)), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade skipped", NOTICE, "  drift skipped"], ran.stdout
    assert ran.reason("upgrade").endswith(" fails on a base database that can differ from production.")


@pytest.mark.parametrize(
    "upgrade",
    [
        'op.execute("ALTER TABL book ADD COLUMN pages integer")',
        'op.execute("CREATE INDEX CONCURRENTLY ix ON book (title)")',
        "title",
        'raise ValueError("no")',
        'op.execute("ALTER TABLE book ADD pages integer")\nop.execute("ALTER TABLE book ADD pages integer")',
        'op.execute("CREATE TABLE page (id integer)")\nop.execute("DROP TABLE page")\nop.execute("DROP TABLE page")',
    ],
)
def test_what_does_not_depend_on_the_base_is_a_finding(upgrade: str, run: Run, tmp_path: Path) -> None:
    new = Revision(id="b2", down="a1", upgrade=upgrade)
    ran = run(branch(tmp_path, old(), versions(new)), "--base", "main")
    error = f"    error migration-fails b2 migrations/versions/b2_.py:{new.line + upgrade.count(chr(10))}"
    assert ran.outline == ["failed", *HEAD, "  upgrade failed", NOTICE, error, "  drift skipped"], ran.stderr
    assert ran.report["trees"][0]["base_created"] == FROM_MODELS


def test_an_index_that_an_old_version_file_names_is_not_judged(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, old(NAMES_INDEX), {"models.py": MODELS + INDEX}), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade passed", NOTICE, "  drift skipped"], ran.stderr
    assert str(ran.check("drift")["reason"]).splitlines() == [
        "Production may not have 1 difference between the models and this base database.",
        "- index ix_book_title of table public.book is in the models, but not in the models of the base; "
        "migrations/versions/a2_.py names it.",
        f"{FROM_MODELS} Old migrations can have made something else in production, so the check did not judge it.",
        BETTER,
    ]
    assert ran.check("drift")["fixes"] == []
    assert ran.code == 1


@pytest.mark.parametrize(
    ("upgrade", "more"),
    [
        (
            'op.execute(open("migrations/i.sql").read())',
            {"migrations/i.sql": "CREATE INDEX IX_BOOK_TITLE ON book (title);"},
        ),
        ('for c in ("title",):\n    op.create_index(f"ix_book_{c}", "book", [c])', {}),
    ],
)
def test_an_index_that_old_version_files_make_in_other_ways_is_not_judged(
    upgrade: str, more: dict[str, str], run: Run, tmp_path: Path
) -> None:
    base = {**old(Revision(id="a2", down="a1", upgrade=upgrade)), **more}
    ran = run(branch(tmp_path, base, {"models.py": MODELS + INDEX}), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade passed", NOTICE, "  drift skipped"], ran.stderr


def test_an_index_that_an_old_version_file_makes_without_a_name_is_not_judged(run: Run, tmp_path: Path) -> None:
    models = MODELS + made_bases.SHELF
    base = old(made_bases.MAKES_INDEX_UNNAMED, models=models)
    ran = run(branch(tmp_path, base, {"models.py": models + made_bases.SHELF_INDEX}), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade passed", NOTICE, "  drift skipped"], ran.stderr


def test_an_index_that_no_old_version_file_names_is_missing(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, old(), {"models.py": MODELS + INDEX}), "--base", "main")
    missing = "    error missing-migration public.book.ix_book_title models.py:4"
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", NOTICE, "  drift failed", missing], ran.stderr
    (fix,) = ran.check("drift")["fixes"]
    assert (
        fix["title"]
        == "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
    )


def test_what_production_may_have_is_no_part_of_the_migration(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, old(NAMES_INDEX), {"models.py": with_pages() + INDEX}), "--base", "main")
    missing = "    error missing-migration public.book.pages models.py:4"
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", NOTICE, "  drift failed", missing], ran.stderr
    (fix,) = ran.check("drift")["fixes"]
    assert (
        fix["title"]
        == "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
    )
    assert ("pages" in fix["text"], "ix_book_title" in fix["text"]) == (True, False)
    assert "ix_book_title" in ran.check("drift")["reason"]


def test_a_removed_column_is_judged_where_an_old_version_file_names_it(run: Run, tmp_path: Path) -> None:
    base = old(PAGES, models=with_pages())
    ran = run(branch(tmp_path, base, {"models.py": MODELS}), "--base", "main")
    extra = "    error missing-migration public.book.pages models.py:4"
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", NOTICE, "  drift failed", extra], ran.stderr


def test_a_removed_column_is_not_judged_where_no_migration_made_it(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, old(models=with_pages()), {"models.py": MODELS}), "--base", "main")
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade passed", NOTICE, "  drift skipped"], ran.stderr
    assert (
        "column public.book.pages is in the models of the base, but no longer in the models"
        in ran.check("drift")["reason"]
    )


def test_what_a_new_revision_makes_is_judged_on_any_base(run: Run, tmp_path: Path) -> None:
    new = Revision(id="b2", down="a2", upgrade='op.create_index("ix_new", "book", ["title"])')
    ran = run(branch(tmp_path, old(NAMES_INDEX), versions(new)), "--base", "main")
    extra = "    error missing-migration public.book.ix_new models.py:4"
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", NOTICE, "  drift failed", extra], ran.stderr


def test_how_the_base_was_made_is_said_everywhere(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, old(), {**versions(PAGES), "models.py": with_pages()})
    files = ("--markdown", "r.md", "--junit", "r.xml", "--sarif", "r.sarif")
    ran = run(tmp_path, "--base", "main", *files)
    assert ran.outline == ["passed", *HEAD, "  upgrade passed", NOTICE, "  drift passed"], ran.stderr
    assert ran.report["trees"][0]["base_created"] == FROM_MODELS
    assert FROM_MODELS in " ".join(ran.stdout.split())
    for name in ("r.xml", "r.sarif"):
        assert FROM_MODELS in (tmp_path / name).read_text().replace("&apos;", "'"), name
    assert "created from the base's models" in (tmp_path / "r.md").read_text().replace("\\", "").replace("&#39;", "'")


def test_nothing_is_said_of_a_base_that_migrations_made(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, builder.tree(builder.BOOK), versions(PAGES)), "--base", "main")
    assert ran.report["trees"][0]["base_created"] is None
    assert "The base database was created" not in ran.stdout
