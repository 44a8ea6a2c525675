"""Migrations that need, or try, what only a superuser may do, and the setting ``superuser``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.integration.program.test_base import branch
from tests.projects import builder, powers
from tests.projects.builder import BOOK, EnvPy, tree, versions, write
from tests.projects.made_bases import old

WHY = (
    "Migrations run here as a role that owns the database and is no superuser, as in most deploys. So this proves "
    "nothing about a deploy that connects as a superuser."
)
FIX = (
    "Set `superuser: true` (--superuser) if your deploy connects as a superuser, or as a role that may do this. "
    "If an administrator does this in production, let `postgres-setup` (--postgres-setup) do it. Otherwise remove the "
    "statement: the deploy fails at it as well."
)
NOT_JUDGED = ["inconclusive", "alembic.ini", "  heads passed", "  upgrade skipped", "  drift skipped"]
NEEDED = "needs a right that only a superuser has:"


@pytest.fixture
def marker() -> Iterator[Path]:
    """Return a file that the server's user can create."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="ac-test-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder) / "stolen"


def outline(lines: list[str]) -> list[str]:
    return [line for line in lines if "history" not in line]


@pytest.mark.parametrize("version", ["15", "18"])
def test_a_program_needs_the_setting_and_the_reason_says_so(version: str, run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, powers.executing(powers.PROGRAM)))
    ran = run(project, "--postgres", version)
    assert (ran.code, outline(ran.outline)) == (1, NOT_JUDGED), ran.stdout
    said = {
        "15": "must be superuser or have privileges of the pg_execute_server_program role to COPY to or from an "
        "external program",
        "18": "permission denied to COPY to or from an external program",
    }[version]
    assert ran.check("upgrade")["reason"].splitlines() == [
        f"Revision b2 {NEEDED} {said}.",
        WHY,
        f"The statement was: {powers.PROGRAM}",
        FIX,
    ]


@pytest.mark.parametrize("version", ["15", "18"])
def test_with_the_setting_it_runs(version: str, run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK, powers.executing("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'")))
    ran = run(project, "--postgres", version, "--superuser")
    assert (ran.code, ran.outline[0]) == (0, "passed"), ran.stdout
    (project / "pyproject.toml").write_text("[tool.alembic-checks]\nsuperuser = true\n")
    assert run(project, "--postgres", version).code == 0


def test_an_old_revision_that_needs_it_is_no_base_that_fails(run: Run, tmp_path: Path) -> None:
    needs = powers.executing("CREATE EXTENSION file_fdw")
    branch(tmp_path, tree(BOOK, needs), versions(powers.executing("SELECT 1", id_="c3", down="b2")))
    ran = run(tmp_path, "--base", "main")
    assert (ran.code, outline(ran.outline)) == (1, NOT_JUDGED), ran.stdout
    assert ran.reason("upgrade") == f'Revision b2 {NEEDED} permission denied to create extension "file_fdw".'
    assert run(tmp_path, "--base", "main", "--superuser").outline[0] == "passed"


def test_an_error_that_the_migration_catches_is_its_own_affair(run: Run, tmp_path: Path) -> None:
    caught = (
        f"try:\n    with op.get_bind().begin_nested():\n        op.execute({powers.PROGRAM!r})\n"
        "except sa.exc.ProgrammingError:\n    pass"
    )
    ran = run(write(tmp_path, tree(BOOK, builder.Revision(id="b2", down="a1", upgrade=caught))))
    assert (ran.code, ran.outline[0]) == (0, "passed"), ran.stdout


@pytest.mark.parametrize("statements", powers.HINDERED.values(), ids=powers.HINDERED)
def test_what_the_migration_itself_forbids_is_a_failure(statements: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(BOOK, powers.executing(*statements))))
    finding = ran.finding("migration-fails")
    assert (ran.code, finding["evidence"][0]["text"]) == (1, statements[-1])
    assert finding["remedy"] == (
        "Grant the right in an earlier statement, or run the statement as a role that has it. If your deploy connects "
        "as a superuser, set `superuser: true` (--superuser), or let `database-url` name one."
    )


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg", "asyncpg", "pg8000"])
def test_env_py_may_need_it(driver: str, run: Run, tmp_path: Path) -> None:
    shape = {"run": builder.ASYNC} if driver == "asyncpg" else {}
    before = 'connection.execute(text("CREATE EXTENSION file_fdw"))'
    env = EnvPy(url=f'"postgresql+{driver}://db.invalid/production"', before=before, **shape).text
    ran = run(write(tmp_path, tree(BOOK, env=env)))
    assert (ran.code, outline(ran.outline)) == (1, NOT_JUDGED), ran.stdout
    first, why, *_, fix = ran.check("upgrade")["reason"].splitlines()
    assert first.startswith(f'The project\'s code {NEEDED} permission denied to create extension "file_fdw"')
    assert (why, fix) == (WHY, FIX)


def test_the_init_command_may_need_it(run: Run, tmp_path: Path) -> None:
    init = (
        "import os, psycopg2\nwith psycopg2.connect(os.environ['DATABASE_URL'].replace('+psycopg2', '')) as c:\n"
        "    c.cursor().execute('CREATE EXTENSION file_fdw')\n"
    )
    ran = run(branch(tmp_path, {**old(), "init.py": init}, {}), "--base", "main", "--init", f"{sys.executable} init.py")
    assert ran.reason("upgrade").startswith(f"The `init` command {NEEDED} permission denied to create extension")
    assert ran.check("upgrade")["reason"].endswith(FIX)
    assert ran.code == 1


def test_a_dump_gives_its_tables_to_whom_it_may(run: Run, tmp_path: Path) -> None:
    """Production's roles own production's tables; here the role that migrates owns them."""
    dump = (
        "CREATE TABLE public.book (id integer NOT NULL PRIMARY KEY, title varchar(200) NOT NULL);\n"
        "ALTER TABLE public.book OWNER TO shop_owner;\n"
        "ALTER SCHEMA public OWNER TO pg_database_owner;\n"
        "CREATE TABLE public.alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);\n"
        "ALTER TABLE public.alembic_version OWNER TO shop_owner;\n"
        "INSERT INTO public.alembic_version VALUES ('a1');\n"
        "GRANT ALL ON TABLE public.book TO shop_owner;\n"
        "GRANT USAGE ON SCHEMA public TO shop_reader;\n"
        "ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA public GRANT SELECT ON TABLES TO shop_reader;\n"
    )
    work = powers.executing("ALTER TABLE book ADD COLUMN pages integer", "ALTER TABLE book DROP COLUMN pages")
    branch(tmp_path, {**tree(BOOK), "schema.sql": dump}, versions(work))
    for version in ("15", "18"):
        options = ("--base", "main", "--schema", "schema.sql", "--postgres", version)
        ran = run(tmp_path, *options)
        assert (ran.code, ran.outline[0]) == (0, "passed"), ran.stdout


def test_a_dump_may_need_it(run: Run, tmp_path: Path) -> None:
    branch(tmp_path, {**tree(BOOK), "schema.sql": "SELECT 1;\nCREATE EXTENSION file_fdw;\n"}, {})
    ran = run(tmp_path, "--base", "main", "--schema", "schema.sql")
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The base database could not be created: the `schema` file schema.sql: line 2: permission denied to create "
        'extension "file_fdw".',
        "Must be superuser to create this extension. The file is loaded by a role that owns the database and is no "
        "superuser.",
        "Set `superuser: true` (--superuser), or remove this line from the file.",
    ]


@pytest.mark.parametrize("version", ["15", "18"])
def test_what_a_migration_plants_gets_no_superuser_s_rights_from_us(
    version: str, run: Run, tmp_path: Path, marker: Path
) -> None:
    project = branch(
        tmp_path,
        tree(powers.FROM_EMPTY),
        {**versions(powers.planting(str(marker))), "models.py": powers.MODELS_WITH_CHECK},
    )
    ran = run(project, "--base", "main", "--postgres", version)
    assert ran.report["trees"], ran.stderr
    assert (marker.exists(), "Traceback" in ran.stderr) == (False, False)
    # As a superuser's, each of these would have done it: the attempt is one.
    run(project, "--base", "main", "--postgres", version, "--superuser")
    assert marker.exists()


def test_a_server_of_the_user_keeps_the_user_s_role(run: Run, tmp_path: Path) -> None:
    project = write(tmp_path, tree(BOOK))
    ran = run(project, "--database-url", "postgresql://h/d", "--superuser")
    assert (ran.code, "cannot be combined with --database-url" in ran.stderr) == (2, True)
