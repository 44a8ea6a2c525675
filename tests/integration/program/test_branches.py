"""Branches that depend on each other, through the whole program: what is deployed, and where Alembic then stands."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.program.conftest import Ran, Run
from tests.projects import builder, hostile, upgrades
from tests.projects.branches import A1, B1, B2, NEEDS, WORKS, Scenario
from tests.projects.builder import CREATE_BOOK, Revision, tree

PASSED = ["passed", "alembic.ini", "  heads passed", "  history passed", "  upgrade passed", "  drift passed"]


def changed(run: Run, root: Path, scenario: Scenario) -> Ran:
    builder.commit(root, scenario.base)
    builder.write(root, scenario.change)
    return run(root, "--base", "HEAD")


@pytest.mark.parametrize("name", WORKS)
def test_a_change_that_upgrade_heads_deploys_passes(name: str, run: Run, tmp_path: Path) -> None:
    ran = changed(run, tmp_path, WORKS[name])
    assert (ran.code, ran.outline) == (0, PASSED), ran.stdout


def test_a_revision_that_fails_on_such_a_branch_is_its_error(run: Run, tmp_path: Path) -> None:
    fails = Revision(id="b2", down="b1", upgrade='op.execute("SELECT nothing FROM book")')
    ran = changed(run, tmp_path, Scenario(main=(A1, B1), new=(fails,)))
    assert ran.outline == [
        "failed",
        "alembic.ini",
        "  heads passed",
        "  history passed",
        "  upgrade failed",
        f"    error migration-fails b2 migrations/versions/b2_.py:{fails.line}",
        "  drift skipped",
    ], ran.stdout
    assert ran.finding("migration-fails")["why"] == (
        "A failed deploy changes nothing: everything is rolled back, and the version table is still at b1."
    )


def test_two_heads_of_one_label_are_still_a_split(run: Run, tmp_path: Path) -> None:
    ran = changed(run, tmp_path, Scenario(main=(A1, B1), new=(B2, Revision(id="b3", down="b1"))))
    assert ran.outline == [
        "failed",
        "alembic.ini",
        "  heads failed",
        "    error multiple-heads b3 b3 migrations/versions/b3_.py:6",
        "  history passed",
        "  upgrade passed",
        "  drift passed",
    ], ran.stdout
    assert [fix["text"] for fix in ran.finding("multiple-heads")["fixes"]] == [
        "down_revision = 'b2'",
        'alembic merge -m "merge heads" b2 b3',
    ]


COMPUTED = {"migrations/versions/b1_.py": B1.text.replace("depends_on = ('alpha',)", "depends_on = tuple(['alpha'])")}
"""A dependency that is known only where the file runs."""


def test_a_dependency_that_only_alembic_knows_counts(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree(A1))
    builder.write(tmp_path, COMPUTED)
    ran = run(tmp_path, "--base", "HEAD")
    assert (ran.code, ran.outline) == (0, PASSED), ran.stdout


def test_such_a_dependency_of_a_deployed_revision_counts_too(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree(A1), COMPUTED)
    builder.write(tmp_path, builder.versions(B2))
    ran = run(tmp_path, "--base", "HEAD")
    assert (ran.code, ran.outline) == (0, PASSED), ran.stdout


def test_a_head_that_only_alembic_knows_has_to_be_reached(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree(A1))
    builder.write(tmp_path, COMPUTED, {"migrations/env.py": hostile.withholding("step.revision.revision != 'b1'")})
    ran = run(tmp_path, "--base", "HEAD")
    assert (ran.code, ran.outline[0], ran.outline[4]) == (1, "inconclusive", "  upgrade skipped"), ran.stdout
    assert ran.reason("upgrade") == "env.py ran without an error, but the scratch database's version table holds a1."


@pytest.mark.parametrize("name", NEEDS)
def test_a_name_that_alembic_does_not_find_fails_heads(name: str, run: Run, tmp_path: Path) -> None:
    (needed,) = NEEDS[name].depends_on or ()
    ran = changed(run, tmp_path, Scenario(main=(A1, B1), new=(NEEDS[name],)))
    assert ran.outline == [
        "failed",
        "alembic.ini",
        "  heads failed",
        f"    error missing-parent b2 {needed} migrations/versions/b2_.py:5",
        "  history passed",
        "  upgrade skipped",
        "  drift skipped",
    ], ran.stdout
    assert ran.reason("upgrade") == f"Alembic cannot read the revision graph: KeyError: '{needed}'"


OLD = replace(upgrades.ALTERS_WHAT_IS_NOT_THERE, labels=("alpha",))
"""Fails on an empty database, so that the base is made without migrations, and stamped."""
INIT = """
import os, re, psycopg2

connection = psycopg2.connect(re.sub(r"\\+\\w+", "", os.environ["DATABASE_URL"]))
with connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE book (id serial PRIMARY KEY, title varchar(200) NOT NULL)")
    cursor.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    cursor.execute("INSERT INTO alembic_version SELECT unnest(ARRAY{rows})")
"""


def of_old(run: Run, root: Path, rows: list[str] | None = None) -> Ran:
    files = {"init.py": INIT.format(rows=rows)} if rows else {}
    builder.commit(root, tree(OLD, replace(B1, upgrade="pass")), files)
    builder.write(root, builder.versions(B2))
    return run(root, "--base", "HEAD", *(("--init", f"{sys.executable} init.py") if rows else ()))


@pytest.mark.parametrize("rows", [None, ["b1"]])
def test_a_base_without_migrations_stands_where_alembic_stamps_heads(
    rows: list[str] | None, run: Run, tmp_path: Path
) -> None:
    ran = of_old(run, tmp_path, rows)
    notice = f"    notice old-migration-fails a1 migrations/versions/a1_.py:{OLD.line}"
    assert ran.outline == [*PASSED[:5], notice, PASSED[5]], ran.stdout


def test_a_base_with_a_row_too_many_is_not_taken_for_the_deployed_one(run: Run, tmp_path: Path) -> None:
    """From such rows, every upgrade stops: one overlaps with the other."""
    ran = of_old(run, tmp_path, ["a1", "b1"])
    assert (ran.outline[0], ran.outline[4]) == ("inconclusive", "  upgrade skipped"), ran.stdout
    assert str(ran.check("upgrade")["reason"]).splitlines() == [
        "env.py ran without an error, but the scratch database's version table holds a1, b1.",
        "Listed beside a later revision: a1. Alembic itself leaves only the heads there, so other code wrote to the "
        "version table.",
        "Remove the code that writes to the version table from the migrations, env.py or the `init` command.",
    ]


def test_the_missing_migration_follows_a_head_that_alembic_takes(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree(A1, B1))
    builder.write(tmp_path, tree(A1, B1, B2, models=upgrades.with_pages()))
    ran = run(tmp_path, "--base", "HEAD")
    assert ran.finding("missing-migration")["object"] == "public.book.pages"
    (fix,) = ran.check("drift")["fixes"]
    assert "\ndown_revision = 'b2'\n" in fix["text"]
    assert (
        fix["title"]
        == "Missing migration (autogenerate; verified: applies, undoes, applies again; no differences remain)"
    )


@pytest.mark.parametrize(("upgrade", "rule"), [(CREATE_BOOK, None), ("raise ValueError", "migration-fails")])
def test_a_first_revision_is_new_where_the_base_has_none(
    upgrade: str, rule: str | None, run: Run, tmp_path: Path
) -> None:
    first = Revision(id="a1", upgrade=upgrade)
    builder.commit(tmp_path, tree())
    builder.write(tmp_path, builder.versions(first))
    ran = run(tmp_path, "--base", "HEAD")
    finding = f"    error {rule} a1 migrations/versions/a1_.py:{first.line}"
    failed = ["failed", *PASSED[1:4], "  upgrade failed", finding, "  drift skipped"]
    assert ran.outline == (failed if rule else PASSED), ran.stdout
