"""The project is loaded as `alembic upgrade` loads it: env.py first, from the folder and by the options it expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run, python_for
from tests.projects import builder, loading
from tests.projects.builder import BOOK, Revision, tree
from tests.projects.environments import SETTINGS

PASSED = ["passed", "alembic.ini", "  heads passed", "  history skipped", "  upgrade passed", "  drift passed"]
BROKEN = ["inconclusive", "alembic.ini", "  heads passed", "  history skipped", "  upgrade error", "  drift error"]
LOADS = {
    "a path that env.py adds": loading.path_from_env_py(),
    "an import that works from the models alone": loading.circular(),
    "a URL that env.py completes": loading.url_filled_in_by_env_py(),
}


@pytest.mark.parametrize("name", LOADS)
def test_a_project_is_loaded_as_by_the_command(name: str, run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, LOADS[name]))
    assert ran.outline == PASSED, ran.stderr
    assert ran.code == 0


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("env.py", "migrations/env.py, line 9"),
        ("a version file", "migrations/versions/a1_.py, line 10"),
        ("a module", "shelves.py, line 2"),
    ],
)
def test_alembics_own_exception_of_the_project_is_the_projects(where: str, line: str, run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, loading.raises_command_error(where)))
    assert ran.outline == BROKEN
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's own code failed to load: CommandError: the shelves are not open",
        f"The exception was raised in {line}.",
        "Fix the code there, or set the variables that it needs with --env. env.py ran in the repository's root.",
    ]
    assert ran.code == 5


def test_a_migration_that_raises_alembics_exception_has_its_line(run: Run, tmp_path: Path) -> None:
    refuses = Revision(id="b2", down="a1", upgrade='from alembic.util import CommandError\nraise CommandError("no")')
    ran = run(builder.write(tmp_path, tree(BOOK, refuses)))
    assert ran.outline[4:6] == [
        "  upgrade failed",
        f"    error migration-fails b2 migrations/versions/b2_.py:{refuses.line + 1}",
    ]


def test_a_variable_that_a_migration_misses_can_be_given(run: Run, tmp_path: Path) -> None:
    reads = Revision(id="b2", down="a1", upgrade='import os\nassert os.environ["SHELF_KEY"] == "oak"')
    builder.write(tmp_path, tree(BOOK, reads))
    ran = run(tmp_path)
    finding = ran.finding("migration-fails")
    assert (finding["message"], finding["path"], finding["line"]) == (
        "Revision b2 fails: KeyError: 'SHELF_KEY'.",
        "migrations/versions/b2_.py",
        reads.line + 1,
    )
    assert finding["remedy"] == (
        "Set it with --env SHELF_KEY=VALUE, or as SHELF_KEY=VALUE in the action's input `env`. The migration reads it."
    )
    ran = run(tmp_path, "--env", "SHELF_KEY=oak")
    assert ran.outline == PASSED, ran.stderr


def test_a_key_of_another_mapping_is_no_variable(run: Run, tmp_path: Path) -> None:
    reads = Revision(id="b2", down="a1", upgrade='{}["SHELF_KEY"]')
    ran = run(builder.write(tmp_path, tree(BOOK, reads)))
    assert ran.finding("migration-fails")["remedy"] == "Fix the migration at this line."


SQLITE = {
    "an engine": (loading.ENGINE_SETTINGS, "DB_ENGINE", "DB_ENGINE=postgres"),
    "a URI without a default": (loading.URI_SETTINGS, "LIBRARY_PG_URI", "LIBRARY_PG_URI={url}"),
    "a condition": (loading.PLAIN_SETTINGS, "SHELF_URL", "SHELF_URL={url}"),
}


@pytest.mark.parametrize("name", SQLITE)
def test_the_variable_that_decides_on_sqlite_is_named_and_is_the_right_one(name: str, run: Run, tmp_path: Path) -> None:
    settings, variable, line = SQLITE[name]
    python = ("--python", python_for(SETTINGS["pydantic 2"]))
    builder.write(tmp_path, loading.by_settings(settings))
    ran = run(tmp_path, *python)
    assert ran.check("upgrade")["reason"].splitlines() == [
        "env.py connects to sqlite, not to PostgreSQL.",
        "Nothing was migrated: a result on another kind of database says nothing about PostgreSQL. The project's code "
        f"chooses it by {variable}.",
        "Add to the command, or as `env` to [tool.alembic-checks]:",
        f"  --env {line}",
    ]
    ran = run(tmp_path, *python, "--env", line)
    assert ran.outline == PASSED, ran.stderr


def test_a_url_of_the_configuration_is_named_where_it_decides(run: Run, tmp_path: Path) -> None:
    ini = builder.INI.replace("postgresql+psycopg2://nobody:nothing@db.invalid/production", "sqlite:///library.db")
    ran = run(builder.write(tmp_path, tree(BOOK, ini=ini)))
    assert ran.check("upgrade")["reason"].splitlines()[1:] == [
        "Nothing was migrated: a result on another kind of database says nothing about PostgreSQL. `sqlalchemy.url` in "
        "alembic.ini is an SQLite URL.",
        "Read the URL in env.py from a variable such as DATABASE_URL: it is set to the scratch database.",
    ]


@pytest.mark.parametrize("name", loading.FOLDERS)
def test_the_folder_that_has_what_is_missing_is_tried_and_named(name: str, run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, loading.FOLDERS[name])
    path = "services/api/library" if "given" in name else "library"
    ran = run(tmp_path / "services/api" if "given" in name else tmp_path)
    assert ran.outline == ["passed", f"{path}/alembic.ini", *PASSED[2:]], ran.stderr
    above = "the folder services/api" if "given" in name else "the repository's root"
    note = f"env.py ran in {above}, because it does not load in the folder {path}: "
    assert ran.report["trees"][0]["folder_note"].startswith(note)
    assert note in " ".join(ran.stdout.split())


def test_the_base_runs_in_the_same_folder(run: Run, tmp_path: Path) -> None:
    files = loading.FOLDERS["an ini in a package that is imported from the root"]
    builder.commit(tmp_path, files)
    edited = Revision(id="a1", upgrade=f'op.execute("SELECT 1")\n{builder.CREATE_BOOK.strip()}')
    builder.commit(tmp_path, builder.below("library", builder.versions(edited)))
    ran = run(tmp_path, "--base", "HEAD~1", "--trace", tmp_path / "trace.jsonl")
    assert [line for line in ran.outline if "upgrade" in line or "drift" in line] == [
        "  upgrade passed",
        "  drift passed",
    ], ran.stdout
    assert (tmp_path / "trace.jsonl").read_text().count('"event": "loaded"') == 3  # once in vain, then head and base


@pytest.mark.parametrize("name", loading.PATHS)
def test_every_folder_of_prepend_sys_path_is_on_the_path(name: str, run: Run, tmp_path: Path) -> None:
    ran = run(builder.write(tmp_path, loading.PATHS[name]))
    assert ran.outline == PASSED, ran.stderr
    assert ran.report["trees"][0]["folder_note"] is None


def test_pythonpath_is_the_jobs_or_that_of_env(run: Run, tmp_path: Path) -> None:
    root = builder.write(tmp_path, loading.without_a_path())
    assert run(root, "--env", "PYTHONPATH=src:lib").outline == PASSED
    assert run(root, PYTHONPATH=f"{root}/src:lib").outline == PASSED


def test_a_file_that_no_folder_has_is_missing_where_env_py_ran(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, builder.below("backend", loading.needs_a_file_of_nowhere()))
    ran = run(tmp_path)
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's own code failed to load: FileNotFoundError: [Errno 2] No such file or directory: "
        "'config/library.txt'",
        "The exception was raised in backend/migrations/env.py, line 8.",
        "Fix the code there, or set the variables that it needs with --env. env.py ran in the folder backend.",
    ]
    assert "--- details ---" in ran.stderr
    assert ran.code == 5


def test_version_locations_say_where_the_command_is_run(run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, loading.versions_from_the_root())
    ran = run(tmp_path)
    assert ran.outline == ["passed", "library/alembic.ini", *PASSED[2:]], ran.stdout
    assert ran.report["trees"][0]["folder_note"] is None


def test_every_metadata_of_one_database_is_compared(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path, loading.configures_once_for_each_part())
    assert run(tmp_path).outline == PASSED
    builder.write(tmp_path, {"models.py": builder.MODELS + "more = MetaData()\n"})
    ran = run(tmp_path)
    assert ran.outline[-1] == "    error missing-migration public.author", ran.stdout


def test_packages_that_cannot_be_imported_are_no_code_of_the_project(run: Run, tmp_path: Path) -> None:
    builder.write(tmp_path / "project", tree(BOOK))
    again = "import sys\nif hasattr(sys, 'once'):\n    raise ImportError('half of it is there')\nsys.once = True\n"
    fails = "raise AssertionError('Class Shelf directly inherits TypingOnly but has additional attributes')\n"
    builder.write(tmp_path, {"packages/alembic/__init__.py": again + fails})
    ran = run(tmp_path / "project", "--env", f"PYTHONPATH={tmp_path / 'packages'}")
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's packages failed to load: AssertionError: Class Shelf directly inherits TypingOnly but has "
        "additional attributes",
        "The exception was raised while Alembic and SQLAlchemy were imported.",
        "SQLAlchemy 2.0 needs 2.0.31 or later for Python 3.13. Name an older one with --python, or raise SQLAlchemy.",
    ]


def test_the_last_lines_of_a_process_that_ended_are_said(run: Run, tmp_path: Path) -> None:
    ends = builder.EnvPy(top="import os\nprint('the shelves are closed', flush=True)\nos._exit(3)").text
    ran = run(builder.write(tmp_path, tree(BOOK, env=ends)))
    assert ran.check("upgrade")["reason"].splitlines() == [
        "The project's process exited with code 3 while it was being loaded.",
        "Code in env.py, or in a module that it imports, ended the interpreter. Its last output was:",
        "  the shelves are closed",
        "Remove what ends the interpreter, such as os._exit(), or set with --env what it needs to continue.",
    ]
