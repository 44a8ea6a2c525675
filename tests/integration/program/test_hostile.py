"""Hostile projects through the whole program: no secret of ours gets out, and no fault of ours comes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.program.conftest import Run
from tests.projects import builder, hostile
from tests.projects.builder import BOOK, CREATE_BOOK, Revision, tree, write

LINKS = {
    "environment": "/proc/self/environ",
    "Git's configuration": "../../.git/config",
    "a file elsewhere": "/etc/hostname",
}


@pytest.mark.parametrize("target", LINKS.values(), ids=LINKS)
def test_a_version_file_that_is_a_link_out_of_the_repository_is_not_read(target: str, run: Run, tmp_path: Path) -> None:
    builder.commit(tmp_path, tree(BOOK))
    builder.git(tmp_path, "config", "http.extraheader", hostile.MARKER)
    (tmp_path / "migrations" / "versions" / "b2_.py").symlink_to(target)
    ran = run(tmp_path, **{"INPUT_GITHUB-TOKEN": hostile.MARKER})
    finding = ran.finding("unreadable-revision")
    assert (finding["path"], finding["message"]) == (
        "migrations/versions/b2_.py",
        "The revision in migrations/versions/b2_.py cannot be read: it is not a regular file of the repository, "
        "and links out of the repository are not followed.",
    )
    assert hostile.MARKER not in str(ran)


@pytest.mark.parametrize(
    ("name", "text", "code", "expected"),
    [
        (
            "alembic.ini",
            "[alembic]\nscript_location = migrations\n",
            3,
            "These files were read: alembic.ini: it is not a regular file of the repository, "
            "and links out of the repository are not followed.",
        ),
        (
            "pyproject.toml",
            "[tool.alembic]\nscript_location = 'migrations'\n",
            2,
            "cannot be read: it is not a regular file of the repository, "
            "and links out of the repository are not followed.",
        ),
    ],
)
def test_a_configuration_that_is_a_link_out_of_the_repository_is_not_read(
    name: str, text: str, code: int, expected: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / name).write_text(text)
    root = write(tmp_path / "repository", tree(BOOK))
    (root / "alembic.ini").unlink()
    (root / name).symlink_to(tmp_path / "elsewhere" / name)
    ran = run(root)
    assert (ran.code, ran.report) == (code, {})
    assert expected in ran.stderr


@pytest.mark.parametrize("line", hostile.FORGED.values(), ids=hostile.FORGED)
def test_what_is_forged_on_the_probes_pipe_is_reported_as_the_projects_doing(
    line: str, run: Run, tmp_path: Path
) -> None:
    ran = run(write(tmp_path, hostile.forging(line)))
    assert ran.code == 1
    assert [ran.check(name)["status"] for name in ("heads", "upgrade", "drift")] == ["passed", "skipped", "skipped"]
    assert "Traceback" not in ran.stderr


def test_an_interpreter_that_is_no_probe_is_reported_as_the_projects_doing(run: Run, tmp_path: Path) -> None:
    """It speaks on our private pipe, and it is no probe."""
    python = tmp_path / "python"
    python.write_text('#!/bin/bash\necho nonsense >&"$3"\n')
    python.chmod(0o755)
    ran = run(write(tmp_path / "project", tree(BOOK)), "--python", python)
    assert ran.code == 1
    assert ran.reason("upgrade") == (
        "The project's process wrote on a pipe that is private to alembic-checks while it was being loaded."
    )


SPOILED = {
    "another password": "ALTER ROLE CURRENT_USER PASSWORD 'x'",
    "a library that is not there": "ALTER ROLE CURRENT_USER SET local_preload_libraries = 'none'",
}


@pytest.mark.parametrize("statement", SPOILED.values(), ids=SPOILED)
def test_a_server_that_a_migration_spoils_is_reported_as_such(statement: str, run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, tree(Revision(id="a1", upgrade=f'op.execute("{statement}")'))))
    assert [ran.check(name)["status"] for name in ("heads", "upgrade", "drift")] == ["passed", "skipped", "skipped"]
    assert ran.reason("upgrade") == "PostgreSQL stopped working during the run."
    assert (ran.code, "Traceback" in ran.stderr) == (4, False)


def test_relations_of_a_migration_do_not_stand_in_for_the_catalogs(run: Run, tmp_path: Path) -> None:
    statements = (
        "CREATE SCHEMA evil",
        "CREATE VIEW evil.pg_settings AS SELECT (1 / 0)::text AS name, '' AS setting",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = evil, pg_catalog, public', "
        "current_database()); END $$",
    )
    upgrade = "\n".join(f'op.execute("{statement}")' for statement in statements) + CREATE_BOOK
    ran = run(write(tmp_path, tree(Revision(id="a1", upgrade=upgrade))))
    assert (ran.code, ran.outline[0]) == (0, "passed"), ran.stderr


def test_what_the_project_prints_stays_out_of_our_output(run: Run, tmp_path: Path) -> None:
    ran = run(write(tmp_path, hostile.talking()))
    assert ran.outline[0] == "passed", ran.stderr
    assert [command for command in hostile.COMMANDS if command in ran.stdout + ran.stderr] == []


@pytest.mark.parametrize("name", hostile.NEVER_ARRIVED)
def test_a_revision_that_is_not_applied_never_passes_whatever_the_project_s_process_says(
    name: str, run: Run, tmp_path: Path
) -> None:
    revision, env = hostile.NEVER_ARRIVED[name]
    builder.commit(tmp_path, tree(BOOK))
    write(tmp_path, tree(BOOK, revision, env=env))
    ran = run(tmp_path, "--base", "HEAD")
    assert ran.outline == [
        "inconclusive",
        "alembic.ini",
        "  heads passed",
        "  history passed",
        "  upgrade skipped",
        "  drift skipped",
    ], ran.stdout
    assert ran.reason("upgrade") == ("env.py ran without an error, but the scratch database's version table holds a1.")
