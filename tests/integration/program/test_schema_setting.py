"""The setting ``schema``: a dump of production's schema is the base database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_base import branch
from tests.integration.program.test_made_base import HEAD
from tests.projects import builder
from tests.projects.builder import MODELS, Revision, versions
from tests.projects.made_bases import INDEX, NAMES_INDEX, READS_AT_IMPORT, SCHEMA, at, old
from tests.projects.upgrades import PAGES, with_pages

FROM_FILE = "The base database was created from the `schema` file."
WITH_INDEX = MODELS + INDEX
PASSED = ["passed", *HEAD, "  upgrade passed", "  drift passed"]
NOT_JUDGED = ["inconclusive", *HEAD, "  upgrade skipped", "  drift skipped"]
EXTRA = "    notice made-by-hand"
OPTIONS = ("--base", "main", "--schema", "schema.sql")


def test_the_base_is_made_from_the_dump_alone(run: Run, tmp_path: Path) -> None:
    base = {**old(models=WITH_INDEX), "schema.sql": at("a1")}
    branch(tmp_path, base, {**versions(PAGES), "models.py": with_pages(WITH_INDEX)})
    ran = run(tmp_path, *OPTIONS)
    assert ran.outline == [*PASSED, EXTRA], ran.stdout
    assert ran.report["trees"][0]["base_created"] == FROM_FILE
    assert FROM_FILE in ran.stdout


def test_an_object_that_production_has_is_a_finding_again(run: Run, tmp_path: Path) -> None:
    new = Revision(id="b2", down="a1", upgrade='op.create_index("ix_book_title", "book", ["title"])')
    ran = run(branch(tmp_path, {**old(), "schema.sql": at("a1")}, versions(new)), *OPTIONS)
    error = f"    error migration-fails b2 migrations/versions/b2_.py:{new.line}"
    assert ran.outline == ["failed", *HEAD, "  upgrade failed", error, "  drift skipped"], ran.stdout
    assert ran.finding("migration-fails")["message"] == 'Revision b2 fails: relation "ix_book_title" already exists.'


def test_an_index_of_an_old_migration_is_there(run: Run, tmp_path: Path) -> None:
    base = {**old(NAMES_INDEX), "schema.sql": at("a2")}
    ran = run(branch(tmp_path, base, {"models.py": WITH_INDEX}), *OPTIONS)
    assert ran.outline == [*PASSED, EXTRA], ran.stdout


def test_what_production_lacks_is_missing(run: Run, tmp_path: Path) -> None:
    base = {**old(NAMES_INDEX, models=WITH_INDEX), "schema.sql": at("a2")}
    ran = run(branch(tmp_path, base, {"models.py": with_pages(WITH_INDEX)}), *OPTIONS)
    missing = "    error missing-migration public.book.pages models.py:4"
    assert ran.outline == ["failed", *HEAD, "  upgrade passed", "  drift failed", missing, EXTRA], ran.stdout


def test_revisions_that_production_has_not_run_yet_are_run_first(run: Run, tmp_path: Path) -> None:
    base = {**old(Revision(id="a2", down="a1", upgrade=PAGES.upgrade), models=with_pages()), "schema.sql": at("a1")}
    new = Revision(id="b2", down="a2", upgrade='op.execute("UPDATE book SET pages = 0")')
    ran = run(branch(tmp_path, base, versions(new)), *OPTIONS)
    assert ran.outline[:5] == ["passed", *HEAD, "  upgrade passed"], ran.stdout
    assert sorted(ran.report["trees"][0]["revision_seconds"]) == ["a2", "b2"]


def test_a_base_revision_that_fails_on_production_is_old(run: Run, tmp_path: Path) -> None:
    broken = Revision(id="a2", down="a1", upgrade='op.execute("UPDATE book SET pages = 0")')
    base = {**old(broken), "schema.sql": at("a1")}
    ran = run(branch(tmp_path, base, versions(Revision(id="b2", down="a2"))), *OPTIONS)
    notice = f"    notice old-migration-fails a2 migrations/versions/a2_.py:{broken.line}"
    assert ran.outline == ["inconclusive", *HEAD, "  upgrade skipped", notice, "  drift skipped"], ran.stdout
    assert ran.finding("old-migration-fails")["why"] == (
        "The database created from the `schema` file has not run this revision yet, and the next deploy of the base "
        "fails at it."
    )


def test_without_a_base_new_is_what_production_has_not_run(run: Run, tmp_path: Path) -> None:
    files = {**old(PAGES, models=with_pages(WITH_INDEX)), "schema.sql": at("a1")}
    ran = run(builder.write(tmp_path, files), "--schema", "schema.sql")
    passed = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
    assert ran.outline == [*passed, EXTRA], ran.stdout
    assert sorted(ran.report["trees"][0]["revision_seconds"]) == ["b2"]


def test_a_project_that_reads_its_tables_when_it_loads_is_loaded_on_the_dump(run: Run, tmp_path: Path) -> None:
    setting = "CREATE TABLE public.setting (name text);\nINSERT INTO public.setting VALUES ('shop');\n"
    base = {**old(models=READS_AT_IMPORT + WITH_INDEX), "schema.sql": at("a1", schema=SCHEMA + setting)}
    branch(tmp_path, base, {**versions(PAGES), "models.py": READS_AT_IMPORT + with_pages(WITH_INDEX)})
    ran = run(tmp_path, *OPTIONS)
    assert ran.outline == [*PASSED, "    notice old-drift", EXTRA], ran.stdout


def test_the_version_table_may_have_another_name_and_schema(run: Run, tmp_path: Path) -> None:
    env = builder.EnvPy(options='version_table="versions", version_table_schema="ops"').text
    dump = "CREATE SCHEMA ops;\n" + at("a1").replace("public.alembic_version", "ops.versions")
    base = {**old(models=WITH_INDEX, env=env), "schema.sql": dump}
    branch(tmp_path, base, {**versions(PAGES), "models.py": with_pages(WITH_INDEX)})
    ran = run(tmp_path, *OPTIONS)
    assert ran.outline[:6] == PASSED, ran.stdout


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            None,
            [
                "The base database could not be created: the `schema` file schema.sql has no rows of "
                "public.alembic_version.",
                "These rows say which revisions production has run. pg_dump --schema-only leaves them out.",
                "Add them: pg_dump --data-only --table=public.alembic_version … >> schema.sql",
            ],
        ),
        (
            "zz",
            [
                "The base database could not be created: The `schema` file is at revision zz, which the base does not "
                "have.",
                "No version file of the base has this id.",
                "Make the dump from a database that has run only the base's revisions, or merge the base into this "
                "branch.",
            ],
        ),
        (
            "b2",
            [
                "The base database could not be created: The `schema` file is at revision b2, which the base does not "
                "have.",
                "This change adds it.",
                "Make the dump from a database that has run only the base's revisions, or merge the base into this "
                "branch.",
            ],
        ),
    ],
)
def test_the_rows_have_to_be_those_of_the_base(rows: str | None, lines: list[str], run: Run, tmp_path: Path) -> None:
    dump = SCHEMA if rows is None else at(rows)
    ran = run(branch(tmp_path, {**old(), "schema.sql": dump}, versions(PAGES)), *OPTIONS)
    assert ran.outline == NOT_JUDGED, ran.stdout
    assert str(ran.check("upgrade")["reason"]).splitlines() == lines


def _custom(file: Path) -> None:
    file.write_bytes(b"PGDMP\x01\x0e\x00\x04\x08")


def _tar(file: Path) -> None:
    (file.parent / "toc.dat").write_text("x")
    with tarfile.open(file, "w", format=tarfile.USTAR_FORMAT) as archive:
        archive.add(file.parent / "toc.dat", "toc.dat")


def _link(file: Path) -> None:
    file.symlink_to("/etc/hostname")


def _git_config(file: Path) -> None:
    file.symlink_to(".git/config")


def _error(file: Path) -> None:
    file.write_text(at("a1").replace("    title character", "    title,\n    title2 character"))


def _late_error(file: Path) -> None:
    file.write_text(at("a1") + "\n\nCREATE INDEX i ON public.author (id);\n")


def _other_database(file: Path) -> None:
    file.write_text("CREATE TABLE t (id int);\n\\connect shop\n" + at("a1"))


def _cut_off(file: Path) -> None:
    file.write_text(at("a1").partition("END\n$_$")[0])


def _cut_off_rows(file: Path) -> None:
    file.write_text(at("a1").partition("\\.\n")[0])


@pytest.mark.parametrize(
    ("write", "clause"),
    [
        (lambda file: None, "schema.sql does not exist."),
        (Path.mkdir, "schema.sql is a folder, such as pg_dump's directory format writes."),
        (_custom, "schema.sql is a dump in pg_dump's custom format."),
        (_tar, "schema.sql is a dump in pg_dump's tar format."),
        (_link, "schema.sql is not a file of the repository."),
        (_git_config, "schema.sql is not a file of the repository."),
        (os.mkfifo, "schema.sql cannot be read: it is a named pipe, not a regular file."),
        (_error, 'schema.sql: line 18: syntax error at or near ",".'),
        (_late_error, 'schema.sql: line 53: relation "public.author" does not exist.'),
        (_other_database, "schema.sql: line 2 has the psql command \\connect shop."),
        (_cut_off, "schema.sql: line 23 has a quote that is never closed."),
        (_cut_off_rows, "schema.sql: the rows after line 46 never end: the file is incomplete."),
    ],
)
def test_a_file_that_is_no_plain_dump_is_not_judged(write: object, clause: str, run: Run, tmp_path: Path) -> None:
    assert callable(write)
    branch(tmp_path, old(), versions(PAGES))
    write(tmp_path / "schema.sql")
    ran = run(tmp_path, *OPTIONS)
    assert ran.outline == NOT_JUDGED, ran.stdout
    assert ran.reason("upgrade") == f"The base database could not be created: the `schema` file {clause}"
    assert ran.code == 1


def test_a_file_outside_the_repository_is_not_read(run: Run, tmp_path: Path) -> None:
    branch(builder.write(tmp_path / "shop"), old(), versions(PAGES))
    (tmp_path / "schema.sql").write_text(at("a1"))
    ran = run(tmp_path / "shop", "--base", "main", "--schema", "../schema.sql")
    assert ran.outline == NOT_JUDGED, ran.stdout
    assert ran.reason("upgrade").endswith(f"file {tmp_path}/schema.sql is not a file of the repository.")


def test_one_of_init_and_schema_is_enough(run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, old()), "--init", "true", "--schema", "schema.sql")
    assert ran.code == 2
    said = "--schema (command line): cannot be combined with --init: only one of them can create the base database."
    assert said in ran.stderr


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="no pg_dump on this machine")
def test_a_dump_that_pg_dump_writes_is_taken(run: Run, tmp_path: Path) -> None:
    """The dump is of the database that a first run keeps."""
    branch(tmp_path, builder.tree(builder.BOOK), {**versions(PAGES), "models.py": with_pages()})
    detail = run(tmp_path, "--keep").report["server"]["detail"]
    found = re.search(r"psql (\S+)/postgres \. Stop it with: kill -INT (\d+) .*(ac_\w+_head_\d+)", detail)
    assert found is not None, detail
    url, pid, head = found.groups()
    try:
        commands = (["--schema-only"], ["--data-only", "--table=alembic_version"])
        texts = [
            subprocess.run(["pg_dump", *options, f"{url}/{head}"], check=True, capture_output=True, text=True).stdout
            for options in commands
        ]
    finally:
        os.kill(int(pid), signal.SIGINT)
    (tmp_path / "schema.sql").write_text("".join(texts))
    ran = run(tmp_path, "--schema", "schema.sql")
    assert ran.outline[0] == "passed", ran.stdout
    assert ran.report["trees"][0]["revision_seconds"] == {}
