"""Runs on several servers, and on one that ``postgres-setup`` prepares."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.postgres.servers.embedded import boot
from tests.integration.program.conftest import Run
from tests.integration.program.test_base import branch
from tests.integration.program.test_other_server import Production
from tests.projects.builder import BOOK, MODELS, EnvPy, Revision, tree, versions, write
from tests.unit.test_projects_page import examples

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
MODELS_WITH_ENGINE = f"""
import os
from sqlalchemy import create_engine
{MODELS}
engine = create_engine(os.environ["DATABASE_URL"])
with open(os.path.join(os.path.dirname(__file__), "imports"), "a") as file:
    file.write("imported\\n")
"""
OF_THE_MODELS = EnvPy(imports="from models import engine as made, metadata", engine="made").text
BY_VERSION = Revision(
    id="b2",
    down="a1",
    upgrade="""
    if op.get_bind().dialect.server_version_info < (16,):
        op.create_table("old", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("both", sa.Column("id", sa.Integer(), primary_key=True))
    """,
)
VIRTUAL = 'op.execute("CREATE TABLE price (net int, gross int GENERATED ALWAYS AS (net * 2) VIRTUAL)")'
SETUP = """
CREATE ROLE reader;
CREATE SCHEMA app;
CREATE EXTENSION file_fdw;
CREATE TABLE legacy (id serial PRIMARY KEY, name text);
CREATE TYPE mood AS ENUM ('sad');
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
"""
NEEDS_SETUP = Revision(
    id="b2",
    down="a1",
    upgrade="""
    op.execute("CREATE TABLE app.kept (id int DEFAULT one(), mood mood)")
    op.execute("GRANT SELECT ON app.kept TO reader")
    op.execute("SET LOCAL ROLE reader")
    op.execute("RESET ROLE")
    op.execute("INSERT INTO legacy (name) VALUES ('a')")
    op.execute("DROP TABLE app.kept")
    op.execute("COMMENT ON EXTENSION file_fdw IS 'ours'")
    """,
)


def test_a_difference_on_one_version_alone_names_it_and_the_project_is_imported_once(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, BY_VERSION, env=OF_THE_MODELS, models=MODELS_WITH_ENGINE))
    ran = run(project, "--postgres", "18,15,14")
    assert (project / "imports").read_text() == "imported\n"
    assert [server["version"].split(".")[0] for server in (ran.report["server"], *ran.report["further_servers"])] == [
        "18",
        "15",
    ]
    note = (
        "PostgreSQL 14 is not installed here, so no migration ran on it. Set `postgres-image: postgres:14` "
        "(--postgres-image) to start it with Docker."
    )
    assert ran.report["server_notes"] == [note]
    assert note in " ".join(ran.stdout.split())
    drift = ran.check("drift")
    assert (ran.code, drift["status"], drift["reason"]) == (1, "failed", None)
    assert [(finding["object"], finding["message"]) for finding in drift["findings"]] == [
        ("public.both", "The migrations create table public.both, but it is not in the models."),
        ("public.old", "On PostgreSQL 15: The migrations create table public.old, but it is not in the models."),
    ]


def test_a_migration_that_fails_on_one_version_alone(run: Run, tmp_path: Path) -> None:
    fails = Revision(id="b2", down="a1", upgrade=VIRTUAL)
    branch(tmp_path, tree(BOOK), versions(fails))
    ran = run(tmp_path, "--base", "main", "--postgres", "18", "--postgres", "15", "--checks", "heads,upgrade")
    (finding,) = ran.check("upgrade")["findings"]
    message = 'On PostgreSQL 15: Revision b2 fails: syntax error at or near "VIRTUAL".'
    assert (ran.code, finding["rule"], finding["message"]) == (1, "migration-fails", message)


def test_a_server_that_does_not_start_is_no_pass(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK))
    ran = run(project, "--postgres", "18", "--postgres-image", "postgres:17", DOCKER_HOST="unix:///nowhere/docker.sock")
    assert (ran.code, ran.report["verdict"]) == (1, "inconclusive")
    assert ran.check("upgrade")["reason"].splitlines()[:2] == [
        "On postgres:17: The image postgres:17 could not be started: no Docker engine was reached.",
        "unix:///nowhere/docker.sock: no such file or directory.",
    ]


def test_what_no_migration_creates_is_there_and_no_drift(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, NEEDS_SETUP))
    ran = run(project, "--postgres", "18,15", "--postgres-setup", SETUP)
    assert (ran.code, ran.outline) == (0, PASSED), ran.stdout
    without = run(project, "--postgres", "15")
    assert without.finding("migration-fails")["remedy"].endswith(
        "set `postgres-setup: CREATE SCHEMA app;` (--postgres-setup)."
    )


def test_a_dump_of_production_may_create_the_same_schema(run: Run, tmp_path: Path) -> None:
    dump = (
        "CREATE SCHEMA app;\nCREATE TABLE public.book (id serial PRIMARY KEY, title varchar(200) NOT NULL);\n"
        "CREATE TABLE public.alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);\n"
        "INSERT INTO public.alembic_version VALUES ('a1');\n"
    )
    uses = Revision(id="b2", down="a1", upgrade='op.execute("CREATE TABLE app.t (); DROP TABLE app.t")')
    branch(tmp_path, {**tree(BOOK), "schema.sql": dump}, versions(uses))
    options = ("--base", "main", "--schema", "schema.sql", "--postgres-setup", "CREATE SCHEMA app")
    ran = run(tmp_path, *options)
    assert (ran.code, ran.outline[0]) == (0, "passed"), ran.stdout
    assert run(tmp_path, *options[:-2]).code == 0  # the dump alone does it, too


def test_the_setup_of_the_page_is_run(run: Run, tmp_path: Path) -> None:
    (example,) = [example["postgres-setup"] for example in examples() if "postgres-setup" in example]
    needs = 'op.execute("CREATE TABLE billing.t (); GRANT SELECT ON billing.t TO reporting; DROP TABLE billing.t")'
    project = write(tmp_path, tree(BOOK, Revision(id="b2", down="a1", upgrade=needs)))
    ran = run(project, "--postgres", "15", "--postgres-setup", example)
    assert (ran.code, ran.outline) == (0, PASSED), ran.stdout


@pytest.mark.parametrize(
    ("setup", "said"),
    [
        (
            "SELECT 1;\n\nCREATE EXTENSION\n  postgis;",
            'line 3: extension "postgis" is not available.\nThe statement was: CREATE EXTENSION postgis\nSet '
            "`postgres-image: postgis/postgis:17-3.5` (--postgres-image): this image has the extension. Or set "
            "`database-url` (--database-url) to a server that has it.\n",
        ),
        (
            "CREATE TABEL x ()",
            'line 1: syntax error at or near "TABEL".\nThe statement was: CREATE TABEL x ()\nCorrect the statement, '
            "or remove it.\n",
        ),
    ],
)
def test_a_statement_that_fails_is_a_wrong_setting(setup: str, said: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK)), "--postgres", "15", "--postgres-setup", setup)
    assert (ran.code, ran.report) == (2, {})
    assert ran.stderr.partition("`postgres-setup` fails on PostgreSQL 15.")[2].partition(", ")[2] == said


def test_on_a_server_that_is_given_its_roles_go_at_the_end(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, NEEDS_SETUP))
    with boot(version=15, superuser=True) as server:
        live = Production(server)
        live.ask("CREATE ROLE other")
        ran = run(project, "--database-url", live.url(), "--postgres-setup", f"CREATE ROLE other;{SETUP}")
        assert (ran.code, ran.outline) == (0, PASSED), ran.stdout
        assert live.ask("SELECT rolname FROM pg_roles WHERE rolname IN ('reader', 'other')") == [("other",)]
        assert live.ask("SELECT datname FROM pg_database WHERE datname LIKE 'ac%'") == []
