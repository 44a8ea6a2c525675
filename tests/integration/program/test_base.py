"""Runs against a base: what the base has is old, and a deploy starts from there."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.integration.program.conftest import Run
from tests.projects import builder, env_files, upgrades
from tests.projects.builder import BOOK, Revision, tree, versions
from tests.projects.upgrades import PAGES, with_pages

PASSED = ["passed", "alembic.ini", "  heads passed", "  history passed", "  upgrade passed", "  drift passed"]
UNMODELLED = builder.MODELS + env_files.AUTHOR
"""Models with a table that no migration makes."""
NUMBER = Revision(id="c3", down="b2", upgrade='op.execute("UPDATE book SET pages = 0")')
INIT = """
import os, re, psycopg2

connection = psycopg2.connect(re.sub(r"\\+\\w+", "", os.environ["DATABASE_URL"]))
with connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE book (id serial PRIMARY KEY, title varchar(200) NOT NULL)")
"""


def branch(root: Path, base: Mapping[str, str], work: Mapping[str, str], removed: tuple[str, ...] = ()) -> Path:
    """Commit ``base`` on main and ``work`` on a branch of it, which is checked out."""
    builder.commit(root, base)
    builder.git(root, "switch", "-qc", "work")
    for path in removed:
        (root / path).unlink()
    builder.commit(root, work)
    return root


def test_a_clean_change_passes_and_leaves_the_repository_as_it_was(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, tree(BOOK), {**versions(PAGES), "models.py": with_pages()})
    ran = run(tmp_path, "--base", "main")
    assert ran.outline == PASSED, ran.stderr
    (tree_report,) = ran.report["trees"]
    fork = builder.git(tmp_path, "rev-parse", "main")
    assert (tree_report["base"], tree_report["revisions"], tree_report["new_revisions"]) == (
        f"main ({fork[:10]})",
        2,
        ["b2"],
    )
    assert sorted(tree_report["revision_seconds"]) == ["a1", "b2"]
    assert builder.git(tmp_path, "status", "--porcelain") == ""
    assert builder.git(tmp_path, "worktree", "list", "--porcelain").count("worktree ") == 1


def test_what_is_not_committed_counts(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, tree(BOOK), {})
    builder.write(tmp_path, versions(PAGES))
    ran = run(tmp_path, "--base", "main")
    assert ran.outline == [*_drifted(), "    error missing-migration public.book.pages models.py:4"], ran.stderr
    assert ran.report["trees"][0]["new_revisions"] == ["b2"]


def _drifted() -> list[str]:
    return ["failed", "alembic.ini", "  heads passed", "  history passed", "  upgrade passed", "  drift failed"]


def test_drift_that_the_base_has_is_one_notice(run: Run, tmp_path: Path) -> None:
    work = {**versions(PAGES), "models.py": with_pages(UNMODELLED)}
    ran = run(branch(tmp_path, tree(BOOK, models=UNMODELLED), work), "--base", "main")
    assert ran.outline == [*PASSED, "    notice old-drift"], ran.stderr
    assert ran.finding("old-drift")["message"] == "The base already has 1 difference between models and migrations."
    assert ran.code == 0


def test_only_drift_that_is_added_is_a_finding(run: Run, tmp_path: Path) -> None:
    work = {"models.py": with_pages(UNMODELLED)}
    ran = run(branch(tmp_path, tree(BOOK, models=UNMODELLED), work), "--base", "main")
    findings = ["    error missing-migration public.book.pages models.py:4", "    notice old-drift"]
    assert ran.outline == [*_drifted(), *findings], ran.stderr
    assert ran.code == 1


def test_a_poisoned_connection_is_seen_through_from_base_to_head_alone(run: Run, tmp_path: Path) -> None:
    base = tree(BOOK, upgrades.POISONS, models=upgrades.with_index())
    branch(tmp_path, base, versions(upgrades.NEEDS_POISON))
    assert run(tmp_path).outline == [*PASSED[:3], "  history skipped", *PASSED[4:]]
    ran = run(tmp_path, "--base", "main")
    place = f"migrations/versions/c3_.py:{upgrades.NEEDS_POISON.line}"
    failed = [
        "  heads passed",
        "  history passed",
        "  upgrade failed",
        f"    error migration-fails c3 {place}",
        "  drift skipped",
    ]
    assert ran.outline == ["failed", "alembic.ini", *failed], ran.stderr
    message = "Revision c3 fails: CREATE INDEX CONCURRENTLY cannot run inside a transaction block."
    assert ran.finding("migration-fails")["message"] == message


def test_new_revisions_start_from_what_was_deployed_and_an_edit_is_run_from_empty_too(run: Run, tmp_path: Path) -> None:
    edited = Revision(id="b2", down="a1")  # adds no column any more
    work = {**versions(edited, NUMBER)}
    ran = run(branch(tmp_path, tree(BOOK, PAGES, models=with_pages()), work), "--base", "main")
    place = f"migrations/versions/c3_.py:{NUMBER.line}"
    history = ["  heads passed", "  history failed", "    error edited-revision b2 migrations/versions/b2_.py:11"]
    checks = [*history, "  upgrade failed", f"    error migration-fails c3 {place}", "  drift passed"]
    assert ran.outline == ["failed", "alembic.ini", *checks], ran.stderr
    assert ran.finding("migration-fails")["why"] == (
        "New databases cannot be created any more: this change edits b2. The deploy works."
    )


def test_a_removed_revision_keeps_a_deployed_database_from_being_upgraded(run: Run, tmp_path: Path) -> None:
    work = {**versions(Revision(id="c3", down="a1")), "models.py": builder.MODELS}
    base = tree(BOOK, PAGES, models=with_pages())
    ran = run(branch(tmp_path, base, work, removed=("migrations/versions/b2_.py",)), "--base", "main")
    history = ["  heads passed", "  history failed", "    error removed-revision b2 migrations/versions/b2_.py:None"]
    checks = [*history, "  upgrade failed", "    error migration-fails", "  drift skipped"]
    assert ran.outline == ["failed", "alembic.ini", *checks], ran.stderr
    assert "Can't locate revision identified by 'b2'" in ran.finding("migration-fails")["message"]


OLD = tree(upgrades.ALTERS_WHAT_IS_NOT_THERE)
"""A base that cannot be migrated from an empty database."""
OLD_NOTICE = f"    notice old-migration-fails a1 migrations/versions/a1_.py:{upgrades.ALTERS_WHAT_IS_NOT_THERE.line}"
OLD_PASSED = [*PASSED[:5], OLD_NOTICE, PASSED[5]]


def test_an_old_revision_that_fails_from_empty_is_a_notice_and_the_base_made_from_its_models(
    run: Run, tmp_path: Path
) -> None:
    ran = run(branch(tmp_path, OLD, {**versions(PAGES), "models.py": with_pages()}), "--base", "main")
    assert ran.outline == OLD_PASSED, ran.stderr
    why = ran.finding("old-migration-fails")["why"]
    assert "This run created the base schema from the base's models (create_all and stamp)." in why
    assert ran.code == 0


def test_the_base_is_made_by_the_init_command(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, {**OLD, "init.py": INIT}, {**versions(PAGES), "models.py": with_pages()})
    ran = run(tmp_path, "--base", "main", "--init", f"{sys.executable} init.py")
    assert ran.outline == OLD_PASSED, ran.stderr
    assert "This run created the base schema with the `init` command." in ran.finding("old-migration-fails")["why"]


def test_a_failing_init_command_is_no_pass(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, OLD, {**versions(PAGES), "models.py": with_pages()})
    ran = run(tmp_path, "--base", "main", "--init", "false")
    assert ran.outline[0] == "inconclusive"
    assert ran.outline[4:6] == ["  upgrade skipped", OLD_NOTICE]
    assert "the init command exited with code 1: false" in ran.stdout
    assert ran.code == 1


def test_a_new_revision_that_fails_on_a_base_made_otherwise_is_an_error(run: Run, tmp_path: Path) -> None:
    broken = Revision(id="b2", down="a1", upgrade='op.execute("SELECT FROM FROM book")')
    ran = run(branch(tmp_path, OLD, versions(broken)), "--base", "main")
    error = f"    error migration-fails b2 migrations/versions/b2_.py:{broken.line}"
    checks = ["  heads passed", "  history passed", "  upgrade failed", OLD_NOTICE, error, "  drift skipped"]
    assert ran.outline == ["failed", "alembic.ini", *checks], ran.stderr


def test_a_base_that_can_neither_be_migrated_nor_imported_is_not_judged(run: Run, tmp_path: Path) -> None:
    work = {**versions(PAGES), "models.py": with_pages()}
    ran = run(branch(tmp_path, {**OLD, "models.py": "import library_of_nowhere"}, work), "--base", "main")
    assert ran.outline[0] == "inconclusive"
    assert ran.outline[5] == OLD_NOTICE
    assert "The project needs the module 'library_of_nowhere'" in ran.reason("upgrade")
    assert ran.code == 1


def test_a_base_schema_that_could_not_be_created_is_not_called_created(run: Run, tmp_path: Path) -> None:
    work = {**versions(PAGES), "models.py": with_pages()}
    ran = run(branch(tmp_path, {**OLD, "models.py": "import library_of_nowhere"}, work), "--base", "main")
    assert "This run created the base schema" not in ran.finding("old-migration-fails")["why"]
    assert not ran.reason("upgrade").endswith("..")


def test_the_base_may_lack_the_tree(run: Run, tmp_path: Path) -> None:
    ran = run(branch(tmp_path, {"README": "A library"}, tree(BOOK)), "--base", "main")
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["trees"][0]["new_revisions"] == ["a1"]


def test_a_base_that_is_not_there_is_a_wrong_setting(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree(BOOK))
    ran = run(tmp_path, "--base", "trunk")
    assert (ran.code, ran.report) == (2, {})
    assert "The base trunk is not in the repository." in ran.stderr


def test_models_that_the_base_has_without_any_revision_are_old(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree())
    builder.write(tmp_path, {"README.md": "Words."})
    ran = run(tmp_path, "--base", "HEAD")
    assert [line for line in ran.outline if "-migration" in line or "-drift" in line] == ["    notice old-drift"], (
        ran.stdout
    )


def test_the_first_revision_answers_for_the_tables_that_it_leaves_out(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, {"README.md": "Words."})
    builder.write(tmp_path, tree(BOOK, models=UNMODELLED))
    ran = run(tmp_path, "--base", "HEAD")
    assert [line for line in ran.outline if "error" in line] == [
        "    error missing-migration public.author models.py:5"
    ]
